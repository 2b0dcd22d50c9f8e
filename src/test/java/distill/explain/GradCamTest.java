package distill.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class GradCamTest {

    private static final Device DEVICE = Device.cpu(2);

    /** Channels a = relu(x) and b = relu(1 - x); their means; logits 4 mean(a) - 8 mean(b) and -4 mean(a). */
    private static final Network TWO_CHANNELS = Network.sequential(
            new Network.Names(),
            Shape.of(2, 2, 1),
            new Conv2D(2, 1, Activation.RELU),
            new GlobalAveragePooling2D(),
            new Dense(2, Activation.LINEAR));

    private static final Weights WEIGHTS = Weights.of(TWO_CHANNELS.weights(), weight -> Map.of(
                    "conv2d/kernel", new double[] {1, -1},
                    "conv2d/bias", new double[] {0, 1},
                    "dense/kernel", new double[] {4, -4, -8, 0},
                    "dense/bias", new double[] {3, 5})
            .get(weight.name()));

    private static final Image IMAGE = new Image(2, 2, new float[] {0, .5f, .75f, 1});

    @Test
    void theMapIsTheWeightedSumOfTheChannelsByHand() {
        // A logit's gradient at each of the four places of a channel is the dense weight / 4, and so is its mean: 1 for
        // a, -2 for b. relu(x - 2 (1 - x)) = relu(3 x - 2) is 0, 0, .25, 1; the largest is 1 already.
        try (GradCam gradCam = new GradCam(TWO_CHANNELS, WEIGHTS, DEVICE)) {
            assertArrayEquals(
                    new double[] {0, 0, .25, 1}, gradCam.explain(IMAGE, 0).values(), 1e-6);
        }
    }

    @Test
    void aClassThatEverythingSpeaksAgainstHasAMapOfZeros() {
        try (GradCam gradCam = new GradCam(TWO_CHANNELS, WEIGHTS, DEVICE)) {
            assertArrayEquals(new double[4], gradCam.explain(IMAGE, 1).values());
        }
    }

    @Test
    void aClassThatTheNetworkDoesNotHaveIsRefused() {
        try (GradCam gradCam = new GradCam(TWO_CHANNELS, WEIGHTS, DEVICE)) {
            for (int target : new int[] {-1, 2}) {
                String message = assertThrows(IllegalArgumentException.class, () -> gradCam.explain(IMAGE, target))
                        .getMessage();
                assertEquals("the model has the classes 0 to 1, asked for class " + target, message);
            }
        }
    }

    @Test
    void theTeachersMapHasTheImagesSizeAndRepeats() {
        Network teacher = MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR);
        Weights weights = teacher.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1));
        float[] pixels = new float[784];
        for (int p = 0; p < 784; p++) {
            pixels[p] = p % 28 / 27f;
        }
        Image image = new Image(28, 28, pixels);
        try (GradCam gradCam = new GradCam(teacher, weights, DEVICE)) {
            Set<Double> sums = new HashSet<>();
            for (int target = 0; target < 10; target++) {
                double[] values = gradCam.explain(image, target).values();
                assertEquals(784, values.length);
                assertTrue(Arrays.stream(values).allMatch(value -> value >= 0 && value <= 1));
                assertArrayEquals(values, gradCam.explain(image, target).values());
                sums.add(Arrays.stream(values).sum());
            }
            assertTrue(sums.size() > 2, "the classes have different maps: " + sums);
        }
    }

    @Test
    void aNetworkWithoutConvolutionIsRefused() {
        Network student = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        assertFalse(GradCam.explains(student));
        assertTrue(GradCam.explains(TWO_CHANNELS));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new GradCam(student, new Weights(null), DEVICE))
                .getMessage();
        assertTrue(message.contains("has no convolution"), message);
    }
}
