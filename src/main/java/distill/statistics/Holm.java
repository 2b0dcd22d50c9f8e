package distill.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction for the number of tests in a family: each p is adjusted so that rejecting what is under .05 rejects
 * any true hypothesis in at most 5 % of cases. The i-th smallest of m is multiplied by m - i + 1, and none becomes
 * smaller than one before it. Source: Holm 1979, Scandinavian Journal of Statistics 6.
 */
public final class Holm {

    private Holm() {}

    /** The adjusted p-values, in the order of the given ones; none over 1. */
    public static double[] adjust(double... p) {
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int i = 0; i < order.length; i++) {
            largest = Math.max(largest, Math.min(1, (p.length - i) * p[order[i]]));
            adjusted[order[i]] = largest;
        }
        return adjusted;
    }
}
