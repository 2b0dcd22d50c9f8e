package distill.report.verdict;

import distill.page.Cell;
import distill.page.Document;
import distill.statistics.Estimate;
import distill.statistics.Interval;

/**
 * A number that a verdict rests on.
 *
 * @param name what it is, with its unit where that is not percent
 * @param seeds how many seeds it was computed from, of two sides the fewer; 0 where it is not from runs
 * @param value the number
 * @param interval its 95 % interval, a confidence interval but where the verdict's test says that it predicts a single
 *     run; null without one, or where its standard error has one degree of freedom, as of two runs
 * @param report the report's own number of this kind; null where it has none
 * @param decimals how many are worth printing
 */
public record Quantity(String name, int seeds, double value, Interval interval, Double report, int decimals) {

    /** In percent: what the report, in its question 5, calls little. */
    static final double LITTLE = 1;

    private static final int PERCENT_DECIMALS = 2;

    /** Of which on intervals are printed: those of two runs reach thirteen standard errors to either side. */
    private static final double LEAST_FREEDOM = 2;

    /** A percentage, or a difference of two, without an interval. */
    static Quantity percent(String name, int seeds, double value, Double report) {
        return new Quantity(name, seeds, value, null, report, PERCENT_DECIMALS);
    }

    /** A percentage, or a difference of two, with its interval. */
    static Quantity percent(String name, int seeds, Estimate estimate, Double report) {
        return percent(name, seeds, estimate, 1, report);
    }

    /** One of {@code among} percentages, with intervals that hold together. */
    static Quantity percent(String name, int seeds, Estimate estimate, int among, Double report) {
        Interval interval = estimate.freedom() < LEAST_FREEDOM ? null : estimate.intervalAmong(among);
        return new Quantity(name, seeds, estimate.value(), interval, report, PERCENT_DECIMALS);
    }

    /** The mean of at least one seed's runs in percent, with an interval where there are three or more. */
    static Quantity mean(String name, double[] runs, Double report) {
        return runs.length < 2
                ? percent(name, 1, runs[0], report)
                : percent(name, runs.length, Estimate.ofMean(runs), report);
    }

    /** A number without an interval that the report has no counterpart of. */
    static Quantity plain(String name, int seeds, double value, int decimals) {
        return new Quantity(name, seeds, value, null, null, decimals);
    }

    /** A number that is counted without runs, with the report's. */
    static Quantity counted(String name, double value, double report, int decimals) {
        return new Quantity(name, 0, value, null, report, decimals);
    }

    /** Whether the report's number lies in the interval; false where either is missing. */
    boolean inside() {
        return interval != null && report != null && interval.contains(report);
    }

    /** {@code 97.71}, with as many decimals as are worth printing. */
    String text(double number) {
        return cell(number).text();
    }

    Cell cell(double number) {
        return Cell.number(number, "%,." + decimals + "f");
    }

    /** {@code 97.24 to 98.15}. */
    String intervalText() {
        return text(interval.low()) + " to " + text(interval.high());
    }

    /** {@code T = 16, alpha = 0.9: 97.69 (97.24 to 98.15), report 98.08, 10 seeds}. */
    String line() {
        return name + ": " + unnamed();
    }

    /** The same to be drawn, which only a number with an interval can be. */
    Document.Effect effect() {
        return new Document.Effect(name, value, interval, report, unnamed());
    }

    private String unnamed() {
        return text(value)
                + (interval == null ? "" : " (" + intervalText() + ")")
                + (report == null ? "" : ", report " + text(report))
                + (seeds == 0 ? "" : ", " + Words.count(seeds, "seed"));
    }
}
