package distill.report;

import distill.experiment.Explainers;
import distill.experiment.Explainers.Explained;
import distill.experiment.Explainers.Judged;
import distill.explain.Faithfulness;
import distill.page.Cell;
import distill.page.Csv;
import distill.page.Table;
import distill.run.Run;
import distill.statistics.Interval;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Question 9's numbers: how faithful the maps are, and the maps themselves. */
public final class ExplanationTables {

    private ExplanationTables() {}

    private static final String FORMAT = "%.3f";
    private static final String SIGNED = "%+.3f";

    /** What rounds to 0 in three decimals. */
    private static final double SMALL = .0005;

    private static final List<String> METRICS = List.of("insertion", "deletion", "drop", "increase");

    /** A mean over images with its 95 % interval, as shares. */
    private record Estimate(double mean, Interval interval) {

        static Estimate of(Judged judged, String metric) {
            return switch (metric) {
                case "insertion" -> ofMean(judged, Faithfulness::insertion);
                case "deletion" -> ofMean(judged, Faithfulness::deletion);
                case "drop" -> ofMean(judged, Faithfulness::drop);
                default -> ofShare(judged);
            };
        }

        private static Estimate ofMean(Judged judged, ToDoubleFunction<Faithfulness> value) {
            Sample sample =
                    Sample.of(judged.images().stream().mapToDouble(value).toArray());
            return new Estimate(sample.mean(), sample.estimate().interval());
        }

        private static Estimate ofShare(Judged judged) {
            int n = judged.images().size();
            int hits = (int)
                    judged.images().stream().filter(Faithfulness::increase).count();
            return new Estimate((double) hits / n, Interval.ofShare(hits, n));
        }

        Cell cell() {
            return Cell.estimate(
                    unsigned(mean), new Interval(unsigned(interval.low()), unsigned(interval.high())), FORMAT);
        }

        /** The number, without the sign of one that is shown as 0. */
        private static double unsigned(double value) {
            return Math.abs(value) < SMALL ? 0 : value;
        }
    }

    /**
     * Insertion, deletion, drop and increase of each method and model: means over the images with 95 % intervals.
     *
     * @param judged over two images or more
     * @param explainers that made the maps
     * @param runs of the students, whose settings the title and the notes name
     */
    public static Table faithfulness(List<Judged> judged, Explainers explainers, List<Run> runs) {
        Columns<Judged> table = named(judged, runs);
        METRICS.forEach(
                metric -> table.column(metric, one -> Estimate.of(one, metric).cell()));
        return table.note("Means over " + judged.get(0).images().size()
                        + " test images drawn by the seed, in brackets the 95 % interval: Student's t of the means, Wilson's of"
                        + " the share. The class is the one that the model predicts.")
                .note(
                        "Insertion and deletion: area under the class's probability as the pixels, in the map's order, come"
                                + " into a blurred image (more is better) or turn black (less is better).")
                .note(
                        "Drop: the share of its probability that the class loses where only the top "
                                + Math.round(100 * Faithfulness.KEPT)
                                + " % of the pixels are kept (less is better). Increase: on how many images it gains (more is better).")
                .note(
                        "The random map and the edge map know nothing of the models: what a faithful map must beat. Whether it"
                                + " does, the table of differences from them says.")
                .note("%d masks of RISE (course), %d of RISE (paper), %d samples of LIME; seed %d."
                        .formatted(
                                explainers.courseMasks(),
                                explainers.paperMasks(),
                                explainers.samples(),
                                explainers.seed()))
                .note("Runs: "
                        + Stream.concat(
                                        runs.stream()
                                                .map(run -> run.settings().teacher())
                                                .filter(Objects::nonNull)
                                                .map(teacher -> "teacher " + teacher),
                                        runs.stream().map(run -> run.settings().label() + " " + run.identity()))
                                .collect(Collectors.joining(", "))
                        + ". The report has no such table.")
                .table("Question 9: how faithful explanation maps are", runs);
    }

    private static Columns<Judged> named(List<Judged> judged, List<Run> runs) {
        return Columns.of(judged, runs)
                .column("method", one -> Cell.text(one.method()))
                .column("model", one -> Cell.text(one.model()));
    }

    /**
     * How much better than the controls' each method's maps are, by insertion and deletion: mean differences of the
     * same images with 95 % intervals.
     *
     * @param judged of the same images in the same order, two or more; with both controls of each model
     * @param runs of the students
     */
    public static Table beyondControls(List<Judged> judged, List<Run> runs) {
        List<String> controls = List.of(Explainers.RANDOM_MAP, Explainers.EDGE_MAP);
        Columns<Judged> table = named(
                judged.stream().filter(one -> !controls.contains(one.method())).toList(), runs);
        controls.forEach(control -> table.column(
                "insertion over the " + control + "'s",
                one -> difference(one, control(judged, control, one), Faithfulness::insertion)));
        controls.forEach(control -> table.column(
                "deletion under the " + control + "'s",
                one -> difference(control(judged, control, one), one, Faithfulness::deletion)));
        return table.note(
                        "Mean differences of the same " + judged.get(0).images().size()
                                + " test images, in brackets the 95 % interval by Student's t. Over 0 the method is better than a map"
                                + " that knows nothing of the model; an interval that contains 0 cannot tell.")
                .note("Each interval stands for itself: of many, one in twenty misses by chance.")
                .table("Question 9: explanation maps against maps that know nothing of the model", runs);
    }

    /** A control's maps of the same model. */
    private static Judged control(List<Judged> judged, String control, Judged one) {
        return judged.stream()
                .filter(other -> other.method().equals(control) && other.model().equals(one.model()))
                .findFirst()
                .orElseThrow();
    }

    /** The mean of a - b over the images: {@code +0.120 (+0.101 to +0.139)}. */
    private static Cell difference(Judged a, Judged b, ToDoubleFunction<Faithfulness> value) {
        Sample sample = Sample.of(IntStream.range(0, a.images().size())
                .mapToDouble(i -> value.applyAsDouble(a.images().get(i))
                        - value.applyAsDouble(b.images().get(i)))
                .toArray());
        return Cell.estimate(sample.mean(), sample.estimate().interval(), SIGNED);
    }

    /** A row for each method, model and metric, as RFC 4180 has it. */
    public static String faithfulnessCsv(List<Judged> judged) {
        Csv csv = new Csv("method,model,metric,mean,low,high,images");
        for (Judged one : judged) {
            for (String metric : METRICS) {
                Estimate estimate = Estimate.of(one, metric);
                csv.row(
                        one.method(),
                        one.model(),
                        metric,
                        estimate.mean(),
                        estimate.interval().low(),
                        estimate.interval().high(),
                        one.images().size());
            }
        }
        return csv.text();
    }

    /** The maps as they are, a row for each row of pixels, rounded to float32: method, model, class, y, x0, x1, ... */
    public static String mapsCsv(List<Explained> models) {
        int width = models.get(0).maps().values().iterator().next().width();
        Csv csv = new Csv("method,model,class,y,"
                + IntStream.range(0, width).mapToObj(x -> "x" + x).collect(Collectors.joining(",")));
        for (String method : ExplanationFigure.methods(models)) {
            for (Explained model : models) {
                if (!model.maps().containsKey(method)) {
                    continue;
                }
                double[] values = model.maps().get(method).values();
                for (int y = 0; y < model.maps().get(method).height(); y++) {
                    List<Object> row = new ArrayList<>(List.of(method, model.model(), model.target(), y));
                    Arrays.stream(values, y * width, (y + 1) * width).forEach(value -> row.add((float) value));
                    csv.row(row);
                }
            }
        }
        return csv.text();
    }
}
