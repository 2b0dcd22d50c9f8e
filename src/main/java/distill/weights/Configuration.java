package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model's configuration as Keras saved it, held against a network: weights of the right shapes do not make another
 * activation or stride the same computation.
 *
 * @param model {@code model_config} or {@code config.json}
 */
record Configuration(JsonNode model) {

    /** What computes nothing in inference. */
    private static final Set<String> PASSIVE = Set.of("InputLayer", "Dropout");

    private static final Set<String> ENDS = Set.of("Activation", "Softmax");
    private static final String ACTIVATION = "activation";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The layers of the model and of those within it. */
    private List<JsonNode> layers() {
        return within(model)
                .filter(layer -> !PASSIVE.contains(layer.path("class_name").asText()))
                .toList();
    }

    private static Stream<JsonNode> within(JsonNode model) {
        // Keras 1 lists a Sequential's layers as its whole configuration.
        JsonNode config = model.path("config");
        JsonNode layers = config.isArray() ? config : config.path("layers");
        return layers.isArray() ? layers.valueStream().flatMap(Configuration::within) : Stream.of(model);
    }

    /** Keras's name of the last activation; empty where the configuration has none in that place. */
    Optional<String> outputActivation() {
        List<JsonNode> layers = layers();
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        JsonNode last = layers.get(layers.size() - 1);
        return last.path("class_name").asText().equals("Softmax")
                ? Optional.of("softmax")
                : Optional.ofNullable(text(last.path("config").path(ACTIVATION)));
    }

    /** An activation stands as a name or as a function of that name. */
    private static String text(JsonNode activation) {
        return activation.isObject() ? activation.path("config").textValue() : activation.textValue();
    }

    /**
     * Compares classes and arguments of all layers that compute something, but for the last activation.
     *
     * @throws IOException where a layer is another; names it
     */
    void check(Network network, String source) throws IOException {
        List<JsonNode> theirs = layers();
        List<NamedLayer> ours = network.layers().stream()
                .filter(layer -> !PASSIVE.contains(layer.layer().type()))
                .toList();
        if (theirs.size() == ours.size() + 1
                && ENDS.contains(theirs.get(ours.size()).path("class_name").asText())) {
            theirs = theirs.subList(0, ours.size());
        }
        for (int i = 0; i < Math.max(theirs.size(), ours.size()); i++) {
            String found = i < theirs.size() ? theirs.get(i).path("class_name").asText() : "nothing";
            String wanted = i < ours.size() ? ours.get(i).layer().type() : "nothing";
            if (!found.equals(wanted)) {
                throw new IOException(
                        "%s is of another network: its layer %d that computes something is %s, expected %s"
                                .formatted(source, i + 1, found, wanted));
            }
            checkArguments(theirs.get(i).path("config"), ours.get(i).layer().config(), i == ours.size() - 1, source);
        }
    }

    private static void checkArguments(JsonNode theirs, Map<String, Object> ours, boolean last, String source)
            throws IOException {
        for (Map.Entry<String, Object> argument : ours.entrySet()) {
            JsonNode found = theirs.path(argument.getKey());
            boolean activation = argument.getKey().equals(ACTIVATION);
            if (found.isMissingNode() || found.isNull() || (activation && last)) {
                continue;
            }
            JsonNode wanted = JSON.valueToTree(argument.getValue());
            boolean same = activation ? wanted.asText().equals(text(found)) : same(wanted, found);
            if (!same) {
                throw new IOException("%s is of another network: its layer %s has %s %s, expected %s"
                        .formatted(source, theirs.path("name").asText(), argument.getKey(), found, wanted));
            }
        }
    }

    /** Numbers may be written as 1 or 1.0. */
    private static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.asDouble() == b.asDouble();
        }
        return a.isArray() && a.size() == b.size()
                ? IntStream.range(0, a.size()).allMatch(i -> same(a.get(i), b.get(i)))
                : a.equals(b);
    }
}
