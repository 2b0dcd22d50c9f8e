package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemperatureEffectTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final double LN2 = Math.log(2);
    private static final double[] TEACHER = {2 * LN2, 0, 0, -1, 3, 1};
    private static final double[] STUDENT = {0, 0, 0, .5, -.5, .25};

    private static TemperatureEffect of(LossInputs reading, double temperature) {
        return TemperatureEffect.of(reading, TEACHER, STUDENT, 3, temperature, DEVICE);
    }

    /** softmax((2 ln 2, 0, 0) / T) is (4, 1, 1) / 6 at T = 1 and (2, 1, 1) / 4 at T = 2. */
    @Test
    void targetsAndTheirEntropyAreThoseOfPaper() {
        TemperatureEffect one =
                TemperatureEffect.of(LossInputs.LOGITS, new double[] {2 * LN2, 0, 0}, new double[3], 3, 1, DEVICE);
        assertArrayEquals(new double[] {4 / 6., 1 / 6., 1 / 6.}, one.targets()[0], 1e-15);
        // ln 6 - 2/3 ln 4.
        assertEquals(Math.log(6) - 2 / 3. * Math.log(4), one.entropy(), 1e-15);
        assertEquals(1 / 3., one.distanceToOneHot(), 1e-15);
        assertEquals(1 / 3., one.distanceToUniform(), 1e-15);
        TemperatureEffect two =
                TemperatureEffect.of(LossInputs.LOGITS, new double[] {2 * LN2, 0, 0}, new double[3], 3, 2, DEVICE);
        assertArrayEquals(new double[] {.5, .25, .25}, two.targets()[0], 1e-15);
        assertEquals(1.5 * LN2, two.entropy(), 1e-15);
        // The student's softened outputs are all 1/3: T (softmax(z / T) - q) = 2 (-1/6, 1/12, 1/12).
        assertEquals(2 * Math.sqrt(1 / 36. + 2 / 144.), two.gradient(), 1e-15);
        assertEquals(two.gradient() / 4, two.gradientWithoutSquare(), 1e-15);
        // The divergence from them is ln 3 minus the entropy.
        assertEquals(Math.log(3) - 1.5 * LN2, two.divergence(), 1e-15);
    }

    @Test
    void targetsBecomeOneHotAsTheTemperatureFallsAndUniformAsItRises() {
        for (LossInputs reading : List.of(LossInputs.PROBABILITIES, LossInputs.LOGITS)) {
            TemperatureEffect cold = of(reading, .01);
            assertArrayEquals(new double[] {1, 0, 0}, cold.targets()[0], 1e-9, reading.toString());
            assertArrayEquals(new double[] {0, 1, 0}, cold.targets()[1], 1e-9, reading.toString());
            assertEquals(0, cold.entropy(), 1e-9);
            TemperatureEffect hot = of(reading, 1e6);
            assertArrayEquals(new double[] {1 / 3., 1 / 3., 1 / 3.}, hot.targets()[1], 1e-5, reading.toString());
            assertEquals(Math.log(3), hot.entropy(), 1e-9);
            assertEquals(0, hot.distanceToUniform(), 1e-5);
        }
    }

    /** exp(-1 / .0015) is 3e-290; exp(-1 / .0013) would be 8e-335, but the least float64 is 5e-324. */
    @Test
    void asWrittenTargetsOfACertainTeacherAreAllZeroBelowATemperature() {
        double[] certain = {1000, 0, 0};
        TemperatureEffect low =
                TemperatureEffect.of(LossInputs.PROBABILITIES, certain, new double[3], 3, .0015, DEVICE);
        assertTrue(low.sum() > 0);
        assertArrayEquals(new double[] {1, 0, 0}, low.targets()[0]);
        assertEquals(
                0,
                TemperatureEffect.of(LossInputs.PROBABILITIES, certain, new double[3], 3, .0013, DEVICE)
                        .sum());
    }

    @Test
    void entropyRisesWithTheTemperature() {
        for (LossInputs reading : List.of(LossInputs.PROBABILITIES, LossInputs.LOGITS)) {
            double last = -1;
            for (double temperature : new double[] {.1, .5, 1, 2, 4, 16, 64}) {
                double entropy = of(reading, temperature).entropy();
                assertTrue(entropy > last, reading + " " + temperature);
                last = entropy;
            }
        }
    }

    /**
     * Hinton, Vinyals and Dean 2015, eq. 4, without its zero means: T^2 times it is ((z - mean z) - (v - mean v)) / N.
     */
    @Test
    void atHighTemperaturesTheGradientWithTheSquareIsTheDifferenceOfTheLogitsOverTheirNumber() {
        double expected = 0;
        for (int image = 0; image < 2; image++) {
            double squares = 0;
            double mean = 0;
            for (int k = 0; k < 3; k++) {
                mean += (STUDENT[3 * image + k] - TEACHER[3 * image + k]) / 3;
            }
            for (int k = 0; k < 3; k++) {
                squares += Math.pow((STUDENT[3 * image + k] - TEACHER[3 * image + k] - mean) / 3, 2);
            }
            expected += Math.sqrt(squares) / 2;
        }
        assertEquals(expected, of(LossInputs.LOGITS, 1e5).gradient(), 1e-4 * expected);
        // Doubling T leaves it, and quarters the one without the square.
        assertEquals(
                1,
                of(LossInputs.LOGITS, 2000).gradient()
                        / of(LossInputs.LOGITS, 1000).gradient(),
                1e-2);
        assertEquals(
                .25,
                of(LossInputs.LOGITS, 2000).gradientWithoutSquare()
                        / of(LossInputs.LOGITS, 1000).gradientWithoutSquare(),
                1e-2);
    }

    /**
     * The as-written targets are exp((t - 2 max t) / T), near 1 + (t - 2 max t) / T, and softmax(p / T) is near 1 / N +
     * (p - 1 / N) / (N T): T times their difference is p / N - t and something that is equal for all classes, which the
     * Jacobian of the student's softmax, diag(p) - p p', takes to 0.
     */
    @Test
    void theAsWrittenGradientAtHighTemperaturesIsTheJacobianTimesTheDifferenceOfTheProbabilities() {
        double expected = 0;
        for (int image = 0; image < 2; image++) {
            double[] p = softmax(STUDENT, image);
            double[] t = softmax(TEACHER, image);
            double inner = 0;
            for (int k = 0; k < 3; k++) {
                inner += p[k] * (p[k] / 3 - t[k]);
            }
            double squares = 0;
            for (int k = 0; k < 3; k++) {
                squares += Math.pow(p[k] * (p[k] / 3 - t[k] - inner), 2);
            }
            expected += Math.sqrt(squares) / 2;
        }
        assertEquals(expected, of(LossInputs.PROBABILITIES, 1e5).gradient(), 1e-4 * expected);
    }

    /** For t = (1, 0, ...) at T = 1 the report's denominator gives 1 / e and as often 1 / e^2. */
    @Test
    void asWrittenTargetsDoNotAddUpToOneBeforeTheyAreScaled() {
        TemperatureEffect effect =
                TemperatureEffect.of(LossInputs.PROBABILITIES, new double[] {1000, 0, 0}, new double[3], 3, 1, DEVICE);
        assertEquals(1 / Math.E + 2 / (Math.E * Math.E), effect.sum(), 1e-12);
        assertEquals(1, effect.targets()[0][0] + 2 * effect.targets()[0][1], 1e-12);
        assertEquals(1, of(LossInputs.LOGITS, 4).sum(), 1e-12);
    }

    /** softmax(0, 0, 0) - (1, 0, 0) = (-2, 1, 1) / 3; as written through the Jacobian of the softmax, (I - 1/3) / 3. */
    @Test
    void theGradientOfTheHardLossIsThatOfPaper() {
        double[] zeros = new double[3];
        double described = Math.sqrt(6) / 3;
        assertEquals(
                described, TemperatureEffect.hardGradient(LossInputs.LOGITS, zeros, new int[] {0}, 3, DEVICE), 1e-15);
        assertEquals(
                described / 3,
                TemperatureEffect.hardGradient(LossInputs.PROBABILITIES, zeros, new int[] {0}, 3, DEVICE),
                1e-15);
    }

    private static double[] softmax(double[] logits, int image) {
        double[] p = new double[3];
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            p[k] = Math.exp(logits[3 * image + k]);
            sum += p[k];
        }
        for (int k = 0; k < 3; k++) {
            p[k] /= sum;
        }
        return p;
    }
}
