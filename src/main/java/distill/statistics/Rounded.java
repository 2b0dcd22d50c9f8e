package distill.statistics;

import java.util.Locale;
import java.util.regex.Pattern;

/** Rounded numbers as text. */
public final class Rounded {

    private static final Pattern SIGNED_ZERO = Pattern.compile("[+-](0(?:\\.0+)?)");

    private Rounded() {}

    /**
     * A number in a format of {@link String#format}, with a decimal point; what rounds to zero has no sign:
     * {@code 0.00} for -0.004 with two decimals.
     */
    public static String text(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        var zero = SIGNED_ZERO.matcher(text);
        return zero.matches() ? zero.group(1) : text;
    }

    /** Percentage points with their sign and two decimals: {@code +0.71}, {@code -0.12}, {@code 0.00}. */
    public static String signed(double points) {
        return signed(points, 2);
    }

    /** A number with its sign. */
    public static String signed(double value, int decimals) {
        return text("%+." + decimals + "f", value);
    }
}
