package distill.statistics;

import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How many seeds would settle what the present ones leave open, if what was estimated and the spread of one run stay as
 * they are: with m seeds in place of n a standard error is sqrt(n / m) times as large, and its degrees of freedom are
 * (m - 1) / (n - 1) times as many. Of a planned comparison; more seeds move the estimate, too.
 */
public final class SeedsNeeded {

    /** More than any one will train. */
    public static final int MOST = 1000;

    private SeedsNeeded() {}

    /** What an estimate from {@code seeds} seeds would be with {@code wanted} of them. */
    public static Estimate with(Estimate estimate, int seeds, int wanted) {
        return new Estimate(
                estimate.value(),
                estimate.standardError() * Math.sqrt((double) seeds / wanted),
                estimate.freedom() * (wanted - 1) / (seeds - 1));
    }

    /**
     * Whether with so many seeds the interval reaches no farther than {@code distance} to either side.
     *
     * @param seeds that the estimate is from, at least 2
     * @param among of how many intervals that hold together, or tests that are corrected together
     */
    public static IntPredicate reaching(Estimate estimate, int seeds, int among, double distance) {
        return wanted -> with(estimate, seeds, wanted).halfWidth(among) <= distance;
    }

    /** The least number of seeds over {@code seeds} that settles it; empty where it is over {@link #MOST}. */
    public static OptionalInt least(int seeds, IntPredicate settles) {
        return IntStream.rangeClosed(seeds + 1, MOST).filter(settles).findFirst();
    }
}
