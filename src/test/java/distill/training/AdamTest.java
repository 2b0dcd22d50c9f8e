package distill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import distill.nn.Device;
import distill.run.AdamForm;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int STEPS = 10;
    private static final Adam KERAS2 = Adam.of(.001);
    private static final Adam KERAS3 = Adam.of(.001, AdamForm.KERAS3);

    @Test
    void theDefaultsAreKeras2s() {
        assertEquals(new Adam(.001, .9, .999, 1e-7, AdamForm.KERAS2), Adam.of(.001));
    }

    /** All constants are those of float32, widened, but for epsilon. */
    @Test
    void tenStepsInFloat64AreKeras2sFormula() {
        double rate = .001f;
        double beta1 = .9f;
        double beta2 = .999f;
        List<double[]> steps = AdamExample.float64(KERAS2, STEPS, DEVICE);
        List<double[]> shown = AdamExample.formula(KERAS2, STEPS);
        double[] w = new double[3];
        double[] m = new double[3];
        double[] v = new double[3];
        for (int t = 1; t <= STEPS; t++) {
            double alpha = rate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
            for (int i = 0; i < 3; i++) {
                double g = AdamExample.CURVATURES[i] * (w[i] - 1);
                m[i] += (g - m[i]) * (1 - beta1);
                v[i] += (g * g - v[i]) * (1 - beta2);
                w[i] -= m[i] * alpha / (Math.sqrt(v[i]) + 1e-7);
            }
            assertArrayEquals(w, steps.get(t - 1), 1e-16, "step " + t);
            assertArrayEquals(w, shown.get(t - 1), 1e-16, "what question 4 shows, step " + t);
        }
    }

    @Test
    void tenStepsInFloat32AreKeras2sFormulaRoundedAfterEachOperation() {
        float[] w = new float[3];
        float[] m = new float[3];
        float[] v = new float[3];
        List<double[]> steps = AdamExample.float32(KERAS2, STEPS, DEVICE);
        for (int t = 1; t <= STEPS; t++) {
            float alpha = .001f * (float) Math.sqrt(1 - (float) Math.pow(.999f, t)) / (1 - (float) Math.pow(.9f, t));
            double[] expected = new double[3];
            for (int i = 0; i < 3; i++) {
                float g = (float) AdamExample.CURVATURES[i] * (w[i] - 1);
                m[i] += (g - m[i]) * (1 - .9f);
                v[i] += (g * g - v[i]) * (1 - .999f);
                w[i] -= m[i] * alpha / ((float) Math.sqrt(v[i]) + 1e-7f);
                expected[i] = w[i];
            }
            // Half a unit in the last place of .01 is 5e-10; a fused multiply-add may round an operation less.
            assertArrayEquals(expected, steps.get(t - 1), 1e-9, "step " + t);
        }
    }

    /** 1 - .999f is .000999987, and Keras 3's is .001: sqrt(v) is smaller, and the step longer, by 6.4e-6. */
    @Test
    void inFloat32TheFirstStepsOfTheFormsDifferByTheRoundingOfOneMinusBeta() {
        double[] keras2 = AdamExample.float32(KERAS2, 1, DEVICE).get(0);
        double[] keras3 = AdamExample.float32(KERAS3, 1, DEVICE).get(0);
        double m = (1 - .9f) / (float) (1 - .9);
        double v = (1 - .999f) / (float) (1 - .999);
        assertEquals(m / Math.sqrt(v), keras2[0] / keras3[0], 1e-6);
    }

    @Test
    void theFirstStepOfALargeGradientIsTheLearningRate() {
        // m = .1 g, v = .001 g^2, alpha = lr sqrt(1 - .999f) / (1 - .9f), where .9f and .999f are the betas rounded to
        // float32. With
        // g = -100 the step is lr * .1 / (1 - .9f) * sqrt(1 - .999f) / sqrt(.001), but for epsilon against 100
        // sqrt(.001).
        double root = 100 * Math.sqrt(.001);
        double expected = .001 * 10 / (1 - (double) .9f) * Math.sqrt(1 - (double) .999f) / (root + 1e-7);
        assertEquals(expected, AdamExample.float64(KERAS3, 1, DEVICE).get(0)[0], 1e-15);
    }

    @Test
    void tenStepsInFloat64AreKeras3sFormula() {
        List<double[]> steps = AdamExample.float64(KERAS3, STEPS, DEVICE);
        List<double[]> shown = AdamExample.formula(KERAS3, STEPS);
        double[] w = new double[3];
        double[] m = new double[3];
        double[] v = new double[3];
        for (int t = 1; t <= STEPS; t++) {
            double alpha = .001 * Math.sqrt(1 - Math.pow(.999f, t)) / (1 - Math.pow(.9f, t));
            for (int i = 0; i < 3; i++) {
                double g = AdamExample.CURVATURES[i] * (w[i] - 1);
                m[i] += (g - m[i]) * (1 - .9);
                v[i] += (g * g - v[i]) * (1 - .999);
                w[i] -= m[i] * alpha / (Math.sqrt(v[i]) + 1e-7);
            }
            assertArrayEquals(w, steps.get(t - 1), 1e-16, "step " + t);
            assertArrayEquals(w, shown.get(t - 1), 1e-16, "what question 4 shows, step " + t);
        }
    }

    /** Keras 3's formula in Java's float arithmetic, which rounds each operation as TensorFlow's float32 kernels do. */
    @Test
    void tenStepsInFloat32AreKeras3sFormulaRoundedAfterEachOperation() {
        float beta1Rest = (float) (1 - .9);
        float beta2Rest = (float) (1 - .999);
        float[] w = new float[3];
        float[] m = new float[3];
        float[] v = new float[3];
        List<double[]> steps = AdamExample.float32(KERAS3, STEPS, DEVICE);
        for (int t = 1; t <= STEPS; t++) {
            float alpha = .001f * (float) Math.sqrt(1 - (float) Math.pow(.999f, t)) / (1 - (float) Math.pow(.9f, t));
            double[] expected = new double[3];
            for (int i = 0; i < 3; i++) {
                float g = (float) AdamExample.CURVATURES[i] * (w[i] - 1);
                m[i] += (g - m[i]) * beta1Rest;
                v[i] += (g * g - v[i]) * beta2Rest;
                w[i] -= m[i] * alpha / ((float) Math.sqrt(v[i]) + 1e-7f);
                expected[i] = w[i];
            }
            // Half a unit in the last place of .01 is 5e-10; a fused multiply-add may round an operation less.
            assertArrayEquals(expected, steps.get(t - 1), 1e-9, "step " + t);
        }
    }

    @Test
    void theBetasPowersAreOfTheBetasRoundedToFloat32AlsoInFloat64() {
        double exact = .001 * Math.sqrt(1 - .999) / (1 - .9) * .1 / Math.sqrt(.001);
        double step = AdamExample.float64(KERAS3, 1, DEVICE).get(0)[0];
        assertNotEquals(exact, step, 1e-9);
    }

    @Test
    void epsilonStandsOutsideTheRootAndIsNotScaled() {
        // Curvature 1e-4: |g| = 1e-4, sqrt(v) = 1e-4 sqrt(.001) = 3.16e-6, so epsilon 1e-7 shortens the first step by
        // 3.07 %.
        double[] first = AdamExample.float64(KERAS3, 1, DEVICE).get(0);
        double root = 1e-4 * Math.sqrt(.001);
        assertEquals(root / (root + 1e-7), first[2] / first[1], 1e-5);
    }
}
