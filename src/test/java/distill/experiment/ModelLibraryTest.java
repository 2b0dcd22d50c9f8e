package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.ModelLibrary.Imported;
import distill.experiment.ModelLibrary.StoredModel;
import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.run.EpochResult;
import distill.run.Provenance;
import distill.run.Role;
import distill.run.Runs;
import distill.run.Settings;
import distill.weights.Checkpoint;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class ModelLibraryTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private Path folder;

    private ModelLibrary library() {
        return new ModelLibrary(folder.resolve("saved-models"), DEVICE);
    }

    private static StoredModel student(String dtype) {
        Weights weights = Architecture.MNIST_STUDENT
                .build(Activation.LINEAR)
                .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
        return new StoredModel("", Architecture.MNIST_STUDENT, Activation.LINEAR, dtype, weights);
    }

    private Path file(String dtype, KerasFormat format) throws IOException {
        Path file = folder.resolve("student-" + dtype + (format == KerasFormat.H5 ? ".h5" : ".weights.h5"));
        student(dtype).write(format, file, DEVICE);
        return file;
    }

    private Imported importAs(String name, Path file) throws IOException {
        return library()
                .importFile(
                        file,
                        Architecture.MNIST_STUDENT,
                        null,
                        library().folder().resolve(name));
    }

    @Test
    void whatIsImportedIsFoundByItsNameBitForBitAndSaysWhereItIsFrom() throws IOException {
        Imported imported = importAs("mine", file("float64", KerasFormat.H5));
        assertEquals("student-float64.h5", imported.source());
        assertEquals("Keras legacy HDF5, whole model", imported.format());
        assertEquals("by name", imported.matched());
        StoredModel found = library().find("mine");
        assertEquals(student("float64").weights().digest(), found.weights().digest());
        assertEquals("float64", found.dtype());
        assertEquals(Activation.LINEAR, found.output(), "as the file's configuration has it");
        assertEquals("mnist-student", found.architecture());
        assertEquals(
                found.weights().digest(),
                library()
                        .find(library().folder().resolve("mine").toString())
                        .weights()
                        .digest(),
                "also by its path");
    }

    @Test
    void aNetworkThatIsNoneOfOursIsKeptWithItsConfiguration() throws IOException {
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(4, 4, 1),
                new Conv2D(2, 3, Activation.RELU),
                new Flatten(),
                new Dense(3, Activation.SOFTMAX));
        Weights weights = network.initialWeights(1);
        Path file = folder.resolve("own.keras");
        KerasFormat.KERAS.write(file, network, weights, TFloat64.class, DEVICE);
        Imported imported =
                library().importFile(file, null, null, library().folder().resolve("own"));
        assertEquals("Keras model sequential", imported.model());
        assertEquals("softmax", imported.outputActivation());
        StoredModel found = library().findOrRead("own");
        assertEquals(network, found.network());
        assertEquals(weights.digest(), found.weights().digest());
        assertEquals(Activation.SOFTMAX, found.output());
        assertEquals(found.network(), library().findOrRead(file.toString()).network());
        assertEquals(List.of("own"), List.copyOf(library().imported().keySet()));
        assertEquals(List.of(), library().imported(Architecture.MNIST_STUDENT));
        assertEquals(
                "own is a Keras model sequential, expected a mnist-teacher",
                assertThrows(IOException.class, () -> library().find("own", Architecture.MNIST_TEACHER))
                        .getMessage());
        Files.writeString(library().folder().resolve("own/config.json"), "{");
        assertEquals(
                library().folder().resolve("own/config.json") + " is damaged: it is not JSON",
                assertThrows(IOException.class, () -> library().find("own")).getMessage());
    }

    @Test
    void aFileWithoutAConfigurationIsTakenToEndInASoftmax() throws IOException {
        importAs("mine", file("float32", KerasFormat.WEIGHTS_H5));
        assertEquals(Activation.SOFTMAX, library().find("mine").output());
    }

    @Test
    void aNameThatIsTakenIsLeftAlone() throws IOException {
        Path file = file("float32", KerasFormat.H5);
        String digest = importAs("mine", file).weightsDigest();
        String message =
                assertThrows(IOException.class, () -> importAs("mine", file)).getMessage();
        assertTrue(message.endsWith("is there already and was left alone: name another with --out"), message);
        assertEquals(digest, library().find("mine").weights().digest());
    }

    @Test
    void aFileTakesThePlaceOfANameAndAModelMustBeOfTheNetworkThatIsWanted() throws IOException {
        Path file = file("float32", KerasFormat.H5);
        assertEquals(
                student("float32").network().weights().size(),
                library()
                        .find(file.toString(), Architecture.MNIST_STUDENT)
                        .weights()
                        .values()
                        .size());
        importAs("mine", file);
        assertEquals(
                "mine is a mnist-student, expected a mnist-teacher",
                assertThrows(IOException.class, () -> library().find("mine", Architecture.MNIST_TEACHER))
                        .getMessage());
        assertEquals(
                "there is no file nix, and no model of that name in "
                        + library().folder(),
                assertThrows(IOException.class, () -> library().find("nix", Architecture.MNIST_TEACHER))
                        .getMessage());
        assertTrue(assertThrows(IOException.class, () -> library().find("nix"))
                .getMessage()
                .endsWith("is called nix; there is mine"));
    }

    @Test
    void weightsThatAreNotThoseThatWereImportedAreRefused() throws IOException {
        importAs("mine", file("float32", KerasFormat.H5));
        Weights others = Architecture.MNIST_STUDENT
                .build(Activation.LINEAR)
                .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(2L));
        new Checkpoint<>(library().folder().resolve("mine/state"), TFloat32.class, DEVICE).write(others);
        assertTrue(assertThrows(IOException.class, () -> library().find("mine"))
                .getMessage()
                .contains("does not hold the weights that were imported"));
    }

    @Test
    void epoch100ComesAfterEpoch99() throws IOException {
        Settings settings = Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), "epochs", 100);
        SavedModels models = new SavedModels(library().folder(), DEVICE);
        EpochResult epoch = Runs.run(settings, 97.7).history().get(0);
        Provenance provenance = Runs.run(settings, 97.7).provenance();
        Weights weights = student("float32").weights();
        // Killed before epoch 99 was deleted.
        for (int done = 99; done <= 100; done++) {
            models.save(new SavedModels.Progress(settings, Collections.nCopies(done, epoch), provenance), weights);
        }
        assertEquals(Optional.of(settings), library().training("task1-as-written-q7"));
    }

    @Test
    void aTrainingOfAnotherWidthIsTheNetworkThatWasTrained() throws IOException {
        Settings settings = Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), "width", 12);
        Network network = MnistStudent.buildFc(new Network.Names(), DataSpec.MNIST, 12, Activation.SOFTMAX);
        new SavedModels(library().folder(), DEVICE)
                .save(
                        new SavedModels.Progress(
                                settings,
                                Runs.run(settings, 93).history(),
                                Runs.run(settings, 93).provenance()),
                        network.initialWeights(1));
        StoredModel found = library().find("task1-as-written-q7");
        assertEquals("mnist-student of width 12", found.architecture());
        assertEquals(network.parameters(), found.network().parameters());
    }

    @Test
    void aTrainingIsFoundByTheBeginningOfItsNameOnceItHasEnded() throws IOException {
        Settings settings = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);
        SavedModels models = new SavedModels(library().folder(), DEVICE);
        List<EpochResult> history = Runs.run(settings, 97.7).history();
        Provenance provenance = Runs.run(settings, 97.7).provenance();
        Weights weights = student("float32").weights();
        models.save(new SavedModels.Progress(settings, history.subList(0, 11), provenance), weights);
        assertTrue(assertThrows(IOException.class, () -> library().find("task1-as-written-q7"))
                .getMessage()
                .contains("has ended 11 of its 12 epochs"));
        models.save(new SavedModels.Progress(settings, history, provenance), weights);
        StoredModel found = library().find("task1-as-written-q7");
        assertEquals("mnist-student", found.architecture());
        assertEquals(Activation.SOFTMAX, found.output(), "the as-written reading's");
        assertEquals(weights.values().size(), found.weights().values().size());
        Settings other = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 2);
        models.save(new SavedModels.Progress(other, history, provenance), weights);
        assertTrue(assertThrows(IOException.class, () -> library().find("task1-as-written-q7"))
                .getMessage()
                .startsWith("more than one model of"));
        assertEquals(
                0,
                Files.list(library().folder())
                        .filter(path -> path.getFileName().toString().startsWith("."))
                        .count());
    }
}
