package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import distill.nn.Device;
import distill.nn.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

class LogitMseTest {

    /**
     * Two images of two classes, alpha = .25. The student's outputs are (0, ln 3) and (0, 0), their softmax (1/4, 3/4)
     * and (1/2, 1/2); labels are 1 and 0, so CE = ln(4/3) and ln 2. The teacher's outputs are 1 less at (0, 0) and 3
     * more at (1, 1): squared distances 1 and 9, mean 5. Loss: .25 * 5 + .75 * CE. Gradient at (0, 0): .25 * 2 * 1 +
     * .75 * 1/4; at (0, 1): .75 * -1/4; at (1, 0): .75 * -1/2; at (1, 1): .25 * 2 * -3 + .75 * 1/2.
     */
    @Test
    void valueAndGradientAreThoseComputedByHand() {
        double ln3 = Math.log(3);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Loss<TFloat64> loss = new LogitMse()
                    .of(
                            tf,
                            new DistillationLoss.Batch<>(
                                    tf.constant(new double[][] {{0, 1}, {1, 0}}),
                                    tf.constant(new double[][] {{0, ln3}, {0, 0}}),
                                    tf.constant(new double[][] {{-1, ln3}, {0, 3}}),
                                    List.of(),
                                    List.of()),
                            new DistillationLoss.Parameters(SoftTargets.SOFTMAX, null, .25));
            try (Session session = Device.cpu(2).open(graph);
                    Result result = session.runner()
                            .fetch(loss.values())
                            .fetch(loss.hard())
                            .fetch(loss.soft())
                            .fetch(loss.gradient())
                            .run()) {
                double[] hard = {Math.log(4. / 3), Math.log(2)};
                assertArrayEquals(
                        new double[] {1.25 + .75 * hard[0], 1.25 + .75 * hard[1]},
                        Tensors.doubles(result.get(0)),
                        1e-14);
                assertArrayEquals(hard, Tensors.doubles(result.get(1)), 1e-14);
                assertArrayEquals(new double[] {5}, Tensors.doubles(result.get(2)), 1e-14);
                assertArrayEquals(new double[] {.6875, -.1875, -.375, -1.125}, Tensors.doubles(result.get(3)), 1e-14);
            }
        }
    }
}
