package distill.nn.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Inference;
import distill.nn.Network;
import distill.nn.Weights;
import distill.weights.KerasFile;
import distill.weights.Matching;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** ResNet50, MobileNet and their V2s against the counts of Keras and keras_flops, and against what Keras answers. */
class ApplicationsTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final Path SHARED = Path.of("../shared/weights");
    private static final int SIDE = 224;

    private static Network withHead(Network base) {
        return base.followedBy(new Network.Names(), new Dense(2, Activation.LINEAR));
    }

    private static void assertParameters(long trainable, long other, Network network) {
        assertEquals(trainable, network.trainableParameters());
        assertEquals(trainable + other, network.parameters());
    }

    @Test
    void theReportsNetworksOnTheirImageNetHeadsHaveItsParametersAndFlops() {
        Top top = Top.of(Top.IMAGENET, Activation.LINEAR);
        Network teacher = withHead(ResNet50V2.build(Top.INPUT, top));
        Network student = withHead(MobileNetV2.build(Top.INPUT, top));
        assertParameters(25_570_362, 45_440, teacher);
        assertParameters(3_506_874, 34_112, student);
        assertEquals(223_754_962_368L, Cost.of(teacher, 32).flops());
        assertEquals(19_686_146_304L, Cost.of(student, 32).flops());
    }

    @Test
    void withASoftmaxOver1000ClassesTheyHaveKerassParametersAndFlops() {
        Top top = Top.of(Top.IMAGENET, Activation.SOFTMAX);
        Network resnet = ResNet50V2.build(Top.INPUT, top);
        Network mobilenet = MobileNetV2.build(Top.INPUT, top);
        assertEquals(25_613_800, resnet.parameters());
        assertEquals(3_538_984, mobilenet.parameters());
        assertEquals(6_992_475_632L, Cost.of(resnet, 1).flops());
        assertEquals(615_292_208L, Cost.of(mobilenet, 1).flops());
    }

    @Test
    void onPooledFeaturesTheyHaveKerassParameters() {
        assertEquals(
                23_568_898,
                withHead(ResNet50V2.build(Top.INPUT, Top.pooledFeatures())).parameters());
        assertEquals(
                2_260_546,
                withHead(MobileNetV2.build(Top.INPUT, Top.pooledFeatures())).parameters());
    }

    @Test
    void theFirstVersionsHaveKerassParameters() {
        Top top = Top.of(Top.IMAGENET, Activation.SOFTMAX);
        assertParameters(25_583_592, 53_120, ResNet50.build(Top.INPUT, top));
        assertParameters(4_231_976, 21_888, MobileNet.build(Top.INPUT, top));
        assertParameters(23_534_592, 53_120, ResNet50.build(Top.INPUT, Top.pooledFeatures()));
        assertParameters(3_206_976, 21_888, MobileNet.build(Top.INPUT, Top.pooledFeatures()));
    }

    /** What {@code reference/export_fixtures.py} reads off {@code keras.applications}. */
    @Test
    void theFirstVersionsHaveKerassLayersInItsOrder() throws IOException {
        Top top = Top.of(Top.IMAGENET, Activation.SOFTMAX);
        assertEquals(kerasLayers("resnet50"), layers(ResNet50.build(Top.INPUT, top)));
        assertEquals(kerasLayers("mobilenet"), layers(MobileNet.build(Top.INPUT, top)));
    }

    private static List<String> kerasLayers(String name) throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/keras", name + "-layers.txt"));
    }

    private static List<String> layers(Network network) {
        return network.layers().stream()
                .map(layer -> "%s %s %s"
                        .formatted(
                                layer.name(),
                                layer.layer().type(),
                                Arrays.toString(layer.output().asArray())))
                .toList();
    }

    @Test
    void aFrozenBaseLeavesTheHeadToTrain() {
        Network network = withHead(MobileNetV2.build(Top.INPUT, Top.pooledFeatures()));
        Network frozen = network.freeze(name -> !name.equals("dense"));
        assertEquals(1280 * 2 + 2, frozen.trainableParameters());
        assertEquals(network.parameters(), frozen.parameters());
    }

    @Test
    void anImageThatIsTooSmallIsRefused() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> ResNet50V2.build(Shape.of(31, 64, 3), Top.pooledFeatures()))
                .getMessage()
                .contains("at least 32 pixels, found [31, 64, 3]"));
    }

    /** Pixels as pixel / 127.5 - 1, row by row. */
    private static double[] pixels(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        double[] pixels = new double[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            int rgb = image.getRGB(i / 3 % SIDE, i / 3 / SIDE);
            pixels[i] = (rgb >> (16 - 8 * (i % 3)) & 0xff) / 127.5 - 1;
        }
        return pixels;
    }

    @Test
    void threePhotosAreWhatKerasSaysTheyAre() throws IOException {
        Path file = SHARED.resolve("mobilenet_v2_imagenet.h5");
        assumeTrue(Files.exists(file), file + " is not here");
        Network network = MobileNetV2.build(Top.INPUT, Top.of(Top.IMAGENET, Activation.SOFTMAX));
        Weights weights = Matching.of(KerasFile.read(file, DEVICE), network, file.toString())
                .weights();
        JsonNode images = new ObjectMapper()
                .readTree(SHARED.resolve("imagenet-check/expected.json").toFile())
                .get("images");
        assertEquals(3, images.size());
        for (var photo : images.properties()) {
            double[] probabilities = Inference.predict(
                    network,
                    weights,
                    TFloat32.class,
                    pixels(SHARED.resolve("imagenet-check").resolve(photo.getKey())),
                    DEVICE);
            for (JsonNode top : photo.getValue().get("top5")) {
                assertEquals(
                        top.get(1).asDouble(), probabilities[top.get(0).asInt()], 1e-4, photo.getKey() + " " + top);
            }
        }
    }
}
