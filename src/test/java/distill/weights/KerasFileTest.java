package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Dropout;
import distill.nn.Inference;
import distill.nn.Network;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class KerasFileTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private Path folder;

    private static KerasFile read(Path file) throws IOException {
        return KerasFile.read(file, DEVICE);
    }

    /** Every weight's values under its path. */
    private static Map<String, double[]> values(KerasFile file) {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (StoredLayer layer : file.layers()) {
            layer.weights().forEach(weight -> values.put(layer.path(weight), weight.values()));
        }
        return values;
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(KerasFileTest.class.getResource("/keras/" + name).toURI());
    }

    private static JsonNode answers(String network) throws Exception {
        return new ObjectMapper().readTree(Files.readString(resource(network + ".json")));
    }

    private static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "nested"})
    void aLegacyModelHoldsKerassWeightsUnderKerassNames(String network) throws Exception {
        KerasFile file = read(resource(network + "-model.h5"));
        assertEquals("Keras legacy HDF5, whole model", file.format());
        assertEquals(Optional.of("Keras 3.15.1"), file.version());
        JsonNode expected = answers(network).get("weights");
        assertEquals(expected.size(), file.count());
        values(file).forEach((path, values) -> assertArrayEquals(doubles(expected.get(path)), values, path));
    }

    @ParameterizedTest
    @CsvSource({
        "small.weights.h5, Keras weights (.weights.h5)",
        "small.keras, Keras archive (.keras)",
        "nested.weights.h5, Keras weights (.weights.h5)",
        "nested.keras, Keras archive (.keras)"
    })
    void aKeras3FileHoldsTheSameByLayerAndNumber(String name, String format) throws Exception {
        KerasFile file = read(resource(name));
        assertEquals(format, file.format());
        JsonNode expected = answers(name.substring(0, name.indexOf('.'))).get("weights");
        assertEquals(expected.size(), file.count());
        values(file).forEach((path, values) -> {
            // Of these layers the first weight is the kernel and the second the bias.
            String keras = path.replaceFirst("/0$", "/kernel").replaceFirst("/1$", "/bias");
            assertArrayEquals(doubles(expected.get(keras)), values, keras);
        });
    }

    @Test
    void anArchiveSaysWhichKerasWroteIt() throws Exception {
        assertEquals(Optional.of("Keras 3.15.1"), read(resource("small.keras")).version());
    }

    @ParameterizedTest
    @CsvSource({"small-model.h5, 2000", "small.weights.h5, 2000", "small.keras, 9000", "small-model.h5, 3"})
    void aTruncatedFileIsAnErrorThatNamesIt(String name, int bytes) throws Exception {
        Path cut = Files.write(folder.resolve(name), Arrays.copyOf(Files.readAllBytes(resource(name)), bytes));
        String message = assertThrows(IOException.class, () -> read(cut)).getMessage();
        assertTrue(message.startsWith(cut.toString()) && message.lines().count() == 1, message);
        assertTrue(message.contains("damaged"), message);
    }

    @Test
    void aWeightThatClaimsAnAbsurdShapeIsNamedAndNotRead() {
        String message = assertThrows(IOException.class, () -> read(resource("absurd.weights.h5")))
                .getMessage();
        assertTrue(message.contains("weight dense/0 claims the shape [1048576, 1048576]"), message);
    }

    @Test
    void otherFilesAreSaidToBeOthers() throws Exception {
        Path text = Files.writeString(folder.resolve("text.h5"), "hello");
        assertTrue(
                assertThrows(IOException.class, () -> read(text)).getMessage().contains("was not saved by Keras"));
        assertTrue(assertThrows(IOException.class, () -> read(folder))
                .getMessage()
                .contains("is a folder without saved_model.pb"));
        Path zip = folder.resolve("other.keras");
        try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new java.util.zip.ZipEntry("a.txt"));
        }
        assertTrue(assertThrows(IOException.class, () -> read(zip)).getMessage().contains("without model.weights.h5"));
    }

    private static final Path MLP = Path.of("../shared/keras-files/mnist_mlp_tf_keras_2_weights.h5");
    private static final Path MLP_ANSWERS = Path.of("../shared/keras-files/mnist_mlp_tf_keras_2_inputs_and_outputs.h5");

    /** An MLP that Keras 2.0.6 saved, from our layers: 784, 512 and 512 with dropout, 10. */
    @Test
    void theStoredPredictionsOfAKeras2ModelAreMet() throws IOException {
        assumeTrue(Files.exists(MLP), MLP + " is not here");
        KerasFile file = read(MLP);
        assertEquals("Keras legacy HDF5, weights", file.format());
        assertEquals(Optional.of("Keras 2.0.6"), file.version());
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(784),
                new Dense(512, Activation.RELU),
                new Dropout(.2),
                new Dense(512, Activation.RELU),
                new Dropout(.2),
                new Dense(10, Activation.SOFTMAX));
        float[] inputs;
        float[] predictions;
        try (HdfFile answers = new HdfFile(MLP_ANSWERS)) {
            inputs = (float[]) answers.getDatasetByPath("inputs/dense_1_input").getDataFlat();
            predictions =
                    (float[]) answers.getDatasetByPath("predictions/dense_3").getDataFlat();
        }
        double[] wide = new double[inputs.length];
        Arrays.setAll(wide, i -> inputs[i]);
        double[] expected = new double[predictions.length];
        Arrays.setAll(expected, i -> predictions[i]);
        assertArrayEquals(
                expected,
                Inference.predict(
                        network, Matching.of(file, network, "the MLP").weights(), TFloat32.class, wide, DEVICE),
                1e-5);
    }
}
