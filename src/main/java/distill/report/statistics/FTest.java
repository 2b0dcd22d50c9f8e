package distill.report.statistics;

import org.apache.commons.statistics.distribution.FDistribution;

/**
 * An F test of whether a factor of a linear model has any effect.
 *
 * @param f mean square of the factor over that of the error
 * @param numerator degrees of freedom of the factor
 * @param denominator degrees of freedom of the error
 */
public record FTest(double f, int numerator, int denominator) {

    /** Probability of so large an F where there is no effect. */
    public double p() {
        return FDistribution.of(numerator, denominator).survivalProbability(f);
    }
}
