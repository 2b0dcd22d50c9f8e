package distill.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts together what {@link Layer#config} gives. */
final class LayerConfig {

    private final Map<String, Object> entries = new LinkedHashMap<>();

    /** That of a layer that pools windows. */
    static Map<String, Object> ofPooling(Sides pool, Sides strides, Padding padding) {
        return new LayerConfig()
                .with("pool_size", pool.list())
                .with("strides", strides.list())
                .unless(Padding.VALID.kerasName(), "padding", padding.kerasName())
                .map();
    }

    LayerConfig with(String argument, Object value) {
        entries.put(argument, value);
        return this;
    }

    /** Leaves the argument out where it has Keras's default. */
    LayerConfig unless(Object usual, String argument, Object value) {
        if (!value.equals(usual)) {
            entries.put(argument, value);
        }
        return this;
    }

    Map<String, Object> map() {
        return Collections.unmodifiableMap(entries);
    }
}
