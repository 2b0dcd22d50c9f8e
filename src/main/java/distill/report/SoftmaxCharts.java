package distill.report;

import distill.metrics.Distributions;
import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Marker;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a second softmax does to a teacher's answer: the probabilities of one softmax, which the report's formulas have,
 * beside those of two, which its programs apply, at several temperatures.
 */
public final class SoftmaxCharts {

    /** Logits of the digits 0 to 9 for an image of a 7, rounded from what a trained teacher gives. */
    private static final double[] LOGITS = {-10, -2, 0, -1, -5, -10, -18, 16, -6, -2};

    private static final int RIGHT = 7;
    private static final int NEXT = 2;
    private static final int LEAST = 6;
    private static final List<Double> TEMPERATURES = List.of(1., 4., 64.);
    private static final double SHOWN = 4;

    private SoftmaxCharts() {}

    /** A chart for each temperature. */
    public static List<Chart> charts() {
        return TEMPERATURES.stream().map(SoftmaxCharts::chart).toList();
    }

    private static Chart chart(double temperature) {
        List<String> digits =
                IntStream.range(0, LOGITS.length).mapToObj(Integer::toString).toList();
        return new Chart(
                String.format(Locale.ROOT, "Softmax once and twice, T = %.0f", temperature),
                "",
                new Axis("digit", Scale.CATEGORIES, digits),
                new Axis("probability", Scale.SHARE),
                List.of(
                        bars("once (as-described)", Look.AS_DESCRIBED, once(temperature)),
                        bars("twice (as-written)", Look.AS_WRITTEN, twice(temperature))));
    }

    private static Series bars(String name, Look look, double[] probabilities) {
        return new Series(
                name,
                look,
                Line.NONE,
                Marker.NONE,
                IntStream.range(0, probabilities.length)
                        .mapToObj(digit -> new Point(digit, probabilities[digit]))
                        .toList());
    }

    /** softmax(v / T). */
    static double[] once(double temperature) {
        return Distributions.softmax(LOGITS, temperature);
    }

    /** softmax(softmax(v) / T). */
    static double[] twice(double temperature) {
        return Distributions.softmax(Distributions.softmax(LOGITS, 1), temperature);
    }

    /** The two readings by the example that the charts show. */
    public static String inWords() {
        double[] once = once(SHOWN);
        double[] twice = twice(SHOWN);
        return String.format(
                Locale.ROOT,
                "An example: a teacher sees a 7. At T = %.0f one softmax says 7 with %.1f %%, and that the image looks more"
                        + " like a %d (%.2f %%) than like a %d (%.2f %%): this is what a student can learn beyond the label. A"
                        + " second softmax takes probabilities for logits. They differ by 1 at most, so that it says 7 with %.1f"
                        + " %% and each other digit with %.1f %%: what told the %d from the %d is gone, at every temperature."
                        + " And as the programs leave out the division by the sum, their targets add up to %.2f in place of 1.",
                SHOWN,
                100 * once[RIGHT],
                NEXT,
                100 * once[NEXT],
                LEAST,
                100 * once[LEAST],
                100 * twice[RIGHT],
                100 * twice[NEXT],
                NEXT,
                LEAST,
                sumOfTargets(SHOWN));
    }

    /**
     * What the programs' targets add up to: exp((t - 2 max t) / T) of the teacher's probabilities t, as
     * {@link distill.loss.SoftTargets#UNNORMALISED} has them.
     */
    static double sumOfTargets(double temperature) {
        double[] probabilities = Distributions.softmax(LOGITS, 1);
        double most = Arrays.stream(probabilities).max().orElseThrow();
        return Arrays.stream(probabilities)
                .map(t -> Math.exp((t - 2 * most) / temperature))
                .sum();
    }
}
