package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Activation;
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
                : Optional.ofNullable(
                        OtherArguments.activation(last.path("config").path(OtherArguments.ACTIVATION)));
    }

    /**
     * Compares classes and arguments of all layers that compute something, but for the last activation.
     *
     * @throws IOException where a layer is another; names it
     */
    void check(Network network, String source) throws IOException {
        checkInput(network, source);
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
            Map<String, Object> arguments = ours.get(i).layer().config();
            checkArguments(theirs.get(i).path("config"), arguments, i == ours.size() - 1, source);
            checkOthers(theirs.get(i).path("config"), arguments, source);
        }
    }

    private void checkInput(Network network, String source) throws IOException {
        Optional<JsonNode> input = within(model)
                .map(layer -> layer.path("config"))
                .map(config -> config.hasNonNull("batch_shape")
                        ? config.path("batch_shape")
                        : config.path("batch_input_shape"))
                .filter(JsonNode::isArray)
                .findFirst();
        if (input.isEmpty()) {
            return;
        }
        long[] ours = network.input().asArray();
        JsonNode theirs = input.get();
        boolean same = theirs.size() == ours.length + 1
                && IntStream.range(0, ours.length)
                        .allMatch(i ->
                                theirs.get(i + 1).isNull() || theirs.get(i + 1).asLong() == ours[i]);
        if (!same) {
            throw new IOException("%s is of another network: its input has the shape %s, expected %s after the batch"
                    .formatted(source, theirs, network.input()));
        }
    }

    private static void checkArguments(JsonNode theirs, Map<String, Object> ours, boolean last, String source)
            throws IOException {
        for (Map.Entry<String, Object> argument : ours.entrySet()) {
            JsonNode found = theirs.path(argument.getKey());
            boolean activation = argument.getKey().equals(OtherArguments.ACTIVATION);
            if (found.isMissingNode() || (activation && last)) {
                continue;
            }
            JsonNode wanted = JSON.valueToTree(argument.getValue());
            boolean same = activation
                    ? Optional.ofNullable(found.isNull() ? "linear" : OtherArguments.activation(found))
                            .flatMap(Activation::of)
                            .filter(known -> known.kerasName().equals(wanted.asText()))
                            .isPresent()
                    : same(wanted, found);
            if (!same) {
                throw new IOException("%s is of another network: its layer %s has %s %s, expected %s"
                        .formatted(source, theirs.path("name").asText(), argument.getKey(), found, wanted));
            }
        }
    }

    /** An argument that our layer does not have may not change what is computed. */
    private static void checkOthers(JsonNode theirs, Map<String, Object> ours, String source) throws IOException {
        for (Map.Entry<String, JsonNode> argument : theirs.properties()) {
            String name = argument.getKey();
            JsonNode value = argument.getValue();
            if (!ours.containsKey(name) && !OtherArguments.isUsual(name, value)) {
                throw new IOException("%s: its layer %s has %s %s, with which this program does not compute"
                        .formatted(source, theirs.path("name").asText(), name, value));
            }
        }
    }

    /** Numbers may be written as 1 or 1.0, and a single one as a list of it. */
    private static boolean same(JsonNode a, JsonNode b) {
        if (!a.isArray() && b.isArray() && b.size() == 1) {
            return same(a, b.get(0));
        }
        if (a.isNumber() && b.isNumber()) {
            return a.asDouble() == b.asDouble();
        }
        return a.isArray() && a.size() == b.size()
                ? IntStream.range(0, a.size()).allMatch(i -> same(a.get(i), b.get(i)))
                : a.equals(b);
    }
}
