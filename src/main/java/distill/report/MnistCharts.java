package distill.report;

import static distill.run.Settings.number;

import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Marker;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The charts of Task 1's questions 5 to 7 and 13, ours beside the report's, whose points are drawn only beside runs
 * that may be compared with it.
 */
public final class MnistCharts {

    static final Axis ACCURACY = new Axis("test accuracy (%)");
    static final Axis TEMPERATURE = new Axis("temperature", Scale.LOG2);
    static final Axis TEACHER_EPOCHS = new Axis("epochs of the teacher");
    private static final String REPORT = "report (one run)";

    /** How wide the points of one student's runs are scattered, so that none hides another. */
    private static final double SCATTER = .16;

    private MnistCharts() {}

    /** What runs are called where they are the only ones of ours. */
    public static String ours(List<Run> runs) {
        return seeds(runs) > 1 ? "ours (mean, standard deviation)" : "ours (one run)";
    }

    /** Runs by what they are called beside those of another reading. */
    public static Map<String, List<Run>> named(Map<String, List<Run>> byReading) {
        Map<String, List<Run>> named = new LinkedHashMap<>();
        byReading.forEach((reading, runs) -> {
            long seeds = seeds(runs);
            String of = seeds == 1 ? "one run" : "mean and standard deviation of " + seeds + " seeds";
            named.put(reading + " (" + of + ")", runs);
        });
        return named;
    }

    private static long seeds(List<Run> runs) {
        return runs.stream().map(run -> run.settings().seed()).distinct().count();
    }

    /**
     * Fig. 4: teachers after each epoch.
     *
     * @param teachers by the names that the legend has
     */
    public static Chart teachers(Map<String, List<Run>> teachers) {
        return besideReport(
                "Fig. 4: the teacher after each epoch",
                teachers,
                new Axis("epoch"),
                runs -> Point.means(
                        runs.stream().flatMap(run -> run.history().stream()).toList(),
                        EpochResult::epoch,
                        EpochResult::testAccuracy),
                REPORT,
                epoch -> OptionalDouble.of(Published.TEACHER_EPOCHS.get((int) epoch - 1)));
    }

    /** Table I by temperature: the mean over the alphas. */
    public static Chart tableOneByTemperature(Map<String, List<Run>> byReading) {
        return tableOne("Table I by temperature", byReading, TEMPERATURE, Hyperparameters::temperature);
    }

    /** Table I by alpha: the mean over the temperatures. */
    public static Chart tableOneByAlpha(Map<String, List<Run>> byReading) {
        Axis alpha = new Axis("alpha, the weight of the distillation");
        return tableOne("Table I by alpha", byReading, alpha, Hyperparameters::alpha);
    }

    /** Each cell counts once, however many seeds it has. */
    private static Chart tableOne(
            String title, Map<String, List<Run>> byReading, Axis x, ToDoubleFunction<Hyperparameters> place) {
        List<Series> series = new ArrayList<>();
        byReading.forEach((reading, runs) -> {
            Map<Hyperparameters, Double> cells = runs.stream()
                    .collect(Collectors.groupingBy(
                            run -> new Hyperparameters(
                                    run.settings().temperature(), run.settings().alpha()),
                            Collectors.averagingDouble(Run::testAccuracy)));
            series.add(line(reading + " (mean and standard deviation of the cells)", runs, means(cells, place)));
        });
        if (marks(byReading).comparable()) {
            Map<Hyperparameters, Double> published = Hyperparameters.all().stream()
                    .collect(Collectors.toMap(both -> both, both -> Published.table1(both.temperature(), both.alpha())
                            .orElseThrow()));
            series.add(Series.report("report (the same of its cells)", means(published, place)));
        }
        return chart(title, byReading, x, series);
    }

    private static List<Point> means(Map<Hyperparameters, Double> cells, ToDoubleFunction<Hyperparameters> place) {
        return Point.means(cells.entrySet(), cell -> place.applyAsDouble(cell.getKey()), Map.Entry::getValue);
    }

    /**
     * Question 1d: students against alpha, a line for each temperature, all of one reading.
     *
     * @param students of question 5
     */
    public static Chart alphas(List<Run> students) {
        List<Series> series = new ArrayList<>();
        Cells.bySetting(students, Settings::temperature).forEach((temperature, row) -> {
            List<Point> points = Point.means(
                    Cells.bySetting(row, Settings::alpha).entrySet(),
                    Map.Entry::getKey,
                    cell -> Cells.sample(cell.getValue()).mean());
            series.add(Series.of(temperature == null ? "" : "T = " + number(temperature), points));
        });
        String title =
                "Student test accuracy vs. alpha, " + students.get(0).settings().reading();
        return chart(title, Map.of("", students), new Axis("alpha, the weight of the distillation loss"), series);
    }

