package distill.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
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
        return train(new Dropout(rate), Shape.of(1, n), 1, seed, step, layer);
    }

    /** What a layer makes of one value in all places, in training. */
    private static double[] train(Layer dropping, Shape shape, double value, long seed, long step, int layer) {
        double[] values = new double[Math.toIntExact(shape.size())];
        Arrays.fill(values, value);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Phase phase = Phase.training(tf.constant(new long[] {seed, step})).forLayer(tf, layer, true);
            return call(dropping, shape, values, phase, tf, graph);
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

    @Test
    void spatialDropoutDropsWholeChannels() {
        double[] dropped = train(new SpatialDropout2D(.5), Shape.of(2, 3, 3, 40), 1, 1, 0, 0);
        Set<Double> values = new HashSet<>();
        for (int image = 0; image < 2; image++) {
            for (int channel = 0; channel < 40; channel++) {
                double first = dropped[image * 360 + channel];
                values.add(first);
                for (int place = 1; place < 9; place++) {
                    assertEquals(first, dropped[image * 360 + place * 40 + channel], "channel " + channel);
                }
            }
        }
        assertEquals(Set.of(0., 2.), values);
    }

    @Test
    void dropoutDrawsOnceForAllAlongWhatItsMaskHasOnce() {
        double[] dropped = train(new Dropout(.5, List.of(-1, 1)), Shape.of(40, 3), 1, 1, 0, 0);
        Set<Double> values = new HashSet<>();
        for (int row = 0; row < 40; row++) {
            values.add(dropped[3 * row]);
            assertEquals(dropped[3 * row], dropped[3 * row + 1]);
            assertEquals(dropped[3 * row], dropped[3 * row + 2]);
        }
        assertEquals(Set.of(0., 2.), values);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double standardDeviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void noiseHasTheStandardDeviationThatKerasSays() {
        // Of 40,000 draws; the error of the mean is standard deviation / 200.
        double[] added = train(new GaussianNoise(.5), Shape.of(1, 40_000), 1, 1, 0, 0);
        assertEquals(1, mean(added), .01);
        assertEquals(.5, standardDeviation(added), .01);
        // sqrt(.2 / .8) = .5, of values that are 2.
        double[] multiplied = train(new GaussianDropout(.2), Shape.of(1, 40_000), 2, 1, 0, 0);
        assertEquals(2, mean(multiplied), .02);
        assertEquals(1, standardDeviation(multiplied), .02);
    }

    @Test
    void alphaDropoutKeepsTheMeanOfZeros() {
        // At rate .25 with alpha' = -1.7581: a = 1 / sqrt(.75 (1 + .25 * 3.0909)) = .8672; kept zeros become
        // -a alpha' .25 = .3812, dropped ones a alpha' more.
        double[] dropped = train(new AlphaDropout(.25), Shape.of(1, 40_000), 0, 1, 0, 0);
        assertTrue(Arrays.stream(dropped).allMatch(v -> Math.abs(v - .3812) < 1e-4 || Math.abs(v + 1.1435) < 1e-4));
        assertEquals(0, mean(dropped), .02);
    }

    @ParameterizedTest
    @MethodSource
    void whatIsRandomInTrainingHasAGradient(Layer layer) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, 2, 2, 3)));
            Phase phase = Phase.training(tf.constant(new long[] {1, 2}));
            Operand<TFloat64> y = layer.call(tf, List.of(x), List.of(), phase);
            assertFalse(tf.gradients(y, List.of(x)).dy(0).isClosed());
        }
    }

    static List<Layer> whatIsRandomInTrainingHasAGradient() {
        return List.of(
                new Dropout(.5),
                new SpatialDropout2D(.5),
                new AlphaDropout(.5),
                new GaussianDropout(.5),
                new GaussianNoise(.5));
    }

    @Test
    void anAugmentationOfKerasLeavesImagesAsTheyAreAndRefusesToTrain() {
        Layer flip = new RandomAugmentation("RandomFlip", Map.of("mode", "horizontal"));
        double[] image = {1, 2, 3, 4};
        assertArrayEquals(image, infer(flip, Shape.of(1, 2, 2, 1), image));
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> train(flip, Shape.of(1, 2, 2, 1), 1, 1, 0, 0));
        assertEquals(
                "RandomFlip changes images in training, which this program computes for no network: it can predict with this one, but train it only without that layer",
                error.getMessage());
    }
}
