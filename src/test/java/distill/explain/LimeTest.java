package distill.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimeTest {

    /** Height and width of a quarter of the images of 8 x 8. */
    private static final int QUARTER = 4;

    @Test
    void aGridCountsItsSquaresRowByRowAndSmallerOnesAtTheBorder() {
        int[] quarters = Lime.of(QUARTER, 2, 1).pieces(8, 8);
        assertEquals(3, quarters[63]);
        assertEquals(48, Lime.of(4, 2, 1).pieces(28, 28)[783]);
        assertArrayEquals(
                new int[] {0, 0, 1, 1, 2, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5},
                Lime.of(2, 2, 1).pieces(3, 5));
    }

    @Test
    void ridgeIsTheSolutionOfItsEquationsByHand() {
        // Weighted means .3, .4 and 1.1 of a total weight of 10. x'Wx = (2.1, -.2; -.2, 2.4), x'Wy = (1.7, 4.6). With
        // alpha 1 on the diagonal the determinant is 3.1 * 3.4 - .04 = 10.5: b1 = (1.7 * 3.4 + .2 * 4.6) / 10.5, b2 =
        // (3.1 * 4.6 + .2 * 1.7) / 10.5. scikit-learn 1.9 gives the same.
        double[] coefficients = Ridge.coefficients(
                new double[][] {{1, 1}, {1, 0}, {0, 1}, {0, 0}},
                new double[] {3, 1, 2, 0},
                new double[] {1, 2, 3, 4},
                1);
        assertArrayEquals(new double[] {6.7 / 10.5, 14.6 / 10.5}, coefficients, 1e-12);
    }

    @Test
    void aSamplesWeightFallsWithItsCosineDistanceToTheWholeImage() {
        assertEquals(1, Lime.weight(new double[] {1, 1, 1, 1}), 1e-12);
        // One of four: the cosine is 1 / 2, the distance 1 / 2, the weight sqrt(exp(-.25 / .0625)) = exp(-2).
        assertEquals(Math.exp(-2), Lime.weight(new double[] {0, 1, 0, 0}), 1e-12);
        // None: the distance is 1, the weight exp(-8).
        assertEquals(Math.exp(-8), Lime.weight(new double[4]), 1e-12);
    }

    @Test
    void aModelThatLooksAtOneQuadrantIsExplainedByThatQuadrant() {
        // The probability is 1 where the first quarter is on, else 0: coefficients 1, 0, 0, 0, but for ridge's penalty
        // of 1 beside about 1000 * mean weight * 1 / 4, some 100.
        double[] values = Lime.of(QUARTER, 1000, 1)
                .explain(Known.quadrant(8), Known.white(8), 0)
                .values();
        assertEquals(1, values[0], .02);
        assertTrue(values[0] < 1, "the penalty shrinks");
        for (int p = 0; p < 64; p++) {
            assertEquals(Known.inQuadrant(p, 8) ? values[0] : 0, values[p], Known.inQuadrant(p, 8) ? 0 : .01);
        }
    }

    @Test
    void aSumOfPixelsIsExplainedByTheInkOfEachPiece() {
        // A gradient from left to right, 0 to 7 / 8: quarters with 16 * 1.5 / 8 = 3 and 16 * 5.5 / 8 = 11 of ink.
        float[] pixels = new float[64];
        for (int p = 0; p < 64; p++) {
            pixels[p] = p % 8 / 8f;
        }
        double[] values = Lime.of(QUARTER, 1000, 1)
                .explain(Known.sum(64, 28), new Image(8, 8, pixels), 0)
                .values();
        assertEquals(3 / 28., values[0], .01);
        assertEquals(11 / 28., values[7], .01);
        assertEquals(3 / 28., values[56], .01);
        assertEquals(11 / 28., values[63], .01);
        double[] against = Lime.of(QUARTER, 1000, 1)
                .explain(Known.sum(64, 28), new Image(8, 8, pixels), 1)
                .values();
        assertEquals(-values[7], against[7], 1e-9, "the other class loses what this one gains");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 200, 1000})
    void theSameSeedGivesTheSameMapWhateverTheBatchSize(int batchSize) {
        Classifier model = (images, count) -> {
            assertTrue(count <= batchSize);
            return Known.quadrant(8).probabilities(images, count);
        };
        double[] values = Lime.of(QUARTER, 200, 1)
                .explain(Known.quadrant(8), Known.white(8), 0)
                .values();
        assertArrayEquals(
                values,
                new Lime(QUARTER, 200, 1, batchSize)
                        .explain(model, Known.white(8), 0)
                        .values());
        assertFalse(Arrays.equals(
                values,
                Lime.of(QUARTER, 200, 2)
                        .explain(Known.quadrant(8), Known.white(8), 0)
                        .values()));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Lime.of(QUARTER, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Lime.of(0, 10, 1));
    }
}
