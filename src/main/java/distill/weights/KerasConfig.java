package distill.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        List<Object> layers = new ArrayList<>();
        layers.add(layer("InputLayer", Map.of("name", INPUT, "batch_input_shape", batched(network.input()))));
        for (Network.NamedLayer layer : network.layers()) {
            layers.add(layer(layer.layer().type(), config(layer)));
        }
        return json(layer("Sequential", ordered("name", network.name(), "layers", layers)));
    }

    /** {@code config.json} of a Keras 3 archive. */
    static String archive(Network network) {
        List<Object> layers = new ArrayList<>();
        layers.add(
                module("keras.layers", "InputLayer", Map.of("name", INPUT, "batch_shape", batched(network.input()))));
        for (Network.NamedLayer layer : network.layers()) {
            Map<String, Object> entry = module("keras.layers", layer.layer().type(), config(layer));
            entry.put("build_config", Map.of("input_shape", batched(layer.input())));
            layers.add(entry);
        }
        Map<String, Object> model = module(
                "keras",
                "Sequential",
                ordered("name", network.name(), "layers", layers, "build_input_shape", batched(network.input())));
        model.put("build_config", Map.of("input_shape", batched(network.input())));
        return json(model);
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
