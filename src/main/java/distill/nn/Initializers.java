package distill.nn;

import java.util.Map;

/**
 * How a layer's weights start.
 *
 * @param own by the weight's name in the layer: {@code kernel}; a weight that is not in it starts as Keras's default
 */
public record Initializers(Map<String, Initializer> own) {

    /** Keras's defaults for all. */
    public static final Initializers USUAL = new Initializers(Map.of());

    /** That of a weight whose default is {@code usual}. */
    Initializer of(String weight, Initializer usual) {
        return own.getOrDefault(weight, usual);
    }
}
