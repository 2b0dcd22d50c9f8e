package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Arguments in Keras's configurations that a layer here does not have: what they may be without changing its result.
 */
final class OtherArguments {

    static final String ACTIVATION = "activation";

    /** Arguments that say nothing of what is computed in inference. */
    private static final Pattern SILENT = Pattern.compile(
            "name|trainable|dtype|seed|rng_type|batch_(input_)?shape|renorm_momentum|.*_(initializer|regularizer|constraint)");

    /** What arguments must be that our layers do not have, for these compute what Keras's do by default. */
    private static final Map<String, Set<String>> USUAL = Map.ofEntries(
            Map.entry("data_format", Set.of("\"channels_last\"")),
            Map.entry("dilation_rate", Set.of("[1,1]", "1")),
            Map.entry("groups", Set.of("1")),
            Map.entry("depth_multiplier", Set.of("1")),
            Map.entry("padding", Set.of("\"valid\"")),
            Map.entry("use_bias", Set.of("true")),
            Map.entry("center", Set.of("true")),
            Map.entry("scale", Set.of("true")),
            Map.entry("axis", Set.of("-1", "[-1]", "3", "[3]")),
            Map.entry("negative_slope", Set.of("0", "0.0", "[0.0]")),
            Map.entry("threshold", Set.of("0", "0.0", "[0.0]")),
            Map.entry(ACTIVATION, Set.of("\"linear\"")));

    private OtherArguments() {}

    /** Whether an argument says nothing of what is computed in inference. */
    static boolean isSilent(String name) {
        return SILENT.matcher(name).matches();
    }

    /** Whether an argument leaves a layer as it is without that argument. */
    static boolean isUsual(String name, JsonNode value) {
        boolean off = value.isNull() || value.isBoolean() && !value.asBoolean() && !USUAL.containsKey(name);
        if (off || isSilent(name)) {
            return true;
        }
        boolean function = name.equals(ACTIVATION) && activation(value) != null;
        JsonNode found = function ? TextNode.valueOf(activation(value)) : value;
        return USUAL.getOrDefault(name, Set.of()).contains(found.toString());
    }

    /**
     * Keras's name of an activation, which stands as a name or as a function of that name.
     *
     * @return null where it is anything else
     */
    static String activation(JsonNode activation) {
        return activation.isObject() ? activation.path("config").textValue() : activation.textValue();
    }
}
