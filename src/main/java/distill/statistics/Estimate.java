package distill.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A mean, or a difference of means, whose error follows Student's t distribution.
 *
 * @param value in percent, where accuracies are estimated
 * @param standardError of the value, in its unit; 0 where all runs agree
 * @param freedom degrees of freedom of the standard error, over 0
 */
public record Estimate(double value, double standardError, double freedom) {

    private static final double OUTSIDE = .05;
    private static final double POWER = .8;

    /**
     * The mean of a sample, of its own spread: standard error s / sqrt(n). Of paired differences it is Student's paired
     * test. Source: Student 1908, Biometrika 6.
     *
     * @param sample at least two values
     */
    public static Estimate ofMean(double... sample) {
        return Sample.of(sample).estimate();
    }

    /**
     * This less another, independent one, whose standard deviations may differ: with standard errors e and f the
     * difference has sqrt(e^2 + f^2) and (e^2 + f^2)^2 / (e^4 / v + f^4 / w) degrees of freedom. Of two means it is
     * Welch's test. Sources: Welch 1947, Biometrika 34; Satterthwaite 1946, Biometrics Bulletin 2.
     */
    public Estimate minus(Estimate other) {
        double e = standardError * standardError;
        double f = other.standardError * other.standardError;
        double v = e + f == 0 ? freedom + other.freedom : (e + f) * (e + f) / (e * e / freedom + f * f / other.freedom);
        return new Estimate(value - other.value, Math.sqrt(e + f), v);
    }

    /** This and another, independent one: {@link #minus} with the other's sign turned round. */
    public Estimate plus(Estimate other) {
        return minus(other.times(-1));
    }

    /** A multiple of this. */
    public Estimate times(double factor) {
        return new Estimate(factor * value, Math.abs(factor) * standardError, freedom);
    }

    /** Probability of a value at least as far from 0, on either side, where the true one is 0. */
    public double p() {
        return pOf(0);
    }

    /**
     * Probability of a value at least as far from {@code other}, on either side, where that is the true one, or a
     * further run.
     */
    public double pOf(double other) {
        double distance = Math.abs(value - other);
        double t = distance == 0 ? 0 : distance / standardError;
        return 2 * TDistribution.of(freedom).survivalProbability(t);
    }

    /** The 95 % confidence interval. */
    public Interval interval() {
        return intervalAmong(1);
    }

    /**
     * One of {@code n} intervals that all hold together in at least 95 % of cases. Source: Bonferroni's inequality;
     * Dunn 1961, Journal of the American Statistical Association 56.
     */
    public Interval intervalAmong(int n) {
        double half = halfWidth(n);
        return new Interval(value - half, value + half);
    }

    /** How far {@link #intervalAmong} reaches to either side. */
    public double halfWidth(int n) {
        return standardError * quantile(1 - OUTSIDE / 2 / n);
    }

    /**
     * The smallest true difference that a two-sided test finds in at least 80 % of cases, (t(1 - .025 / tests) + t(.8))
     * standard errors. Source: Bloom 1995, Minimum detectable effects, Evaluation Review 19.
     *
     * @param tests how many are corrected together; the level is 5 % over their number, the hardest of Holm's
     */
    public double detectable(int tests) {
        return standardError * (quantile(1 - OUTSIDE / 2 / tests) + quantile(POWER));
    }

    private double quantile(double probability) {
        return TDistribution.of(freedom).inverseCumulativeProbability(probability);
    }
}
