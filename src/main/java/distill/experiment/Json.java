package distill.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collection;

/** How records become JSON: snake_case names, nothing for what is absent, fields of later versions ignored. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final JsonMapper CANONICAL = MAPPER.rebuild()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private Json() {}

    /** One line. */
    static String write(Object value) {
        return write(MAPPER, value);
    }

    /**
     * One line with the fields in alphabetical order, so that equal records give equal text whatever order their code
     * has.
     */
    static String canonical(Object value) {
        return write(CANONICAL, value);
    }

    /** Whether a text is an object that has all of these fields. */
    static boolean hasAll(String text, Collection<String> fields) throws JsonProcessingException {
        JsonNode node = MAPPER.readTree(text);
        return node != null && fields.stream().allMatch(node::hasNonNull);
    }

    static <R> R read(String text, Class<R> type) throws JsonProcessingException {
        return MAPPER.readValue(text, type);
    }

    private static String write(ObjectMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that is not JSON: " + value, e);
        }
    }
}
