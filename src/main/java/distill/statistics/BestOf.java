package distill.statistics;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The best of {@code n} runs that differ by chance alone, all from one normal distribution, in units of its standard
 * deviation. Its distribution function is Phi(x)^n. Source: David and Nagaraja, Order Statistics, 2.1 and 3.1.
 *
 * @param n how many runs, at least 1
 */
public record BestOf(int n) {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    /** Beyond so many standard deviations there is less than 1e-15. */
    private static final double END = 10;

    private static final int STEPS = 2_000;

    /** How far the best is over the mean, on average: 2.04 for n = 30. */
    public double mean() {
        return integral(x -> x * n * NORMAL.density(x) * Math.pow(NORMAL.cumulativeProbability(x), n - 1));
    }

    /** How often the best is at least {@code distance} over one further run; at 0 it is n / (n + 1). */
    public double overOne(double distance) {
        return integral(x -> NORMAL.density(x) * (1 - Math.pow(NORMAL.cumulativeProbability(x + distance), n)));
    }

    /** By Simpson's rule. */
    private static double integral(DoubleUnaryOperator f) {
        double step = 2 * END / STEPS;
        double sum = f.applyAsDouble(-END) + f.applyAsDouble(END);
        for (int i = 1; i < STEPS; i++) {
            sum += (i % 2 == 1 ? 4 : 2) * f.applyAsDouble(-END + i * step);
        }
        return sum * step / 3;
    }
}
