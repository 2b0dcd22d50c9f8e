package distill.report.statistics;

import distill.report.Interval;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * An estimated difference whose error follows Student's t distribution.
 *
 * @param estimate in percent, where accuracies are compared
 * @param standardError of the estimate, in its unit; 0 where all runs agree
 * @param freedom degrees of freedom of the standard error, over 0
 */
public record Contrast(double estimate, double standardError, double freedom) {

    private static final double OUTSIDE = .05;
    private static final double POWER = .8;

    /**
     * Mean of {@code a} minus mean of {@code b}, whose standard deviations may differ. Source: Welch 1947, Biometrika
     * 34: v = (u + w)^2 / (u^2 / (n(a) - 1) + w^2 / (n(b) - 1)) with u = s(a)^2 / n(a), w = s(b)^2 / n(b).
     *
     * @param a at least two values
     * @param b at least two values
     */
    public static Contrast welch(double[] a, double[] b) {
        double u = Sample.variance(a) / a.length;
        double w = Sample.variance(b) / b.length;
        double freedom = u + w == 0
                ? a.length + b.length - 2
                : (u + w) * (u + w) / (u * u / (a.length - 1) + w * w / (b.length - 1));
        return new Contrast(Sample.mean(a) - Sample.mean(b), Math.sqrt(u + w), freedom);
    }

    /**
     * The mean of paired differences. Source: Student 1908, Biometrika 6.
     *
     * @param differences at least two
     */
    public static Contrast paired(double[] differences) {
        return new Contrast(
                Sample.mean(differences),
                Math.sqrt(Sample.variance(differences) / differences.length),
                differences.length - 1);
    }

    /** Probability of an estimate at least as far from 0, on either side, where the true difference is 0. */
    public double p() {
        return Math.min(1, 2 * upper(Math.abs(t())));
    }

    /** Probability of an estimate at least as high where the true difference is 0. */
    public double pGreater() {
        return upper(t());
    }

    /** Probability of an estimate at least as low where the true difference is 0. */
    public double pLess() {
        return upper(-t());
    }

    /** The 95 % confidence interval. */
    public Interval interval() {
        return intervalAmong(1);
    }

    /** One of {@code n} intervals that all hold together in at least 95 % of cases: Bonferroni's inequality. */
    public Interval intervalAmong(int n) {
        double half = standardError == 0
                ? 0
                : standardError * TDistribution.of(freedom).inverseCumulativeProbability(1 - OUTSIDE / 2 / n);
        return new Interval(estimate - half, estimate + half);
    }

    /**
     * The smallest true difference that a two-sided test at 5 % finds in 80 % of cases: (t(.975) + t(.8)) standard
     * errors. Source: Bloom 1995, Evaluation Review 19, "minimum detectable effects".
     */
    public double detectable() {
        TDistribution distribution = TDistribution.of(freedom);
        return standardError
                * (distribution.inverseCumulativeProbability(1 - OUTSIDE / 2)
                        + distribution.inverseCumulativeProbability(POWER));
    }

    private double t() {
        return standardError == 0 && estimate == 0 ? 0 : estimate / standardError;
    }

    private double upper(double t) {
        return TDistribution.of(freedom).survivalProbability(t);
    }
}
