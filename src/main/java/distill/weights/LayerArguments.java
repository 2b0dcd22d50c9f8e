package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import distill.nn.Activation;
import distill.nn.Initializer;
import distill.nn.Initializers;
import distill.nn.Padding;
import distill.nn.Sides;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of one layer in a configuration that Keras saved. Whoever builds the layer takes those that it has;
 * {@link #checkOthers} looks at the rest. One that is missing has Keras's default, as in the configurations that this
 * program writes.
 */
final class LayerArguments {

    private static final String DATA_FORMAT = "data_format";
    private static final String CLASS = "class_name";
    private static final String CONFIG = "config";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String place;
    private final JsonNode config;
    private final Set<String> taken = new HashSet<>();

    /**
     * @param place what errors call the layer, with the file that it is in
     * @param config Keras's {@code get_config()} of the layer
     */
    LayerArguments(String place, JsonNode config) {
        this.place = place;
        this.config = config;
    }

    /** An error that says what was found and what is computed. */
    IOException refused(String argument, String computed) {
        return new IOException("%s has %s %s, with which this program does not compute: it computes %s"
                .formatted(place, argument, config.path(argument), computed));
    }

    /** Fails where an argument that nobody took may change what is computed. */
    void checkOthers() throws IOException {
        for (Map.Entry<String, JsonNode> argument : config.properties()) {
            String name = argument.getKey();
            if (name.equals(DATA_FORMAT) && argument.getValue().asText().equals("channels_first")) {
                throw refused(
                        name,
                        "channels_last alone, as TensorFlow does on a CPU; build the model with that and set its weights");
            }
            if (!taken.contains(name) && !OtherArguments.isUsual(name, argument.getValue())) {
                throw new IOException("%s has %s %s, with which this program does not compute"
                        .formatted(place, name, argument.getValue()));
            }
        }
    }

    /** Whether there is an argument that is not null. */
    boolean has(String argument) {
        return !take(argument).isMissingNode();
    }

    /** An argument's value; missing where there is none, or null. Tuples and arrays are lists. */
    JsonNode take(String argument) {
        taken.add(argument);
        JsonNode value = plain(config.path(argument));
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    /** Keras 3 wraps Python's tuples and the arrays of NumPy and TensorFlow into objects. */
    private static JsonNode plain(JsonNode value) {
        return switch (value.path(CLASS).asText()) {
            case "__tuple__" -> value.path("items");
            case "__numpy__", "__tensor__" -> value.path(CONFIG).path("value");
            default -> value;
        };
    }

    boolean flag(String argument, boolean usual) throws IOException {
        JsonNode value = take(argument);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw refused(argument, "true or false");
        }
        return value.asBoolean(usual);
    }

    /** A whole number, at least {@code minimum}. */
    int whole(String argument, int usual, int minimum) throws IOException {
        JsonNode value = take(argument);
        if (value.isMissingNode()) {
            return usual;
        }
        if (!isWhole(value) || value.asInt() < minimum) {
            throw refused(argument, "whole numbers from %d".formatted(minimum));
        }
        return value.asInt();
    }

    /** As {@link #whole(String, int, int)}, of an argument that Keras has no default for. */
    int whole(String argument) throws IOException {
        if (!has(argument)) {
            throw new IOException("%s has no %s in its configuration".formatted(place, argument));
        }
        return whole(argument, 1, 1);
    }

    double number(String argument, double usual) throws IOException {
        List<Double> numbers = numbers(argument, List.of(usual));
        if (numbers.size() != 1) {
            throw refused(argument, "one number");
        }
        return numbers.get(0);
    }

    /** A number or a list of numbers, which may be a list in lists of one. */
    List<Double> numbers(String argument, List<Double> usual) throws IOException {
        JsonNode value = take(argument);
        while (value.isArray() && value.size() == 1) {
            value = value.get(0);
        }
        if (value.isMissingNode()) {
            return usual;
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode number : value.isArray() ? value : JSON.createArrayNode().add(value)) {
            if (!number.isNumber() || !Double.isFinite(number.asDouble())) {
                throw refused(argument, "a number, or one for each channel");
            }
            numbers.add(number.asDouble());
        }
        return List.copyOf(numbers);
    }

    /** A whole number or a list of them. */
    List<Integer> wholes(String argument, List<Integer> usual) throws IOException {
        JsonNode value = take(argument);
        if (value.isMissingNode()) {
            return usual;
        }
        List<Integer> wholes = new ArrayList<>();
        for (JsonNode number : value.isArray() ? value : JSON.createArrayNode().add(value)) {
            if (!isWhole(number)) {
                throw refused(argument, "whole numbers");
            }
            wholes.add(number.asInt());
        }
        return List.copyOf(wholes);
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.asDouble() == value.asInt();
    }

    /** A height and a width of at least 1, which may be one number for both. */
    Sides sides(String argument, Sides usual) throws IOException {
        List<Integer> sides = wholes(argument, List.of(usual.height(), usual.width()));
        if (sides.isEmpty() || sides.size() > 2 || sides.stream().anyMatch(side -> side < 1)) {
            throw refused(argument, "one whole number from 1, or two, down and to the right");
        }
        return new Sides(sides.get(0), sides.get(sides.size() - 1));
    }

    /** As {@link #sides(String, Sides)}, of an argument that Keras has no default for. */
    Sides sides(String argument) throws IOException {
        if (!has(argument)) {
            throw new IOException("%s has no %s in its configuration".formatted(place, argument));
        }
        return sides(argument, Sides.ONE);
    }

    /**
     * What is added to or taken from an image: {@code [[top, bottom], [left, right]]}, one number for each pair that is
     * alike, or one for all.
     *
     * @return top, bottom, left, right
     */
    int[] border(String argument, int usual) throws IOException {
        JsonNode value = take(argument);
        int[] border = new int[4];
        for (int i = 0; i < 4; i++) {
            JsonNode pair = value.isArray() ? value.path(i / 2) : value;
            JsonNode side = pair.isArray() ? pair.path(i % 2) : pair;
            if (!value.isMissingNode() && (!isWhole(side) || side.asInt() < 0)) {
                throw refused(argument, "[[top, bottom], [left, right]] in whole numbers from 0");
            }
            border[i] = side.asInt(usual);
        }
        return border;
    }

    Padding padding() throws IOException {
        String value = take("padding").asText("valid");
        for (Padding padding : Padding.values()) {
            if (padding.kerasName().equals(value)) {
                return padding;
            }
        }
        throw refused("padding", "\"valid\" and \"same\"");
    }

    /** The activation, which Keras leaves out, or has as null, for none. */
    Activation activation() throws IOException {
        JsonNode value = take(OtherArguments.ACTIVATION);
        if (value.isMissingNode()) {
            return Activation.LINEAR;
        }
        String name = OtherArguments.activation(value);
        Activation known = name == null ? null : Activation.of(name).orElse(null);
        if (known == null) {
            throw refused(OtherArguments.ACTIVATION, String.join(", ", Activation.kerasNames()));
        }
        if (known == Activation.HARD_SIGMOID && config.path("dtype").isTextual()) {
            throw refused(
                    OtherArguments.ACTIVATION,
                    "Keras 3's, min(max(x + 3, 0), 6) / 6, and this file has Keras 2's, min(max(.2 x + .5, 0), 1)");
        }
        return known;
    }

    /**
     * How the weights start that have an initialiser in the configuration.
     *
     * @param weights Keras's name of the argument, {@code kernel} for {@code kernel_initializer}, and the weight's
     */
    Initializers initializers(Map<String, String> weights) {
        Map<String, Initializer> own = new HashMap<>();
        weights.forEach((argument, weight) -> {
            JsonNode value = take(argument + KerasInitializers.SUFFIX);
            if (!value.isMissingNode()) {
                own.put(weight, KerasInitializers.of(value));
            }
        });
        return new Initializers(Map.copyOf(own));
    }

    /** As {@link #initializers(Map)}, where the argument and the weight have one name. */
    Initializers initializers(String... weights) {
        Map<String, String> names = new HashMap<>();
        for (String weight : weights) {
            names.put(weight, weight);
        }
        return initializers(names);
    }

    /** All arguments but the order of dimensions and those that say nothing of what is computed, as values of Java. */
    Map<String, Object> all() {
        Map<String, Object> all = new HashMap<>();
        config.properties().forEach(argument -> {
            taken.add(argument.getKey());
            boolean told = !argument.getValue().isNull() && !argument.getKey().equals(DATA_FORMAT);
            if (told && !OtherArguments.isSilent(argument.getKey())) {
                all.put(argument.getKey(), JSON.convertValue(argument.getValue(), Object.class));
            }
        });
        return Map.copyOf(all);
    }
}
