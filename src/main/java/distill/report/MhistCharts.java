package distill.report;

import static distill.report.MnistCharts.ACCURACY;
import static distill.report.MnistCharts.TEACHER_EPOCHS;
import static distill.report.MnistCharts.TEMPERATURE;

import distill.metrics.ClassificationReport;
import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Marker;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The charts of Task 2. */
public final class MhistCharts {

    private static final Axis EPOCH = new Axis("epoch");

    private MhistCharts() {}

    /**
     * ROC curves of trained networks on the test images, with the diagonal of guessing.
     *
     * @param runs by the names that the legend has; those without a curve are left out
     */
    public static Chart roc(Map<String, Run> runs, Marks marks) {
        List<Series> series = new ArrayList<>();
        runs.forEach((name, run) -> {
            List<List<Integer>> corners = run.evaluation().rocCurve();
            if (corners != null) {
                List<Integer> end = corners.get(corners.size() - 1);
                List<Point> points = corners.stream()
                        .map(corner ->
                                new Point((double) corner.get(0) / end.get(0), (double) corner.get(1) / end.get(1)))
                        .toList();
                double area = run.evaluation().rocAuc();
                series.add(line(String.format(Locale.ROOT, "%s (AUC %.3f)", name, area), points));
            }
        });
        if (!series.isEmpty()) {
            List<Point> diagonal = List.of(new Point(0, 0.), new Point(1, 1.));
            series.add(new Series("guessing", Look.NEXT, Line.GUESSING, Marker.NONE, diagonal));
        }
        Axis falsePositives = new Axis("false positive rate");
        return new Chart("ROC curves", marks.suffix(), falsePositives, new Axis("true positive rate"), series);
    }

    /**
     * Macro F1 on all test images after each epoch, a line for each run.
     *
     * @param runs by the names that the legend has; those without a matrix after each epoch are left out
     */
    public static Chart macroF1(String title, Map<String, Run> runs, Marks marks) {
        List<Series> series = new ArrayList<>();
        runs.forEach((name, run) -> {
            List<Point> points = run.history().stream()
                    .filter(epoch -> epoch.confusion() != null)
                    .map(epoch -> new Point(epoch.epoch(), macroF1(run, epoch)))
                    .toList();
            if (!points.isEmpty()) {
                series.add(line(name, points));
            }
        });
        return new Chart(title, marks.suffix(), EPOCH, new Axis("macro F1", Scale.SHARE), series);
    }

    private static double macroF1(Run run, EpochResult epoch) {
        return ClassificationReport.of(run.evaluation().matrix(epoch.confusion()))
                .macroAverage()
                .f1();
    }

    /**
     * The training loss in each epoch, a line for each run.
     *
     * @param runs by the names that the legend has
     */
    public static Chart loss(Map<String, Run> runs, Marks marks) {
        List<Series> series = new ArrayList<>();
        runs.forEach((name, run) ->
                series.add(line(name, Point.means(run.history(), EpochResult::epoch, EpochResult::loss))));
        return new Chart("Training loss by epoch", marks.suffix(), EPOCH, new Axis("loss"), series);
    }

    private static Series line(String name, List<Point> points) {
        return new Series(name, Look.NEXT, Line.SOLID, Marker.NONE, points);
    }

    /**
     * "F1 against temperature", the figure of the authors' later draft, with real F1, as its title says.
     *
     * @param students with distillation and without
     */
    public static Chart f1(List<Run> students, Marks marks) {
        List<Series> series = new ArrayList<>();
        byKd(students).forEach((name, runs) -> {
            List<String> classes = runs.get(0).evaluation().matrix().classes();
            series.add(byTemperature("macro F1, " + name, runs, MhistTables::macroF1));
            if (classes.size() == 2) {
                series.add(byTemperature(
                        "F1 of " + classes.get(1) + ", " + name,
                        runs,
                        run -> run.evaluation().report().byClass().get(1).f1()));
            }
        });
        return new Chart("F1 score vs. temperature", marks.suffix(), TEMPERATURE, new Axis("F1", Scale.SHARE), series);
    }

    /**
     * "F1 against temperature", the figure of the authors' later draft, with accuracy, as they in fact drew it.
     *
     * @param students with distillation and without
     */
    public static Chart accuracy(List<Run> students, Marks marks) {
        List<Series> series = new ArrayList<>();
        byKd(students).forEach((name, runs) -> series.add(byTemperature(name, runs, Run::testAccuracy)));
        String title = "Accuracy vs. temperature (the draft's \"F1\")";
        return new Chart(title, marks.suffix(), TEMPERATURE, ACCURACY, series);
    }

    /** Students that have a temperature, with distillation first, by the name that the legend has for them. */
    private static Map<String, List<Run>> byKd(List<Run> students) {
        return students.stream()
                .filter(run -> run.settings().temperature() != null)
                .collect(Collectors.groupingBy(
                        run -> run.settings().role() == Role.STUDENT ? "with KD" : "without KD",
                        TreeMap::new,
                        Collectors.toList()));
    }

    private static Series byTemperature(String name, List<Run> runs, ToDoubleFunction<Run> value) {
        return Series.of(name, Point.means(runs, run -> run.settings().temperature(), value));
    }

    /**
     * Early-stopped teachers' and their students' test accuracy against the teacher's epochs; the notebook's curve is
     * that of the students.
     */
    public static Chart earlyStopped(List<Run> runs) {
        List<Series> series = new ArrayList<>();
        for (Role role : List.of(Role.TEACHER, Role.STUDENT)) {
            List<Run> ofRole =
                    runs.stream().filter(run -> run.settings().role() == role).toList();
            List<Point> points = Point.means(ofRole, run -> run.settings().teacherEpochs(), Run::testAccuracy);
            series.add(Series.of(role.toString(), points));
        }
        return new Chart(
                "Test accuracy vs. teacher's epochs", Marks.of(runs).suffix(), TEACHER_EPOCHS, ACCURACY, series);
    }
}
