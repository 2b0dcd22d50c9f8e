package distill.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** A 95 % interval of test accuracies, in percent, or of other numbers. */
public record Interval(double low, double high) {

    private static final double UPPER_QUANTILE = .975;

    /**
     * Wilson's score interval of a share: (h + z^2 / 2 ± z sqrt(h (n - h) / n + z^2 / 4)) / (n + z^2) with the normal
     * distribution's quantile z = 1.96. It stays within [0, 1], and has a width where none or all are hits. Source:
     * Wilson 1927, Journal of the American Statistical Association 22.
     *
     * @param hits of n
     * @param n at least 1
     */
    public static Interval ofShare(int hits, int n) {
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(UPPER_QUANTILE);
        double centre = (hits + z * z / 2) / (n + z * z);
        double half = z * Math.sqrt((double) hits * (n - hits) / n + z * z / 4) / (n + z * z);
        return new Interval(centre - half, centre + half);
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** {@code 97.58 to 97.85}. */
    public String text() {
        return Sample.percent(low) + " to " + Sample.percent(high);
    }

    /** {@code -0.12 to +0.35}. */
    public String signedText() {
        return Rounded.signed(low) + " to " + Rounded.signed(high);
    }
}
