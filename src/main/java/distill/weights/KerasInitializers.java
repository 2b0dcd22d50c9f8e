package distill.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Initializer;
import distill.nn.Initializer.Constant;
import distill.nn.Initializer.Normal;
import distill.nn.Initializer.NotDrawn;
import distill.nn.Initializer.Uniform;
import distill.nn.Initializer.VarianceScaling;
import distill.nn.Initializer.VarianceScaling.Fan;
import distill.nn.Initializer.VarianceScaling.Form;
import distill.nn.Network;
import java.util.Map;

/** Keras's initialisers, as a configuration has them: a class with its arguments, or its name in snake case. */
final class KerasInitializers {

    /** What follows a weight in the name of the argument that says how it starts. */
    static final String SUFFIX = "_initializer";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keras's names of the arguments of a {@code DepthwiseConv2D}, and of the weights that they are of. */
    static final Map<String, String> DEPTHWISE = Map.of("depthwise", "kernel", "bias", "bias");

    /** The same of a {@code SeparableConv2D}. */
    static final Map<String, String> SEPARABLE =
            Map.of("depthwise", "depthwise_kernel", "pointwise", "pointwise_kernel", "bias", "bias");

    private static final double STDDEV = .05;

    private KerasInitializers() {}

    /** The argument by which a layer of a class is told how a weight starts: {@code kernel_initializer}. */
    static String argument(String className, String weight) {
        Map<String, String> arguments =
                switch (className) {
                    case "DepthwiseConv2D" -> DEPTHWISE;
                    case "SeparableConv2D" -> SEPARABLE;
                    default -> Map.of(weight, weight);
                };
        return arguments.entrySet().stream()
                        .filter(argument -> argument.getValue().equals(weight))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(weight)
                + SUFFIX;
    }

    /** Keras's class of an initialiser that is known here. */
    static String className(Initializer initializer) {
        if (initializer instanceof Constant) {
            return "Constant";
        }
        if (initializer instanceof Uniform) {
            return "RandomUniform";
        }
        if (initializer instanceof Normal normal) {
            return normal.truncated() ? "TruncatedNormal" : "RandomNormal";
        }
        return "VarianceScaling";
    }

    /** Its arguments, as {@link #of} reads them. */
    static Map<String, Object> config(Initializer initializer) {
        if (initializer instanceof Constant constant) {
            return Map.of("value", constant.value());
        }
        if (initializer instanceof Uniform uniform) {
            return Map.of("minval", uniform.minimum(), "maxval", uniform.maximum());
        }
        if (initializer instanceof Normal normal) {
            return Map.of("mean", normal.mean(), "stddev", normal.standardDeviation());
        }
        VarianceScaling scaling = (VarianceScaling) initializer;
        return Map.of(
                "scale",
                scaling.scale(),
                "mode",
                switch (scaling.fan()) {
                    case IN -> "fan_in";
                    case OUT -> "fan_out";
                    case AVERAGE -> "fan_avg";
                },
                "distribution",
                switch (scaling.form()) {
                    case UNIFORM -> "uniform";
                    case NORMAL -> "untruncated_normal";
                    case TRUNCATED_NORMAL -> "truncated_normal";
                });
    }

    /** One that is not known here, as it was found: by its name, or as a class with arguments. */
    static JsonNode configuration(NotDrawn initializer) {
        String name = initializer.name();
        try {
            return name.startsWith("{")
                    ? JSON.readTree(name)
                    : JSON.getNodeFactory().textNode(name);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("it was written by Jackson: " + name, e);
        }
    }

    /** One that is not known is {@link NotDrawn}. */
    static Initializer of(JsonNode value) {
        String name = Network.Names.snakeCase(
                value.isTextual() ? value.asText() : value.path("class_name").asText());
        JsonNode config = value.path("config");
        return switch (name) {
            case "zeros", "zero" -> Initializer.ZEROS;
            case "ones", "one" -> Initializer.ONES;
            case "constant" ->
                config.path("value").isNumber() || config.path("value").isMissingNode()
                        ? new Constant(config.path("value").asDouble(0))
                        : new NotDrawn(value.toString());
            case "random_uniform", "uniform" ->
                new Uniform(
                        config.path("minval").asDouble(-STDDEV),
                        config.path("maxval").asDouble(STDDEV));
            case "random_normal", "normal" -> normal(config, false);
            case "truncated_normal" -> normal(config, true);
            case "glorot_uniform" -> Initializer.GLOROT_UNIFORM;
            case "glorot_normal" -> new VarianceScaling(1, Fan.AVERAGE, Form.TRUNCATED_NORMAL);
            case "he_uniform" -> new VarianceScaling(2, Fan.IN, Form.UNIFORM);
            case "he_normal" -> new VarianceScaling(2, Fan.IN, Form.TRUNCATED_NORMAL);
            case "lecun_uniform" -> new VarianceScaling(1, Fan.IN, Form.UNIFORM);
            case "lecun_normal" -> new VarianceScaling(1, Fan.IN, Form.TRUNCATED_NORMAL);
            case "variance_scaling" -> varianceScaling(value);
            default -> new NotDrawn(name.isEmpty() ? value.toString() : name);
        };
    }

    private static Initializer normal(JsonNode config, boolean truncated) {
        return new Normal(config.path("mean").asDouble(0), config.path("stddev").asDouble(STDDEV), truncated);
    }

    private static Initializer varianceScaling(JsonNode value) {
        JsonNode config = value.path("config");
        Fan fan =
                switch (config.path("mode").asText("fan_in")) {
                    case "fan_in" -> Fan.IN;
                    case "fan_out" -> Fan.OUT;
                    case "fan_avg" -> Fan.AVERAGE;
                    default -> null;
                };
        Form form =
                switch (config.path("distribution").asText("truncated_normal")) {
                    case "uniform" -> Form.UNIFORM;
                    case "untruncated_normal" -> Form.NORMAL;
                    case "truncated_normal", "normal" -> Form.TRUNCATED_NORMAL;
                    default -> null;
                };
        return fan == null || form == null
                ? new NotDrawn(value.toString())
                : new VarianceScaling(config.path("scale").asDouble(1), fan, form);
    }
}
