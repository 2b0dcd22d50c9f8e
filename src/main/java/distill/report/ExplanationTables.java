package distill.report;

import distill.experiment.Explainers;
import distill.experiment.Explainers.Explained;
import distill.experiment.Explainers.Judged;
import distill.explain.Faithfulness;
import distill.run.Run;
import distill.statistics.Interval;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Question 9's numbers: how faithful the maps are, and the maps themselves. */
public final class ExplanationTables {

    private ExplanationTables() {}

    /** A mean over images with its 95 % interval, as shares. */
    private record Estimate(String metric, double mean, Interval interval) {

        static Estimate ofMean(String metric, Judged judged, ToDoubleFunction<Faithfulness> value) {
            Sample cell = Sample.of(judged.images().stream().mapToDouble(value).toArray());
            return new Estimate(metric, cell.mean(), cell.estimate().interval());
        }

        static Estimate ofShare(String metric, Judged judged) {
            int n = judged.images().size();
            int hits = (int)
                    judged.images().stream().filter(Faithfulness::increase).count();
            return new Estimate(metric, (double) hits / n, Interval.ofShare(hits, n));
        }

        String text() {
            return "%s (%s to %s)".formatted(number(mean), number(interval.low()), number(interval.high()));
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, "%.3f", value).replace("-0.000", "0.000");
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
        List<List<String>> rows = new ArrayList<>();
        for (Judged one : judged) {
            List<String> row = new ArrayList<>(List.of(one.method(), one.model()));
            estimates(one).forEach(estimate -> row.add(estimate.text()));
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
        List<List<String>> rows = new ArrayList<>();
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
            List<String> row = new ArrayList<>(List.of(one.method(), one.model()));
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
    private static String difference(Judged a, Judged b, ToDoubleFunction<Faithfulness> value) {
        Sample cell = Sample.of(IntStream.range(0, a.images().size())
                .mapToDouble(i -> value.applyAsDouble(a.images().get(i))
                        - value.applyAsDouble(b.images().get(i)))
                .toArray());
        Interval interval = cell.estimate().interval();
        return String.format(Locale.ROOT, "%+.3f (%+.3f to %+.3f)", cell.mean(), interval.low(), interval.high());
    }

    /** A row for each method, model and metric, as RFC 4180 has it. */
    public static String faithfulnessCsv(List<Judged> judged) {
        List<List<String>> rows = new ArrayList<>();
        for (Judged one : judged) {
            for (Estimate estimate : estimates(one)) {
                rows.add(List.of(
                        one.method(),
                        one.model(),
                        estimate.metric(),
                        Double.toString(estimate.mean()),
                        Double.toString(estimate.interval().low()),
                        Double.toString(estimate.interval().high()),
                        Integer.toString(one.images().size())));
            }
        }
        return new Table("", List.of("method", "model", "metric", "mean", "low", "high", "images"), rows, List.of())
                .csv();
    }

    /** The maps as they are, a row for each row of pixels, rounded to float32: method, model, class, y, x0, x1, ... */
    public static String mapsCsv(List<Explained> models) {
        List<String> header = new ArrayList<>(List.of("method", "model", "class", "y"));
        List<List<String>> rows = new ArrayList<>();
        for (String method : ExplanationFigure.methods(models)) {
            for (Explained model : models) {
                if (!model.maps().containsKey(method)) {
                    continue;
                }
                double[] values = model.maps().get(method).values();
                int width = model.maps().get(method).width();
                for (int y = 0; y < model.maps().get(method).height(); y++) {
                    List<String> row = new ArrayList<>(
                            List.of(method, model.model(), Integer.toString(model.target()), Integer.toString(y)));
                    Arrays.stream(values, y * width, (y + 1) * width)
                            .forEach(value -> row.add(Float.toString((float) value)));
                    rows.add(row);
                }
            }
        }
        for (int x = 0; x + 4 < rows.get(0).size(); x++) {
            header.add("x" + x);
        }
        return new Table("", header, rows, List.of()).csv();
    }
}
