package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.experiment.ModelLibrary;
import distill.experiment.NetworkExplanations;
import distill.experiment.NetworkExplanations.Method;
import distill.experiment.NetworkExplanations.Pixels;
import distill.explain.ExplanationMap;
import distill.explain.GradCam;
import distill.nn.Activation;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Layer;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.ReLU;
import distill.nn.Rescaling;
import distill.nn.Weights;
import distill.weights.KerasFormat;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Explanation maps of networks of one's own. */
class ExplainCommandTest {

    private static final Device DEVICE = Device.cpu(1);
    private static final int SIDE = 8;
    private static final Shape GREY = Shape.of(SIDE, SIDE, 1);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private Path file(String name, Shape input, Layer... layers) throws IOException {
        Network network = Network.sequential(new Network.Names(), input, layers);
        // Kernels are 1 but for the last, whose classes are told apart by its sign; biases are 0.
        Weights weights = Weights.of(network.weights(), weight -> {
            double[] values = new double[Math.toIntExact(weight.shape().size())];
            boolean last = weight.shape().numDimensions() == 2;
            Arrays.setAll(
                    values, i -> weight.name().endsWith("kernel") ? last ? 2 * (i % 2) - 1 : 1 : ones(weight.name()));
            return values;
        });
        Path file = folder.resolve(name + ".keras");
        KerasFormat.KERAS.write(file, network, weights, TFloat32.class, DEVICE);
        return file;
    }

    private static double ones(String weight) {
        return weight.endsWith("gamma") || weight.endsWith("variance") ? 1 : 0;
    }

    /** The logits of the two classes are minus the mean of the pixels, and the mean. */
    private Path mean() throws IOException {
        return file(
                "mean",
                GREY,
                new Conv2D(1, 1, Activation.LINEAR),
                new GlobalAveragePooling2D(),
                new Dense(2, Activation.SOFTMAX));
    }

