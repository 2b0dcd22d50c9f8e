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
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.weights.KerasFile.StoredWeight;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class KerasFileTest {

    @TempDir
    private Path folder;

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
        KerasFile file = KerasFile.read(resource(network + "-model.h5"));
        assertEquals("Keras legacy HDF5, whole model", file.format());
        assertEquals(Optional.of("3.15.1"), file.kerasVersion());
        JsonNode expected = answers(network).get("weights");
        assertEquals(expected.size(), file.weights().size());
        for (StoredWeight weight : file.weights()) {
            assertArrayEquals(doubles(expected.get(weight.path())), weight.values(), weight.path());
            assertEquals("float32", weight.dtype());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "small.weights.h5, Keras 3 weights (.weights.h5)",
        "small.keras, Keras 3 archive (.keras)",
        "nested.weights.h5, Keras 3 weights (.weights.h5)",
        "nested.keras, Keras 3 archive (.keras)"
    })
    void aKeras3FileHoldsTheSameByLayerAndNumber(String name, String format) throws Exception {
        KerasFile file = KerasFile.read(resource(name));
        assertEquals(format, file.format());
        JsonNode expected = answers(name.substring(0, name.indexOf('.'))).get("weights");
        assertEquals(expected.size(), file.weights().size());
        for (StoredWeight weight : file.weights()) {
            // Of these layers the first weight is the kernel and the second the bias.
            String keras = weight.layer() + (weight.name().equals("0") ? "/kernel" : "/bias");
            assertArrayEquals(doubles(expected.get(keras)), weight.values(), keras);
        }
    }

    @Test
    void anArchiveSaysWhichKerasWroteIt() throws Exception {
        assertEquals(
                Optional.of("3.15.1"), KerasFile.read(resource("small.keras")).kerasVersion());
    }

    @ParameterizedTest
    @CsvSource({"small-model.h5, 2000", "small.weights.h5, 2000", "small.keras, 9000", "small-model.h5, 3"})
    void aTruncatedFileIsAnErrorThatNamesIt(String name, int bytes) throws Exception {
        Path cut = Files.write(folder.resolve(name), Arrays.copyOf(Files.readAllBytes(resource(name)), bytes));
        String message =
                assertThrows(IOException.class, () -> KerasFile.read(cut)).getMessage();
        assertTrue(message.startsWith(cut.toString()) && message.lines().count() == 1, message);
        assertTrue(message.contains("damaged"), message);
    }

    @Test
    void aWeightThatClaimsAnAbsurdShapeIsNamedAndNotRead() {
        String message = assertThrows(IOException.class, () -> KerasFile.read(resource("absurd.weights.h5")))
                .getMessage();
        assertTrue(message.contains("weight dense/0 claims the shape [1048576, 1048576]"), message);
    }

    @Test
    void otherFilesAreSaidToBeOthers() throws Exception {
        Path text = Files.writeString(folder.resolve("text.h5"), "hello");
        assertTrue(assertThrows(IOException.class, () -> KerasFile.read(text))
                .getMessage()
                .contains("was not saved by Keras"));
        assertTrue(assertThrows(IOException.class, () -> KerasFile.read(folder))
                .getMessage()
                .contains("is not a file"));
        Path zip = folder.resolve("other.keras");
        try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new java.util.zip.ZipEntry("a.txt"));
        }
        assertTrue(assertThrows(IOException.class, () -> KerasFile.read(zip))
                .getMessage()
                .contains("without model.weights.h5"));
    }

    private static final Path MLP = Path.of("../shared/keras-files/mnist_mlp_tf_keras_2_weights.h5");
    private static final Path MLP_ANSWERS = Path.of("../shared/keras-files/mnist_mlp_tf_keras_2_inputs_and_outputs.h5");

    /** An MLP that Keras 2.0.6 saved, from our layers: 784, 512 and 512 with dropout, 10. */
    @Test
    void theStoredPredictionsOfAKeras2ModelAreMet() throws IOException {
        assumeTrue(Files.exists(MLP), MLP + " is not here");
        KerasFile file = KerasFile.read(MLP);
        assertEquals("Keras legacy HDF5, weights", file.format());
        assertEquals(Optional.of("2.0.6"), file.kerasVersion());
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
        assertArrayEquals(expected, predict(network, file.weights(), wide), 1e-5);
    }

    private static double[] predict(Network network, List<StoredWeight> weights, double[] inputs) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat32> model = network.build(tf, TFloat32.class);
            Shape shape =
                    network.input().prepend(inputs.length / network.input().size());
            Operand<TFloat32> images;
            try (TFloat32 tensor = Tensors.of(TFloat32.class, shape, inputs)) {
                images = tf.constantOf(tensor);
            }
            Operand<TFloat32> outputs = model.call(tf, images, Phase.inference());
            try (Session session = Device.cpu(2).open(graph)) {
                for (int i = 0; i < weights.size(); i++) {
                    Variable<TFloat32> variable = model.variables().get(i);
                    try (TFloat32 tensor = Tensors.of(
                            TFloat32.class,
                            weights.get(i).shape(),
                            weights.get(i).values())) {
                        session.runner()
                                .feed(variable.fed(), tensor)
                                .addTarget(variable.assign())
                                .run()
                                .close();
                    }
                }
                try (Result result = session.runner().fetch(outputs).run()) {
                    return Tensors.doubles(result.get(0));
                }
            }
        }
    }
}
