package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Initializer.Constant;
import distill.nn.Initializer.VarianceScaling;
import distill.nn.Initializer.VarianceScaling.Fan;
import distill.nn.Initializer.VarianceScaling.Form;
import distill.nn.Layer;
import distill.nn.LeakyReLU;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.Phase;
import distill.nn.RandomAugmentation;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.python.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Layers from the configurations that Keras saves, against what {@code reference/export_layers.py} had Keras compute.
 */
class KerasLayersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode GOLDEN = Fixtures.json("layers");
    private static final List<Case> CASES = cases();

    @TempDir
    private Path folder;

    /** One of Keras's layers with what it takes and gives. */
    private record Case(int index, JsonNode golden) {

        String type() {
            return golden.path("class").asText();
        }

        String name() {
            return "case_" + index;
        }

        Layer layer() {
            return build(golden.path("config"));
        }

        Layer build(JsonNode config) {
            try {
                return KerasLayers.of(name(), type(), config, "layers.json");
            } catch (IOException e) {
                throw new AssertionError(e.getMessage(), e);
            }
        }

        List<String> inputs() {
            return golden.path("inputs").valueStream().map(JsonNode::asText).toList();
        }

        /** Without the batch. */
        List<Shape> shapes() {
            return inputs().stream()
                    .map(input -> example(GOLDEN.path("inputs").path(input).path("shape")))
                    .toList();
        }

        @Override
        public String toString() {
            return "%s, %s %s".formatted(name(), type(), golden.path("config"));
        }
    }

    private static List<Case> cases() {
        JsonNode cases = GOLDEN.path("cases");
        return IntStream.range(0, cases.size())
                .mapToObj(i -> new Case(i, cases.get(i)))
                .toList();
    }

    private static Shape shape(JsonNode sizes) {
        return Shape.of(sizes.valueStream().mapToLong(JsonNode::asLong).toArray());
    }

    private static Shape example(JsonNode sizes) {
        Shape shape = shape(sizes);
        return shape.takeLast(shape.numDimensions() - 1);
    }

    /** What a case puts out, and after it the gradients with respect to its inputs and trainable weights. */
    private record Computed<T extends TFloating>(Case of, List<Operand<T>> values) {}

    @ParameterizedTest
    @ValueSource(strings = {"TFloat32", "TFloat64"})
    void eachComputesWhatKerasComputesWithItsGradients(String dtype) throws Exception {
        check(Class.forName("org.tensorflow.types." + dtype).asSubclass(TFloating.class));
    }

    private static <T extends TFloating> void check(Class<T> dtype) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Map<String, Placeholder<T>> inputs = new HashMap<>();
            GOLDEN.path("inputs")
                    .properties()
                    .forEach(input -> inputs.put(
                            input.getKey(),
                            tf.placeholder(
                                    dtype,
                                    Placeholder.shape(example(input.getValue().path("shape"))
                                            .prepend(-1)))));
            Phase training = Phase.training(tf.constant(new long[] {1, 2}));
            List<Variable<T>> variables = new ArrayList<>();
            List<Weights.Weight> weights = new ArrayList<>();
            List<Computed<T>> all = new ArrayList<>();
            for (Case one : CASES) {
                List<Operand<T>> own = new ArrayList<>();
                for (String input : one.inputs()) {
                    own.add(tf.identity(inputs.get(input)));
                }
                Layer layer = one.layer();
                List<Variable<T>> taken = new ArrayList<>();
                List<Operand<T>> differentiated = new ArrayList<>(own);
                List<WeightSpec> specs = layer.weights(one.shapes().get(0));
                JsonNode keras = one.golden().path("weights");
                assertEquals(
                        keras.valueStream()
                                .map(w -> w.path("name").asText() + shape(w.path("shape")))
                                .toList(),
                        specs.stream().map(spec -> spec.name() + spec.shape()).toList(),
                        one::toString);
                for (int i = 0; i < specs.size(); i++) {
                    WeightSpec spec = specs.get(i);
                    String name = one.name() + "/" + spec.name();
                    taken.add(Variable.create(tf, name, spec.shape(), dtype));
                    weights.add(new Weights.Weight(
                            name, spec.shape(), Fixtures.doubles(keras.get(i).path("values"))));
                    if (spec.trainable()) {
                        differentiated.add(taken.get(i).value());
                    }
                }
                variables.addAll(taken);
                Phase phase = one.golden().path("training").asBoolean() ? training : Phase.inference();
                Operand<T> output = layer.call(tf, own, taken, phase);
                all.add(new Computed<>(one, withGradients(tf, output, differentiated)));
                Shape keras3 = example(one.golden().path("shape"));
                assertEquals(keras3, layer.outputShape(one.shapes()), one::toString);
                assertArrayEquals(keras3.prepend(-1).asArray(), output.shape().asArray(), one::toString);
            }
            try (Session session = Fixtures.DEVICE.open(graph)) {
                Variable.assign(session, "the test", variables, new Weights(weights));
                compare(session, dtype, inputs, all);
            }
        }
    }

    private static <T extends TFloating> List<Operand<T>> withGradients(
            Ops tf, Operand<T> output, List<Operand<T>> differentiated) {
        // As in export_layers.py: what each number counts in the sum whose gradient is taken.
        Shape example = output.shape().takeLast(output.shape().numDimensions() - 1);
        double[] steps = IntStream.range(0, Math.toIntExact(2 * example.size()))
                .mapToDouble(i -> (i * 7 % 11 - 5) / 10.)
                .toArray();
        Operand<T> counts = tf.reshape(
                tf.dtypes.cast(tf.constant(steps), output.type()),
                tf.constant(example.prepend(2).asArray()));
        List<Operand<T>> values = new ArrayList<>(List.of(output));
        tf.gradients(List.of(tf.math.mul(output, counts)), differentiated)
                .dy()
                .forEach(gradient -> values.add(tf.identity(gradient.expect(output.type()))));
        return values;
    }

    private static <T extends TFloating> void compare(
            Session session, Class<T> dtype, Map<String, Placeholder<T>> inputs, List<Computed<T>> all) {
        Session.Runner runner = session.runner();
        List<T> fed = new ArrayList<>();
        inputs.forEach((name, placeholder) -> {
            JsonNode input = GOLDEN.path("inputs").path(name);
            fed.add(Tensors.of(dtype, shape(input.path("shape")), Fixtures.doubles(input.path("values"))));
            runner.feed(placeholder, fed.get(fed.size() - 1));
        });
        all.forEach(one -> one.values().forEach(runner::fetch));
        try (Result result = runner.run()) {
            int next = 0;
            for (Computed<T> one : all) {
                JsonNode golden = one.of().golden();
                assertNear(golden.path("output"), Tensors.doubles(result.get(next++)), 1e-5, one.of() + ", output");
                assertEquals(one.values().size() - 1, golden.path("gradients").size());
                for (JsonNode gradient : golden.path("gradients")) {
                    assertNear(gradient, Tensors.doubles(result.get(next++)), 1e-4, one.of() + ", gradient");
                }
            }
        } finally {
            fed.forEach(TFloating::close);
        }
    }

    private static void assertNear(JsonNode expected, double[] found, double tolerance, String place) {
        double[] golden = Fixtures.doubles(expected);
        assertEquals(golden.length, found.length, place);
        double largest = Arrays.stream(golden).map(Math::abs).max().orElse(0);
        for (int i = 0; i < golden.length; i++) {
            assertEquals(golden[i], found[i], tolerance * Math.max(1, largest), place + " " + i);
        }
    }

    @Test
    void everyClassIsHeldAgainstKeras() {
        assertEquals(
                KerasLayers.classes(), CASES.stream().map(Case::type).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void theTableOfLayersInTheDocumentIsThatOfTheProgram() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("docs/keras.md"))) {
            if (line.startsWith("| `") && line.contains(" | computed | ")) {
                String first = line.split("\\|")[1];
                Arrays.stream(first.split(","))
                        .map(name -> name.replace('`', ' ').strip())
                        .forEach(documented::add);
            }
        }
        assertEquals(KerasLayers.classes(), documented);
    }

    @Test
    void theConfigurationOfKeras2GivesTheSameLayer() {
        int compared = 0;
        for (Case one : CASES) {
            JsonNode keras2 = one.golden().path("keras2");
            boolean computes = !(one.layer() instanceof RandomAugmentation);
            if (computes
                    && !keras2.isMissingNode()
                    && !keras2.path("activation").asText().equals("hard_sigmoid")) {
                Layer layer = one.layer();
                Layer old = one.build(keras2);
                assertEquals(arguments(layer), arguments(old), one::toString);
                assertEquals(
                        layer.weights(one.shapes().get(0)),
                        old.weights(one.shapes().get(0)),
                        one::toString);
                compared++;
            }
        }
        assertTrue(compared > 70, "only " + compared);
    }

    /** Keras 2 counts axes from the front where Keras 3 keeps what was asked for, and rounds numbers to float32. */
    private static Map<String, Object> arguments(Layer layer) {
        Map<String, Object> arguments = new HashMap<>(layer.config());
        arguments.remove("axis");
        arguments.replaceAll((name, value) -> value instanceof Double number ? number.floatValue() : value);
        return arguments;
    }

    @Test
    void whatALayerSaysOfItselfForKerasBuildsItAgain() {
        for (Case one : CASES) {
            Layer layer = one.layer();
            Layer again = one.build(JSON.valueToTree(layer.config()));
            assertEquals(layer.type(), again.type());
            assertEquals(layer.config(), again.config(), one::toString);
        }
    }

    @Test
    void theFloatingPointOperationsOfEachCanBeCounted() {
        for (Case one : CASES) {
            List<Shape> shapes = one.shapes();
            if (Set.copyOf(shapes).size() == 1) {
                List<Integer> inbound = Collections.nCopies(shapes.size(), Network.INPUT);
                Network network = new Network(
                        "one", shapes.get(0), List.of(new NamedLayer(one.name(), inbound, shapes, one.layer(), true)));
                assertTrue(Cost.of(network, 2).flops() >= 0, one::toString);
            }
        }
    }

    /** The network of {@code weighted} in the Python program, from its configuration. */
    private static Network weighted(KerasFile stored, String file) throws IOException {
        Network.Functional model = new Network.Functional(Shape.of(6, 5, 4));
        int last = Network.INPUT;
        for (JsonNode layer : stored.config().orElseThrow().path("config").path("layers")) {
            if (!layer.path("class_name").asText().equals("InputLayer")) {
                String name = layer.path("config").path("name").asText();
                Layer built = KerasLayers.of(name, layer.path("class_name").asText(), layer.path("config"), file);
                last = model.add(name, built, last);
            }
        }
        return model.build("weighted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"layers.keras", "layers.h5", "layers-keras2.h5"})
    void theWeightsOfAllKindsOfLayersAreFoundInEachFormat(String file) throws IOException {
        KerasFile stored = KerasFile.read(Fixtures.path(file), Fixtures.DEVICE);
        Network network = weighted(stored, file);
        Matching matching = Matching.of(stored, network, file);
        assertEquals(Matching.By.NAME, matching.by());
        stored.checkConfiguration(network, file);
        List<double[]> inOrder = stored.layers().stream()
                .flatMap(layer -> layer.weights().stream())
                .map(StoredLayer.StoredWeight::values)
                .toList();
        List<Weights.Weight> found = matching.weights().values();
        assertEquals(inOrder.size(), found.size());
        for (Weights.Weight weight : found) {
            assertTrue(inOrder.stream().anyMatch(values -> Arrays.equals(values, weight.values())), weight.name());
        }
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void theWeightsOfAllKindsOfLayersAreWrittenToEachFormat(KerasFormat format) throws IOException {
        KerasFile stored = KerasFile.read(Fixtures.path("layers.keras"), Fixtures.DEVICE);
        Network network = weighted(stored, "layers.keras");
        Weights weights = Matching.of(stored, network, "layers.keras").weights();
        Path target = folder.resolve("layers");
        format.write(target, network, weights, TFloat32.class, Fixtures.DEVICE);
        KerasFile written = KerasFile.read(target, Fixtures.DEVICE);
        written.checkConfiguration(network, "layers");
        assertEquals(
                weights.digest(),
                Matching.of(written, network, "layers").weights().digest());
    }

    @Test
    @Tag("python")
    void kerasRebuildsEachLayerFromWhatItSaysOfItself() throws Exception {
        Python.assume();
        Path configurations = Files.writeString(
                folder.resolve("layers.json"),
                JSON.writeValueAsString(
                        CASES.stream().map(one -> one.layer().config()).toList()));
        assertEquals("", Python.run("src/test/python/rebuild_layers.py", configurations.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Conv2D|{\"filters\": 2, \"kernel_size\": 3, \"data_format\": \"channels_first\"}|m: its layer x (Conv2D) has data_format \"channels_first\", with which this program does not compute: it computes channels_last alone, as TensorFlow does on a CPU; build the model with that and set its weights",
                "Conv2D|{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2, \"dilation_rate\": 2}|m: its layer x (Conv2D) has dilation_rate 2, with which this program does not compute: it computes 1 where strides are more than 1",
                "Conv2D|{\"filters\": 2, \"kernel_size\": 3, \"padding\": \"causal\"}|m: its layer x (Conv2D) has padding \"causal\", with which this program does not compute: it computes \"valid\" and \"same\"",
                "Conv2D|{\"filters\": 2}|m: its layer x (Conv2D) has no kernel_size in its configuration",
                "Conv2D|{\"filters\": 2.5, \"kernel_size\": 3}|m: its layer x (Conv2D) has filters 2.5, with which this program does not compute: it computes whole numbers from 1",
                "DepthwiseConv2D|{\"kernel_size\": 3, \"strides\": [1, 2]}|m: its layer x (DepthwiseConv2D) has strides [1,2], with which this program does not compute: it computes the same number down and to the right",
                "Conv2DTranspose|{\"filters\": 2, \"kernel_size\": 3, \"output_padding\": [1, 1]}|m: its layer x (Conv2DTranspose) has output_padding [1,1], with which this program does not compute",
                "Dense|{\"units\": 2, \"activation\": \"sparsemax\"}|m: its layer x (Dense) has activation \"sparsemax\", with which this program does not compute: it computes linear, relu, softmax, relu6, sigmoid, tanh, elu, selu, gelu, silu, hard_sigmoid, hard_silu, softplus, softsign, exponential, leaky_relu, mish",
                "Dense|{\"units\": 2, \"lora_rank\": 4}|m: its layer x (Dense) has lora_rank 4, with which this program does not compute",
                "Activation|{\"activation\": \"hard_sigmoid\", \"dtype\": \"float32\"}|m: its layer x (Activation) has activation \"hard_sigmoid\", with which this program does not compute: it computes Keras 3's, min(max(x + 3, 0), 6) / 6, and this file has Keras 2's, min(max(.2 x + .5, 0), 1)",
                "Dropout|{\"rate\": 0.5, \"noise_shape\": [null, 1]}|m: its layer x (Dropout) has noise_shape [null,1], with which this program does not compute",
                "BatchNormalization|{\"renorm\": true}|m: its layer x (BatchNormalization) has renorm true, with which this program does not compute",
                "LayerNormalization|{\"rms_scaling\": true}|m: its layer x (LayerNormalization) has rms_scaling true, with which this program does not compute",
                "UpSampling2D|{\"interpolation\": \"bicubic\"}|m: its layer x (UpSampling2D) has interpolation \"bicubic\", with which this program does not compute: it computes nearest, bilinear",
                "Resizing|{\"height\": 4, \"width\": 4, \"antialias\": true}|m: its layer x (Resizing) has antialias true, with which this program does not compute"
            })
    void anArgumentThatIsNotComputedIsRefusedWithItsValueAndWhatIs(String type, String config, String message)
            throws IOException {
        JsonNode arguments = JSON.readTree(config);
        IOException error = assertThrows(IOException.class, () -> KerasLayers.of("x", type, arguments, "m"));
        assertEquals(message, error.getMessage());
    }

    @Test
    void aClassThatIsNotComputedIsRefusedWithThoseThatAre() {
        ObjectNode none = JSON.createObjectNode();
        IOException error = assertThrows(IOException.class, () -> KerasLayers.of("lstm", "LSTM", none, "m.keras"));
        assertTrue(
                error.getMessage()
                        .startsWith(
                                "m.keras: its layer lstm is of the class LSTM, which this program does not compute: it computes Activation, Add, "),
                error.getMessage());
    }

    @Test
    void anOperationOfKeras3OnATensorIsItsActivation() throws IOException {
        JsonNode slope = JSON.readTree("{\"name\": \"leaky_relu\", \"negative_slope\": 0.1}");
        assertEquals(new LeakyReLU(.1), KerasLayers.ofOperation("x", "LeakyRelu", slope, "m"));
        JsonNode exact = JSON.readTree("{\"name\": \"gelu\", \"approximate\": false}");
        assertEquals(new ActivationLayer(Activation.GELU), KerasLayers.ofOperation("x", "Gelu", exact, "m"));
        IOException error = assertThrows(
                IOException.class,
                () -> KerasLayers.ofOperation(
                        "x", "Gelu", JSON.createObjectNode().put("approximate", true), "m"));
        assertEquals(
                "m: its layer x (Gelu) has approximate true, with which this program does not compute: it computes false",
                error.getMessage());
    }

    @Test
    void anInitialiserOfTheConfigurationDrawsTheWeights() throws IOException {
        JsonNode config = JSON.readTree(
                """
                {"units": 4, "kernel_initializer": {"class_name": "HeNormal", "config": {"seed": null}},
                 "bias_initializer": {"class_name": "Constant", "config": {"value": 0.5}}}
                """);
        List<WeightSpec> weights = KerasLayers.of("x", "Dense", config, "m").weights(Shape.of(3));
        assertEquals(
                List.of(new VarianceScaling(2, Fan.IN, Form.TRUNCATED_NORMAL), new Constant(.5)),
                weights.stream().map(WeightSpec::initializer).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"glorot_normal\"|VarianceScaling[scale=1.0, fan=AVERAGE, form=TRUNCATED_NORMAL]",
                "{\"class_name\": \"GlorotUniform\"}|VarianceScaling[scale=1.0, fan=AVERAGE, form=UNIFORM]",
                "\"he_uniform\"|VarianceScaling[scale=2.0, fan=IN, form=UNIFORM]",
                "\"lecun_normal\"|VarianceScaling[scale=1.0, fan=IN, form=TRUNCATED_NORMAL]",
                "\"lecun_uniform\"|VarianceScaling[scale=1.0, fan=IN, form=UNIFORM]",
                "{\"class_name\": \"VarianceScaling\", \"config\": {\"scale\": 2.0, \"mode\": \"fan_out\", \"distribution\": \"untruncated_normal\"}}|VarianceScaling[scale=2.0, fan=OUT, form=NORMAL]",
                "{\"class_name\": \"RandomUniform\", \"config\": {\"minval\": -0.1, \"maxval\": 0.2}}|Uniform[minimum=-0.1, maximum=0.2]",
                "{\"class_name\": \"RandomNormal\", \"config\": {\"mean\": 0.0, \"stddev\": 0.02}}|Normal[mean=0.0, standardDeviation=0.02, truncated=false]",
                "{\"class_name\": \"TruncatedNormal\", \"config\": {\"mean\": 0.0, \"stddev\": 0.03}}|Normal[mean=0.0, standardDeviation=0.03, truncated=true]",
                "\"orthogonal\"|NotDrawn[name=orthogonal]"
            })
    void initialisersAreThoseOfKeras(String config, String expected) throws IOException {
        assertEquals(expected, KerasInitializers.of(JSON.readTree(config)).toString());
    }

    @Test
    void pythonsTuplesAndArraysAreListsAndWholeNumbersMayBeWrittenWithAPoint() throws IOException {
        JsonNode config = JSON.readTree(
                """
                {"filters": 2.0, "strides": {"class_name": "__tuple__", "items": [1, 2]},
                 "kernel_size": {"class_name": "__numpy__", "config": {"value": [3, 2], "dtype": "int64"}},
                 "activation": {"module": "builtins", "class_name": "function", "config": "relu"}}
                """);
        Map<String, Object> built = KerasLayers.of("x", "Conv2D", config, "m").config();
        assertEquals(2, built.get("filters"));
        assertEquals(List.of(1, 2), built.get("strides"));
        assertEquals(List.of(3, 2), built.get("kernel_size"));
        assertEquals("relu", built.get("activation"));
    }
}
