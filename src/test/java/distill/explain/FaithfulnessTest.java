package distill.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaithfulnessTest {

    private static final int SIDE = 8;

    /** The quadrant's pixels first, or last; no two alike. */
    private static ExplanationMap quadrant(boolean first) {
        return new ExplanationMap(
                SIDE,
                SIDE,
                IntStream.range(0, SIDE * SIDE)
                        .mapToDouble(p -> (Known.inQuadrant(p, SIDE) == first ? 1000 : 0) - p)
                        .toArray());
    }

    @Test
    void pixelsAreOrderedByValueAndEqualOnesByPlace() {
        assertArrayEquals(new int[] {2, 0, 3, 1}, new ExplanationMap(2, 2, new double[] {.5, .1, .9, .5}).order());
    }

    @Test
    void theCurvesOfASumOfPixelsAreItsPartialSums() {
        float[] image = {.1f, .4f, .2f, .3f};
        int[] order = new ExplanationMap(2, 2, new double[] {.1, .4, .2, .3}).order();
        Classifier model = Known.sum(4, 1);
        double[] deletion = Faithfulness.curve(model, image, new float[4], order, 2, 0);
        assertArrayEquals(new double[] {1, .3, 0}, deletion, 1e-6);
        assertEquals((.5 + .3 + 0) / 2, Faithfulness.area(deletion), 1e-6);
        double[] insertion = Faithfulness.curve(model, new float[4], image, order, 2, 0);
        assertArrayEquals(new double[] {0, .7, 1}, insertion, 1e-6);
        assertEquals((0 + .7 + .5) / 2, Faithfulness.area(insertion), 1e-6);
        assertArrayEquals(new double[] {1, .1, 0}, Faithfulness.curve(model, image, new float[4], order, 3, 0), 1e-6);
    }

    @Test
    void theRightMapOfAQuadrantIsFaithfulAndTheWrongOneIsNot() {
        // Steps of 8 of 64 pixels, 16 of them the quadrant's. Right: 1, .5, then 0: (1.5 - .5) / 8. Wrong: seven times
        // 1, .5, 0: (7.5 - .5) / 8.
        Classifier model = Known.quadrant(SIDE);
        Faithfulness right = Faithfulness.of(model, Known.white(SIDE), quadrant(true));
        Faithfulness wrong = Faithfulness.of(model, Known.white(SIDE), quadrant(false));
        assertEquals(1 / 8., right.deletion(), 1e-6);
        assertEquals(7 / 8., wrong.deletion(), 1e-6);
        // From the blurred image's probability b. Right: b, m, then seven times 1, with m between b and 1. Wrong: seven
        // times b, m, 1.
        double b = model.probabilities(Faithfulness.blurred(Known.white(SIDE)), 1, 0)[0];
        assertBetween((b / 2 + b + 6.5) / 8, (b / 2 + 1 + 6.5) / 8, right.insertion());
        assertBetween((6.5 * b + b + .5) / 8, (6.5 * b + 1 + .5) / 8, wrong.insertion());
    }

    private static void assertBetween(double low, double high, double value) {
        assertTrue(low < value && value < high, low + " < " + value + " < " + high);
    }

    @Test
    void dropIsTheShareOfTheProbabilityThatTheTopPixelsDoNotKeep() {
        // 15 % of 64 are 9 pixels: 9 of the quadrant's 16, or none of them.
        Classifier model = Known.quadrant(SIDE);
        Faithfulness right = Faithfulness.of(model, Known.white(SIDE), quadrant(true));
        assertEquals(7 / 16., right.drop(), 1e-6);
        assertFalse(right.increase());
        assertEquals(
                1, Faithfulness.of(model, Known.white(SIDE), quadrant(false)).drop(), 1e-6);
    }

    @Test
    void aModelThatThePixelsLeftOutSpokeAgainstIsMoreSure() {
        // Class 0 has 1 - mean / 2: .5 on the white image, which is as likely as the other and comes first; 1 - 9 / 128
        // on the top pixels.
        Classifier model = (images, count) -> Known.twoClasses(
                images,
                count,
                SIDE * SIDE,
                (all, from) -> 1
                        - IntStream.range(0, SIDE * SIDE)
                                        .mapToDouble(p -> all[from + p])
                                        .sum()
                                / (2 * SIDE * SIDE));
        Faithfulness faithfulness = Faithfulness.of(model, Known.white(SIDE), quadrant(true));
        assertTrue(faithfulness.increase());
        assertEquals(0, faithfulness.drop());
    }

    @Test
    void onlyWhatIsOverTheLimitIsKeptSoOfAllAlikeNothingIs() {
        assertArrayEquals(
                new float[64], Faithfulness.top(Known.white(SIDE), new ExplanationMap(SIDE, SIDE, new double[64])));
    }

    @Test
    void theBlursKernelIsSciPys() {
        // scipy.ndimage.gaussian_filter(delta, 5) of an 11 x 11 delta, summed over rows; SciPy 1.17.
        assertArrayEquals(
                new double[] {
                    0.08795815,
                    0.08889612,
                    0.0904742,
                    0.09219112,
                    0.09348939,
                    0.09398206,
                    0.09348939,
                    0.09219112,
                    0.0904742,
                    0.08889612,
                    0.08795815
                },
                Faithfulness.kernel(),
                1e-8);
    }

    @Test
    void aBlurredPointIsTheKernelAndFarFromTheBorderNothingIsLost() {
        float[] pixels = new float[21 * 21];
        pixels[10 * 21 + 10] = 1;
        float[] blurred = Faithfulness.blurred(new Image(21, 21, pixels));
        double[] kernel = Faithfulness.kernel();
        assertEquals(kernel[5] * kernel[5], blurred[10 * 21 + 10], 1e-7);
        assertEquals(kernel[0] * kernel[7], blurred[5 * 21 + 12], 1e-7);
        assertEquals(0, blurred[4 * 21 + 10]);
        double sum = 0;
        for (float value : blurred) {
            sum += value;
        }
        assertEquals(1, sum, 1e-5);
    }

    @Test
    void edgesAreWhereTheImageChanges() {
        // Columns 0, 0, 1, 1: Sobel's (1 + 2 + 1) * (1 - 0) in the two middle columns, nothing at the flat border.
        float[] pixels = new float[16];
        for (int p = 0; p < 16; p++) {
            pixels[p] = p % 4 / 2;
        }
        double[] edges = Controls.edges(new Image(4, 4, pixels)).values();
        for (int p = 0; p < 16; p++) {
            assertEquals(p % 4 == 1 || p % 4 == 2 ? 4 : 0, edges[p], 1e-12);
        }
    }

    @Test
    void aRandomMapIsDrawnFromItsSeed() {
        double[] values = Controls.random(Known.white(28), 1).values();
        assertArrayEquals(values, Controls.random(Known.white(28), 1).values());
        assertFalse(Arrays.equals(values, Controls.random(Known.white(28), 2).values()));
        assertTrue(Arrays.stream(values).allMatch(value -> value >= 0 && value < 1));
    }
}
