package distill.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

class LayerTest {

    private static final Device DEVICE = Device.cpu(2);

    /** Calls a layer on one batch of inputs. */
    private static double[] call(
            Layer layer, Shape shape, double[] inputs, Phase phase, Ops tf, Graph graph, double[]... weights) {
        Operand<TFloat64> x = constant(tf, shape, inputs);
        List<WeightSpec> specs = layer.weights(shape.takeLast(shape.numDimensions() - 1));
        List<Variable<TFloat64>> w = specs.stream()
                .map(spec -> Variable.create(tf, spec.name(), spec.shape(), TFloat64.class))
                .toList();
        Operand<TFloat64> y = layer.call(tf, List.of(x), w, phase);
        assertArrayEquals(
                layer.outputShape(shape.takeLast(shape.numDimensions() - 1)).asArray(),
                y.shape().takeLast(y.shape().numDimensions() - 1).asArray(),
                "the shape in the graph is the one foretold");
        try (Session session = DEVICE.open(graph)) {
            for (int i = 0; i < w.size(); i++) {
                try (TFloat64 value = Tensors.of(TFloat64.class, specs.get(i).shape(), weights[i])) {
                    w.get(i).assign(session, value);
                }
            }
            try (Result result = session.runner().fetch(y).run()) {
                return Tensors.doubles(result.get(0));
            }
        }
    }

    private static double[] infer(Layer layer, Shape shape, double[] inputs, double[]... weights) {
        try (Graph graph = new Graph()) {
            return call(layer, shape, inputs, Phase.inference(), Ops.create(graph), graph, weights);
        }
    }

    private static Operand<TFloat64> constant(Ops tf, Shape shape, double[] values) {
        try (TFloat64 tensor = Tensors.of(TFloat64.class, shape, values)) {
            return tf.constantOf(tensor);
        }
    }

    @Test
    void conv2dSlidesItsKernelWithoutPaddingAndAddsTheBias() {
        // 3 x 3 image, 2 x 2 kernel (1 2 / 3 4), bias 10: the top left window 1 2 / 4 5 gives 1 + 4 + 12 + 20 + 10 =
        // 47.
        double[] result = infer(
                new Conv2D(1, 2, Activation.LINEAR),
                Shape.of(1, 3, 3, 1),
                new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9},
                new double[] {1, 2, 3, 4},
                new double[] {10});
        assertArrayEquals(new double[] {47, 57, 77, 87}, result);
    }

    @Test
    void maxPoolingWithStrideOneOverlapsItsWindows() {
        double[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertArrayEquals(new double[] {5, 6, 8, 9}, infer(new MaxPooling2D(2, 1), Shape.of(1, 3, 3, 1), image));
    }

    @Test
    void maxPoolingDropsTheRowThatFillsNoWindow() {
        double[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertArrayEquals(new double[] {5}, infer(new MaxPooling2D(2, 2), Shape.of(1, 3, 3, 1), image));
    }

    @Test
    void denseMultipliesFromTheRightAndAppliesItsActivation() {
        // (1, 2) times ((1, -1), (2, -2)) plus (0.5, 1) is (5.5, -4); ReLU cuts the second.
        assertArrayEquals(
                new double[] {5.5, 0},
                infer(
                        new Dense(2, Activation.RELU),
                        Shape.of(1, 2),
                        new double[] {1, 2},
                        new double[] {1, -1, 2, -2},
                        new double[] {.5, 1}));
    }

    @Test
    void flattenKeepsTheOrderOfRowsAndChannels() {
        double[] values = {1, 2, 3, 4, 5, 6, 7, 8};
        assertArrayEquals(values, infer(new Flatten(), Shape.of(2, 1, 2, 2), values));
    }

    @Test
    void softmaxIsTakenOverTheClassesOfEachImage() {
        double ln3 = Math.log(3);
        assertArrayEquals(
                new double[] {.75, .25, .5, .5},
                infer(
                        new Dense(2, Activation.SOFTMAX),
                        Shape.of(2, 2),
                        new double[] {ln3, 0, 1, 1},
                        new double[] {1, 0, 0, 1},
                        new double[2]),
                1e-15);
    }

    private static double[] drop(double rate, int n, long seed, long step, int layer) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Phase phase = Phase.training(tf.constant(new long[] {seed, step})).forLayer(tf, layer, true);
            return call(new Dropout(rate), Shape.of(1, n), ones, phase, tf, graph);
        }
    }

    @Test
    void dropoutSetsItsShareToZeroAndScalesTheRest() {
        double[] dropped = drop(.25, 40_000, 1, 0, 0);
        assertTrue(Arrays.stream(dropped).allMatch(v -> v == 0 || Math.abs(v - 1 / .75) < 1e-12));
        // 40,000 draws: the standard deviation of the share is sqrt(.25 * .75 / 40,000) = .0022.
        assertEquals(.25, Arrays.stream(dropped).filter(v -> v == 0).count() / 40_000., .009);
    }

    @Test
    void dropoutDoesNothingInInference() {
        double[] values = {1, 2, 3};
        assertArrayEquals(values, infer(new Dropout(.5), Shape.of(1, 3), values));
    }

    @Test
    void aDropoutMaskIsDecidedBySeedStepAndLayer() {
        double[] mask = drop(.5, 1000, 1, 7, 2);
        assertArrayEquals(mask, drop(.5, 1000, 1, 7, 2));
        assertFalse(Arrays.equals(mask, drop(.5, 1000, 2, 7, 2)), "another seed");
        assertFalse(Arrays.equals(mask, drop(.5, 1000, 1, 8, 2)), "another step");
        assertFalse(Arrays.equals(mask, drop(.5, 1000, 1, 7, 3)), "another layer");
    }
}
