package distill.report;

import static distill.run.Settings.number;

import distill.metrics.ClassificationReport;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.statistics.Sample;
import java.awt.BasicStroke;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The figures of Task 2, each as PNG and SVG. */
public final class MhistFigures {

    private MhistFigures() {}

    /**
     * ROC curves of trained networks on the test images, with the diagonal of guessing. Those without an area are left
     * out.
     *
     * @param runs by the names that the legend has
     * @param marked the runs and their teachers
     * @param path without an ending
     * @return the files; none where no run has a curve
     */
    public static List<Path> roc(Map<String, Run> runs, Collection<Run> marked, Path path) throws IOException {
        XYChart chart = Charts.lines("ROC curves", Marks.of(marked), "false positive rate", "true positive rate");
        runs.forEach((name, run) -> {
            List<List<Integer>> corners = run.evaluation().rocCurve();
            if (corners != null) {
                List<Integer> end = corners.get(corners.size() - 1);
                chart.addSeries(
                                "%s (AUC %.3f)".formatted(name, run.evaluation().rocAuc()),
                                corners.stream()
                                        .map(point -> (double) point.get(0) / end.get(0))
                                        .toList(),
                                corners.stream()
                                        .map(point -> (double) point.get(1) / end.get(1))
                                        .toList())
                        .setMarker(SeriesMarkers.NONE);
            }
        });
        if (chart.getSeriesMap().isEmpty()) {
            return List.of();
        }
        XYSeries diagonal = chart.addSeries("guessing", new double[] {0, 1}, new double[] {0, 1});
        diagonal.setMarker(SeriesMarkers.NONE);
        diagonal.setLineStyle(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, new float[] {4}, 0));
        return Charts.save(chart, path);
    }

    /**
     * Macro F1 on the test images and the training loss, after each epoch: two figures.
     *
     * @param runs by the names that the legend has
     * @param marked the runs and their teachers
     * @param path without an ending; {@code -f1} and {@code -loss} are added
     */
    public static List<Path> training(Map<String, Run> runs, Collection<Run> marked, Path path) throws IOException {
        Marks marks = Marks.of(marked);
        XYChart f1 = epochs("Test macro F1 by epoch", marks, "macro F1", runs, MhistFigures::macroF1);
        share(f1);
        XYChart loss = epochs("Training loss by epoch", marks, "loss", runs, (run, result) -> result.loss());
        List<Path> files = new ArrayList<>(Charts.save(f1, path.resolveSibling(path.getFileName() + "-f1")));
        files.addAll(Charts.save(loss, path.resolveSibling(path.getFileName() + "-loss")));
        return files;
    }

    private static double macroF1(Run run, EpochResult result) {
        return ClassificationReport.of(run.evaluation().matrix(result.confusion()))
                .macroAverage()
                .f1();
    }

    /** The whole range of a share on the vertical axis. */
    private static void share(XYChart chart) {
        chart.getStyler().setYAxisMin(0.);
        chart.getStyler().setYAxisMax(1.);
    }

    @FunctionalInterface
    private interface EpochValue {
        double of(Run run, EpochResult result);
    }

    private static XYChart epochs(String title, Marks marks, String yTitle, Map<String, Run> runs, EpochValue value) {
        XYChart chart = Charts.lines(title, marks, "epoch", yTitle);
        runs.forEach((name, run) -> chart.addSeries(
                        name,
                        run.history().stream()
                                .map(result -> (double) result.epoch())
                                .toList(),
                        run.history().stream()
                                .map(result -> value.of(run, result))
                                .toList())
                .setMarker(SeriesMarkers.NONE));
        return chart;
    }

    /**
     * "F1 against temperature", the figure of the authors' later draft: with real F1, as its title says, and with
     * accuracy, as they in fact drew it.
     *
     * @param students with distillation and without, of any temperatures
     * @param marked these and their teachers
     * @param path without an ending; {@code -f1} and {@code -accuracy} are added
     */
    public static List<Path> temperature(List<Run> students, Collection<Run> marked, Path path) throws IOException {
        Marks marks = Marks.of(marked);
        XYChart f1 = onTemperature("F1 score vs. temperature", marks, "F1");
        share(f1);
        XYChart accuracy = onTemperature("Accuracy vs. temperature (the draft's \"F1\")", marks, "test accuracy (%)");
        for (Role role : List.of(Role.STUDENT, Role.STUDENT_PLAIN)) {
            List<Run> runs = students.stream()
                    .filter(run ->
                            run.settings().role() == role && run.settings().temperature() != null)
                    .toList();
            if (!runs.isEmpty()) {
                String name = role == Role.STUDENT ? "with KD" : "without KD";
                String positive = runs.get(0).evaluation().matrix().classes().get(1);
                add(f1, "macro F1, " + name, runs, MhistTables::macroF1);
                add(
                        f1,
                        "F1 of " + positive + ", " + name,
                        runs,
                        run -> run.evaluation().report().byClass().get(1).f1());
                add(accuracy, name, runs, Run::testAccuracy);
            }
        }
        List<Path> files = new ArrayList<>(Charts.save(f1, path.resolveSibling(path.getFileName() + "-f1")));
        files.addAll(Charts.save(accuracy, path.resolveSibling(path.getFileName() + "-accuracy")));
        return files;
    }

    /**
     * Early-stopped teachers' and their students' test accuracy against the teacher's epochs; the notebook's curve is
     * that of the students.
     *
     * @param path without an ending
     */
    public static List<Path> earlyStopped(List<Run> runs, Path path) throws IOException {
        XYChart chart = Charts.lines(
                "Test accuracy vs. teacher's epochs", Marks.of(runs), "epochs of the teacher", "test accuracy (%)");
        for (Role role : List.of(Role.TEACHER, Role.STUDENT)) {
            add(
                    chart,
                    role.toString(),
                    runs.stream().filter(run -> run.settings().role() == role).toList(),
                    run -> (double) run.settings().teacherEpochs(),
                    UnaryOperator.identity(),
                    Run::testAccuracy);
        }
        return Charts.save(chart, path);
    }

    private static XYChart onTemperature(String title, Marks marks, String yTitle) {
        XYChart chart = Charts.lines(title, marks, "temperature (logarithmic)", yTitle);
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        power -> power == Math.rint(power) ? number(Math.pow(2, power)) : "");
        return chart;
    }

    private static void add(XYChart chart, String name, List<Run> runs, ToDoubleFunction<Run> value) {
        add(chart, name, runs, run -> run.settings().temperature(), TemperatureCurve::powersOfTwo, value);
    }

    /** Means, with several runs and their standard deviations. */
    private static void add(
            XYChart chart,
            String name,
            List<Run> runs,
            Function<Run, Double> x,
            UnaryOperator<List<Double>> scale,
            ToDoubleFunction<Run> value) {
        TreeMap<Double, Sample> cells = new TreeMap<>(runs.stream()
                .collect(Collectors.groupingBy(
                        x,
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                group -> Sample.of(
                                        group.stream().mapToDouble(value).toArray())))));
        boolean several = cells.values().stream().anyMatch(cell -> cell.n() > 1);
        Function<Sample, Double> deviation = cell -> cell.n() == 1 ? 0 : cell.sd();
        chart.addSeries(
                        name,
                        scale.apply(List.copyOf(cells.keySet())),
                        cells.values().stream().map(Sample::mean).toList(),
                        several ? cells.values().stream().map(deviation).toList() : null)
                .setMarker(SeriesMarkers.CIRCLE);
    }
}
