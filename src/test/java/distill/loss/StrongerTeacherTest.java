package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StrongerTeacherTest {

    private static final double LN2 = Math.log(2);

    /** Two images of three classes, labels 0 and 1; at T = 2 the logits are halved. */
    private static final LossExample EXAMPLE = LossExample.of(
            new double[][] {{1, 0, 0}, {0, 1, 0}},
            new double[][] {{2 * LN2, 0, 0}, {0, 2 * LN2, 0}},
            new double[][] {{2 * LN2, 0, 0}, {0, 0, 2 * LN2}});

    /**
     * T = 2: the student's probabilities are (2, 1, 1) / 4 and (1, 2, 1) / 4, the teacher's (2, 1, 1) / 4 and (1, 1, 2)
     * / 4. Correlations do not know scale and place, so that rows may be taken as (1, 0, 0) and so on, with deviations
     * (2, -1, -1) / 3 of squared length 2/3.
     *
     * <p>By image: the first rows are equal, 1; the second have (-1, 2, -1) . (-1, -1, 2) / 9 = -1/3 over 2/3, -1/2.
     * The mean is 1/4, the distance 3/4.
     *
     * <p>By class, a column of two deviates by +- the same: the first is (1, 0) of both, 1; the second (0, 1) of the
     * student and (0, 0) of the teacher, which has no deviation: 0; the third (0, 0) and (0, 1): 0. The mean is 1/3,
     * the distance 2/3.
     *
     * <p>T^2 (2 * 3/4 + 2 * 2/3) = 4 * 17/6. CE at T = 1: probabilities (4, 1, 1) / 6 of the label, ln (3/2) twice.
     */
    @Test
    void theValueIsTheOneComputedByHand() {
        LossExample.Found found = EXAMPLE.compute(new StrongerTeacher(), 2., .25);
        double soft = 34 / 3.;
        assertEquals(soft, found.soft(), 1e-13);
        double value = .25 * soft + .75 * Math.log(1.5);
        assertArrayEquals(new double[] {value, value}, found.values(), 1e-13);
    }

    @Test
    void theGradientIsTheDerivativeOfTheSumOverTheBatch() {
        LossExample varied = LossExample.of(
                new double[][] {{1, 0, 0}, {0, 1, 0}},
                new double[][] {{.3, -.2, .5}, {1.1, .7, -.4}},
                new double[][] {{2, .1, -.3}, {.4, .9, 1.7}});
        assertArrayEquals(
                varied.differences(new StrongerTeacher(), 2., .25),
                varied.compute(new StrongerTeacher(), 2., .25).gradient(),
                1e-8);
    }

    /** By class a single image has no relation: distance 1. By image the outputs are equal: 0. */
    @Test
    void aBatchOfOneImageHasAFiniteLoss() {
        LossExample one = LossExample.of(new double[][] {{1, 0}}, new double[][] {{1, 0}}, new double[][] {{1, 0}});
        LossExample.Found found = one.compute(new StrongerTeacher(), 1., .5);
        assertEquals(StrongerTeacher.GAMMA, found.soft(), 1e-13);
        for (double entry : found.gradient()) {
            assertEquals(true, Double.isFinite(entry));
        }
    }
}
