package distill.report;

import distill.report.statistics.Estimate;
import distill.report.statistics.Spread;
import distill.run.Run;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * The test accuracies of one setting's runs, one for each seed.
 *
 * @param n how many
 * @param mean in percent
 * @param sd sample standard deviation in percent; NaN for one run
 */
public record Cell(int n, double mean, double sd) {

    /** A cell of at least one run. */
    public static Cell of(Collection<Run> runs) {
        return of(runs.stream().mapToDouble(Run::testAccuracy).toArray());
    }

    /** The same of at least one number. */
    public static Cell of(double... values) {
        return new Cell(
                values.length,
                Arrays.stream(values).average().orElseThrow(),
                Spread.of(values).sd());
    }

    /** A cell of one run. */
    public static Cell single(double accuracy) {
        return new Cell(1, accuracy, Double.NaN);
    }

    /** The mean with its standard error sd / sqrt(n), of several runs that are independent draws. */
    public Estimate estimate() {
        return new Estimate(mean, sd / Math.sqrt(n), n - 1);
    }

    /** As {@link distill.report.statistics.Spread#furtherRun}, of several runs. */
    public Estimate furtherRun() {
        return new Estimate(mean, sd * Math.sqrt(1 + 1. / n), n - 1);
    }

    /** {@code 97.71}, or with several runs {@code 97.71 ± 0.12}. */
    public String text() {
        return n == 1 ? percent(mean) : percent(mean) + " ± " + percent(sd);
    }

    /** The same and, with several runs, the 95 % interval of the mean: {@code 97.71 ± 0.12 (97.62 to 97.80)}. */
    public String textWithInterval() {
        return n == 1 ? text() : text() + " (" + estimate().interval().text() + ")";
    }

    /** Two decimals. */
    public static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
