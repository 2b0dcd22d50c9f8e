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

    /** A mean over images with its 95 % interval, as shares. */
    private record Estimate(String metric, double mean, Interval interval) {

        static Estimate ofMean(String metric, Judged judged, ToDoubleFunction<Faithfulness> value) {
            Sample sample =
                    Sample.of(judged.images().stream().mapToDouble(value).toArray());
            return new Estimate(metric, sample.mean(), sample.estimate().interval());
        }

        static Estimate ofShare(String metric, Judged judged) {
            int n = judged.images().size();
            int hits = (int)
                    judged.images().stream().filter(Faithfulness::increase).count();
            return new Estimate(metric, (double) hits / n, Interval.ofShare(hits, n));
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

    private static List<Estimate> estimates(Judged judged) {
        return List.of(
                Estimate.ofMean("insertion", judged, Faithfulness::insertion),
                Estimate.ofMean("deletion", judged, Faithfulness::deletion),
                Estimate.ofMean("drop", judged, Faithfulness::drop),
                Estimate.ofShare("increase", judged));
    }

    /**
     * Insertion, deletion, drop and increase of each method and model: means over the images with 95 % intervals.
     *
     * @param judged over two images or more
     * @param explainers that made the maps
     * @param runs of the students, whose settings the title and the notes name
     */
    public static Table faithfulness(List<Judged> judged, Explainers explainers, List<Run> runs) {
        Marks marks = Marks.of(runs);
        List<List<Cell>> rows = new ArrayList<>();
        for (Judged one : judged) {
            List<Cell> row = new ArrayList<>(Cell.texts(one.method(), one.model()));
            estimates(one).forEach(estimate -> row.add(estimate.cell()));
            rows.add(row);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Means over " + judged.get(0).images().size()
                + " test images drawn by the seed, in brackets the 95 % interval: Student's t of the means, Wilson's of"
                + " the share. The class is the one that the model predicts.");
        notes.add("Insertion and deletion: area under the class's probability as the pixels, in the map's order, come"
                + " into a blurred image (more is better) or turn black (less is better).");
        notes.add(
                "Drop: the share of its probability that the class loses where only the top "
                        + Math.round(100 * Faithfulness.KEPT)
                        + " % of the pixels are kept (less is better). Increase: on how many images it gains (more is better).");
        notes.add(
                "The random map and the edge map know nothing of the models: what a faithful map must beat. Whether it"
                        + " does, the table of differences from them says.");
        notes.add("%d masks of RISE (course), %d of RISE (paper), %d samples of LIME; seed %d."
                .formatted(explainers.courseMasks(), explainers.paperMasks(), explainers.samples(), explainers.seed()));
        notes.add("Runs: "
                + Stream.concat(
                                runs.stream()
                                        .map(run -> run.settings().teacher())
                                        .filter(Objects::nonNull)
                                        .map(teacher -> "teacher " + teacher),
                                runs.stream().map(run -> run.settings().label() + " " + run.identity()))
                        .collect(Collectors.joining(", "))
                + ". The report has no such table.");
        return new Table(
                "Question 9: how faithful explanation maps are, "
                        + runs.get(0).settings().reading() + marks.suffix(),
                List.of("method", "model", "insertion", "deletion", "drop", "increase"),
                rows,
                notes);
    }

    /**
     * How much better than the controls' each method's maps are, by insertion and deletion: mean differences of the
     * same images with 95 % intervals.
     *
     * @param judged of the same images in the same order, two or more; with both controls of each model
     * @param runs of the students
     */
    public static Table beyondControls(List<Judged> judged, List<Run> runs) {
        Marks marks = Marks.of(runs);
        List<String> controls = List.of(Explainers.RANDOM_MAP, Explainers.EDGE_MAP);
        List<String> header = new ArrayList<>(List.of("method", "model"));
        controls.forEach(control -> header.add("insertion over the " + control + "'s"));
        controls.forEach(control -> header.add("deletion under the " + control + "'s"));
        List<List<Cell>> rows = new ArrayList<>();
        for (Judged one : judged) {
            if (controls.contains(one.method())) {
                continue;
            }
            List<Judged> ofModel = controls.stream()
                    .map(control -> judged.stream()
                            .filter(other -> other.method().equals(control)
                                    && other.model().equals(one.model()))
                            .findFirst()
                            .orElseThrow())
                    .toList();
            List<Cell> row = new ArrayList<>(Cell.texts(one.method(), one.model()));
            ofModel.forEach(control -> row.add(difference(one, control, Faithfulness::insertion)));
            ofModel.forEach(control -> row.add(difference(control, one, Faithfulness::deletion)));
            rows.add(row);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Mean differences of the same " + judged.get(0).images().size()
                + " test images, in brackets the 95 % interval by Student's t. Over 0 the method is better than a map that"
                + " knows nothing of the model; an interval that contains 0 cannot tell.");
        notes.add("Each interval stands for itself: of many, one in twenty misses by chance.");
        return new Table(
                "Question 9: explanation maps against maps that know nothing of the model, "
                        + runs.get(0).settings().reading() + marks.suffix(),
                header,
                rows,
                notes);
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
            for (Estimate estimate : estimates(one)) {
                csv.row(
                        one.method(),
                        one.model(),
                        estimate.metric(),
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
