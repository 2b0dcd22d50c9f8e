package distill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import distill.data.Images;
import distill.data.StrokeDigits;
import distill.loss.Loss;
import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.Network;
import distill.nn.Tensors;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Losses by {@link Loss#of}, whose gradient TensorFlow takes. */
class OwnLossTest {

    private static final Device DEVICE = Device.cpu(1);

    /** Outputs are 3 h: the gradient of |3 h|^2 + |h|^2 with respect to h is 2 * 9 h + 2 h. */
    @Test
    void theGradientIsTakenOfOutputsAndOfWhatElseTheValuesComeFrom() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> hidden = tf.constant(new double[][] {{1, 2}, {0, -1}});
            Operand<TFloat64> outputs = tf.math.mul(hidden, tf.constant(3.));
            Loss<TFloat64> loss =
                    Loss.of(tf, tf.math.add(squaredLengths(tf, outputs), squaredLengths(tf, hidden)), outputs);
            Operand<TFloat64> gradient =
                    GradientTape.gradientAt(tf, loss, List.of(hidden)).get(0);
            try (Session session = DEVICE.open(graph);
                    Result result = session.runner()
                            .fetch(loss.values())
                            .fetch(loss.soft())
                            .fetch(gradient)
                            .run()) {
                assertArrayEquals(new double[] {50, 10}, Tensors.doubles(result.get(0)));
                assertArrayEquals(new double[] {0}, Tensors.doubles(result.get(1)));
                assertArrayEquals(new double[] {20, 40, 0, -20}, Tensors.doubles(result.get(2)));
            }
        }
    }

    private static Operand<TFloat64> squaredLengths(Ops tf, Operand<TFloat64> rows) {
        return tf.sum(tf.math.square(rows), tf.constant(1));
    }

    @Test
    void theCrossEntropyWithTensorFlowsGradientTrainsAsThatOfTheLibrary() throws IOException {
        LossFunction<TFloat32> own = (tf, labels, outputs, teacher) ->
                Loss.of(tf, tf.nn.softmaxCrossEntropyWithLogits(outputs, labels).loss(), outputs);
        double[] expected = trained(LossFunction.teacher());
        assertArrayEquals(expected, trained(own), 1e-5);
    }

    private static double[] trained(LossFunction<TFloat32> loss) throws IOException {
        Images digits = StrokeDigits.generate(96, 1);
        Network network = Network.sequential(
                new Network.Names(), Shape.of(28, 28, 1), new Flatten(), new Dense(10, Activation.LINEAR));
        try (CompiledModel<TFloat32> model =
                CompiledModel.compile(network, TrainingStep.of(loss, Adam.of(1e-3)), DEVICE)) {
            model.fit(digits, Fit.epochs(2));
            return model.predict(digits);
        }
    }

    @Test
    void aLossWithoutAValueForEachImageIsRefused() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> outputs = tf.constant(new double[][] {{1, 2}});
            assertEquals(
                    "a loss has one value for each image, and so the shape (batch), found [1, 2]",
                    assertThrows(IllegalArgumentException.class, () -> Loss.of(tf, outputs, outputs))
                            .getMessage());
        }
    }
}
