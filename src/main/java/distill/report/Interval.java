package distill.report;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A 95 % interval of test accuracies, in percent, or of other numbers. Where it is by Student's t distribution, the
 * runs of a cell are taken as independent draws from a normal distribution.
 */
public record Interval(double low, double high) {

    private static final double OUTSIDE = .05;
    private static final double UPPER_QUANTILE = 1 - OUTSIDE / 2;

    /**
     * The confidence interval of a cell's mean: mean ± t(n - 1) sd / sqrt(n). Source: NIST/SEMATECH e-Handbook of
     * Statistical Methods, 1.3.5.2.
     *
     * @param cell of several runs
     */
    public static Interval ofMean(Cell cell) {
        return around(cell.mean(), cell.n() - 1, cell.sd() / Math.sqrt(cell.n()));
    }

    /**
     * The same for one of {@code n} means, so wide that all n intervals hold together in 95 % of cases: each is by t's
     * quantile at 1 - .05 / (2 n). Source: Bonferroni's inequality; Dunn 1961, Journal of the American Statistical
     * Association 56.
     *
     * @param cell of several runs
     */
    public static Interval ofMeanAmong(int n, Cell cell) {
        return around(cell.mean(), cell.n() - 1, cell.sd() / Math.sqrt(cell.n()), 1 - OUTSIDE / 2 / n);
    }

    /**
     * The prediction interval of one more run of a cell: mean ± t(n - 1) sd sqrt(1 + 1 / n). Source: Hahn and Meeker,
     * Statistical Intervals, 1991: one future observation of a normal distribution.
     *
     * @param cell of several runs
     */
    public static Interval ofNextRun(Cell cell) {
        return around(cell.mean(), cell.n() - 1, cell.sd() * Math.sqrt(1 + 1. / cell.n()));
    }

    /**
     * Welch's confidence interval of the difference of two means, a - b, which lets the standard deviations differ: a -
     * b ± t(v) sqrt(u + w) with u = sd(a)^2 / n(a), w = sd(b)^2 / n(b) and v = (u + w)^2 / (u^2 / (n(a) - 1) + w^2 /
     * (n(b) - 1)). Sources: Welch 1947, Biometrika 34; NIST/SEMATECH e-Handbook, 1.3.5.3.
     *
     * @param a of several runs
     * @param b of several runs
     */
    public static Interval ofDifference(Cell a, Cell b) {
        double u = a.sd() * a.sd() / a.n();
        double w = b.sd() * b.sd() / b.n();
        double freedom = (u + w) * (u + w) / (u * u / (a.n() - 1) + w * w / (b.n() - 1));
        return around(a.mean() - b.mean(), freedom, Math.sqrt(u + w));
    }

    /**
     * The confidence interval of the slope of a straight line through points, by least squares: b ± t(n - 2) s /
     * sqrt(Sxx) with s^2 = sum of squared residuals / (n - 2). Source: NIST/SEMATECH e-Handbook, 4.4.3.1 and 4.1.4.1;
     * Draper and Smith, Applied Regression Analysis, 1.4.
     *
     * @param x of at least three points, not all equal
     * @param y of as many
     */
    public static Interval ofSlope(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double sxx = 0;
        for (double value : x) {
            sxx += (value - meanX) * (value - meanX);
        }
        double slope = slope(x, y);
        double meanY = Arrays.stream(y).average().orElseThrow();
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            double residual = y[i] - meanY - slope * (x[i] - meanX);
            squares += residual * residual;
        }
        return around(slope, x.length - 2, Math.sqrt(squares / (x.length - 2) / sxx));
    }

    /** The slope of the straight line through points by least squares, sum of (x - mean x) y / Sxx. */
    static double slope(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double sxx = 0;
        double sxy = 0;
        for (int i = 0; i < x.length; i++) {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            sxy += (x[i] - meanX) * y[i];
        }
        return sxy / sxx;
    }

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

    /** Runs that all agree have no spread, and no degrees of freedom either by Welch's formula. */
    private static Interval around(double centre, double freedom, double standardError) {
        return around(centre, freedom, standardError, UPPER_QUANTILE);
    }

    private static Interval around(double centre, double freedom, double standardError, double quantile) {
        if (standardError == 0) {
            return new Interval(centre, centre);
        }
        double half = TDistribution.of(freedom).inverseCumulativeProbability(quantile) * standardError;
        return new Interval(centre - half, centre + half);
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** {@code 97.58 to 97.85}. */
    public String text() {
        return Cell.percent(low) + " to " + Cell.percent(high);
    }

    /** {@code -0.12 to +0.35}. */
    public String signedText() {
        return String.format(Locale.ROOT, "%+.2f to %+.2f", low, high);
    }
}
