package distill.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * A sample of numbers, such as the test accuracies of one setting's runs, one for each seed.
 *
 * @param n how many
 * @param mean in percent, where accuracies are meant
 * @param sd the sample standard deviation in the same unit; NaN for one number
 */
public record Sample(int n, double mean, double sd) {

    /** A sample of at least one number. */
    public static Sample of(double... values) {
        return new Sample(
                values.length,
                Arrays.stream(values).average().orElseThrow(),
                Spread.pooled(List.of(values)).sd());
    }

    /** A sample of one number. */
    public static Sample single(double value) {
        return new Sample(1, value, Double.NaN);
    }

    /** The mean with its standard error sd / sqrt(n), of several numbers that are independent draws. */
    public Estimate estimate() {
        return new Estimate(mean, sd / Math.sqrt(n), n - 1);
    }

    /** A further number of several that are independent draws, as {@link Spread#furtherRun} predicts it. */
    public Estimate furtherRun() {
        return new Estimate(mean, sd * Math.sqrt(1 + 1. / n), n - 1);
    }

    /** {@code 97.71}, or of several numbers {@code 97.71 ± 0.12}. */
    public String text() {
        return n == 1 ? percent(mean) : percent(mean) + " ± " + percent(sd);
    }

    /** A percentage with two decimals. */
    public static String percent(double value) {
        return Rounded.text("%.2f", value);
    }
}
