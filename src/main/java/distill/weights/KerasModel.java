package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import distill.files.Contents;
import distill.nn.InferenceOnly;
import distill.nn.Layer;
import distill.nn.Network;
import distill.nn.Rescaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.ndarray.Shape;

/**
 * A network that is built from the configuration with which Keras saved a model: a {@code Sequential} or a functional
 * model with one input and one output. The layers of models within it stand in the places of these, in the order in
 * which Keras holds their weights. What Keras would compute and we would not is refused by the layer's name.
 *
 * @param network its layers have Keras's names, but for those whose name an earlier one has, such as the second call of
 *     a layer without weights
 * @param kerasNames of each layer of the network the name that it has in its model
 */
public record KerasModel(Network network, List<String> kerasNames) {

    private static final Set<String> MODELS = Set.of("Sequential", "Functional", "Model");
    private static final String SEQUENTIAL = "Sequential";
    private static final String INPUT_LAYER = "InputLayer";

    /** Layers that compute something else in training than in inference. */
    private static final Pattern TRAINED_OTHERWISE =
            Pattern.compile("BatchNormalization|.*Dropout.*|Gaussian.*|Random.*");

    /** Classes of Keras's own; in an HDF5 file they stand without their module. */
    private static final Pattern KERAS_MODULE = Pattern.compile("(keras|tf_keras)(\\..*)?");

    private static final Pattern FLOATS = Pattern.compile("b?float(16|32|64)|mixed_b?float16");

