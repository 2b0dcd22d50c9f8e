package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import distill.nn.InferenceOnly;
import distill.nn.Initializer;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * A network as the configuration that Keras rebuilds it from. Only what tells a layer from Keras's defaults is written,
 * and the initialisers that another configuration named; Keras fills in the rest.
 *
 * @param archive whether it is {@code config.json} of a Keras 3 archive, or else the attribute {@code model_config} of
 *     a legacy HDF5 file, which Keras 2 and 3 read
 */
record KerasConfig(Network network, boolean archive) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INPUT = "input_layer";
    private static final String INBOUND = "inbound_nodes";

    /** A layer's name as Keras 3 takes it: without slashes, which those of Keras 2 may have. */
    static String nameInKeras3(String name) {
        return name.replace('/', '_');
    }

    private String name(NamedLayer layer) {
        return archive ? nameInKeras3(layer.name()) : layer.name();
    }

    /** In a functional model each layer names those that it takes from. */
    String json() {
        boolean sequential = IntStream.range(0, network.layers().size())
                .allMatch(i -> network.layers().get(i).inbound().equals(List.of(i - 1))
                        && arguments(network.layers().get(i)).isEmpty());
        ObjectNode config = JSON.createObjectNode().put("name", network.name());
        ArrayNode layers = config.putArray("layers");
        ObjectNode input = JSON.createObjectNode().put("name", input());
        input.set(archive ? "batch_shape" : "batch_input_shape", batched(network.input()));
        layers.add(object("keras.layers", "InputLayer", input));
        network.layers().forEach(layer -> layers.add(layer(layer)));
        if (sequential) {
            return object("keras", "Sequential", config).toString();
        }
        ((ObjectNode) layers.get(0)).put("name", input()).putArray(INBOUND);
        for (int i = 0; i < network.layers().size(); i++) {
            NamedLayer layer = network.layers().get(i);
            ArrayNode call = ((ObjectNode) layers.get(i + 1))
                    .put("name", name(layer))
                    .putArray(INBOUND)
                    .addArray();
            layer.inbound().forEach(index -> call.add(output(index).add(arguments(layer))));
        }
        config.putArray("input_layers").add(output(Network.INPUT));
        config.putArray("output_layers").add(output(network.layers().size() - 1));
        return object("keras", archive ? "Model" : "Functional", config).toString();
    }

    /** What a layer is called with beside its inputs. */
    private static ObjectNode arguments(NamedLayer layer) {
        ObjectNode arguments = JSON.createObjectNode();
        return layer.layer() instanceof InferenceOnly ? arguments.put("training", false) : arguments;
    }

    /** The name of the input, which no layer has. */
    private String input() {
        String name = INPUT;
        List<String> taken = network.layers().stream().map(NamedLayer::name).toList();
        while (taken.contains(name)) {
            name += "_0";
        }
        return name;
    }

    private ObjectNode layer(NamedLayer layer) {
        ObjectNode config = JSON.createObjectNode().put("name", name(layer));
        if (!layer.trainable()) {
            config.put("trainable", false);
        }
        config.setAll(JSON.<ObjectNode>valueToTree(layer.layer().config()));
        String type = layer.layer().type();
        new TreeMap<>(layer.layer().initializers().own())
                .forEach((weight, initializer) ->
                        config.set(KerasInitializers.argument(type, weight), initializer(initializer)));
        ObjectNode object = object("keras.layers", type, config);
        if (archive && layer.inbound().size() == 1) {
            object.putObject("build_config").set("input_shape", batched(layer.input()));
        }
        return object;
    }

    /** One that Keras alone knows stands as it was found. */
    private JsonNode initializer(Initializer initializer) {
        if (initializer instanceof Initializer.NotDrawn other) {
            return KerasInitializers.configuration(other);
        }
        return object(
                "keras.initializers",
                KerasInitializers.className(initializer),
                JSON.valueToTree(KerasInitializers.config(initializer)));
    }

    private ObjectNode object(String module, String type, JsonNode config) {
        ObjectNode object = JSON.createObjectNode();
        if (archive) {
            object.put("module", module);
        }
        object.put("class_name", type).set("config", config);
        return archive ? object.putNull("registered_name") : object;
    }

    /** The only output of a layer's only call. */
    private ArrayNode output(int index) {
        String name = index == Network.INPUT ? input() : name(network.layers().get(index));
        return JSON.createArrayNode().add(name).add(0).add(0);
    }

    private static ArrayNode batched(Shape example) {
        ArrayNode shape = JSON.createArrayNode().addNull();
        for (long size : example.asArray()) {
            shape.add(size);
        }
        return shape;
    }
}
