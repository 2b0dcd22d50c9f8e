package distill.report;

import static distill.statistics.Rounded.signed;

import distill.experiment.MnistPlan;
import distill.page.Cell;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import distill.statistics.Interval;
import distill.statistics.Sample;
import distill.training.EarlyStopping;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tables of Task 1's question 13: students of early-stopped teachers, two ways to stop early, and where the
 * report's rule stops a teacher. Differences are paired by seed: in the single trajectory runs of one seed share their
 * teacher's training. As the report does it every run has a teacher of its own, and the pairs share nothing.
 */
public final class EarlyStoppedTables {

    private static final int REPORT = Published.BEST_TEACHER_EPOCHS;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final String SETTINGS = "variant,question,model,temperature,alpha,teacher_epochs,distil_epochs,seed,"
            + "quick,synthetic,epochs,test_accuracy";
    private static final String RESULTS = "train_accuracy,identity,weights_digest,commit";

    /** Limits of the rule of Question 12 that tables show, {@link EarlyStopping#minDelta}, from the largest down. */
    public static final List<Double> LIMITS = List.of(.05, .02, .01, .005, .002, .001, .0005);

    private EarlyStoppedTables() {}

    /**
     * Table III: students by their teacher's epochs, and whether chance allows what the report concludes from it.
     *
     * @param students of one reading and form
     * @param teachers of the students
     */
    public static Table table3(List<Run> students, List<Run> teachers) {
        SortedMap<Integer, List<Run>> byEpochs = Cells.bySetting(students, Settings::teacherEpochs);
        boolean several = byEpochs.values().stream().anyMatch(runs -> runs.size() >= Cell.LEAST_OF_INTERVAL);
        Columns<Map.Entry<Integer, List<Run>>> table = Columns.of(byEpochs, students)
                .column("teacher's epochs", row -> Cell.number(row.getKey()))
                .ofRuns("teacher", runs -> teacherMean(runs, teachers))
                .ofRuns("student", runs -> Cell.mean(Cells.sample(runs)).withoutInterval());
        if (several) {
            table.column(
                    "95 % interval",
                    row -> row.getValue().size() < Cell.LEAST_OF_INTERVAL
                            ? Cell.NONE
                            : Cell.interval(Cells.sample(row.getValue()).estimate()));
        }
        if (several && byEpochs.containsKey(REPORT)) {
            table.column(
                    "epoch " + REPORT + " minus this, 95 % interval",
                    row -> row.getKey() == REPORT
                            ? Cell.NONE
                            : Cells.pairedDifference(byEpochs.get(REPORT), row.getValue()));
        }
        table.report("report", row -> Published.table3(row.getKey()));
        noteBest(table, byEpochs);
        if (table.comparable()) {
            table.note("The report trained 12 and prints 11; it would stop after epoch " + REPORT + ".");
        }
        String teacher = students.get(0).settings().question().equals(MnistPlan.SINGLE_TRAJECTORY)
                ? ", each seed's teacher after each of its epochs"
                : ", a new teacher for each number of epochs";
        return table.note(MnistTables.seeds(students))
                .table("Table III: student, test accuracy in %, " + Cells.reading(students) + teacher);
    }

