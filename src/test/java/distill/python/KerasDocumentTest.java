package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.ModelLibrary.StoredModel;
import distill.nn.Activation;
import distill.nn.Add;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Network;
import distill.nn.zoo.Architecture;
import distill.reproduce.Launched;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** The command lines of docs/keras.md, in their order and word for word. */
@Tag("python")
class KerasDocumentTest {

    private static final String PYTHON = "python ";
    private static final String OURS = "./reproduce ";

    @TempDir
    private Path folder;

    /**
     * The models of the document are {@code net.keras}, a network of another kind than ours, and {@code cnn.h5}, a
     * teacher of Task 1; what trains students of them is left out.
     */
    @Test
    void aModelOfYoursIsExportedImportedVerifiedAndExportedAgain() throws Exception {
        Python.assume();
        Files.createSymbolicLink(
                folder.resolve("reference"), Path.of("reference").toAbsolutePath());
        Network.Functional net = new Network.Functional(Shape.of(28, 28, 1));
        int first = net.add(new Conv2D(4, 3, Activation.RELU), Network.INPUT);
        int second = net.add(new Conv2D(4, 1, Activation.LINEAR), first);
        int pooled = net.add(new GlobalAveragePooling2D(), net.add(new Add(), second, first));
        net.add(new Dense(10, Activation.SOFTMAX), pooled);
        Network network = net.build("net");
        KerasFormat.KERAS.write(
                folder.resolve("net.keras"), network, network.initialWeights(1), TFloat32.class, Device.cpu(2));
        new StoredModel(
                        "cnn",
                        Architecture.MNIST_TEACHER,
                        Activation.SOFTMAX,
                        "float32",
                        Architecture.MNIST_TEACHER
                                .build(Activation.SOFTMAX)
                                .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)))
                .write(KerasFormat.H5, folder.resolve("cnn.h5"), Device.cpu(2));
        List<String> lines = commands();
        assertEquals(16, lines.size(), lines.toString());
        for (String line : lines) {
            if (line.startsWith(PYTHON)) {
                Python.run(folder, Map.of(), line.substring(PYTHON.length()).split(" "));
            } else if (!line.contains("task1")) {
                Launched.reproduce(folder, line.substring(OURS.length()));
            }
        }
        assertTrue(Files.exists(folder.resolve("saved-models/cnn/model.json")));
        assertTrue(Files.exists(folder.resolve("cnn-for-python/saved_model.pb")));
        assertTrue(Files.exists(folder.resolve("saved-models/net/config.json")));
        assertTrue(Files.exists(folder.resolve("net-again.keras")));
    }

    private static List<String> commands() throws IOException {
        return Files.readAllLines(Path.of("docs/keras.md")).stream()
                .filter(line -> line.startsWith(PYTHON) || line.startsWith(OURS))
                .toList();
    }
}
