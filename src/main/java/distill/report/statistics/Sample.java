package distill.report.statistics;

import java.util.Arrays;

/** Mean and spread of some numbers. */
public final class Sample {

    private Sample() {}

    /** The mean of at least one. */
    public static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Sum of the squared differences from the mean. */
    public static double squares(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
    }

    /** Sample variance, the squares over n - 1, of at least two. */
    public static double variance(double[] values) {
        return squares(values) / (values.length - 1);
    }
}
