package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import distill.nn.Initializer;
import distill.nn.Initializer.Constant;
import distill.nn.Initializer.Normal;
import distill.nn.Initializer.NotDrawn;
import distill.nn.Initializer.Uniform;
import distill.nn.Initializer.VarianceScaling;
import distill.nn.Initializer.VarianceScaling.Fan;
import distill.nn.Initializer.VarianceScaling.Form;
import distill.nn.Network;

/** Keras's initialisers, as a configuration has them: a class with its arguments, or its name in snake case. */
final class KerasInitializers {

    private static final double STDDEV = .05;

    private KerasInitializers() {}

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
