package distill.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** Whose Adam trains. In exact arithmetic both take the same steps; they round differently. */
public enum AdamForm {
    /** Keras 2's, which the report's programs ran: TensorFlow's fused kernel. */
    KERAS2,
    /** Keras 3's, which is composed of single operations. */
    KERAS3;

    /**
     * The form with a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static AdamForm of(String label) {
        return Arrays.stream(values())
                .filter(form -> form.toString().equals(label))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("the forms of Adam are keras2 and keras3, found " + label));
    }

    /** {@code keras2} or {@code keras3}. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
