package distill.nn;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Values by their labels, which are what their {@code toString} gives. */
public final class Labels {

    private Labels() {}

    /**
     * The value with a label.
     *
     * @param kind what the error calls the values: "networks"
     * @throws IllegalArgumentException where there is none, with the labels that there are
     */
    public static <V> V find(String kind, V[] values, String label) {
        return Arrays.stream(values)
                .filter(value -> value.toString().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the %s are %s, found %s"
                        .formatted(
                                kind,
                                Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", ")),
                                label)));
    }
}
