package distill.statistics;

import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.FDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * An F test of whether a factor of a linear model has any effect.
 *
 * @param f mean square of the factor over that of the error
 * @param numerator degrees of freedom of the factor
 * @param denominator degrees of freedom of the error
 */
public record FTest(double f, int numerator, int denominator) {

    private static final double LEVEL = .05;
    private static final double POWER = .8;

    /** Whose powers are 1 to the last digit, with any degrees of freedom here. */
    private static final double LARGE = 1e4;

    private static final int HALVINGS = 60;

    /** Beyond so many standard deviations from its mean a Poisson distribution has less than 1e-15. */
    private static final int POISSON_END = 10;

    /** Probability of so large an F where there is no effect. */
    public double p() {
        return FDistribution.of(numerator, denominator).survivalProbability(f);
    }

    /**
     * The smallest true difference of two levels of the factor that such a test finds in at least 80 % of cases, in
     * standard errors of that difference, wherever the other levels lie: the root of the noncentrality, which is at
     * least the square of that difference. Sources: Scheffe 1959, The Analysis of Variance, 2.8 and 3.3; Cohen 1988,
     * Statistical Power Analysis, 8.2, the pattern of least variability.
     *
     * @param tests how many are corrected together; the level is 5 % over their number, the hardest of Holm's
     */
    public double detectable(int tests) {
        double critical = FDistribution.of(numerator, denominator).inverseSurvivalProbability(LEVEL / tests);
        double low = 0;
        double high = LARGE;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (power(critical, middle) < POWER) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(high);
    }

    /** How often F is over {@code critical}: the noncentral F distribution, a Poisson mixture of beta distributions. */
    private double power(double critical, double noncentrality) {
        PoissonDistribution mixture = PoissonDistribution.of(noncentrality / 2);
        double reach = POISSON_END * Math.sqrt(noncentrality / 2 + POISSON_END);
        double x = numerator * critical / (numerator * critical + denominator);
        return IntStream.rangeClosed(
                        (int) Math.max(0, noncentrality / 2 - reach), (int) Math.ceil(noncentrality / 2 + reach))
                .mapToDouble(j -> mixture.probability(j)
                        * BetaDistribution.of(numerator / 2. + j, denominator / 2.)
                                .survivalProbability(x))
                .sum();
    }
}
