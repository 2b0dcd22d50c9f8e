package distill.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RiseTest {

    private static final int SIDE = 28;

    /** Its offsets are 0. */
    private static final UniformRandomProvider NO_OFFSET = () -> 0;

    @Test
    void aMaskOfTheCourseIsEnlargedAsPillowDoes() {
        // From 7 cells to 35 pixels, pixel x lies at (x + .5) / 5 - .5: two pixels before the first centre, then a
        // fifth
        // of a cell further each. Pillow 13 gives the same numbers.
        double[] row = {1, 0, 0, 1, 0, 1, 1};
        double[] cells = IntStream.range(0, 49).mapToDouble(i -> row[i % 7]).toArray();
        double[] mask = Rise.Form.COURSE.mask(cells, 7, Known.white(SIDE), NO_OFFSET);
        double[] expected = {
            1, 1, 1, .8, .6, .4, .2, 0, 0, 0, 0, 0, 0, .2, .4, .6, .8, 1, .8, .6, .4, .2, 0, .2, .4, .6, .8, 1
        };
        assertArrayEquals(expected, Arrays.copyOf(mask, SIDE), 1e-12);
        assertArrayEquals(expected, Arrays.copyOfRange(mask, 27 * SIDE, 28 * SIDE), 1e-12);
    }

    @Test
    void aMaskOfTheCourseIsDividedByItsLargestValue() {
        // The last row and column of cells alone: the image ends at pixel 27 of 35, at 27.5 / 5 - .5 = 5, a whole cell
        // before them, so the mask has none of them; one cell to the left, and it ends at that cell's centre.
        double[] cells = new double[49];
        cells[48] = 1;
        assertArrayEquals(new double[784], Rise.Form.COURSE.mask(cells, 7, Known.white(SIDE), NO_OFFSET), 1e-12);
        cells[48] = 0;
        cells[40] = .5;
        double[] mask = Rise.Form.COURSE.mask(cells, 7, Known.white(SIDE), NO_OFFSET);
        assertEquals(1, Arrays.stream(mask).max().orElseThrow(), 1e-12);
        assertEquals(1, mask[783], 1e-12);
    }

    @Test
    void aMaskOfThePaperIsEnlargedAsScikitImageDoes() {
        // From 7 cells to 32 pixels, pixel 0 lies at .5 * 7 / 32 - .5 = -.390625, between cell 0 and its mirror image's
        // neighbour: .609375 of cell 0. Then 7 / 32 further each; from cell 0's centre on, the share falls.
        double[] cells = new double[49];
        cells[0] = 1;
        double[] mask = Rise.Form.PAPER.mask(cells, 7, Known.white(SIDE), NO_OFFSET);
        double[] shares = {.609375, .828125, .953125, .734375, .515625, .296875, .078125, 0};
        for (int x = 0; x < shares.length; x++) {
            assertEquals(shares[0] * shares[x], mask[x], 1e-12);
            assertEquals(shares[x] * shares[x], mask[x * SIDE + x], 1e-12);
        }
    }

    @Test
    void withOneCellThePapersMapIsTheProbabilityTimesTheShareOfMasksThatKeepIt() {
        // A single cell makes masks of all ones or all zeros, so that every pixel has p * kept / (masks * keep).
        Image image = new Image(2, 2, new float[] {.1f, .2f, .3f, .2f});
        AtomicInteger kept = new AtomicInteger();
        Classifier model = (images, count) -> Known.twoClasses(images, count, 4, (all, from) -> {
            kept.addAndGet(all[from] > 0 ? 1 : 0);
            return all[from] + all[from + 1] + all[from + 2] + all[from + 3];
        });
        ExplanationMap map = new Rise(Rise.Form.PAPER, 50, 1, .25, 1, 8).explain(model, image, 0);
        assertTrue(kept.get() > 0 && kept.get() < 50, "both kinds of masks");
        for (double value : map.values()) {
            assertEquals(.8 * kept.get() / (50 * .25), value, 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatLooksAtOneQuadrantIsExplainedByThatQuadrant(Rise.Form form) {
        ExplanationMap map = Rise.of(form, 3000, 1).explain(Known.quadrant(SIDE), Known.white(SIDE), 0);
        // Cells that reach over the quadrant's border are left out on both sides.
        double inside = IntStream.range(0, 784)
                .filter(p -> p / SIDE < 10 && p % SIDE < 10)
                .mapToDouble(p -> map.values()[p])
                .min()
                .orElseThrow();
        double outside = IntStream.range(0, 784)
                .filter(p -> p / SIDE >= 18 || p % SIDE >= 18)
                .mapToDouble(p -> map.values()[p])
                .max()
                .orElseThrow();
        assertTrue(inside > outside, inside + " > " + outside);
        ExplanationMap against = Rise.of(form, 3000, 1).explain(Known.quadrant(SIDE), Known.white(SIDE), 1);
        assertTrue(Known.inQuadrant(map.order()[0], SIDE));
        assertFalse(Known.inQuadrant(against.order()[0], SIDE), "the other class lives by the rest");
    }

    @Test
    void thePapersMapIsTheExpectedProbabilityWhereAPixelDoesNotCount() {
        // f is independent of a far pixel's mask: E[f M] / keep = E[f] E[M] / keep = .5. Its standard error over 20,000
        // masks, with sd(f M / .5) under .4, is under .003.
        ExplanationMap map = Rise.of(Rise.Form.PAPER, 20_000, 1).explain(Known.quadrant(SIDE), Known.white(SIDE), 0);
        for (int y = 20; y < SIDE; y++) {
            for (int x = 20; x < SIDE; x++) {
                assertEquals(.5, map.values()[y * SIDE + x], .012);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameMapAndAnotherAnother(Rise.Form form) {
        Classifier model = Known.quadrant(SIDE);
        Image image = Known.white(SIDE);
        double[] first = Rise.of(form, 100, 1).explain(model, image, 0).values();
        assertArrayEquals(first, Rise.of(form, 100, 1).explain(model, image, 0).values());
        assertFalse(Arrays.equals(
                first, Rise.of(form, 100, 2).explain(model, image, 0).values()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1000})
    void theBatchSizeLimitsWhatTheModelIsShownAtOnceAndChangesNothing(int batchSize) {
        Classifier model = Known.quadrant(SIDE);
        Classifier watched = (images, count) -> {
            assertTrue(count <= batchSize && images.length == count * 784, count + " images");
            return model.probabilities(images, count);
        };
        for (Rise.Form form : Rise.Form.values()) {
            assertArrayEquals(
                    Rise.of(form, 100, 1).explain(model, Known.white(SIDE), 0).values(),
                    new Rise(form, 100, 7, .5, 1, batchSize)
                            .explain(watched, Known.white(SIDE), 0)
                            .values());
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Rise.of(Rise.Form.PAPER, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Image(2, 2, new float[3]));
        String message = assertThrows(IllegalArgumentException.class, () -> Rise.of(Rise.Form.PAPER, 10, 1)
                        .explain(Known.quadrant(SIDE), Known.white(SIDE), 2))
                .getMessage();
        assertEquals("the model has the classes 0 to 1, asked for class 2", message);
    }
}
