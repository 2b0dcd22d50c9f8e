package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.nn.Device;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against Keras's formula in Java's own arithmetic, to two units in the last place, for TensorFlow may round an
 * operation less; KerasParityTest holds it against Keras.
 */
class SgdTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int STEPS = 10;
    private static final double RATE = .005;

    /** The momentum is that of float32, widened, and the rate is not, as in Keras with float64 everywhere. */
    @ParameterizedTest
    @ValueSource(doubles = {0, .5, .9})
    void tenStepsInFloat64AreKerassFormula(double momentum) {
        List<double[]> steps = AdamExample.float64(new Sgd(RATE, momentum), STEPS, DEVICE);
        double[] w = new double[3];
        double[] m = new double[3];
        for (int t = 1; t <= STEPS; t++) {
            for (int i = 0; i < 3; i++) {
                double g = AdamExample.CURVATURES[i] * (w[i] - 1);
                m[i] = m[i] * (double) (float) momentum - g * RATE;
                w[i] += m[i];
                assertEquals(w[i], steps.get(t - 1)[i], 2 * Math.ulp(w[i]), "step " + t);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, .9f})
    void tenStepsInFloat32AreKerassFormulaRoundedAfterEachOperation(float momentum) {
        List<double[]> steps = AdamExample.float32(new Sgd(RATE, momentum), STEPS, DEVICE);
        float[] w = new float[3];
        float[] m = new float[3];
        for (int t = 1; t <= STEPS; t++) {
            for (int i = 0; i < 3; i++) {
                float g = (float) AdamExample.CURVATURES[i] * (w[i] - 1);
                m[i] = m[i] * momentum - g * (float) RATE;
                w[i] += m[i];
                assertEquals(w[i], (float) steps.get(t - 1)[i], 2 * Math.ulp(w[i]), "step " + t);
            }
        }
    }
}