    /** Notes whether the report's epoch is the best of all. */
    private static void noteBest(Columns<?> table, SortedMap<Integer, List<Run>> byEpochs) {
        Map.Entry<Integer, List<Run>> largest = byEpochs.entrySet().stream()
                .max(Comparator.comparingDouble(
                        entry -> Cells.sample(entry.getValue()).mean()))
                .orElseThrow();
        table.note("Largest: %s after epoch %d (chosen on the test images, as in the report)."
                .formatted(Cells.sample(largest.getValue()).text(), largest.getKey()));
        if (byEpochs.size() == 1 || !byEpochs.containsKey(REPORT)) {
            return;
        }
        Map<Integer, Estimate> differences = new TreeMap<>();
        byEpochs.forEach((epochs, runs) -> {
            double[] pairs = Cells.differences(byEpochs.get(REPORT), runs, Run::testAccuracy);
            if (epochs != REPORT && pairs.length > 1) {
                differences.put(epochs, Sample.of(pairs).estimate());
            }
        });
        int others = byEpochs.size() - 1;
        if (differences.size() < others) {
            table.note("One run per cell does not show whether epoch " + REPORT + " is best.");
            return;
        }
        long above = differences.values().stream()
                .filter(difference -> difference.interval().low() > 0)
                .count();
        List<Integer> better = differences.keySet().stream()
                .filter(epochs -> differences.get(epochs).intervalAmong(others).high() < 0)
                .toList();
        if (above == others) {
            table.note(
                    "That epoch %d is best is supported: its paired difference from each of the %d others is over 0 at 95 %%."
                            .formatted(REPORT, others));
        } else if (!better.isEmpty()) {
            table.note("Epoch %d is not best: after epoch %s the student is better, at 95 %% for all %d together."
                    .formatted(REPORT, Cells.list(better), others));
        } else {
            table.note(
                    "From these students alone, whether epoch %d is best is inconclusive: its paired difference is over 0 at 95 %% from %d of the %d others, and from none under 0 at 95 %% for all together."
                            .formatted(REPORT, above, others));
        }
        noteTrend(table, byEpochs);
        double[] fromOthers = fromTheMeanOfOthers(byEpochs);
        if (fromOthers.length >= Cell.LEAST_OF_INTERVAL) {
            Estimate estimate = Sample.of(fromOthers).estimate();
            table.note("Epoch %d minus the mean of the others: %s, 95 %% interval %s: %s."
                    .formatted(
                            REPORT,
                            signed(estimate.value()),
                            estimate.interval().signedText(),
                            verdict(estimate.interval())));
        }
    }

    /** Notes whether students get better or worse with their teacher's epochs, of the seeds that have all. */
    private static void noteTrend(Columns<?> table, SortedMap<Integer, List<Run>> byEpochs) {
        List<Run> students = byEpochs.values().stream().flatMap(List::stream).toList();
        List<List<Run>> seeds = Cells.bySetting(students, Settings::seed).values().stream()
                .filter(runs -> runs.size() == byEpochs.size())
                .toList();
        if (seeds.size() < Cell.LEAST_OF_INTERVAL) {
            return;
        }
        Factorial.of(seeds.stream()
                        .flatMap(List::stream)
                        .map(run -> new Factorial.Observation(
                                run.settings().seed(), run.settings().teacherEpochs(), 0, run.testAccuracy()))
                        .toList())
                .map(analysis -> analysis.rowTrend(epochs -> epochs))
                .ifPresent(trend -> table.note(
                        "Linear trend over the teacher's epochs: %s points for each, 95 %% interval %s to %s (a contrast in blocks of one seed)."
                                .formatted(
                                        signed(trend.value(), 3),
                                        signed(trend.interval().low(), 3),
                                        signed(trend.interval().high(), 3))));
    }

    /** For each seed that has all epochs, how far the report's is above the mean of the others. */
    private static double[] fromTheMeanOfOthers(SortedMap<Integer, List<Run>> byEpochs) {
        List<Run> students = byEpochs.values().stream().flatMap(List::stream).toList();
        return Cells.bySetting(students, Settings::seed).values().stream()
                .filter(runs -> runs.size() == byEpochs.size())
                .mapToDouble(runs -> {
                    Map<Boolean, Double> means = runs.stream()
                            .collect(Collectors.partitioningBy(
                                    run -> run.settings().teacherEpochs() == REPORT,
                                    Collectors.averagingDouble(Run::testAccuracy)));
                    return means.get(true) - means.get(false);
                })
                .toArray();
    }

    /**
     * One way to distil.
     *
     * @param name what a person calls it
     * @param teacherEpochs epochs of the teacher, by seed
     * @param distilEpochs epochs with distillation
     * @param students one for each seed
     */
    public record Way(String name, Cell teacherEpochs, Cell distilEpochs, List<Run> students) {}