    /**
     * Fig. 7: students against the temperature.
     *
     * @param students of question 6, by the names that the legend has
     * @param report the name that the legend has for the report's curve
     * @param scale logarithmic, or categories, as the report draws it
     */
    public static Chart temperature(String title, Map<String, List<Run>> students, String report, Scale scale) {
        return besideReport(
                title,
                students,
                new Axis(TEMPERATURE.title(), scale),
                runs -> Point.means(runs, run -> run.settings().temperature(), Run::testAccuracy),
                report,
                Published::table2);
    }

    /**
     * Question 7: each run without distillation, and each of the cell that the report calls the best.
     *
     * @param plain by reading
     * @param students by reading; of any cell
     */
    public static Chart plainStudent(Map<String, List<Run>> plain, Map<String, List<Run>> students) {
        List<Series> series = new ArrayList<>();
        List<String> readings = List.copyOf(plain.keySet());
        for (String reading : readings) {
            List<Run> best = students.getOrDefault(reading, List.of()).stream()
                    .filter(run -> Hyperparameters.BEST.are(run.settings()))
                    .toList();
            double shift = (readings.indexOf(reading) - (readings.size() - 1) / 2.) * 2 * SCATTER;
            List<Point> points = new ArrayList<>(scattered(plain.get(reading), shift));
            points.addAll(scattered(best, 1 + shift));
            series.add(new Series(reading, look(plain.get(reading)), Line.NONE, Marker.CIRCLE, points));
        }
        if (marks(plain).comparable()) {
            List<Point> points = List.of(new Point(0, Published.PLAIN_STUDENT), new Point(1, Published.BEST_STUDENT));
            series.add(new Series("report", Look.REPORT, Line.NONE, Marker.DIAMOND, points));
        }
        List<String> names = List.of("without distillation", "with it, " + Hyperparameters.BEST);
        Axis student = new Axis("student", Scale.CATEGORIES, names);
        return chart("The student without distillation and with it, a point for each seed", plain, student, series);
    }

    private static List<Point> scattered(List<Run> runs, double centre) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> new Point(
                        centre + (runs.size() == 1 ? 0 : (i / (runs.size() - 1.) - .5) * SCATTER),
                        runs.get(i).testAccuracy()))
                .toList();
    }

    /**
     * Fig. 10: students against their teacher's epochs.
     *
     * @param students by the names that the legend has
     */
    public static Chart teacherEpochs(String title, Map<String, List<Run>> students) {
        return besideReport(
                title,
                students,
                TEACHER_EPOCHS,
                runs -> Point.means(runs, run -> run.settings().teacherEpochs(), Run::testAccuracy),
                REPORT,
                epochs -> Published.table3((int) epochs));
    }

    /**
     * Our lines, and where the runs may be compared with the report, its numbers at the places where ours are.
     *
     * @param named runs by the names that the legend has
     * @param report the name that it has for the report's
     */
    private static Chart besideReport(
            String title,
            Map<String, List<Run>> named,
            Axis x,
            Function<List<Run>, List<Point>> points,
            String report,
            DoubleFunction<OptionalDouble> published) {
        List<Series> series = new ArrayList<>();
        named.forEach((name, runs) -> series.add(line(name, runs, points.apply(runs))));
        boolean comparable = marks(named).comparable();
        List<Point> theirs = series.stream()
                .flatMap(one -> one.points().stream())
                .map(Point::x)
                .distinct()
                .sorted()
                .filter(place -> comparable && published.apply(place).isPresent())
                .map(place -> new Point(place, published.apply(place).getAsDouble()))
                .toList();
        if (!theirs.isEmpty()) {
            series.add(Series.report(report, theirs));
        }
        return chart(title, named, x, series);
    }

    private static Chart chart(String title, Map<String, List<Run>> runs, Axis x, List<Series> series) {
        return new Chart(title, marks(runs).suffix(), x, ACCURACY, series);
    }

    private static Series line(String name, List<Run> runs, List<Point> points) {
        return new Series(name, look(runs), Line.SOLID, Marker.CIRCLE, points);
    }

    private static Marks marks(Map<String, List<Run>> runs) {
        return Marks.of(runs.values().stream().flatMap(List::stream).toList());
    }

    private static Look look(List<Run> runs) {
        return runs.get(0).settings().variant() == Variant.AS_WRITTEN ? Look.AS_WRITTEN : Look.AS_DESCRIBED;
    }
}
