package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import distill.data.DataSet;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.data.Mnist;
import distill.loss.Similarity;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.Layer;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistTeacher;
import distill.run.Reading;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.weights.Fixtures;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Teachers that are SavedModels of any network. */
class ServedTeacherTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final DataSet DATA = Mnist.generate(300, 40);
    private static final Reading WRITTEN = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
    private static final Reading DESCRIBED = Reading.of(Settings.TASK1, Variant.AS_DESCRIBED);

    @TempDir
    private Path folder;

    private ModelLibrary library;

    @BeforeEach
    void emptyLibrary() {
        library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
    }

    /** A convolutional network of another kind than the report's. */
    private static Network other(Activation output) {
        return Network.sequential(
                new Network.Names(),
                Shape.of(28, 28, 1),
                new Conv2D(4, 3, Activation.RELU),
                new MaxPooling2D(4, 4),
                new Flatten(),
                new Dense(10, Activation.LINEAR),
                new ActivationLayer(output));
    }

    private Path saved(String name, Network network, Weights weights) throws IOException {
        Path target = folder.resolve(name);
        KerasFormat.SAVED_MODEL.write(target, network, weights, TFloat32.class, DEVICE);
        return target;
    }

    private Path saved(Activation end) throws IOException {
        return saved("of-" + end, other(end), other(end).initialWeights(1));
    }

    /** What our own graph of a network puts out for the test images. */
    private static double[] expected(Network network, Weights weights) throws IOException {
        try (CompiledModel<TFloat32> model = CompiledModel.of(network, Inputs.BYTES, TFloat32.class, DEVICE)) {
            model.setWeights(weights);
            return model.predict(DATA.test());
        }
    }

    private static double[] given(GivenTeacher teacher) throws IOException {
        try (OpenTeacher open = teacher.open(DEVICE)) {
            return open.outputs(DATA.test(), List.of()).values();
        }
    }

    private GivenTeacher teacher(Path model, OutputKind told, Reading reading) throws IOException {
        return GivenTeacher.ofTask1(library, model.toString(), told, reading, DataSpec.MNIST);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SOFTMAX", "LINEAR"})
    void ofProbabilitiesOrLogitsEachReadingGetsWhatItsLossesWant(Activation end) throws IOException {
        Weights weights = other(end).initialWeights(1);
        Path model = saved(end);
        GivenTeacher written = teacher(model, null, WRITTEN);
        assertArrayEquals(expected(other(Activation.SOFTMAX), weights), given(written), 1e-6);
        double[] logits = expected(other(Activation.LINEAR), weights);
        double[] found = given(teacher(model, null, DESCRIBED));
        for (int row = 0; row < logits.length; row += 10) {
            // The logarithms of probabilities are the logits but for a constant of the image.
            double constant = end == Activation.LINEAR ? 0 : logits[row] - found[row];
            for (int i = row; i < row + 10; i++) {
                assertEquals(logits[i] - constant, found[i], 1e-5);
            }
        }
        OutputKind kind = end == Activation.SOFTMAX ? OutputKind.probabilities : OutputKind.logits;
        assertEquals(kind, written.served().kind());
        assertEquals(written.identity(), teacher(model, kind, WRITTEN).identity(), "told or shown");
        assertEquals(64, written.identity().length());
    }

    @Test
    void whatIsSaidOfItNamesWhatItIsFedWhatItsOutputsAreTakenForAndHowToSayOtherwise() throws IOException {
        Path model = saved(Activation.SOFTMAX);
        assertEquals(
                model + " is run as it is: it is fed grey levels scaled to 0 to 1 (float32), and its outputs are taken"
                        + " for probabilities, for none is negative and those of an image sum to 1; --teacher-outputs"
                        + " logits says otherwise.",
                teacher(model, null, WRITTEN).about().orElseThrow());
        GivenTeacher told = teacher(model, OutputKind.logits, WRITTEN);
        assertEquals(
                model + " is run as it is: it is fed grey levels scaled to 0 to 1 (float32), and its outputs are taken"
                        + " for logits, as --teacher-outputs says.",
                told.about().orElseThrow());
        assertNotEquals(teacher(model, null, WRITTEN).identity(), told.identity());
    }

    @Test
    void outputsThatAreNoProbabilitiesAreNotTakenForThem() throws IOException {
        GivenTeacher wrong = teacher(saved(Activation.LINEAR), OutputKind.probabilities, WRITTEN);
        String message = assertThrows(IOException.class, () -> given(wrong)).getMessage();
        assertTrue(
                message.matches(".*/of-LINEAR gives for an image numbers from -\\S+ to \\S+ that sum to \\S+, expected"
                        + " probabilities, which sum to 1: does it give logits"
                        + " \\(--teacher-outputs logits\\)\\?"),
                message);
    }

    @Test
    void aProbabilityOfNothingHasTheLogarithmOfTheSmallestNormalNumber() throws IOException {
        double[] logits = OutputKind.probabilities.as(Activation.LINEAR, "it", new double[] {0, 1, .5, .5}, 2);
        // ln 2^-126 = -126 * 0.693147 = -87.3365; ln .5 = -0.693147.
        assertArrayEquals(new double[] {-87.3365, 0, -.693147, -.693147}, logits, 1e-4);
        assertArrayEquals(
                new double[] {.5, .5}, OutputKind.logits.as(Activation.SOFTMAX, "it", new double[] {900, 900}, 2));
        assertEquals(
                "it gives numbers for an image that are not all finite",
                assertThrows(
                                IOException.class,
                                () -> OutputKind.logits.as(Activation.LINEAR, "it", new double[] {Double.NaN, 1}, 2))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"small-saved-model", "small-keras2-saved-model"})
    void modelsThatKeras3And2SavedAnswerAsInKeras(String name) throws IOException {
        DataSpec data = new DataSpec(Shape.of(10, 9, 1), 10);
        GivenTeacher teacher = GivenTeacher.ofTask1(library, Fixtures.path(name).toString(), WRITTEN, data);
        JsonNode keras = Fixtures.json("small");
        double[] inputs = Fixtures.doubles(keras.get("inputs"));
        float[] pixels = new float[inputs.length];
        IntStream.range(0, inputs.length).forEach(i -> pixels[i] = (float) inputs[i]);
        try (ServedTeacher.Opened open = teacher.served().open(Activation.SOFTMAX, DEVICE)) {
            assertArrayEquals(Fixtures.doubles(keras.get("outputs")), open.outputsOfPixels(pixels), 1e-6);
        }
        String message = assertThrows(IOException.class, () -> teacher(Fixtures.path(name), null, WRITTEN))
                .getMessage();
        assertTrue(
                message.endsWith(
                        ": its signature serving_default takes inputs of shape [-1, 10, 9, 1], expected [-1, 28, 28, 1]"),
                message);
    }

    @Test
    void theReportsNetworkIsNotRunButBuiltUnlessItIsSaidWhatItGives() throws IOException {
        Network network = MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);
        Weights weights = network.initialWeights(3);
        Path model = saved("report", network, weights);
        GivenTeacher own = teacher(model, null, WRITTEN);
        assertNull(own.served());
        assertTrue(own.about().isEmpty());
        assertEquals(own.weights().digest(), own.identity());
        assertNotNull(teacher(model, OutputKind.probabilities, WRITTEN).served());
    }

    @Test
    void theReportsWeightsInOtherLayersAreAnotherTeacher() throws IOException {
        Network network = MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);
        Network other = new Network(
                network.name(),
                network.input(),
                network.layers().stream()
                        .map(layer -> new Network.NamedLayer(
                                layer.name(), layer.inbound(), layer.input(), linear(layer.layer()), layer.trainable()))
                        .toList());
        GivenTeacher teacher = teacher(saved("linear", other, network.initialWeights(3)), null, WRITTEN);
        assertNotNull(teacher.served(), "the weights of the report's network fit, and it computes something else");
        assertArrayEquals(expected(other, network.initialWeights(3)), given(teacher), 1e-6);
    }

    /** A hidden layer without its ReLU. */
    private static Layer linear(Layer layer) {
        return layer instanceof Dense dense && dense.activation() == Activation.RELU
                ? new Dense(dense.units(), Activation.LINEAR)
                : layer;
    }

    @Test
    void aStudentLearnsFromItIsRepeatedAndNotWithoutIt() throws IOException {
        GivenTeacher given = teacher(saved(Activation.SOFTMAX), null, WRITTEN);
        MnistTrainer trainer = trainer(given);
        Run student = trainer.student("q5", 4, .5, 1);
        assertEquals(given.identity(), student.settings().teacher());
        assertTrue(student.settings()
                .label()
                .contains("-teacher" + given.identity().substring(0, 8)));
        assertEquals(
                student.weightsDigest(),
                trainer.trainer().repeat(student.settings()).weightsDigest(),
                "what it put out is kept in float32, and read again");
        String message = assertThrows(
                        IOException.class, () -> trainer(null).trainer().repeat(student.settings()))
                .getMessage();
        assertTrue(message.endsWith("give the same one with --teacher"), message);
        double[] logits = trainer.models().teacherTestLogits(1, 1, 5);
        double[] same =
                expected(other(Activation.LINEAR), other(Activation.LINEAR).initialWeights(1));
        assertArrayEquals(differences(Arrays.copyOf(same, 50)), differences(logits), 1e-5, "logits but for a constant");
    }

    private static double[] differences(double[] logits) {
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i] - logits[i - i % 10])
                .toArray();
    }

    private MnistTrainer trainer(GivenTeacher given) {
        return MnistTrainer.of(
                WRITTEN, 1, DATA, MnistTrainer.given(DATA, given), folder.resolve("runs"), TrainingListener.SILENT);
    }

    @Test
    void lossesOnLayersAreRefusedAndGradCamIsLeftOutByName() throws IOException {
        Path model = saved(Activation.SOFTMAX);
        MnistTrainer trainer = trainer(teacher(model, null, WRITTEN));
        Settings student = trainer.plan().student("q5", 4., .5, 1).settings();
        Settings onLayers = Runs.with(Runs.with(student, "loss", new Similarity().name()), "temperature", null);
        assertEquals(
                "the loss similarity compares layers, and of " + model + ", a SavedModel that is run as it is, only the"
                        + " outputs are known: choose a loss on outputs, such as kd or dkd",
                assertThrows(IOException.class, () -> trainer.trainer().repeat(onLayers))
                        .getMessage());
        Run taught = trainer.student("q5", 4, .5, 1);
        List<ExplainedModel> models = trainer.models().explainedModels(taught, trainer.plainStudent("q7", 1));
        Explainers explainers = new Explainers(10, 10, 10, 1);
        Example example = trainer.models().testImage(0);
        assertEquals(
                List.of("RISE (course)", "RISE (paper)", "LIME"),
                List.copyOf(explainers.explain(models.get(0), example, 3).maps().keySet()));
        assertEquals(
                "Grad-CAM of the teacher is left out: it looks at layers, and of a SavedModel that is run as it is only"
                        + " the outputs are known.",
                models.get(0).leftOut().orElseThrow());
        assertTrue(models.get(1).leftOut().isEmpty());
        models.forEach(ExplainedModel::close);
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void inTask2ItSeesImagesAsTheReadingScalesThem(Variant variant) throws IOException {
        Reading reading = Reading.of(Settings.TASK2, variant);
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(32, 32, 3),
                new Conv2D(4, 3, Activation.RELU),
                new Flatten(),
                new Dense(2, Activation.LINEAR));
        Weights weights = network.initialWeights(2);
        GivenTeacher teacher = GivenTeacher.ofTask2(
                library, saved("pair", network, weights).toString(), null, BaseModel.MOBILENETV2, reading, 32, 2);
        byte[] pixels = new byte[7 * 32 * 32 * 3];
        new Random(5).nextBytes(pixels);
        Images images = Images.inMemory(32, 32, 3, 2, pixels, new byte[7]);
        ReadingGraph graph = new ReadingGraph(reading);
        float[] levels = new float[2 * 32 * 32 * 3];
        Arrays.fill(levels, 99.5f);
        ImageBatch augmented = new ImageBatch(new int[2], new int[2], null, levels);
        try (OpenTeacher open = teacher.open(DEVICE);
                CompiledModel<TFloat32> ours = graph.model(network, weights, DEVICE)) {
            assertArrayEquals(
                    ours.predict(images), open.outputs(images, List.of()).values(), 1e-6);
            assertArrayEquals(
                    ours.predictOnBatch(levels),
                    open.outputs(augmented, List.of()).values(),
                    1e-6,
                    "augmented ones, too");
        }
        String scaled = reading.has(Slip.RAW_INPUTS) ? "0 to 1" : "-1 to 1";
        assertTrue(teacher.about().orElseThrow().contains("grey levels scaled to " + scaled + " (float32)"));
    }

    @Test
    void whatItGivesIsNotSaidOfAnotherTeacher() throws IOException {
        Path file = folder.resolve("other.keras");
        Network network = other(Activation.SOFTMAX);
        KerasFormat.KERAS.write(file, network, network.initialWeights(1), TFloat32.class, DEVICE);
        assertEquals(
                file + " is no folder of a SavedModel, and what other teachers give is known: leave --teacher-outputs"
                        + " out",
                assertThrows(IOException.class, () -> teacher(file, OutputKind.logits, WRITTEN))
                        .getMessage());
    }
}