    /**
     * Ways to stop early beside plain distillation.
     *
     * @param ways plain distillation first; of one reading
     */
    public static Table ways(List<Way> ways) {
        List<Run> all = ways.stream().flatMap(way -> way.students().stream()).toList();
        List<Run> plain = ways.get(0).students();
        int others =
                (int) ways.stream().filter(way -> !way.students().equals(plain)).count();
        return Columns.of(ways, all)
                .column("", way -> Cell.text(way.name()))
                .column("teacher's epochs", Way::teacherEpochs)
                .column("epochs with KD", Way::distilEpochs)
                .column("student", way -> Cell.mean(Cells.sample(way.students())))
                .column(
                        "minus plain KD",
                        way -> way.students().equals(plain) ? Cell.NONE : Cells.pairedDifference(way.students(), plain))
                .column(
                        "judged together at 95 %",
                        way -> way.students().equals(plain) ? Cell.NONE : judged(way.students(), plain, others))
                .note(
                        "Differences are paired by seed, with 95 % intervals, each by itself, where there are several seeds; they are"
                                + " judged by intervals that hold at 95 % for all rows together (Bonferroni).")
                .note(MnistTables.seeds(plain))
                .table("Question 13: two ways to stop early, test accuracy in %", all);
    }

    private static Cell judged(List<Run> students, List<Run> plain, int together) {
        double[] differences = Cells.differences(students, plain, Run::testAccuracy);
        return Cell.text(
                differences.length < Cell.LEAST_OF_INTERVAL
                        ? "not enough seeds"
                        : verdict(Sample.of(differences).estimate().intervalAmong(together)));
    }

    /**
     * After which epoch the report's rule stops stored teachers, limit by limit: what it would be calibrated on.
     *
     * @param teachers of any reading
     * @param rules with limits of their own, from the largest down
     * @param students of the single trajectory that are stored, of one reading
     */
    public static Table calibration(List<Run> teachers, List<EarlyStopping> rules, List<Run> students) {
        Map<String, List<Run>> byReading = new TreeMap<>(Comparator.reverseOrder());
        byReading.putAll(Cells.by(teachers, run -> run.settings().reading().toString()));
        Columns<EarlyStopping> table =
                Columns.of(rules, teachers).column("change of the loss below", rule -> Cell.number(rule.minDelta()));
        byReading.forEach((reading, runs) -> table.column(
                reading + ", " + runs.size() + (runs.size() == 1 ? " teacher" : " teachers"),
                rule -> stops(runs, rule)));
        EarlyStopping first = rules.get(0);
        table.note(
                "The epoch after which a teacher stops, and how many do: |mean training loss of the epoch - of the last| under the limit%s%s."
                        .formatted(
                                first.patience() == 1 ? "" : ", " + first.patience() + " times in a row",
                                first.minEpochs() == 1 ? "" : ", from epoch " + first.minEpochs() + " on"));
        if (!students.isEmpty()) {
            table.column("student, " + students.get(0).settings().reading(), rule -> {
                        List<Run> stopped = stopped(students, teachers, rule);
                        return stopped.isEmpty()
                                ? Cell.NONE
                                : Cell.mean(Cells.sample(stopped)).counted(stopped.size());
                    })
                    .note(
                            "Student: the mean test accuracy in % of those that are stored (how many) of teachers stopped so.");
        }
        byReading.forEach((reading, runs) -> table.note(authorsRule(reading, runs)));
        return table.table("Question 13: where the report's rule stops a teacher");
    }

    /** A limit of the report's rule, and a teacher that it may stop. */
    private record Stop(EarlyStopping rule, Run teacher) {}

    /**
     * A row for each limit and teacher, as RFC 4180 has it: after which epoch it stops, empty for never, and the test
     * accuracy in % of its student, as far as that is stored.
     */
    public static String calibrationCsv(List<Run> teachers, List<EarlyStopping> rules, List<Run> students) {
        List<Stop> stops = rules.stream()
                .flatMap(rule -> teachers.stream().map(teacher -> new Stop(rule, teacher)))
                .toList();
        return new RunCsv<>(stops, Stop::teacher)
                .column("limit", stop -> limit(stop.rule().minDelta()))
                .ofRun("variant,seed")
                .column("stops_after", stop -> {
                    OptionalInt epoch = stop.rule().epoch(stop.teacher().history());
                    return epoch.isPresent() ? epoch.getAsInt() : null;
                })
                .column(
                        "student_test_accuracy",
                        stop -> stopped(students, List.of(stop.teacher()), stop.rule()).stream()
                                .map(Run::testAccuracy)
                                .findFirst()
                                .orElse(null))
                .ofRun("identity")
                .text();
    }

