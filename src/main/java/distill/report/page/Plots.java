package distill.report.page;

import static distill.run.Settings.number;

import distill.metrics.ClassificationReport;
import distill.page.Chart;
import distill.page.Chart.Look;
import distill.page.Chart.Point;
import distill.page.Chart.Series;
import distill.report.Cells;
import distill.report.Hyperparameters;
import distill.report.Marks;
import distill.report.Published;
import distill.run.Run;
import distill.run.Variant;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The page's charts. The report's points are drawn only beside runs that may be compared with it. */
final class Plots {

    private static final String ACCURACY = "test accuracy (%)";
    private static final Look[] LOOKS = {
        Look.FIRST, Look.SECOND, Look.AS_DESCRIBED, Look.THIRD, Look.FOURTH, Look.FIFTH, Look.SIXTH
    };
    private static final double SPREAD = .16;

    private Plots() {}

    /** Fig. 4: teachers after each epoch. */
    static Optional<Chart> teachers(Map<String, List<Run>> byReading) {
        List<Series> series = new ArrayList<>();
        byReading.forEach((reading, runs) -> {
            TreeMap<Double, List<Double>> values = new TreeMap<>();
            runs.forEach(run -> run.history()
                    .forEach(epoch -> values.computeIfAbsent((double) epoch.epoch(), key -> new ArrayList<>())
                            .add(epoch.testAccuracy())));
            series(reading, runs.size(), values).ifPresent(series::add);
        });
        published(
                byReading,
                series,
                epochs(Published.TEACHER_EPOCHS.size()).keySet(),
                x -> OptionalDouble.of(Published.TEACHER_EPOCHS.get((int) x - 1)),
                x -> x);
        return chart("Fig. 4: the teacher after each epoch", byReading, "epoch", epochs(longest(series)), series);
    }

    /** Table I by temperature, the mean over its alphas, or by alpha. */
    static Optional<Chart> table1(Map<String, List<Run>> byReading, boolean byTemperature) {
        ToDoubleFunction<Run> key = byTemperature
                ? run -> run.settings().temperature()
                : run -> run.settings().alpha();
        DoubleUnaryOperator scale = byTemperature ? Plots::log2 : x -> x;
        List<Series> series = new ArrayList<>();
        byReading.forEach((reading, runs) -> {
            // The mean over cells, each the mean over its seeds, so that a cell with more seeds counts once.
            TreeMap<Double, List<Double>> values = new TreeMap<>();
            runs.stream()
                    .collect(Collectors.groupingBy(run ->
                            List.of(run.settings().temperature(), run.settings().alpha())))
                    .values()
                    .forEach(cell -> values.computeIfAbsent(
                                    scale.applyAsDouble(key.applyAsDouble(cell.get(0))), x -> new ArrayList<>())
                            .add(Cells.sample(cell).mean()));
            if (!values.isEmpty()) {
                series.add(new Series(
                        reading + " (mean and standard deviation of the cells)", look(reading), true, points(values)));
            }
        });
        if (comparable(byReading) && !series.isEmpty()) {
            TreeMap<Double, List<Double>> values = new TreeMap<>();
            Published.TEMPERATURES.forEach(t -> Published.ALPHAS.forEach(
                    a -> values.computeIfAbsent(byTemperature ? log2(t) : a, x -> new ArrayList<>())
                            .add(Published.table1(t, a).orElseThrow())));
            series.add(new Series("report (the same of its cells)", Look.REPORT, true, points(values)));
        }
        return chart(
                byTemperature ? "Table I by temperature" : "Table I by alpha",
                byReading,
                byTemperature ? "temperature (logarithmic)" : "alpha, the weight of the distillation",
                ticks(byReading, key, scale),
                series);
    }

    /** Fig. 7: students against the temperature. */
    static Optional<Chart> table2(Map<String, List<Run>> byReading) {
        List<Series> series = new ArrayList<>();
        byReading.forEach((reading, runs) -> series(
                        reading,
                        seeds(runs),
                        values(runs, run -> log2(run.settings().temperature()), Run::testAccuracy))
                .ifPresent(series::add));
        published(byReading, series, Published.TEMPERATURES, Published::table2, Plots::log2);
        return chart(
                "Fig. 7: student accuracy against temperature, alpha = " + number(Published.CURVE_ALPHA),
                byReading,
                "temperature (logarithmic)",
                ticks(byReading, run -> run.settings().temperature(), Plots::log2),
                series);
    }

    /**
     * Question 7: each run without distillation, and each of the cell that the report calls the best.
     *
     * @param plain by reading
     * @param students by reading; of any cell
     */
    static Optional<Chart> question7(Map<String, List<Run>> plain, Map<String, List<Run>> students) {
        TreeMap<Double, String> ticks = new TreeMap<>(Map.of(0., "without KD", 1., Hyperparameters.BEST.toString()));
        List<Series> series = new ArrayList<>();
        List<String> readings = List.copyOf(plain.keySet());
        for (String reading : readings) {
            List<Run> best = students.getOrDefault(reading, List.of()).stream()
                    .filter(run -> Hyperparameters.BEST.are(run.settings()))
                    .toList();
            double shift = (readings.indexOf(reading) - (readings.size() - 1) / 2.) * 2 * SPREAD;
            List<Point> points = new ArrayList<>();
            points.addAll(strip(plain.get(reading), shift));
            points.addAll(strip(best, 1 + shift));
            if (!points.isEmpty()) {
                series.add(new Series(reading + " (a point is a run)", look(reading), false, points));
            }
        }
        if (comparable(plain) && !series.isEmpty()) {
            series.add(new Series(
                    "report",
                    Look.REPORT,
                    false,
                    List.of(
                            new Point(0, Sample.single(Published.PLAIN_STUDENT)),
                            new Point(1, Sample.single(Published.BEST_STUDENT)))));
        }
        return chart("Question 7: without distillation and with", plain, "student", ticks, series);
    }

