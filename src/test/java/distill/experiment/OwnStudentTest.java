package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mnist;
import distill.files.Folders;
import distill.nn.Activation;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.Layer;
import distill.nn.Network;
import distill.nn.Normalization;
import distill.nn.RandomAugmentation;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.DataSpec;
import distill.run.Reading;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Networks of one's own as students of Task 1. */
class OwnStudentTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final DataSet DATA = Mnist.generate(300, 40);
    private static final Shape DIGITS = Shape.of(28, 28, 1);

    @TempDir
    private Path folder;

    private ModelLibrary library() {
        return new ModelLibrary(folder.resolve("saved-models"), DEVICE);
    }

    private Path file(String name, Shape input, Layer... layers) throws IOException {
        return file(name, Network.sequential(new Network.Names(), input, layers));
    }

    private Path file(String name, Network network) throws IOException {
        Path file = folder.resolve(name + ".keras");
        KerasFormat.KERAS.write(file, network, network.initialWeights(3), TFloat32.class, DEVICE);
        return file;
    }

    /** It ends in a softmax, which the as-described reading takes away. */
    private Path convolutional() throws IOException {
        return file(
                "convolutional",
                DIGITS,
                new Conv2D(4, 3, Activation.RELU),
                new BatchNormalization(),
                new Flatten(),
                new Dense(10, Activation.SOFTMAX));
    }

    private GivenStudent given(Path file, boolean keepsWeights) throws IOException {
        return GivenStudent.ofTask1(library(), file.toString(), DataSpec.MNIST, keepsWeights);
    }

    private MnistTrainer trainer(GivenStudent student) throws IOException {
        new SavedModels(library().folder(), DEVICE).keep(student);
        MnistTrainer usual = MnistTrainer.of(
                Reading.of(Settings.TASK1, Variant.AS_DESCRIBED),
                1,
                DATA,
                new Trainer.Setup(DATA, List.of(), null, DEVICE, false),
                folder.resolve("runs"),
                (settings, steps, done) -> EpochListener.SILENT);
        MnistPlan.Student planned = new MnistPlan.Student(null, student.architecture(), student.startingWeights());
        return new MnistTrainer(Runs.with(usual.plan(), "student", planned), usual.trainer());
    }

    @Test
    void itsWeightsAreDrawnFromTheSeedAndItsTrainingsAreRepeatedAndExportedFromWhatIsKept() throws IOException {
        GivenStudent student = given(convolutional(), false);
        MnistTrainer trainer = trainer(student);
        Run one = trainer.plainStudent("q7", 1);
        Run two = trainer.plainStudent("q7", 2);
        assertEquals(student.architecture(), one.settings().architecture());
        assertNull(one.settings().startingWeights());
        assertNotEquals(one.weightsDigest(), two.weightsDigest());
        assertEquals(
                one.weightsDigest(), trainer.trainer().repeat(one.settings()).weightsDigest());
        ModelLibrary.StoredModel trained = library().find(one.settings().label());
        assertEquals("Keras model sequential", trained.architecture());
        assertEquals(Activation.LINEAR, trained.output(), "of the reading, not of the file");
        assertEquals(one.weightsDigest(), trained.weights().digest());

        Settings taught = trainer.plan().student("q5", 4., .5, 1).settings();
        assertEquals(student.architecture(), taught.architecture());
        assertNull(trainer.plan().teacher(1).settings().architecture(), "the teacher stays");

        Folders.delete(library().folder().resolve("students"));
        String gone = assertThrows(IOException.class, () -> trainer.trainer().repeat(one.settings()))
                .getMessage();
        assertTrue(
                gone.startsWith("the network of " + one.settings().label() + " was kept in ")
                        && gone.endsWith("config.json, which is gone: give the model again with --student"),
                gone);
    }

    @Test
    void withItsWeightsKeptEachSeedStartsFromThem() throws IOException {
        GivenStudent student = given(convolutional(), true);
        MnistTrainer trainer = trainer(student);
        Settings settings = trainer.plan().plainStudent("q7", 1).settings();
        assertEquals(student.weights().digest(), settings.startingWeights());
        assertEquals(
                settings.startingWeights(),
                trainer.plan().plainStudent("q7", 2).settings().startingWeights());
        SavedModels models = new SavedModels(library().folder(), DEVICE);
        assertEquals(
                student.weights().digest(), models.students().weights(settings).digest());
        Run run = trainer.plainStudent("q7", 1);
        assertEquals(
                run.weightsDigest(), trainer.trainer().repeat(run.settings()).weightsDigest());
        Path kept = library()
                .folder()
                .resolve("students/%s/weights-%s".formatted(settings.architecture(), settings.startingWeights()));
        Folders.delete(kept);
        String gone = assertThrows(IOException.class, () -> trainer.trainer().repeat(run.settings()))
                .getMessage();
        assertTrue(gone.endsWith("is gone: give the model again with --student and --student-weights keep"), gone);
    }

    @Test
    void aConfigurationThatIsAnotherNetworksIsNotTaken() throws IOException {
        GivenStudent student = given(convolutional(), false);
        MnistTrainer trainer = trainer(student);
        Settings settings = trainer.plan().plainStudent("q7", 1).settings();
        Path configuration =
                library().folder().resolve("students/%s/network/config.json".formatted(student.architecture()));
        Files.writeString(configuration, Files.readString(configuration).replace("\"filters\":4", "\"filters\":5"));
        String message = assertThrows(IOException.class, () -> trainer.trainer().repeat(settings))
                .getMessage();
        assertTrue(message.contains("is not the network of " + settings.label()), message);
    }

    @Test
    void theSameNetworkIsTheSameStudentByNameAndFileAndOfOtherLayersAnother() throws IOException {
        Path file = convolutional();
        library().importFile(file, null, null, library().folder().resolve("own"));
        GivenStudent byName = GivenStudent.ofTask1(library(), "own", DataSpec.MNIST, false);
        assertEquals(given(file, false).architecture(), byName.architecture());
        Path configuration = library().folder().resolve("own/config.json");
        String text = Files.readString(configuration);
        for (String[] change : new String[][] {
            {"\"filters\":4", "\"filters\":4,\"kernel_initializer\":\"he_normal\""},
            {"\"strides\":[1,1]", "\"strides\":[1,1],\"trainable\":true,\"bias_initializer\":\"ones\""},
            {"\"momentum\":0.99", "\"momentum\":0.9"}
        }) {
            String changed = text.replaceFirst(java.util.regex.Pattern.quote(change[0]), change[1]);
            assertNotEquals(text, changed, text);
            Files.writeString(configuration, changed);
            assertNotEquals(
                    byName.architecture(),
                    GivenStudent.ofTask1(library(), "own", DataSpec.MNIST, false)
                            .architecture(),
                    change[1]);
        }
        Files.writeString(
                configuration,
                text.replace("\"filters\":4", "\"filters\":4,\"kernel_initializer\":{\"class_name\":\"Orthogonal\"}"));
        assertEquals(
                "own, a Keras model sequential: its layer conv2d (Conv2D) starts its kernel by Keras's initialiser"
                        + " orthogonal, which this program does not draw: take the file's weights with"
                        + " --student-weights keep, or build it with another initialiser",
                assertThrows(IOException.class, () -> GivenStudent.ofTask1(library(), "own", DataSpec.MNIST, false))
                        .getMessage());
        assertEquals(
                byName.network().weights().size(),
                GivenStudent.ofTask1(library(), "own", DataSpec.MNIST, true)
                        .weights()
                        .values()
                        .size());
    }

    private void refused(String expected, Path file, boolean keepsWeights) {
        assertEquals(
                expected,
                assertThrows(IOException.class, () -> given(file, keepsWeights)).getMessage());
    }

    @Test
    void whatDoesNotFitOrCannotBeTrainedIsRefusedInASentence() throws IOException {
        Path small = file("small", Shape.of(14, 14, 1), new Flatten(), new Dense(10, Activation.LINEAR));
        refused(
                small + ", a Keras model sequential, takes examples of shape [14, 14, 1] and gives [10];"
                        + " a student here takes [28, 28, 1] and gives [10]",
                small,
                false);
        Path classes = file("classes", DIGITS, new Flatten(), new Dense(5, Activation.LINEAR));
        refused(
                classes + ", a Keras model sequential, takes examples of shape [28, 28, 1] and gives [5];"
                        + " a student here takes [28, 28, 1] and gives [10]",
                classes,
                false);
        Path relu = file("relu", DIGITS, new Flatten(), new Dense(10, Activation.RELU));
        refused(relu + ", a Keras model sequential, ends in relu; a student ends in softmax or linear", relu, false);
        Path flip = file(
                "flip",
                DIGITS,
                new RandomAugmentation("RandomFlip", Map.of("mode", "horizontal")),
                new Flatten(),
                new Dense(10, Activation.LINEAR));
        refused(
                flip
                        + ", a Keras model sequential: its layer random_flip (RandomFlip) changes images in training, which"
                        + " this program computes for no network: build the student without it",
                flip,
                true);
        Path adapted = file(
                "adapted",
                DIGITS,
                new Normalization(List.of(2), List.of(), List.of(), false),
                new Flatten(),
                new Dense(10, Activation.LINEAR));
        refused(
                adapted + ", a Keras model sequential: its layer normalization (Normalization) has means and variances"
                        + " of data, which are not drawn: take the file's weights with --student-weights keep, or build"
                        + " it without",
                adapted,
                false);
        assertEquals(3 + 2, given(adapted, true).weights().values().size());
        Network two = Network.sequential(
                new Network.Names(),
                DIGITS,
                new Flatten(),
                new Dense(8, Activation.RELU),
                new Dense(10, Activation.LINEAR));
        Path frozen = file("frozen", two.freeze("dense"::equals));
        refused(
                frozen + ", a Keras model sequential: its layer dense (Dense) is frozen, and would stay as it is drawn:"
                        + " take the file's weights with --student-weights keep, or save it with trainable layers",
                frozen,
                false);
        Path allFrozen = file("all-frozen", two.freeze(name -> true));
        refused(
                allFrozen
                        + ", a Keras model sequential: none of its weights are trained; save it with trainable layers",
                allFrozen,
                true);
    }

    @Test
    void aModelWithoutAConfigurationOfItsOwnIsRefusedWithWhatToDo() throws IOException {
        Network report = Architecture.MNIST_STUDENT.build(Activation.SOFTMAX);
        library()
                .importFile(
                        file("report", report),
                        Architecture.MNIST_STUDENT,
                        null,
                        library().folder().resolve("report"));
        assertEquals(
                "report, a mnist-student, has no configuration of Keras's from which a student could be built:"
                        + " ./reproduce weights export writes it with one (--format keras), and --student takes that"
                        + " file",
                assertThrows(IOException.class, () -> GivenStudent.ofTask1(library(), "report", DataSpec.MNIST, false))
                        .getMessage());
    }
}
