package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DecoupledDistillationTest {

    private static final double LN2 = Math.log(2);
    private static final double LN3 = Math.log(3);

    /** Two images of three classes, labels 0 and 2; at T = 2 the logits are halved. */
    private static final LossExample EXAMPLE = LossExample.of(
            new double[][] {{1, 0, 0}, {0, 0, 1}},
            new double[][] {{2 * LN2, 0, 0}, {0, 0, 0}},
            new double[][] {{2 * LN2, 2 * LN3, 0}, {2 * LN2, 0, 2 * LN3}});

    /**
     * First image, T = 2: the student's probabilities are (2, 1, 1) / 4, so it is sure of the label by 1/2, and of the
     * others among themselves they are (1, 1) / 2. The teacher's are (2, 3, 1) / 6: 1/3, and (3, 1) / 4.
     *
     * <pre>
     * KL of the label:  1/3 ln (1/3 / 1/2) + 2/3 ln (2/3 / 1/2) = 1/3 ln (2/3) + 2/3 ln (4/3)
     * KL of the others: 3/4 ln (3/4 / 1/2) + 1/4 ln (1/4 / 1/2) = 3/4 ln (3/2) - 1/4 ln 2
     * </pre>
     *
     * Second image: the student's are thirds: sure of the label by 1/3, others (1, 1) / 2. The teacher's are (2, 1, 3)
     * / 6: 1/2, and (2, 1) / 3.
     *
     * <pre>
     * KL of the label:  1/2 ln (3/2) + 1/2 ln (3/4)
     * KL of the others: 2/3 ln (4/3) + 1/3 ln (2/3)
     * </pre>
     *
     * The loss is T^2 = 4 times the mean of (1 * label + 8 * others); alpha is 1/4. CE is -ln of the student's
     * probability of the label at T = 1: (4, 1, 1) / 6 and thirds, so ln (3/2) and ln 3.
     */
    @Test
    void theValueIsTheOneComputedByHand() {
        double label1 = Math.log(2 / 3.) / 3 + 2 * Math.log(4 / 3.) / 3;
        double others1 = 3 * Math.log(1.5) / 4 - LN2 / 4;
        double label2 = Math.log(1.5) / 2 + Math.log(.75) / 2;
        double others2 = 2 * Math.log(4 / 3.) / 3 + Math.log(2 / 3.) / 3;
        double soft = 4 * (label1 + 8 * others1 + label2 + 8 * others2) / 2;
        LossExample.Found found = EXAMPLE.compute(new DecoupledDistillation(), 2., .25);
        assertEquals(soft, found.soft(), 1e-13);
        assertArrayEquals(new double[] {Math.log(1.5), LN3}, found.hard(), 1e-14);
        assertArrayEquals(
                new double[] {.25 * soft + .75 * Math.log(1.5), .25 * soft + .75 * LN3}, found.values(), 1e-13);
    }

    /**
     * With weights 1 and 1 - (the teacher's probability of the label) it would be Hinton's divergence (the paper's
     * equation 6): here the two images' parts add up to it.
     */
    @Test
    void itsPartsAreThoseOfTheDivergence() {
        double kl = divergence(new double[] {2 / 6., 3 / 6., 1 / 6.}, new double[] {2 / 4., 1 / 4., 1 / 4.})
                + divergence(new double[] {2 / 6., 1 / 6., 3 / 6.}, new double[] {1 / 3., 1 / 3., 1 / 3.});
        double label1 = Math.log(2 / 3.) / 3 + 2 * Math.log(4 / 3.) / 3;
        double others1 = 3 * Math.log(1.5) / 4 - LN2 / 4;
        double label2 = Math.log(1.5) / 2 + Math.log(.75) / 2;
        double others2 = 2 * Math.log(4 / 3.) / 3 + Math.log(2 / 3.) / 3;
        assertEquals(kl, label1 + 2 / 3. * others1 + label2 + 1 / 2. * others2, 1e-14);
    }

    private static double divergence(double[] t, double[] s) {
        double sum = 0;
        for (int i = 0; i < t.length; i++) {
            sum += t[i] * Math.log(t[i] / s[i]);
        }
        return sum;
    }

    @Test
    void theGradientIsTheDerivativeOfTheSumOverTheBatch() {
        assertArrayEquals(
                EXAMPLE.differences(new DecoupledDistillation(), 2., .25),
                EXAMPLE.compute(new DecoupledDistillation(), 2., .25).gradient(),
                1e-8);
    }

    @Test
    void networksThatAreCertainHaveAFiniteLoss() {
        LossExample certain =
                LossExample.of(new double[][] {{1, 0, 0}}, new double[][] {{800, 0, 0}}, new double[][] {{900, 0, 1}});
        LossExample.Found found = certain.compute(new DecoupledDistillation(), 1., .5);
        // Of the others the teacher's are (1, e) / (1 + e), the student's halves.
        double e = Math.E / (1 + Math.E);
        assertEquals(8 * (e * Math.log(2 * e) + (1 - e) * Math.log(2 * (1 - e))), found.soft(), 1e-12);
        for (double entry : found.gradient()) {
            assertEquals(true, Double.isFinite(entry));
        }
    }
}
