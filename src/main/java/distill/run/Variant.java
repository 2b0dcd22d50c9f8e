package distill.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** The two readings of the report. They have their data, order, optimiser and epochs in common. */
public enum Variant {
    /** What the report's programs do, {@linkplain Slip slips} included. The report's numbers came from this. */
    AS_WRITTEN,
    /** What the report's formulas and text say. */
    AS_DESCRIBED;

    /**
     * The variant with a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Variant of(String label) {
        return Arrays.stream(values())
                .filter(variant -> variant.toString().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("the readings are as-written and as-described, found " + label));
    }

    /** {@code as-written} or {@code as-described}. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
