package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.experiment.ModelLibrary;
import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Flatten;
import distill.nn.Layer;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.weights.Fixtures;
import distill.weights.KerasFormat;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** {@code ./reproduce weights import}: a whole model, or one line and nothing. */
class ImportTest {

    private static final Network TEACHER = MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR);

    /** Files that the tests read. */
    @TempDir
    private static Path files;

    private static Weights weights;

    /** Where models are imported to. */
    @TempDir
    private Path library;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void writeTheTeacher() throws IOException {
        weights = new Weights(random(TEACHER).values().stream()
                .map(weight -> new Weights.Weight(
                        weight.name(),
                        weight.shape(),
                        Arrays.stream(weight.values())
                                .map(value -> (float) value)
                                .toArray()))
                .toList());
        for (KerasFormat format : KerasFormat.values()) {
            format.write(files.resolve("teacher." + format), TEACHER, weights, TFloat32.class, Fixtures.DEVICE);
        }
    }

    /** Not rounded to float32. */
    private static Weights random(Network network) {
        return network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1));
    }

    private int run(String... arguments) {
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private int importTeacher(Path file) {
        return run(
                "weights",
                "import",
                file.toString(),
                "--model",
                "mnist-teacher",
                "--out",
                library.resolve("model").toString());
    }

    /** The import fails with one line that says {@code said}, and leaves nothing. */
    private void assertRefused(Path file, String said) throws IOException {
        assertEquals(1, importTeacher(file));
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("error: ") && err.toString().contains(said), err.toString());
        assertEquals(List.of(), Fixtures.entries(library));
    }

    /** Another network's weights in a file that Keras could have written. */
    private static Path other(String name, Network network) throws IOException {
        Path file = files.resolve(name);
        KerasFormat.H5.write(file, network, random(network), TFloat32.class, Fixtures.DEVICE);
        return file;
    }

    /** The teacher with {@code hidden} units in its first dense layer, and {@code more} layers at its end. */
    private static Network teacherLike(int hidden, Layer... more) {
        List<Layer> layers = new ArrayList<>(List.of(
                new Conv2D(32, 3, Activation.RELU),
                new MaxPooling2D(2, 1),
                new Conv2D(64, 3, Activation.RELU),
                new MaxPooling2D(2, 2),
                new Flatten(),
                new Dense(hidden, Activation.RELU)));
        layers.addAll(List.of(more));
        return Network.sequential(new Network.Names(), Shape.of(28, 28, 1), layers.toArray(Layer[]::new));
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void everyFormatIsImportedBitForBit(KerasFormat format) throws IOException {
        assertEquals(0, importTeacher(files.resolve("teacher." + format)), err.toString());
        assertTrue(out.toString().contains("matched by name"), out.toString());
        assertTrue(out.toString().contains(weights.digest()), out.toString());
        assertEquals(List.of("model"), Fixtures.entries(library));
        ModelLibrary.StoredModel model = new ModelLibrary(library, Fixtures.DEVICE).find("model");
        assertEquals(weights.digest(), model.weights().digest());
        assertEquals("float32", model.dtype());
        // Weights alone and SavedModels do not tell, and softmax is what the report's networks end in.
        boolean told = format == KerasFormat.H5 || format == KerasFormat.KERAS;
        assertEquals(told ? Activation.LINEAR : Activation.SOFTMAX, model.output());
    }

    @Test
    void float64StaysFloat64() throws IOException {
        Path file = files.resolve("wide.h5");
        KerasFormat.H5.write(file, TEACHER, random(TEACHER), TFloat64.class, Fixtures.DEVICE);
        assertEquals(0, importTeacher(file), err.toString());
        ModelLibrary.StoredModel model = new ModelLibrary(library, Fixtures.DEVICE).find("model");
        assertEquals("float64", model.dtype());
        assertEquals(random(TEACHER).digest(), model.weights().digest());
    }

    @Test
    void whatStandsAtTheTargetIsLeftAlone() throws IOException {
        Path mine = Files.createDirectories(library.resolve("model"));
        Files.writeString(mine.resolve("mine"), "mine");
        assertEquals(1, importTeacher(files.resolve("teacher.h5")));
        assertEquals(
                "error: " + mine + " is there already and was left alone: name another with --out",
                err.toString().strip());
        assertEquals(List.of("model"), Fixtures.entries(library));
        assertEquals(List.of("mine"), Fixtures.entries(mine));
    }

    @Test
    void aWeightOfAnotherShapeIsNamed() throws IOException {
        assertRefused(
                other("narrow.h5", teacherLike(64, new Dense(10, Activation.SOFTMAX))),
                "weight dense/kernel has shape [7744, 64], expected [7744, 128] for dense/kernel");
    }

    @Test
    void aMissingWeightIsNamed() throws IOException {
        assertRefused(
                other("headless.h5", teacherLike(128)),
                "has no weight dense_1/kernel of shape [128, 10]; it has the layers");
    }

    @Test
    void aSurplusWeightIsNamed() throws IOException {
        assertRefused(
                other("long.h5", teacherLike(128, new Dense(10, Activation.RELU), new Dense(10, Activation.SOFTMAX))),
                "has the weight dense_2/kernel of shape [10, 10], for which the network has no place");
    }

    @Test
    void anotherModelIsSaidToBeAnother() throws IOException {
        assertRefused(
                other("student.h5", MnistStudent.buildFc(new Network.Names(), Activation.SOFTMAX)),
                "weight dense/kernel has shape [784, 784], expected [3, 3, 1, 32] for conv2d/kernel: is it"
                        + " another network?");
        assertRefusedAgain(
                Fixtures.path("small.keras"), "weight first/0 has shape [3, 3, 1, 2], expected [3, 3, 1, 32]");
        assertRefusedAgain(
                Fixtures.path("small-keras2-saved-model"), "weight first/kernel has shape [3, 3, 1, 2], expected");
    }

    private void assertRefusedAgain(Path file, String said) throws IOException {
        err.getBuffer().setLength(0);
        assertRefused(file, said);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAVED_MODEL")
    void aTruncatedFileIsRefused(KerasFormat format) throws IOException {
        byte[] whole = Files.readAllBytes(files.resolve("teacher." + format));
        Path cut = Files.write(files.resolve("cut." + format), Arrays.copyOf(whole, whole.length / 2));
        assertRefused(cut, cut.toString());
        assertTrue(err.toString().contains("damaged"), err.toString());
    }

    @Test
    void aSavedModelWithoutItsValuesIsRefused() throws IOException {
        Path broken = Files.createDirectories(files.resolve("broken"));
        Files.copy(files.resolve("teacher.saved-model").resolve("saved_model.pb"), broken.resolve("saved_model.pb"));
        assertRefused(broken, broken.resolve("variables") + " is damaged");
        Files.write(broken.resolve("saved_model.pb"), new byte[] {1, 2, 3});
        assertRefusedAgain(broken, "saved_model.pb is damaged");
    }

    @Test
    void aFileThatIsNotHdf5IsRefused() throws IOException {
        assertRefused(
                Files.writeString(files.resolve("text.h5"), "hello"), "text.h5 is damaged or was not saved by Keras");
        assertRefusedAgain(files.resolve("none.h5"), "there is no file");
        assertRefusedAgain(
                Files.createFile(files.resolve("empty.h5")), "empty.h5 is damaged or was not saved by Keras");
        Path foreign = files.resolve("foreign.h5");
        try (WritableHdfFile file = HdfFile.write(foreign)) {
            file.putDataset("data", new float[] {1});
        }
        assertRefusedAgain(foreign, "is an HDF5 file, but not one that Keras saved");
    }

    @Test
    void anArchiveThatClimbsOutOfItsFolderIsRefused() throws IOException {
        for (String name : List.of("../climbed", "/climbed", "a/../../climbed", "..\\climbed")) {
            Path zip = files.resolve("climbing.keras");
            try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(zip))) {
                entries.putNextEntry(new ZipEntry("model.weights.h5"));
                entries.write(Files.readAllBytes(files.resolve("teacher.weights-h5")));
                entries.putNextEntry(new ZipEntry(name));
            }
            assertRefusedAgain(zip, "has an entry " + name + " that climbs out of its folder");
        }
    }

    @Test
    void aWeightThatClaimsAnAbsurdShapeIsNamedAndNotRead() throws IOException {
        assertRefused(
                Fixtures.path("absurd.weights.h5"), "weight dense/0 claims the shape [1048576, 1048576], more than");
    }

    @Test
    void aWeightOfAnotherTypeIsNamed() throws IOException {
        Path file = files.resolve("whole-numbers.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putGroup("layers").putGroup("conv2d").putGroup("vars").putDataset("0", new int[3][3][1][32]);
        }
        assertRefused(file, "weight conv2d/0 is of type int32, expected float16, bfloat16, float32 or float64");
    }

    @Test
    void aWeightThatAFileListsAndLacksIsNamed() throws IOException {
        Path file = files.resolve("listed.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("layer_names", new String[] {"conv2d"});
            hdf.putGroup("conv2d").putAttribute("weight_names", new String[] {"conv2d/kernel:0"});
        }
        assertRefused(file, "lists the weight conv2d/kernel:0 and does not hold it");
    }
}
