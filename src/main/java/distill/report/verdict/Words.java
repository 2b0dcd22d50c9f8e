package distill.report.verdict;

import java.util.Locale;

/** How numbers stand in sentences. */
final class Words {

    private static final double SMALLEST = .001;

    private Words() {}

    /** {@code String.format} with points for decimals. */
    static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** {@code p = 0.031}, {@code p < 0.001}. */
    static String p(double p) {
        return p < SMALLEST ? "p < 0.001" : text("p = %.3f", p);
    }

    /** {@code 1 run}, {@code 3 runs}. */
    static String count(long n, String what) {
        return n == 1 ? "1 " + what : n + " " + what + "s";
    }

    /** {@code Holds} of {@code holds}. */
    static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