    /** A limit of the rule without an exponent: {@code 0.0005}. */
    public static String limit(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** {@code 3 (8), 4 (2), never (1)}. */
    private static Cell stops(List<Run> teachers, EarlyStopping rule) {
        TreeMap<Integer, Long> counts = teachers.stream()
                .map(run -> rule.epoch(run.history()).orElse(NEVER))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        int first = counts.firstKey();
        if (counts.size() == 1 && first != NEVER) {
            return Cell.counted(first, teachers.size());
        }
        String text = counts.entrySet().stream()
                .map(entry -> (entry.getKey() == NEVER ? "never" : entry.getKey()) + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        return first == NEVER ? Cell.text(text) : new Cell.Numbers(text);
    }

    /**
     * The students whose teacher was stopped where the rule stops it; where it stops none, those of the whole teacher.
     */
    private static List<Run> stopped(List<Run> students, List<Run> teachers, EarlyStopping rule) {
        return students.stream()
                .filter(student -> teachers.stream()
                        .filter(teacher ->
                                teacher.identity().equals(student.settings().teacher()))
                        .anyMatch(teacher -> rule.epoch(teacher.history())
                                        .orElse(teacher.history().size())
                                == student.settings().teacherEpochs()))
                .toList();
    }

    /** What the rule of the authors' last program does: it stops a teacher whose mean loss is below 1. */
    private static String authorsRule(String reading, List<Run> teachers) {
        double least = teachers.stream()
                .flatMap(run -> run.history().stream())
                .mapToDouble(EpochResult::loss)
                .min()
                .orElseThrow();
        long fires = teachers.stream()
                .filter(run -> run.history().stream().anyMatch(epoch -> epoch.loss() < 1))
                .count();
        return String.format(
                Locale.ROOT,
                "The rule of the authors' last program, a mean loss below 1, stops %d of %d teachers %s: their smallest is %.4f%s.",
                fires,
                teachers.size(),
                reading,
                least,
                reading.equals(Condition.PUBLISHED_VARIANT.toString())
                        ? ", and under the doubled softmax none can be below 1.4612"
                        : "");
    }

    /** A row for each student, as RFC 4180 has it. */
    public static String csv(List<Run> students, List<Run> teachers) {
        return RunCsv.of(students)
                .ofRun(SETTINGS)
                .report(run -> Published.table3(run.settings().teacherEpochs()))
                .column("teacher_accuracy", run -> teacherAccuracy(run, teachers))
                .ofRun(RESULTS)
                .text();
    }

    /** A student of one way to distil. */
    private record OfWay(String way, Run student) {}

    /** A row for each student of each way, as RFC 4180 has it. */
    public static String waysCsv(List<Way> ways, List<Run> teachers) {
        List<OfWay> students = ways.stream()
                .flatMap(way -> way.students().stream().map(student -> new OfWay(way.name(), student)))
                .toList();
        return new RunCsv<>(students, OfWay::student)
                .column("way", OfWay::way)
                .ofRun(SETTINGS)
                .column("report", row -> null)
                .column("teacher_accuracy", row -> teacherAccuracy(row.student(), teachers))
                .ofRun(RESULTS)
                .text();
    }

    /** The mean test accuracy of the students' teachers, as they taught; no value where they are not stored. */
    private static Cell teacherMean(List<Run> students, List<Run> teachers) {
        double[] accuracies = students.stream()
                .map(student -> teacherAccuracy(student, teachers))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return accuracies.length == 0 ? Cell.NONE : Cell.mean(Sample.of(accuracies));
    }

    /** The test accuracy of a student's teacher, as it taught; null where it is not stored. */
    private static Double teacherAccuracy(Run student, List<Run> teachers) {
        Integer epochs = student.settings().teacherEpochs();
        return teachers.stream()
                .filter(teacher -> teacher.identity().equals(student.settings().teacher()))
                .map(Run::history)
                .map(history -> history.get((epochs == null ? history.size() : epochs) - 1)
                        .testAccuracy())
                .findFirst()
                .orElse(null);
    }

    private static String verdict(Interval interval) {
        return interval.contains(0) ? "inconclusive" : interval.low() > 0 ? "better" : "worse";
    }
}
