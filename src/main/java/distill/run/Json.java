package distill.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.UnaryOperator;

/**
 * How records become JSON: snake_case names, nothing for what is absent. Fields of later versions are ignored, and NaN
 * is read as Python writes it.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Json() {}

    /** One line. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that is not JSON: " + value, e);
        }
    }

    /**
     * One line with the fields in the alphabetical order of their places, so that equal records give equal text
     * whatever order their code has.
     *
     * @param place of a field, which no other has
     */
    static String sorted(Object value, UnaryOperator<String> place) {
        ObjectNode sorted = MAPPER.createObjectNode();
        MAPPER.valueToTree(value).properties().stream()
                .sorted(Comparator.comparing(field -> place.apply(field.getKey())))
                .forEach(field -> sorted.set(field.getKey(), field.getValue()));
        return write(sorted);
    }

    /**
     * The record that a line holds.
     *
     * @throws IllegalArgumentException where the line is no object that has all of these fields, or has a text that
     *     would move a terminal's cursor, or worse
     */
    static <R> R readWhole(String text, Class<R> type, Collection<String> fields) throws JsonProcessingException {
        JsonNode node = MAPPER.readTree(text);
        for (String field : fields) {
            if (node == null || !node.hasNonNull(field)) {
                throw new IllegalArgumentException("it has no " + field);
            }
        }
        if (!isPrintable(node)) {
            throw new IllegalArgumentException("it has a text with control characters");
        }
        return MAPPER.treeToValue(node, type);
    }

    private static boolean isPrintable(JsonNode node) {
        return node.isTextual()
                ? node.textValue().chars().noneMatch(Character::isISOControl)
                : node.valueStream().allMatch(Json::isPrintable);
    }

    /** The record that a line holds. */
    public static <R> R read(String text, Class<R> type) throws JsonProcessingException {
        return MAPPER.readValue(text, type);
    }
}
