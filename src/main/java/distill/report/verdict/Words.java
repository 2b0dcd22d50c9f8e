package distill.report.verdict;

import static distill.statistics.Rounded.signed;

import distill.statistics.Interval;
import distill.statistics.SeedsNeeded;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

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

    /** {@code Student} of {@code student}. */
    static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** {@code 95 % interval -0.18 to +0.18}. */
    static String interval(Interval interval) {
        return "95 % interval " + signed(interval.low()) + " to " + signed(interval.high());
    }

    /** {@code 0.2}, {@code 1}: as many decimals as a margin has. */
    static String margin(double points) {
        return text("%s", points).replaceAll("\\.0$", "");
    }

    /**
     * What would settle an inconclusive verdict, as a sentence with a space before it.
     *
     * @param settles whether so many seeds settle it, by {@link SeedsNeeded}
     * @param evidence that {@code have} seeds are of
     */
    static String toSettle(IntPredicate settles, int have, Evidence evidence) {
        OptionalInt seeds = SeedsNeeded.least(have, settles);
        if (seeds.isEmpty()) {
            return " If the estimate and the spread stayed as seen, more than 1,000 seeds would be needed to settle it.";
        }
        int more = seeds.getAsInt() - have;
        return " If the estimate and the spread stay as seen, %s (%d in all) would settle it: %s."
                .formatted(
                        more == 1 ? "1 more seed" : more + " more seeds",
                        seeds.getAsInt(),
                        evidence.command(seeds.getAsInt()));
    }
}
