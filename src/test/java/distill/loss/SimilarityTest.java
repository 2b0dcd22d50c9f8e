package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Tensors;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

class SimilarityTest {

    private static final double[] STUDENT = {1, 0, 1, 1};

    /** The soft part, and the gradient of the sum of the values at the student's features, at alpha = .25. */
    private static List<double[]> loss(double[] student) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> labels = tf.constant(new double[][] {{0, 1}, {1, 0}});
            Operand<TFloat64> outputs = tf.constant(new double[][] {{0, 0}, {0, 0}});
            Operand<TFloat64> features =
                    tf.constant(new double[][] {{student[0], student[1]}, {student[2], student[3]}});
            Operand<TFloat64> teacherFeatures = tf.constant(new double[][][] {{{1}, {0}, {0}}, {{0}, {2}, {0}}});
            Loss<TFloat64> loss = new Similarity()
                    .of(
                            tf,
                            new DistillationLoss.Batch<>(
                                    labels, outputs, outputs, List.of(features), List.of(teacherFeatures)),
                            new DistillationLoss.Parameters(SoftTargets.SOFTMAX, null, .25));
            try (Session session = Device.cpu(2).open(graph);
                    Result result = session.runner()
                            .fetch(loss.soft())
                            .fetch(loss.values())
                            .fetch(loss.gradient())
                            .fetch(tf.gradients(loss.derived().get(0), List.of(features))
                                    .dy(0))
                            .run()) {
                return List.of(
                        Tensors.doubles(result.get(0)),
                        Tensors.doubles(result.get(1)),
                        Tensors.doubles(result.get(2)),
                        Tensors.doubles(result.get(3)));
            }
        }
    }

    /**
     * The student's Q is ((1, 0), (1, 1)), Q Q' is ((1, 1), (1, 2)), and G_S is ((1, 1) / sqrt(2), (1, 2) / sqrt(5)).
     * The teacher's Q Q' is ((1, 0), (0, 4)), and G_T the identity. The squares of the difference add up to 2 - sqrt(2)
     * in the first row and 2 - 4 / sqrt(5) in the second. All outputs are 0: CE is ln 2, and its gradient is (1/2,
     * -1/2) for the label 1.
     */
    @Test
    void valueAndGradientAtTheOutputsAreThoseComputedByHand() {
        List<double[]> loss = loss(STUDENT);
        double soft = (4 - Math.sqrt(2) - 4 / Math.sqrt(5)) / 4;
        assertEquals(soft, loss.get(0)[0], 1e-14);
        double value = .25 * soft + .75 * Math.log(2);
        assertArrayEquals(new double[] {value, value}, loss.get(1), 1e-14);
        assertArrayEquals(new double[] {.375, -.375, -.375, .375}, loss.get(2), 1e-14);
    }

    @Test
    void theGradientAtTheFeaturesIsTheDerivativeOfTheSumOverTheBatch() {
        double[] differences = new double[STUDENT.length];
        double h = 1e-5;
        for (int i = 0; i < STUDENT.length; i++) {
            double[] up = STUDENT.clone();
            double[] down = STUDENT.clone();
            up[i] += h;
            down[i] -= h;
            differences[i] = 2 * (loss(up).get(1)[0] - loss(down).get(1)[0]) / (2 * h);
        }
        assertArrayEquals(differences, loss(STUDENT).get(3), 1e-9);
    }

    @Test
    void whereANetworkPutsOutZerosTheLossIsFinite() {
        List<double[]> loss = loss(new double[] {0, 0, 1, 1});
        // G_S is ((0, 0), (0, 1)): one entry of four is 1 apart.
        assertEquals(.25, loss.get(0)[0], 1e-14);
        for (double entry : loss.get(3)) {
            assertEquals(0, entry, 1e-14);
        }
    }

    @Test
    void itComparesWhatEntersTheLastLayers() {
        Network student = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        Network teacher = MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR);
        List<ComparedLayers> layers = new Similarity().layers(student, teacher);
        assertEquals(1, layers.size());
        assertEquals("dense_1", layers.get(0).student().name());
        assertEquals("dropout_1", layers.get(0).teacher().name());
    }
}
