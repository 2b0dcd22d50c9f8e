package distill.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * A network as the configuration that Keras rebuilds it from. Only what tells a layer from Keras's defaults is written;
 * Keras fills in the rest.
 */
final class KerasConfig {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INPUT = "input_layer";

    private KerasConfig() {}

    /** The attribute {@code model_config} of a legacy HDF5 file, which Keras 2 and 3 read. */
    static String legacy(Network network) {
        List<Map<String, Object>> layers = new ArrayList<>();
        layers.add(layer("InputLayer", Map.of("name", INPUT, "batch_input_shape", batched(network.input()))));
        for (Network.NamedLayer layer : network.layers()) {
            layers.add(layer(layer.layer().type(), config(layer)));
        }
        return json(layer(isSequential(network) ? "Sequential" : "Functional", model(network, layers)));
    }

    /** {@code config.json} of a Keras 3 archive. */
    static String archive(Network network) {
        List<Map<String, Object>> layers = new ArrayList<>();
        layers.add(
                module("keras.layers", "InputLayer", Map.of("name", INPUT, "batch_shape", batched(network.input()))));
        for (Network.NamedLayer layer : network.layers()) {
            Map<String, Object> entry = module("keras.layers", layer.layer().type(), config(layer));
            if (layer.inbound().size() == 1) {
                entry.put("build_config", Map.of("input_shape", batched(layer.input())));
            }
            layers.add(entry);
        }
        return json(module("keras", isSequential(network) ? "Sequential" : "Model", model(network, layers)));
    }

    private static boolean isSequential(Network network) {
        return IntStream.range(0, network.layers().size())
                .allMatch(i -> network.layers().get(i).inbound().equals(List.of(i - 1)));
    }

    /** The configuration of a functional model, in which each layer names those that it takes from. */
    private static Map<String, Object> model(Network network, List<Map<String, Object>> layers) {
        Map<String, Object> config = ordered("name", network.name(), "layers", layers);
        if (isSequential(network)) {
            return config;
        }
        layers.get(0).put("name", INPUT);
        layers.get(0).put("inbound_nodes", List.of());
        for (int i = 0; i < network.layers().size(); i++) {
            Network.NamedLayer layer = network.layers().get(i);
            layers.get(i + 1).put("name", layer.name());
            layers.get(i + 1)
                    .put(
                            "inbound_nodes",
                            List.of(layer.inbound().stream()
                                    .map(index -> node(network, index, Map.of()))
                                    .toList()));
        }
        config.put("input_layers", List.of(node(network, Network.INPUT)));
        config.put("output_layers", List.of(node(network, network.layers().size() - 1)));
        return config;
    }

    /** A layer's only call and only output. */
    private static List<Object> node(Network network, int index, Object... more) {
        List<Object> node = new ArrayList<>(List.of(
                index == Network.INPUT ? INPUT : network.layers().get(index).name(), 0, 0));
        node.addAll(List.of(more));
        return node;
    }

    private static Map<String, Object> config(Network.NamedLayer layer) {
        Map<String, Object> config = ordered("name", layer.name());
        config.putAll(layer.layer().config());
        return config;
    }

    private static Map<String, Object> layer(String type, Map<String, Object> config) {
        return ordered("class_name", type, "config", config);
    }

    private static Map<String, Object> module(String module, String type, Map<String, Object> config) {
        return ordered("module", module, "class_name", type, "config", config, "registered_name", null);
    }

    private static List<Long> batched(Shape example) {
        List<Long> shape = new ArrayList<>();
        shape.add(null);
        Arrays.stream(example.asArray()).forEach(shape::add);
        return shape;
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that is not JSON: " + value, e);
        }
    }
}
