package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.BatchNormalization;
import distill.nn.Dense;
import distill.nn.DepthwiseConv2D;
import distill.nn.Flatten;
import distill.nn.Inference;
import distill.nn.InferenceOnly;
import distill.nn.Initializer.Constant;
import distill.nn.Initializer.Normal;
import distill.nn.Initializer.NotDrawn;
import distill.nn.Initializer.Uniform;
import distill.nn.Initializer.VarianceScaling;
import distill.nn.Initializers;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.Padding;
import distill.nn.SeparableConv2D;
import distill.nn.Sides;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.MobileNet;
import distill.nn.zoo.MobileNetV2;
import distill.nn.zoo.ResNet50;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class KerasModelTest {

    private static final String INPUT = "{'class_name': 'InputLayer', 'name': 'in', 'inbound_nodes': [],"
            + " 'config': {'name': 'in', 'batch_shape': [null, 3], 'dtype': 'float32'}}";

    /** Apostrophes stand for quotes. */
    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static KerasModel build(String text) throws IOException {
        return KerasModel.of(json(text), "m.keras");
    }

    /** A functional model of three numbers. */
    private static String functional(String name, String inputs, String outputs, String... layers) {
        return "{'class_name': 'Functional', 'config': {'name': '%s', 'layers': [%s, %s], 'input_layers': %s, 'output_layers': %s}}"
                .formatted(name, INPUT, String.join(", ", layers), inputs, outputs);
    }

    private static String model(String last, String... layers) {
        return functional("m", "['in', 0, 0]", "['%s', 0, 0]".formatted(last), layers);
    }

    /** With its calls, as Keras 2 or 3 lists them. */
    private static String layer(String type, String name, String arguments, String nodes) {
        return "{'class_name': '%s', 'name': '%s', 'config': {'name': '%s'%s}, 'inbound_nodes': %s}"
                .formatted(type, name, name, arguments, nodes);
    }

    private static String dense(String name, int units, String nodes) {
        return layer("Dense", name, ", 'units': " + units + ", 'activation': 'linear', 'use_bias': true", nodes);
    }

    private static String tensor(String layer, int call) {
        return "{'class_name': '__keras_tensor__', 'config': {'shape': [null, 3], 'keras_history': ['%s', %d, 0]}}"
                .formatted(layer, call);
    }

    private static String keras3(String arguments, String keywords) {
        return "{'args': [%s], 'kwargs': {%s}}".formatted(arguments, keywords);
    }

    private static void assertRefused(String model, String said) {
        assertEquals(
                "m.keras" + said,
                assertThrows(IOException.class, () -> build(model)).getMessage());
    }

    /** All that tells a network's layers from others; initialisers may be named or be Keras's usual ones. */
    private static List<List<Object>> described(Network network) {
        return network.layers().stream()
                .map(layer -> List.of(
                        layer.name(),
                        layer.inbound(),
                        layer.inputs(),
                        layer.layer().getClass(),
                        layer.layer().config(),
                        layer.weights(),
                        layer.trainable()))
                .toList();
    }

    private static List<String> names(KerasModel model) {
        return model.network().layers().stream().map(NamedLayer::name).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "small-model.h5",
                "small-float16-model.h5",
                "small-float64-model.h5",
                "small-keras2-model.h5",
                "small.keras",
                "small-bfloat16.keras",
                "small-keras2.keras",
                "nested-model.h5",
                "nested-keras2-model.h5",
                "nested.keras"
            })
    void theNetworkThatAFileOfKerasDescribesIsOursLayerByLayer(String name) throws IOException {
        KerasFile file = KerasFile.read(Fixtures.path(name), Fixtures.DEVICE);
        KerasModel model = KerasModel.of(file, name);
        Network expected = Fixtures.network(name);
        assertEquals(described(expected), described(model.network()));
        assertEquals(expected.input(), model.network().input());
        assertEquals(
                name.startsWith("nested") ? Activation.LINEAR : Activation.SOFTMAX,
                model.network().outputActivation());
        Matching matching = model.match(file, name);
        assertEquals(Matching.By.NAME, matching.by());
        String dtype = name.contains("float") ? name.replaceAll(".*-(b?float\\d+).*", "$1") : "float32";
        JsonNode values = Fixtures.json(name.replaceFirst("[-.].*", ""));
        Weights weights = Fixtures.weights(expected, values.get("weights").get(dtype));
        assertEquals(weights.digest(), matching.weights().digest());
    }

    static Stream<Network> zoo() {
        Shape input = Shape.of(64, 64, 3);
        return Stream.of(
                ResNet50V2.build(input, Top.of(10, Activation.SOFTMAX)),
                ResNet50.build(input, Top.pooledFeatures()),
                MobileNetV2.build(input, Top.of(10, Activation.LINEAR)),
                MobileNet.build(input, Top.of(10, Activation.SOFTMAX)));
    }

    @ParameterizedTest
    @MethodSource("zoo")
    void theConfigurationThatWeWriteGivesTheNetworkThatItIsOf(Network network) throws IOException {
        for (boolean archive : List.of(false, true)) {
            JsonNode written = json(new KerasConfig(network, archive).json());
            assertEquals(
                    described(network), described(KerasModel.of(written, "m").network()));
        }
    }

    @Test
    void theConfigurationThatWeWriteHasTheInitialisersOfTheOneThatWasRead() throws IOException {
        Initializers some = new Initializers(Map.of(
                "kernel", new VarianceScaling(2, VarianceScaling.Fan.IN, VarianceScaling.Form.TRUNCATED_NORMAL),
                "bias", new Constant(.5)));
        Initializers others = new Initializers(Map.of(
                "depthwise_kernel", new Uniform(-.1, .2),
                "pointwise_kernel", new Normal(0, .3, true),
                "bias", new Normal(.1, .2, false)));
        Sides three = new Sides(3, 3);
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(8, 8, 3),
                new DepthwiseConv2D(three, Sides.ONE, Padding.SAME, Sides.ONE, 1, true, Activation.LINEAR, some),
                new SeparableConv2D(4, three, Sides.ONE, Padding.SAME, Sides.ONE, 1, true, Activation.LINEAR, others),
                new Flatten(),
                new Dense(2, true, Activation.LINEAR, new Initializers(Map.of("kernel", new NotDrawn("orthogonal")))));
        for (boolean archive : List.of(false, true)) {
            Network read = KerasModel.of(json(new KerasConfig(network, archive).json()), "m")
                    .network();
            assertEquals(
                    network.layers().stream().map(NamedLayer::layer).toList(),
                    read.layers().stream().map(NamedLayer::layer).toList());
        }
    }

    @Test
    void layersOfModelsWithinModelsStandInTheirPlaces() throws IOException {
        String inner = functional("inner", "['in', 0, 0]", "[['d', 0, 0]]", dense("d", 4, "[[['in', 0, 0, {}]]]"));
        String deeper =
                "{'class_name': 'Sequential', 'config': {'name': 'deeper', 'layers': [%s, %s]}".formatted(INPUT, inner)
                        + ", 'name': 'deeper', 'inbound_nodes': [[['d', 0, 0, {}]]]}";
        String frozen = deeper.replace("'name': 'inner',", "'name': 'inner', 'trainable': false,");
        KerasModel model = build(model(
                "last", dense("d", 3, "[[['in', 0, 0, {}]]]"), frozen, dense("last", 2, "[[['deeper', 1, 0, {}]]]")));
        assertEquals(List.of("d", "inner_d", "last"), names(model));
        assertEquals(List.of("d", "d", "last"), model.kerasNames());
        assertEquals(
                List.of(List.of(-1), List.of(0), List.of(1)),
                model.network().layers().stream().map(NamedLayer::inbound).toList());
        assertEquals(
                List.of(true, false, true),
                model.network().layers().stream().map(NamedLayer::trainable).toList());
    }

    /** Of a model that is frozen in part Keras stores the trainable weights first. */
    @Test
    void weightsGoByNameInWhateverOrderTheFileHasThem() throws IOException {
        KerasModel model = build(model(
                "dense_1", dense("dense", 3, "[[['in', 0, 0, {}]]]"), dense("dense_1", 3, "[[['dense', 0, 0, {}]]]")));
        List<StoredLayer> stored = Stream.of("dense_1", "dense")
                .map(name -> new StoredLayer(
                        name,
                        Optional.empty(),
                        List.of(
                                weight("kernel", Shape.of(3, 3), name.length()),
                                weight("bias", Shape.of(3), name.length()))))
                .toList();
        Weights weights = model.match(new KerasFile("h5", Optional.empty(), Optional.empty(), stored), "m")
                .weights();
        assertEquals(
                5, weights.values().get(0).values()[0], weights.values().get(0).name());
        assertEquals(
                7, weights.values().get(3).values()[0], weights.values().get(3).name());
    }

    private static StoredLayer.StoredWeight weight(String name, Shape shape, double value) {
        double[] values = new double[(int) shape.size()];
        values[0] = value;
        return new StoredLayer.StoredWeight(name, shape, "float32", values);
    }

    @Test
    void aLayerWithoutWeightsMayBeCalledTwice() throws IOException {
        String relu = layer(
                "ReLU",
                "relu",
                "",
                "[%s, %s]".formatted(keras3(tensor("in", 0), ""), keras3(tensor("dense", 0), "'mask': null")));
        KerasModel model = build(model(
                "last",
                relu,
                dense("dense", 3, "[%s]".formatted(keras3(tensor("relu", 0), ""))),
                dense("last", 2, "[%s]".formatted(keras3(tensor("relu", 1), "")))));
        assertEquals(List.of("relu", "dense", "relu_1", "last"), names(model));
        assertEquals(
                List.of(List.of(-1), List.of(0), List.of(1), List.of(2)),
                model.network().layers().stream().map(NamedLayer::inbound).toList());
    }

    @Test
    void aLayerThatIsCalledInInferenceStaysSoInTraining() throws IOException {
        String normalization = layer(
                "BatchNormalization",
                "bn",
                ", 'momentum': 0.9, 'epsilon': 0.001, 'axis': -1, 'center': true, 'scale': true",
                "[%s]".formatted(keras3(tensor("in", 0), "'training': false, 'mask': null")));
        KerasModel model = build(model("last", normalization, dense("last", 2, "[[['bn', 0, 0, {}]]]")));
        assertEquals(
                new InferenceOnly(new BatchNormalization(.9, .001)),
                model.network().layers().get(0).layer());
        assertEquals(
                new Dense(2, Activation.LINEAR), model.network().layers().get(1).layer());
        for (boolean archive : List.of(false, true)) {
            JsonNode written = json(new KerasConfig(model.network(), archive).json());
            assertEquals(
                    described(model.network()),
                    described(KerasModel.of(written, "m").network()));
        }
    }

    @Test
    void aSequentialWithoutAnInputLayerTellsItsShapeElsewhere() throws IOException {
        String told = ", 'units': 2, 'activation': 'linear', 'use_bias': true";
        String first = "{'class_name': 'Sequential', 'config': {'name': 's', 'layers': [%s]}}"
                .formatted(layer("Dense", "a", told + ", 'batch_input_shape': [null, 3]", "[]"));
        String built =
                "{'class_name': 'Sequential', 'config': {'name': 's', 'layers': [%s], 'build_input_shape': [null, 3]}}"
                        .formatted(layer("Dense", "a", told, "[]"));
        assertEquals(Shape.of(3), build(first).network().input());
        assertEquals(build(first), build(built));
        assertRefused(
                built.replace(", 'build_input_shape': [null, 3]", ""),
                " does not tell the shape of its input: build the model with keras.Input and save it again");
    }

    @Test
    void operationsOfKeras3AndTensorFlowWithANumberAreComputed() throws IOException {
        String keras = model(
                "multiply",
                layer("Add", "add", "", "[%s]".formatted(keras3(tensor("in", 0) + ", 3.0", ""))),
                layer("Subtract", "sub", "", "[%s]".formatted(keras3("1, " + tensor("add", 0), ""))),
                layer("Multiply", "multiply", "", "[%s]".formatted(keras3(tensor("sub", 0) + ", 0.5", ""))));
        String tensorFlow = model(
                "tf.math.multiply",
                lambda("tf.__operators__.add", "['in', 0, 0, {'y': 2.0, 'name': null}]"),
                lambda("tf.math.multiply", "['tf.__operators__.add', 0, 0, {'y': -0.5, 'name': null}]"));
        for (String text : List.of(keras, tensorFlow)) {
            double[] found = Inference.predict(
                    build(text).network(),
                    new Weights(List.of()),
                    TFloat32.class,
                    new double[] {1, 2, -4},
                    Fixtures.DEVICE);
            // (1 - (x + 3)) / 2, which is (x + 2) * -.5
            assertArrayEquals(new double[] {-1.5, -2, 1}, found, text);
        }
    }

    private static String lambda(String name, String call) {
        return layer("TFOpLambda", name, ", 'function': '%s'".formatted(name.substring(3)), "[%s]".formatted(call));
    }

    @Test
    void anActivationOfKeras3ThatIsCalledOnATensorIsALayerOfIt() throws IOException {
        String silu = layer("Silu", "silu", "", "[%s]".formatted(keras3(tensor("in", 0), "")))
                .replace("{'class_name': 'Silu'", "{'module': 'keras.src.ops.nn', 'class_name': 'Silu'");
        assertEquals(
                new ActivationLayer(Activation.SILU),
                build(model("silu", silu)).network().layers().get(0).layer());
    }

    @Test
    void operationsThatWeDoNotComputeAreNamed() {
        assertRefused(
                model("tf.reshape", lambda("tf.reshape", "['in', 0, 0, {'shape': [-1]}]")),
                ": its layer tf.reshape (TFOpLambda) is called with shape=[-1], which changes what it computes");
        assertRefused(
                model("tf.nn.relu", lambda("tf.nn.relu", "['in', 0, 0, {}]")),
                ": its layer tf.nn.relu (TFOpLambda) is the operation nn.relu, which this program does not compute");
        assertRefused(
                model(
                        "mean",
                        layer("Mean", "mean", "", "[%s]".formatted(keras3(tensor("in", 0), "")))
                                .replace("{'class_name'", "{'module': 'keras.src.ops.numpy', 'class_name'")),
                ": its layer mean (Mean) is the operation Mean, which this program does not compute");
    }

    @Test
    void severalInputsOrOutputsAreNamed() {
        String dense = dense("a", 2, "[[['in', 0, 0, {}]]]");
        assertRefused(
                functional("m", "[['in', 0, 0], ['other', 0, 0]]", "['a', 0, 0]", dense),
                ": its model m has 2 inputs (in, other), expected one");
        assertRefused(
                functional("m", "['in', 0, 0]", "[['a', 0, 0], ['in', 0, 0]]", dense),
                ": its model m has 2 outputs (a, in), expected one");
    }

    @Test
    void layersThatShareWeightsAreNamed() {
        assertRefused(
                model("a", dense("a", 3, "[[['in', 0, 0, {}]], [['a', 0, 0, {}]]]")),
                ": its layer a (Dense) is called 2 times with the same weights, expected once: layers that share weights are not built");
    }

    @Test
    void argumentsOfACallThatChangeWhatIsComputedAreNamed() {
        assertRefused(
                model("a", dense("a", 3, "[[['in', 0, 0, {'training': true}]]]")),
                ": its layer a (Dense) is called with training=true, which changes what it computes");
        assertRefused(
                model("a", dense("a", 3, "[%s]".formatted(keras3(tensor("in", 0), "'mask': " + tensor("in", 0))))),
                ": its layer a (Dense) is called with mask=" + json(tensor("in", 0))
                        + ", which changes what it computes");
    }

    @Test
    void whatStandsInPythonAloneIsNamed() {
        assertRefused(
                "{'class_name': 'Mine', 'config': {}}",
                " is a model of the class Mine, expected Sequential or Functional: what others compute stands in Python alone");
        assertRefused(
                model(
                        "a",
                        dense("a", 3, "[[['in', 0, 0, {}]]]")
                                .replace("{'class_name'", "{'module': 'mine', 'class_name'")),
                ": its layer a (Dense) is of a class of one's own (module mine): what it computes stands in Python alone");
    }

    @Test
    void inputsThatWeDoNotTakeAreNamed() {
        String model = model("a", dense("a", 3, "[[['in', 0, 0, {}]]]"));
        assertRefused(
                model.replace("[null, 3], 'dtype'", "[null, null], 'dtype'"),
                " takes inputs of the shape [null,null], expected sizes for all but the first: build the model with"
                        + " input_shape=(height, width, channels) and save it again");
        assertRefused(
                model.replace("'float32'", "'uint8'"),
                ": its layer in (InputLayer) takes numbers of type uint8, expected float32");
    }

    @Test
    void graphsThatKerasWouldNotSaveAreNamed() {
        assertRefused(
                model("a", dense("a", 3, "[[['b', 0, 0, {}]]]"), dense("b", 3, "[[['a', 0, 0, {}]]]")),
                ": its layer a (Dense) takes from what is made of it");
        assertRefused(
                model("a", dense("a", 3, "[[['gone', 0, 0, {}]]]")),
                ": its model m takes from a layer gone, which it does not have");
        assertRefused(
                model("a", dense("a", 3, "[[['in', 0, 0, {}]]]"), dense("b", 3, "[[['a', 0, 0, {}]]]")),
                " puts out what its layer a gives, and has layers that nothing is made of");
        assertRefused(
                model(
                        "a",
                        dense("a", 3, "[[['in', 0, 0, {}], ['in', 0, 0, {}]]]")
                                .replace("Dense", "Sequential")
                                .replace("'units'", "'layers': [], 'units'")),
                ": its layer a (Sequential) takes 2 inputs, expected one");
    }

    @Test
    void aFileWithoutAConfigurationSaysWhatToDo() throws IOException {
        KerasFile file = KerasFile.read(Fixtures.path("small.weights.h5"), Fixtures.DEVICE);
        assertEquals(
                "small.weights.h5 (Keras weights (.weights.h5)) has no configuration that says which network its weights"
                        + " are of: save the whole model (model.save), or name one of our networks with --model",
                assertThrows(IOException.class, () -> KerasModel.of(file, "small.weights.h5"))
                        .getMessage());
        KerasFile old = KerasFile.read(Fixtures.path("small-keras1-model.h5"), Fixtures.DEVICE);
        assertEquals(
                "old.h5 has a configuration of Keras 1, which this program does not read: load and save it with Keras 2,"
                        + " or name one of our networks with --model",
                assertThrows(IOException.class, () -> KerasModel.of(old, "old.h5"))
                        .getMessage());
    }

    @Test
    void aLayerThatCannotTakeItsInputIsNamed() {
        String flat = layer("Flatten", "f", "", "[[['in', 0, 0, {}]]]");
        String wide = model("a", flat, dense("a", 3, "[[['f', 0, 0, {}]]]"))
                .replace("[null, 3], 'dtype'", "[null, 0], 'dtype'");
        assertRefused(
                wide,
                " takes inputs of the shape [null,0], expected sizes for all but the first: build the model with"
                        + " input_shape=(height, width, channels) and save it again");
    }

    @Test
    void namesAreDataAndMayHaveAnyCharacters() throws IOException {
        KerasModel model = build(model(
                "é b:0",
                dense("my layer/1", 3, "[[['in', 0, 0, {}]]]"),
                dense("é b:0", 2, "[[['my layer/1', 0, 0, {}]]]")));
        assertEquals(List.of("my layer/1", "é b:0"), names(model));
        Weights weights = Weights.of(model.network().weights(), KerasModelTest::ones);
        double[] found =
                Inference.predict(model.network(), weights, TFloat32.class, new double[] {1, 1, 1}, Fixtures.DEVICE);
        // (1 + 1 + 1 + 1) * 3 + 1
        assertArrayEquals(new double[] {13, 13}, found);
    }

    private static double[] ones(WeightSpec spec) {
        double[] values = new double[Math.toIntExact(spec.shape().size())];
        java.util.Arrays.fill(values, 1);
        return values;
    }
}