    /**
     * Operations on tensors, under the names that Keras 3 and, after a point, TensorFlow have for them, with the class
     * of the layer that computes the same of two tensors.
     */
    private static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("Add", "Add"),
            Map.entry("Subtract", "Subtract"),
            Map.entry("Multiply", "Multiply"),
            Map.entry("Divide", "Divide"),
            Map.entry("TrueDivide", "Divide"),
            Map.entry("__operators__.add", "Add"),
            Map.entry("math.add", "Add"),
            Map.entry("math.subtract", "Subtract"),
            Map.entry("math.multiply", "Multiply"),
            Map.entry("math.divide", "Divide"),
            Map.entry("math.truediv", "Divide"));

    /**
     * Builds the network of a file.
     *
     * @param source what errors call the file
     * @throws IOException where the file has no configuration, or it is of a model that this program cannot compute;
     *     names the layer
     */
    public static KerasModel of(KerasFile file, String source) throws IOException {
        if (file.config().isEmpty()) {
            throw new IOException(
                    "%s (%s) has no configuration that says which network its weights are of: save the whole model (model.save), or name one of our networks with --model"
                            .formatted(source, file.format()));
        }
        if (file.version().filter(version -> version.startsWith("Keras 1.")).isPresent()) {
            throw new IOException(
                    "%s has a configuration of Keras 1, which this program does not read: load and save it with Keras 2, or name one of our networks with --model"
                            .formatted(source));
        }
        return of(file.config().get(), source);
    }

    /**
     * As {@link #of(KerasFile, String)}, of the configuration alone.
     *
     * @param configuration a file that holds what {@link KerasFile#config} does
     */
    public static KerasModel of(Path configuration) throws IOException {
        return of(
                KerasFile.json(Contents.text(configuration))
                        .orElseThrow(() -> new IOException(configuration + " is damaged: it is not JSON")),
                configuration.toString());
    }

    /** As {@link #of(KerasFile, String)}, of the configuration alone: {@code model_config} or {@code config.json}. */
    static KerasModel of(JsonNode model, String source) throws IOException {
        if (!isModel(model)) {
            throw new IOException(
                    "%s is a model of the class %s, expected Sequential or Functional: what others compute stands in Python alone"
                            .formatted(source, type(model)));
        }
        return new Builder(source, inputShape(model, source)).build(model);
    }

    /**
     * Which of the file's weights are which of the network's. The file is the one that the network was built from, so
     * that names decide.
     *
     * @throws IOException where a weight is missing, is one too many or has another shape; names it
     */
    public Matching match(KerasFile file, String source) throws IOException {
        Map<String, Deque<StoredLayer>> byName = new LinkedHashMap<>();
        file.layers().forEach(layer -> byName.computeIfAbsent(layer.name(), name -> new ArrayDeque<>())
                .add(layer));
        List<StoredLayer> arranged = new ArrayList<>();
        for (int i = 0; i < kerasNames.size(); i++) {
            Network.NamedLayer layer = network.layers().get(i);
            Deque<StoredLayer> stored = byName.get(kerasNames.get(i));
            if (!layer.weights().isEmpty() && stored != null && !stored.isEmpty()) {
                StoredLayer found = stored.remove();
                arranged.add(new StoredLayer(layer.name(), found.group(), found.weights()));
            }
        }
        byName.values().forEach(arranged::addAll);
        return Matching.of(
                new KerasFile(file.format(), file.version(), file.config(), List.copyOf(arranged)), network, source);
    }

    private static JsonNode layers(JsonNode model) {
        return model.path("config").path("layers");
    }

    private static String type(JsonNode layer) {
        return layer.path("class_name").asText();
    }

    private static boolean isModel(JsonNode layer) {
        return MODELS.contains(type(layer)) && layers(layer).isArray();
    }

    private static String name(JsonNode layer) {
        return layer.path("config").path("name").asText(layer.path("name").asText());
    }

    /** The shape of one example, from the first layer that tells it. */
    private static Shape inputShape(JsonNode model, String source) throws IOException {
        JsonNode found = batchedInput(model);
        if (!found.isArray() || found.isEmpty()) {
            throw new IOException(source
                    + " does not tell the shape of its input: build the model with keras.Input and save it again");
        }
        long[] sizes = new long[found.size() - 1];
        for (int i = 0; i < sizes.length; i++) {
            JsonNode size = found.get(i + 1);
            if (!size.isIntegralNumber() || size.asLong() < 1) {
                throw new IOException(
                        "%s takes inputs of the shape %s, expected sizes for all but the first: build the model with input_shape=(height, width, channels) and save it again"
                                .formatted(source, found));
            }
            sizes[i] = size.asLong();
        }
        return Shape.of(sizes);
    }

    private static JsonNode batchedInput(JsonNode model) {
        JsonNode layers = layers(model);
        for (JsonNode layer : layers) {
            if (type(layer).equals(INPUT_LAYER)) {
                return batchShape(layer);
            }
        }
        JsonNode first = layers.path(0);
        JsonNode told = isModel(first) ? batchedInput(first) : batchShape(first);
        if (told.isArray()) {
            return told;
        }
        JsonNode built = model.path("config").path("build_input_shape");
        return built.isArray() ? built : model.path("build_config").path("input_shape");
    }

    private static JsonNode batchShape(JsonNode layer) {
        JsonNode config = layer.path("config");
        return config.hasNonNull("batch_shape") ? config.path("batch_shape") : config.path("batch_input_shape");
    }

    /**
     * What holds within a model.
     *
     * @param place the model's name and a line, which lead a layer's name where that is taken; empty for the outermost
     * @param trainable whether it and all that it is in are trainable
     * @param inference whether it is called with {@code training=False}
     */
    private record Scope(String place, boolean trainable, boolean inference) {

        Scope within(JsonNode model, boolean calledInInference) {
            return new Scope(name(model) + "_", trainable && isTrainable(model), inference || calledInInference);
        }

        static boolean isTrainable(JsonNode layer) {
            return layer.path("config").path("trainable").asBoolean(true);
        }
    }

    /**
     * A call of a layer, as a functional model lists it.
     *
     * @param inputs the outputs that it takes
     * @param constant the number that an operation takes beside its input; null without one
     * @param constantFirst whether the number stands before the input
     * @param inference whether it is called with {@code training=False}
     */
    private record Call(List<Output> inputs, Double constant, boolean constantFirst, boolean inference) {}

    /** What a call of a layer puts out. */
    private record Output(String layer, int call) {}

    /** Puts the layers of a model, and of those within it, together. */
    private static final class Builder {

        private final String source;
        private final Network.Functional network;
        private final List<String> kerasNames = new ArrayList<>();
        private final Set<String> taken = new HashSet<>();
        private final Set<String> frozen = new HashSet<>();

        /** What stands for the outputs of layers that have weights. */
        private final Set<Integer> weighted = new HashSet<>();

        private Builder(String source, Shape input) {
            this.source = source;
            network = new Network.Functional(input);
        }

        private KerasModel build(JsonNode model) throws IOException {
            int output = addModel(model, new Scope("", Scope.isTrainable(model), false), Network.INPUT);
            if (kerasNames.isEmpty() || output != kerasNames.size() - 1) {
                throw new IOException(
                        kerasNames.isEmpty()
                                ? source + " has no layers"
                                : "%s puts out what its layer %s gives, and has layers that nothing is made of"
                                        .formatted(
                                                source,
                                                output == Network.INPUT ? INPUT_LAYER : kerasNames.get(output)));
            }
            return new KerasModel(network.build(name(model)).freeze(frozen::contains), List.copyOf(kerasNames));
        }

        /** @return what stands for the model's output */
        private int addModel(JsonNode model, Scope scope, int input) throws IOException {
            if (!type(model).equals(SEQUENTIAL)) {
                return new Graph(this, model, scope, input).output();
            }
            int x = input;
            for (JsonNode layer : layers(model)) {
                if (type(layer).equals(INPUT_LAYER)) {
                    checkInput(layer);
                } else {
                    x = add(layer, scope, List.of(x), new Call(List.of(), null, false, false));
                }
            }
            return x;
        }

        private int add(JsonNode layer, Scope scope, List<Integer> inputs, Call call) throws IOException {
            checkModule(layer);
            if (!isModel(layer)) {
                return addLayer(layer, scope, inputs, call);
            }
            if (inputs.size() != 1) {
                throw refused(layer, "takes %d inputs, expected one".formatted(inputs.size()));
            }
            return addModel(layer, scope.within(layer, call.inference()), inputs.get(0));
        }

        private int addLayer(JsonNode layer, Scope scope, List<Integer> inputs, Call call) throws IOException {
            String kerasName = name(layer);
            Layer built = layer(layer, call, inputs.size());
            if ((scope.inference() || call.inference())
                    && TRAINED_OTHERWISE.matcher(built.type()).matches()) {
                built = new InferenceOnly(built);
            }
            String name = free(taken.contains(kerasName) ? scope.place() + kerasName : kerasName);
            int index;
            try {
                index = network.add(
                        name, built, inputs.stream().mapToInt(i -> i).toArray());
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "%s: its layer %s (%s): %s".formatted(source, kerasName, type(layer), e.getMessage()), e);
            }
            if (!built.weights(network.shape(inputs.get(0))).isEmpty()) {
                weighted.add(index);
            }
            taken.add(name);
            kerasNames.add(kerasName);
            if (!scope.trainable() || !Scope.isTrainable(layer)) {
                frozen.add(name);
            }
            return index;
        }

        private String free(String name) {
            String free = name;
            for (int number = 1; taken.contains(free); number++) {
                free = name + "_" + number;
            }
            return free;
        }

        private Layer layer(JsonNode layer, Call call, int inputs) throws IOException {
            String operation = operation(layer, call, inputs);
            if (operation == null) {
                return KerasLayers.of(name(layer), type(layer), layer.path("config"), source);
            }
            if (KerasLayers.operationClasses().contains(operation)) {
                return KerasLayers.ofOperation(name(layer), operation, layer.path("config"), source);
            }
            String computed = OPERATIONS.get(operation);
            if (computed == null) {
                throw refused(layer, "is the operation %s, which this program does not compute".formatted(operation));
            }
            if (call.constant() == null) {
                return KerasLayers.of(name(layer), computed, JsonNodeFactory.instance.objectNode(), source);
            }
            double number = call.constant();
            boolean first = call.constantFirst();
            return switch (computed) {
                case "Add" -> Rescaling.exactly(1, number);
                case "Subtract" -> first ? Rescaling.exactly(-1, number) : Rescaling.exactly(1, -number);
                case "Multiply" -> Rescaling.exactly(number, 0);
                default -> {
                    if (first) {
                        throw refused(layer, "divides a number by what it takes, which this program does not compute");
                    }
                    yield Rescaling.exactly(1 / number, 0);
                }
            };
        }

        /**
         * The operation that stands in a layer's place; null for a layer. In an HDF5 file an operation of Keras 3 may
         * have a layer's class, and is told from it by taking its inputs one by one.
         */
        private static String operation(JsonNode layer, Call call, int inputs) {
            if (type(layer).equals("TFOpLambda") || type(layer).equals("SlicingOpLambda")) {
                return layer.path("config").path("function").asText();
            }
            boolean named = layer.path("module").asText().matches("keras(\\.src)?\\.ops(\\..*)?");
            return named || call.constant() != null ? type(layer) : null;
        }

        private void checkModule(JsonNode layer) throws IOException {
            String module = layer.path("module").asText("");
            if (!module.isEmpty()
                    && !module.equals("null")
                    && !KERAS_MODULE.matcher(module).matches()) {
                throw refused(
                        layer,
                        "is of a class of one's own (module %s): what it computes stands in Python alone"
                                .formatted(module));
            }
        }

        private void checkInput(JsonNode layer) throws IOException {
            JsonNode config = layer.path("config");
            JsonNode dtype = config.path("dtype");
            String type = dtype.isObject() ? dtype.path("config").path("name").asText() : dtype.asText("float32");
            if (!FLOATS.matcher(type).matches()) {
                throw refused(layer, "takes numbers of type %s, expected float32".formatted(type));
            }
            for (String kind : List.of("sparse", "ragged")) {
                if (config.path(kind).asBoolean()) {
                    throw refused(layer, "takes %s tensors, expected dense ones".formatted(kind));
                }
            }
        }

        private IOException refused(JsonNode layer, String why) {
            return new IOException("%s: its layer %s (%s) %s".formatted(source, name(layer), type(layer), why));
        }
    }

    /** A functional model: each layer names those that it takes from. */
    private static final class Graph {

        private final Builder builder;
        private final JsonNode model;
        private final Scope scope;
        private final int input;
        private final String inputName;
        private final Map<String, JsonNode> layers = new LinkedHashMap<>();

        /** What each call that was added puts out. */
        private final Map<Output, Integer> added = new HashMap<>();

        private final Set<Output> begun = new HashSet<>();

        private Graph(Builder builder, JsonNode model, Scope scope, int input) throws IOException {
            this.builder = builder;
            this.model = model;
            this.scope = scope;
            this.input = input;
            for (JsonNode layer : layers(model)) {
                if (layers.put(name(layer), layer) != null) {
                    throw builder.refused(layer, "has the name of another layer of the model " + name(model));
                }
            }
            inputName = only("input", "input_layers").get(0).asText();
            if (!type(layer(inputName)).equals(INPUT_LAYER)) {
                throw builder.refused(layer(inputName), "is an input of the model, expected an InputLayer");
            }
            builder.checkInput(layer(inputName));
        }

        /** Adds all layers, in the order of the configuration, and gives what stands for the model's output. */
        private int output() throws IOException {
            for (JsonNode layer : layers.values()) {
                if (!type(layer).equals(INPUT_LAYER)) {
                    add(new Output(name(layer), 0));
                }
            }
            return add(output(only("output", "output_layers")));
        }

        /** The only one of a model's inputs or outputs: {@code [name, call, which of its outputs]}. */
        private JsonNode only(String kind, String key) throws IOException {
            JsonNode listed = model.path("config").path(key);
            List<JsonNode> ends = new ArrayList<>();
            if (listed.path(0).isTextual()) {
                ends.add(listed);
            } else {
                listed.forEach(ends::add);
            }
            if (ends.size() != 1 || !ends.get(0).path(0).isTextual()) {
                throw new IOException("%s: its model %s has %d %ss (%s), expected one"
                        .formatted(
                                builder.source,
                                name(model),
                                ends.size(),
                                kind,
                                String.join(
                                        ", ",
                                        ends.stream()
                                                .map(end -> end.path(0).asText())
                                                .toList())));
            }
            return ends.get(0);
        }

        private JsonNode layer(String name) throws IOException {
            JsonNode layer = layers.get(name);
            if (layer == null) {
                throw new IOException("%s: its model %s takes from a layer %s, which it does not have"
                        .formatted(builder.source, name(model), name));
            }
            return layer;
        }

        /** Adds a call of a layer after those that it takes from, where it is not there yet. */
        private int add(Output output) throws IOException {
            JsonNode layer = layer(output.layer());
            if (output.layer().equals(inputName)) {
                return input;
            }
            Integer index = added.get(output);
            if (index != null) {
                return index;
            }
            JsonNode nodes = layer.path("inbound_nodes");
            if (type(layer).equals(INPUT_LAYER)) {
                throw builder.refused(layer, "is an input that the model %s does not list".formatted(name(model)));
            }
            if (output.call() >= nodes.size()) {
                throw builder.refused(
                        layer, "is called %d times, and call %d is taken".formatted(nodes.size(), output.call() + 1));
            }
            if (!begun.add(output)) {
                throw builder.refused(layer, "takes from what is made of it");
            }
            Call call = call(layer, nodes.get(output.call()));
            List<Integer> inputs = new ArrayList<>();
            for (Output taken : call.inputs()) {
                inputs.add(add(taken));
            }
            int made = builder.add(layer, scope, inputs, call);
            if (nodes.size() > 1 && (isModel(layer) || builder.weighted.contains(made))) {
                throw builder.refused(
                        layer,
                        "is called %d times with the same weights, expected once: layers that share weights are not built"
                                .formatted(nodes.size()));
            }
            added.put(output, made);
            return made;
        }

        /** {@code [name, call, which of its outputs, ...]} */
        private Output output(JsonNode reference) throws IOException {
            JsonNode layer = layer(reference.path(0).asText());
            if (reference.path(2).asInt() != 0) {
                throw builder.refused(layer, "has more than one output, expected one");
            }
            // Keras counts the call with which a model within a model was made, and by version does not.
            boolean once = layer.path("inbound_nodes").size() == 1;
            return new Output(name(layer), once ? 0 : reference.path(1).asInt());
        }

        private Call call(JsonNode layer, JsonNode node) throws IOException {
            return node.isObject() ? callOfKeras3(layer, node) : callOfKeras2(layer, node);
        }

        /** {@code {"args": [TENSOR], "kwargs": {}}}, in a layer that merges {@code [[TENSOR, TENSOR]]}. */
        private Call callOfKeras3(JsonNode layer, JsonNode node) throws IOException {
            JsonNode arguments = node.path("args");
            boolean inference = inInference(layer, node.path("kwargs"));
            if (arguments.size() == 2) {
                return operation(layer, tensor(arguments.get(0)), arguments.get(0), arguments.get(1), inference);
            }
            JsonNode only = arguments.path(0);
            List<Output> inputs = new ArrayList<>();
            for (JsonNode taken : only.isArray() ? only : arguments) {
                inputs.add(output(tensor(taken)));
            }
            if (arguments.size() != 1 || inputs.isEmpty()) {
                throw builder.refused(layer, "is called with %d arguments, expected one".formatted(arguments.size()));
            }
            return new Call(List.copyOf(inputs), null, false, inference);
        }

        /** The place that a tensor of Keras 3 is from; missing for what is none. */
        private static JsonNode tensor(JsonNode argument) {
            return argument.path("config").path("keras_history");
        }

        /** {@code [[name, call, output, {}]]}, in a layer that merges one for each input. */
        private Call callOfKeras2(JsonNode layer, JsonNode node) throws IOException {
            List<Output> inputs = new ArrayList<>();
            boolean inference = false;
            for (JsonNode taken : node.path(0).isTextual() ? List.of(node) : node) {
                JsonNode arguments = taken.path(3);
                if (type(layer).equals("TFOpLambda") && arguments.hasNonNull("y")) {
                    return operation(layer, taken, null, arguments.get("y"), false);
                }
                inputs.add(output(taken));
                inference |= inInference(layer, arguments);
            }
            return new Call(List.copyOf(inputs), null, false, inference);
        }

        /**
         * An operation of two tensors, or of one and a number.
         *
         * @param x where the first tensor is from; missing where it is a number
         * @param number the first argument where it is one
         */
        private Call operation(JsonNode layer, JsonNode x, JsonNode number, JsonNode y, boolean inference)
                throws IOException {
            JsonNode second = y.isArray() ? y : tensor(y);
            if (x.isArray() && second.isArray()) {
                return new Call(List.of(output(x), output(second)), null, false, inference);
            }
            if (x.isArray() && y.isNumber()) {
                return new Call(List.of(output(x)), y.asDouble(), false, inference);
            }
            if (second.isArray() && number != null && number.isNumber()) {
                return new Call(List.of(output(second)), number.asDouble(), true, inference);
            }
            throw builder.refused(layer, "is called with arguments that are neither tensors nor numbers");
        }

        /** Whether a layer is called with {@code training=False}. Other arguments change what it computes. */
        private boolean inInference(JsonNode layer, JsonNode arguments) throws IOException {
            for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
                boolean told =
                        !argument.getValue().isNull() && !argument.getKey().equals("name");
                boolean isFalse = argument.getKey().equals("training")
                        && argument.getValue().isBoolean()
                        && !argument.getValue().asBoolean();
                if (told && !isFalse) {
                    throw builder.refused(
                            layer,
                            "is called with %s=%s, which changes what it computes"
                                    .formatted(argument.getKey(), argument.getValue()));
                }
            }
            return arguments.hasNonNull("training");
        }
    }
}
