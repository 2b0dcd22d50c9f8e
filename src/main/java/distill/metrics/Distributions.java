package distill.metrics;

import java.util.Arrays;

/**
 * Measures of discrete probability distributions, in nats. Source: Cover and Thomas, Elements of Information Theory.
 */
public final class Distributions {

    private Distributions() {}

    /**
     * softmax(v / T): Hinton, Vinyals and Dean 2015, Distilling the Knowledge in a Neural Network, eq. 1.
     *
     * @param logits v, at least one
     * @param temperature T, over 0
     */
    public static double[] softmax(double[] logits, double temperature) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double[] powers = Arrays.stream(logits)
                .map(logit -> Math.exp((logit - largest) / temperature))
                .toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(power -> power / sum).toArray();
    }

    /**
     * The entropy -sum p ln p: 0 where one outcome is certain, ln n where n are equally likely.
     *
     * @param p adds up to 1
     */
    public static double entropy(double[] p) {
        return Arrays.stream(p)
                .map(value -> value == 0 ? 0 : -value * Math.log(value))
                .sum();
    }

    /**
     * The Kullback-Leibler divergence sum p ln(p / q): 0 where both are equal, infinite where q excludes what p has.
     *
     * @param p adds up to 1
     * @param q as many, adds up to 1
     */
    public static double divergence(double[] p, double[] q) {
        checkLengths(p, q);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i] == 0 ? 0 : p[i] * Math.log(p[i] / q[i]);
        }
        return sum;
    }

    /**
     * The total variation distance, half of sum |p - q|: 0 where both are equal, 1 where they share no outcome.
     *
     * @param p adds up to 1
     * @param q as many, adds up to 1
     */
    public static double totalVariation(double[] p, double[] q) {
        checkLengths(p, q);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.abs(p[i] - q[i]);
        }
        return sum / 2;
    }

    private static void checkLengths(double[] p, double[] q) {
        if (p.length != q.length) {
            throw new IllegalArgumentException(
                    "both distributions must have the same outcomes, found %d and %d".formatted(p.length, q.length));
        }
    }
}
