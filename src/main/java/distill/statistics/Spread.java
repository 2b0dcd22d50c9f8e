package distill.statistics;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The standard deviation of one run, as estimated from one cell's runs or from several cells whose runs are taken to
 * spread alike.
 *
 * @param sd in the runs' unit
 * @param freedom degrees of freedom; 0 where no cell has two runs, and {@code sd} is then NaN
 */
public record Spread(double sd, double freedom) {

    /**
     * The common spread of several cells: sqrt(sum of the squared differences from each cell's own mean / sum of (n -
     * 1)). Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.3, equal variances.
     *
     * @param cells each of at least one run
     */
    public static Spread pooled(Collection<double[]> cells) {
        double squares = cells.stream().mapToDouble(Spread::squares).sum();
        double freedom = cells.stream().mapToDouble(cell -> cell.length - 1).sum();
        return new Spread(Math.sqrt(squares / freedom), freedom);
    }

    /** The mean of a cell. */
    public Estimate mean(double... cell) {
        return new Estimate(average(cell), sd / Math.sqrt(cell.length), freedom);
    }

    /** Mean of one cell less mean of another. */
    public Estimate difference(double[] one, double[] other) {
        return fromMeanOf(one, List.of(other));
    }

    /**
     * Mean of one cell less the mean of the others' means.
     *
     * @param others at least one
     */
    public Estimate fromMeanOf(double[] one, Collection<double[]> others) {
        double mean = others.stream().mapToDouble(Spread::average).average().orElseThrow();
        double shares = others.stream().mapToDouble(other -> 1. / other.length).sum();
        return new Estimate(
                average(one) - mean, sd * Math.sqrt(1. / one.length + shares / others.size() / others.size()), freedom);
    }

    /**
     * What one further run of a cell will give: its mean, with the standard error sd sqrt(1 + 1 / n), whose interval
     * predicts that run. Source: Hahn and Meeker, Statistical Intervals, 1991, one future observation.
     */
    public Estimate furtherRun(double... cell) {
        return new Estimate(average(cell), sd * Math.sqrt(1 + 1. / cell.length), freedom);
    }

    /**
     * How far further runs, one of each cell, lie from the cells' means on average.
     *
     * @param cells each of at least one run
     * @param further the further run of each cell, in the same order
     * @param independent how many independent cells they are worth; fewer than there are where what the further runs
     *     share, as a teacher, adds to their variance
     */
    public Estimate shift(List<double[]> cells, double[] further, double independent) {
        double shift = 0;
        double shares = 0;
        for (int i = 0; i < further.length; i++) {
            shift += (further[i] - average(cells.get(i))) / further.length;
            shares += 1. / cells.get(i).length / further.length;
        }
        return new Estimate(shift, sd * Math.sqrt((1 + shares) / independent), freedom);
    }

    private static double average(double[] cell) {
        return Arrays.stream(cell).average().orElseThrow();
    }

    private static double squares(double[] cell) {
        double mean = average(cell);
        return Arrays.stream(cell).map(value -> (value - mean) * (value - mean)).sum();
    }
}