    private static List<Point> strip(List<Run> runs, double centre) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> new Point(
                        centre + (runs.size() == 1 ? 0 : (i / (runs.size() - 1.) - .5) * SPREAD),
                        Sample.single(runs.get(i).testAccuracy())))
                .toList();
    }

    /** Fig. 10: students against their teacher's epochs. */
    static Optional<Chart> table3(Map<String, List<Run>> byReading, String teachers) {
        List<Series> series = new ArrayList<>();
        byReading.forEach((reading, runs) -> series(
                        reading, seeds(runs), values(runs, run -> run.settings().teacherEpochs(), Run::testAccuracy))
                .ifPresent(series::add));
        published(byReading, series, epochs(Published.EPOCHS).keySet(), x -> Published.table3((int) x), x -> x);
        return chart(
                "Fig. 10: student accuracy against the teacher's epochs, " + teachers,
                byReading,
                "epochs of the teacher",
                epochs(longest(series)),
                series);
    }

    /** Task 2: macro F1 on all test images after each epoch, a line for each run. */
    static Optional<Chart> training(String title, Map<String, Run> runs) {
        List<Series> series = new ArrayList<>();
        for (Map.Entry<String, Run> entry : runs.entrySet()) {
            Run run = entry.getValue();
            List<Point> points = run.history().stream()
                    .filter(epoch -> epoch.confusion() != null)
                    .map(epoch -> new Point(
                            epoch.epoch(),
                            Sample.single(
                                    ClassificationReport.of(run.evaluation().matrix(epoch.confusion()))
                                            .macroAverage()
                                            .f1())))
                    .toList();
            if (!points.isEmpty() && series.size() < LOOKS.length) {
                series.add(new Series(entry.getKey(), LOOKS[series.size()], true, points));
            }
        }
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new Chart(title, "epoch", "macro F1", fewEpochs(longest(series)), series));
    }

    private static Optional<Chart> chart(
            String title,
            Map<String, List<Run>> byReading,
            String xTitle,
            SortedMap<Double, String> ticks,
            List<Series> series) {
        List<Run> all = byReading.values().stream().flatMap(List::stream).toList();
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new Chart(title + Marks.of(all).suffix(), xTitle, ACCURACY, ticks, series));
    }

    private static Optional<Series> series(String reading, int seeds, TreeMap<Double, List<Double>> values) {
        String name = reading + (seeds == 1 ? " (one run)" : " (mean and standard deviation of " + seeds + " seeds)");
        return values.isEmpty() ? Optional.empty() : Optional.of(new Series(name, look(reading), true, points(values)));
    }

    private static List<Point> points(TreeMap<Double, List<Double>> values) {
        return values.entrySet().stream()
                .map(entry -> new Point(
                        entry.getKey(),
                        Sample.of(entry.getValue().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray())))
                .toList();
    }

    private static TreeMap<Double, List<Double>> values(
            List<Run> runs, ToDoubleFunction<Run> x, ToDoubleFunction<Run> y) {
        TreeMap<Double, List<Double>> values = new TreeMap<>();
        runs.forEach(run -> values.computeIfAbsent(x.applyAsDouble(run), key -> new ArrayList<>())
                .add(y.applyAsDouble(run)));
        return values;
    }

    private static void published(
            Map<String, List<Run>> byReading,
            List<Series> series,
            Collection<Double> places,
            DoubleFunction<OptionalDouble> report,
            DoubleUnaryOperator scale) {
        if (series.isEmpty() || !comparable(byReading)) {
            return;
        }
        series.add(new Series(
                "report (one run)",
                Look.REPORT,
                true,
                places.stream()
                        .filter(x -> report.apply(x).isPresent())
                        .map(x -> new Point(
                                scale.applyAsDouble(x),
                                Sample.single(report.apply(x).getAsDouble())))
                        .toList()));
    }

    private static boolean comparable(Map<String, List<Run>> byReading) {
        return byReading.values().stream().allMatch(runs -> Marks.of(runs).comparable());
    }

    private static SortedMap<Double, String> ticks(
            Map<String, List<Run>> byReading, ToDoubleFunction<Run> key, DoubleUnaryOperator scale) {
        SortedMap<Double, String> ticks = new TreeMap<>();
        byReading.values().stream().flatMap(List::stream).forEach(run -> {
            double value = key.applyAsDouble(run);
            ticks.put(scale.applyAsDouble(value), number(value));
        });
        return ticks;
    }

    private static SortedMap<Double, String> epochs(int last) {
        SortedMap<Double, String> ticks = new TreeMap<>();
        IntStream.rangeClosed(1, last).forEach(epoch -> ticks.put((double) epoch, Integer.toString(epoch)));
        return ticks;
    }

    /** 1 and every fifth. */
    private static SortedMap<Double, String> fewEpochs(int last) {
        SortedMap<Double, String> ticks = epochs(last);
        ticks.keySet().removeIf(epoch -> last > Published.EPOCHS && epoch != 1 && epoch % 5 != 0);
        return ticks;
    }

    private static int longest(List<Series> series) {
        return (int) series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElse(1);
    }

    private static int seeds(List<Run> runs) {
        return (int) runs.stream().map(run -> run.settings().seed()).distinct().count();
    }

    private static Look look(String reading) {
        return reading.equals(Variant.AS_WRITTEN.toString()) ? Look.AS_WRITTEN : Look.AS_DESCRIBED;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
