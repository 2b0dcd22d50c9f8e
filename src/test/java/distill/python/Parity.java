package distill.python;

import distill.nn.Weights;
import java.util.List;
import java.util.Locale;

/**
 * How far two replays of the same training are apart.
 *
 * @param loss largest relative difference of any step's loss
 * @param hard of its cross-entropy part
 * @param soft of its distillation part
 * @param weights largest relative L2 distance between the changes (end minus start) of one weight
 * @param predictions how many test images are predicted otherwise
 */
record Parity(double loss, double hard, double soft, double weights, long predictions) {

    private static final int LOSS = 1;

    /**
     * One side of a comparison.
     *
     * @param steps for each step its number, loss, hard and soft
     * @param weights after the last step
     * @param predictions the class of each test image
     */
    record Side(List<double[]> steps, Weights weights, int[] predictions) {}

    static Parity of(Weights start, Side ours, Side theirs) {
        return of(start, ours, theirs, new double[start.values().size()]);
    }

    /**
     * As {@link #of(Weights, Side, Side)}, with changes in parts of {@code least} where that is more than the change.
     *
     * @param least one L2 norm for each weight
     */
    static Parity of(Weights start, Side ours, Side theirs, double[] least) {
        if (ours.steps().size() != theirs.steps().size() || ours.predictions().length != theirs.predictions().length) {
            throw new IllegalArgumentException("%d and %d steps, %d and %d predictions"
                    .formatted(
                            ours.steps().size(),
                            theirs.steps().size(),
                            ours.predictions().length,
                            theirs.predictions().length));
        }
        long other = 0;
        for (int i = 0; i < ours.predictions().length; i++) {
            other += ours.predictions()[i] == theirs.predictions()[i] ? 0 : 1;
        }
        return new Parity(
                column(ours, theirs, LOSS),
                column(ours, theirs, 2),
                column(ours, theirs, 3),
                change(start, ours, theirs, least),
                other);
    }

    private static double column(Side ours, Side theirs, int column) {
        double largest = 0;
        for (int step = 0; step < ours.steps().size(); step++) {
            double[] one = ours.steps().get(step);
            double[] other = theirs.steps().get(step);
            // Such a part is nothing but rounding, and does not change the loss that it is added to.
            double nothing = Math.ulp(1.) * Math.abs(other[LOSS]);
            if (Math.abs(one[column]) >= nothing || Math.abs(other[column]) >= nothing) {
                largest = Math.max(largest, relative(one[column], other[column]));
            }
        }
        return largest;
    }

    /** The distance in parts of {@code theirs}; 0 where both are 0, and infinite for what is no number. */
    static double relative(double ours, double theirs) {
        double relative = ours == theirs ? 0 : Math.abs(ours - theirs) / Math.abs(theirs);
        return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    private static double change(Weights start, Side ours, Side theirs, double[] least) {
        double largest = 0;
        for (int w = 0; w < start.values().size(); w++) {
            double[] from = start.values().get(w).values();
            double[] a = ours.weights().values().get(w).values();
            double[] b = theirs.weights().values().get(w).values();
            double distance = 0;
            double length = 0;
            for (int i = 0; i < from.length; i++) {
                distance += (a[i] - b[i]) * (a[i] - b[i]);
                length += (b[i] - from[i]) * (b[i] - from[i]);
            }
            double relative = distance == 0 ? 0 : Math.sqrt(distance) / Math.max(Math.sqrt(length), least[w]);
            largest = Math.max(largest, Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative);
        }
        return largest;
    }

    /** Whether no column and no weight's change is further apart than this, and all predictions are the same. */
    boolean within(double columns, double changes) {
        return loss <= columns && hard <= columns && soft <= columns && weights <= changes && predictions == 0;
    }

    /** A row of docs/parity.md. */
    String row(String what) {
        return String.format(
                Locale.ROOT, "| %s | %.1e | %.1e | %.1e | %.1e | %d |", what, loss, hard, soft, weights, predictions);
    }
}