    /** Black, with a white square of 4 x 4 in its upper left corner. */
    private Path image(String name) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 4, 4);
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static boolean isInSquare(int pixel) {
        return pixel / SIDE < 4 && pixel % SIDE < 4;
    }

    private NetworkExplanations open(Path file, Pixels pixels) throws IOException {
        return NetworkExplanations.open(new ModelLibrary(folder, DEVICE), file.toString(), pixels, DEVICE);
    }

    /** A quarter of the pixels is 1: the mean is 1/4, from -1 to 1 it is -1/2, and of grey levels 255/4. */
    @ParameterizedTest
    @CsvSource({"0..1, .6224593, 1", "-1..1, .2689414, 0", "0..255, 1, 1"})
    void itIsGivenThePixelsThatItTakes(String pixels, double probability, int predicted) throws IOException {
        Path image = image("square.png");
        try (NetworkExplanations network = open(mean(), Pixels.of(pixels))) {
            var explained = network.explain(image, null, Set.of(), 1).explained();
            assertEquals(probability, explained.probabilities()[1], 1e-6);
            assertEquals(predicted, explained.target());
        }
    }

    @Test
    void everyMethodFindsTheSquareThatTheClassIsFor() throws IOException {
        Path image = image("square.png");
        try (NetworkExplanations network = open(mean(), null)) {
            assertEquals("conv2d", network.gradCamLayer().orElseThrow());
            Map<String, ExplanationMap> maps = network.explain(image, 1, EnumSet.allOf(Method.class), 400)
                    .explained()
                    .maps();
            assertEquals(List.of("RISE", "LIME", "Grad-CAM"), List.copyOf(maps.keySet()));
            // The gradient is the same everywhere, so the map is the activation over its largest value.
            double[] gradCam = maps.get("Grad-CAM").values();
            IntStream.range(0, gradCam.length)
                    .forEach(pixel -> assertEquals(isInSquare(pixel) ? 1 : 0, gradCam[pixel], 1e-6));
            for (String method : List.of("RISE", "LIME")) {
                double[] map = maps.get(method).values();
                assertTrue(mean(map, true) > mean(map, false), method);
            }
        }
    }

    private static double mean(double[] map, boolean inSquare) {
        return IntStream.range(0, map.length)
                .filter(pixel -> isInSquare(pixel) == inSquare)
                .mapToDouble(pixel -> map[pixel])
                .average()
                .orElseThrow();
    }

    private static String lastWithPlaces(Layer... layers) {
        Network network = Network.sequential(new Network.Names(), GREY, layers);
        var layer = GradCam.lastWithPlaces(network);
        return layer.isEmpty() ? "none" : network.layers().get(layer.getAsInt()).name();
    }

    @Test
    void gradCamLooksAtTheLastLayerWithPlacesOfWhatConvolutionsFound() {
        Dense end = new Dense(2, Activation.LINEAR);
        assertEquals(
                "re_lu",
                lastWithPlaces(
                        new Conv2D(2, 3, Activation.LINEAR),
                        new BatchNormalization(),
                        new ReLU(),
                        new GlobalAveragePooling2D(),
                        end));
        assertEquals(
                "conv2d",
                lastWithPlaces(new Conv2D(2, 7, Activation.RELU), new MaxPooling2D(2, 2), new Flatten(), end),
                "a single place is none");
        assertEquals("none", lastWithPlaces(new Rescaling(2, -1), new Flatten(), end), "it found nothing");
    }

    @Test
    void aFigureAndACsvFileAreWrittenForEachImageAndTheLayerIsNamed() throws IOException {
        Path image = image("square.png");
        Path other = image("other.png");
        Path target = folder.resolve("maps");
        assertEquals(
                0,
                run(
                        "explain",
                        mean().toString(),
                        "--image",
                        image + "," + other,
                        "--masks",
                        "50",
                        "--out",
                        target.toString()),
                err.toString());
        String said = out.toString();
        assertTrue(said.contains("The network is given pixels of 0..1."), said);
        assertTrue(said.contains("Grad-CAM looks at conv2d, the last layer with places."), said);
        assertTrue(said.contains("class 1 has the probability 0.6225: "), said);
        BufferedImage figure = ImageIO.read(target.resolve("square-mean.png").toFile());
        assertTrue(figure.getWidth() > 500 && figure.getHeight() > 500, "three maps below each other");
        assertTrue(Files.exists(target.resolve("other-mean.svg")));
        List<String> rows = Files.readAllLines(target.resolve("square-mean.csv"));
        assertEquals("method,model,class,y,x0,x1,x2,x3,x4,x5,x6,x7", rows.get(0));
        assertEquals("Grad-CAM,sequential,1,0,1.0,1.0,1.0,1.0,0.0,0.0,0.0,0.0", rows.get(1 + 2 * SIDE));
    }

    @Test
    void aNetworkThatScalesPixelsFromZeroToOneItselfIsGivenThese() throws IOException {
        Path dense = file("dense", GREY, new Rescaling(2, -1), new Flatten(), new Dense(2, Activation.LINEAR));
        String image = image("square.png").toString();
        String maps = folder.resolve("maps").toString();
        assertEquals(
                0,
                run("explain", dense.toString(), "--image", image, "--masks", "10", "--class", "0", "--out", maps),
                err.toString());
        assertTrue(out.toString().contains("The network is given pixels of 0..1."), out.toString());
    }

    @Test
    void aNetworkThatScalesItsPixelsIsGivenGreyLevelsAndOneWithoutPlacesHasTheOtherMaps() throws IOException {
        Path dense = file("dense", GREY, new Rescaling(1. / 255, 0), new Flatten(), new Dense(2, Activation.LINEAR));
        String[] words = {
            "explain",
            dense.toString(),
            "--image",
            image("square.png").toString(),
            "--masks",
            "10",
            "--class",
            "0",
            "--out",
            folder.resolve("maps").toString()
        };
        assertEquals(0, run(words), err.toString());
        String said = out.toString();
        assertTrue(said.contains("The network is given pixels of 0..255."), said);
        assertTrue(
                said.contains("Grad-CAM has nothing to look at: " + dense
                        + " has no convolutions, so that no layer of it has places. It is left out."),
                said);
        assertTrue(Files.exists(folder.resolve("maps/square-dense-class0.png")));
        String[] alone = Arrays.copyOf(words, words.length + 2);
        alone[words.length] = "--method";
        alone[words.length + 1] = "grad-cam";
        assertEquals(1, run(alone));
        assertTrue(err.toString().contains("--method rise and lime need none"), err.toString());
    }

    @Test
    void aFigureDoesNotTakeAnImagesPlace() throws IOException {
        Path image = image("square.png");
        Path named = Files.copy(image, folder.resolve("square-mean.png"));
        byte[] before = Files.readAllBytes(named);
        refused(
                2,
                "--out: the figure of %s would take the place of the image %s".formatted(image, named),
                "explain",
                mean().toString(),
                "--image",
                image + "," + named,
                "--out",
                folder.toString());
        assertArrayEquals(before, Files.readAllBytes(named));
    }

    private void refused(int code, String expected, String... words) {
        assertEquals(code, run(words));
        assertTrue(err.toString().contains(expected), err.toString());
    }

    @Test
    void whatCannotBeExplainedIsRefusedInASentence() throws IOException {
        String model = mean().toString();
        String image = image("square.png").toString();
        refused(2, "--class takes a number from 0 to 1, found 7", "explain", model, "--image", image, "--class", "7");
        refused(
                2,
                "the methods are rise, lime and grad-cam, found x",
                "explain",
                model,
                "--image",
                image,
                "--method",
                "x");
        refused(2, "--masks takes a number from 1, found 0", "explain", model, "--image", image, "--masks", "0");
        refused(2, "two files are called square", "explain", model, "--image", image + "," + image);
        refused(
                1,
                "none.png",
                "explain",
                model,
                "--image",
                folder.resolve("none.png").toString());
        String vectors =
                file("vectors", Shape.of(5), new Dense(3, Activation.SOFTMAX)).toString();
        refused(
                1,
                "takes examples of shape [5] and gives [3]; what is explained here",
                "explain",
                vectors,
                "--image",
                image);
    }
}
