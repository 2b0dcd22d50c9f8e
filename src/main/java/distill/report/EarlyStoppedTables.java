package distill.report;

import distill.experiment.MnistPlan;
import distill.page.Cell;
import distill.page.Csv;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Interval;
import distill.statistics.Sample;
import distill.training.EarlyStopping;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
    private static final String CSV_COLUMNS =
            "variant,question,model,temperature,alpha,teacher_epochs,distil_epochs,seed,quick,synthetic,"
                    + "epochs,test_accuracy,report,teacher_accuracy,train_accuracy,identity,weights_digest,commit";

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
        Marks marks = Marks.of(students);
        TreeMap<Integer, List<Run>> byEpochs = byEpochs(students);
        boolean several = byEpochs.values().stream().anyMatch(runs -> runs.size() > 1);
        boolean paired = several && byEpochs.containsKey(REPORT);
        List<String> header = new ArrayList<>(List.of("teacher's epochs", "teacher", "student"));
        if (several) {
            header.add("95 % interval");
        }
        if (paired) {
            header.add("epoch " + REPORT + " minus this, 95 % interval");
        }
        if (marks.comparable()) {
            header.add("report");
        }
        List<List<Cell>> rows = new ArrayList<>();
        byEpochs.forEach((epochs, runs) -> {
            Sample sample = Cells.sample(runs);
            List<Cell> row = Cells.row(
                    Cell.number(epochs),
                    runs,
                    teacherMean(runs, teachers),
                    Cell.mean(sample).withoutInterval());
            if (several) {
                row.add(sample.n() == 1 ? Cell.NONE : Cell.interval(sample.estimate()));
            }
            if (paired) {
                row.add(epochs == REPORT ? Cell.NONE : difference(byEpochs.get(REPORT), runs));
            }
            if (marks.comparable()) {
                row.add(Cell.published(Published.table3(epochs).orElse(Double.NaN)));
            }
            rows.add(row);
        });
        List<String> notes = new ArrayList<>(marks.notes());
        notes.addAll(best(byEpochs));
        if (marks.comparable()) {
            notes.add("The report trained 12 and prints 11; it would stop after epoch " + REPORT + ".");
        }
        notes.add(MnistTables.seeds(students));
        String teacher = students.get(0).settings().question().equals(MnistPlan.SINGLE_TRAJECTORY)
                ? ", each seed's teacher after each of its epochs"
                : ", a new teacher for each number of epochs";
        return new Table(
                "Table III: student, test accuracy in %" + MnistTables.reading(students) + teacher + marks.suffix(),
                header,
                rows,
                notes);
    }

    /** Whether the report's epoch is the best of all, in sentences. */
    private static List<String> best(TreeMap<Integer, List<Run>> byEpochs) {
        List<String> sentences = new ArrayList<>();
        Map.Entry<Integer, List<Run>> largest = byEpochs.entrySet().stream()
                .max(Comparator.comparingDouble(
                        entry -> Cells.sample(entry.getValue()).mean()))
                .orElseThrow();
        sentences.add("Largest: %s after epoch %d (chosen on the test images, as in the report)."
                .formatted(Cells.sample(largest.getValue()).text(), largest.getKey()));
        if (byEpochs.size() == 1 || !byEpochs.containsKey(REPORT)) {
            return sentences;
        }
        List<Run> report = byEpochs.get(REPORT);
        Map<Integer, Sample> differences = new TreeMap<>();
        byEpochs.forEach((epochs, runs) -> {
            if (epochs != REPORT && pairs(report, runs).length > 1) {
                differences.put(epochs, Sample.of(pairs(report, runs)));
            }
        });
        String claim = "epoch " + REPORT + " is best";
        if (differences.size() < byEpochs.size() - 1) {
            sentences.add("Whether " + claim + " cannot be told from one run per cell.");
            return sentences;
        }
        long above = differences.values().stream()
                .filter(cell -> cell.estimate().interval().low() > 0)
                .count();
        List<Integer> better = differences.entrySet().stream()
                .filter(entry -> entry.getValue()
                                .estimate()
                                .intervalAmong(differences.size())
                                .high()
                        < 0)
                .map(Map.Entry::getKey)
                .toList();
        if (above == differences.size()) {
            sentences.add("That %s can be told: its paired difference from each of the %d others is over 0 at 95 %%."
                    .formatted(claim, above));
        } else if (!better.isEmpty()) {
            sentences.add("Epoch %d is not best: after epoch %s the student is better, at 95 %% for all %d together."
                    .formatted(
                            REPORT,
                            better.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                            differences.size()));
        } else {
            sentences.add(
                    "Whether %s cannot be told: its paired difference is over 0 at 95 %% from %d of the %d others, and from none under 0 at 95 %% for all together."
                            .formatted(claim, above, differences.size()));
        }
        double[] fromOthers = fromTheMeanOfOthers(byEpochs);
        if (fromOthers.length > 1) {
            Sample cell = Sample.of(fromOthers);
            Interval interval = cell.estimate().interval();
            sentences.add(String.format(
                    Locale.ROOT,
                    "Epoch %d minus the mean of the others: %+.2f, 95 %% interval %s: %s.",
                    REPORT,
                    cell.mean(),
                    interval.signedText(),
                    verdict(interval)));
        }
        return sentences;
    }

    /** For each seed that has all epochs, how far the report's is above the mean of the others. */
    private static double[] fromTheMeanOfOthers(TreeMap<Integer, List<Run>> byEpochs) {
        Map<Long, List<Run>> bySeed = byEpochs.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(run -> run.settings().seed(), TreeMap::new, Collectors.toList()));
        return bySeed.values().stream()
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
        Marks marks = Marks.of(all);
        int others =
                (int) ways.stream().filter(way -> !way.students().equals(plain)).count();
        List<List<Cell>> rows = new ArrayList<>();
        for (Way way : ways) {
            double[] pairs = pairs(way.students(), plain);
            boolean same = way.students().equals(plain);
            String judged = same
                    ? ""
                    : pairs.length < 2
                            ? "cannot be told"
                            : verdict(Sample.of(pairs).estimate().intervalAmong(others));
            rows.add(List.of(
                    Cell.text(way.name()),
                    way.teacherEpochs(),
                    way.distilEpochs(),
                    Cell.mean(Cells.sample(way.students())),
                    same ? Cell.NONE : difference(way.students(), plain),
                    Cell.text(judged)));
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "Differences are paired by seed, with 95 % intervals, each by itself, where there are several seeds; they are"
                        + " judged by intervals that hold at 95 % for all rows together (Bonferroni).");
        notes.add(MnistTables.seeds(plain));
        return new Table(
                "Question 13: two ways to stop early, test accuracy in %" + MnistTables.reading(all) + marks.suffix(),
                List.of(
                        "",
                        "teacher's epochs",
                        "epochs with KD",
                        "student",
                        "minus plain KD",
                        "judged together at 95 %"),
                rows,
                notes);
    }

    /**
     * After which epoch the report's rule stops stored teachers, limit by limit: what it would be calibrated on.
     *
     * @param teachers of any reading
     * @param rules with limits of their own, from the largest down
     * @param students of the single trajectory that are stored, of one reading
     */
    public static Table calibration(List<Run> teachers, List<EarlyStopping> rules, List<Run> students) {
        Marks marks = Marks.of(teachers);
        Map<String, List<Run>> byReading = teachers.stream()
                .collect(Collectors.groupingBy(
                        run -> run.settings().reading().toString(),
                        () -> new TreeMap<String, List<Run>>(Comparator.reverseOrder()),
                        Collectors.toList()));
        List<String> header = new ArrayList<>(List.of("change of the loss below"));
        byReading.forEach((reading, runs) ->
                header.add(reading + ", " + runs.size() + (runs.size() == 1 ? " teacher" : " teachers")));
        if (!students.isEmpty()) {
            header.add("student, " + students.get(0).settings().reading());
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (EarlyStopping rule : rules) {
            List<Cell> row = new ArrayList<>(List.of(Cell.number(rule.minDelta())));
            byReading.values().forEach(runs -> row.add(stops(runs, rule)));
            if (!students.isEmpty()) {
                List<Run> stopped = stopped(students, teachers, rule);
                row.add(
                        stopped.isEmpty()
                                ? Cell.NONE
                                : Cell.mean(Cells.sample(stopped)).counted(stopped.size()));
            }
            rows.add(row);
        }
        EarlyStopping rule = rules.get(0);
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "The epoch after which a teacher stops, and how many do: |mean training loss of the epoch - of the last| under the limit%s%s."
                        .formatted(
                                rule.patience() == 1 ? "" : ", " + rule.patience() + " times in a row",
                                rule.minEpochs() == 1 ? "" : ", from epoch " + rule.minEpochs() + " on"));
        if (!students.isEmpty()) {
            notes.add(
                    "Student: the mean test accuracy in % of those that are stored (how many) of teachers stopped so.");
        }
        byReading.forEach((reading, runs) -> notes.add(authorsRule(reading, runs)));
        return new Table("Question 13: where the report's rule stops a teacher" + marks.suffix(), header, rows, notes);
    }

    /**
     * A row for each limit and teacher, as RFC 4180 has it: after which epoch it stops, empty for never, and the test
     * accuracy in % of its student, as far as that is stored.
     */
    public static String calibrationCsv(List<Run> teachers, List<EarlyStopping> rules, List<Run> students) {
        Csv csv = new Csv("limit,variant,seed,stops_after,student_test_accuracy,identity");
        for (EarlyStopping rule : rules) {
            for (Run teacher : teachers) {
                OptionalInt epoch = rule.epoch(teacher.history());
                csv.row(
                        limit(rule.minDelta()),
                        teacher.settings().reading(),
                        teacher.settings().seed(),
                        epoch.isPresent() ? epoch.getAsInt() : null,
                        stopped(students, List.of(teacher), rule).stream()
                                .map(Run::testAccuracy)
                                .findFirst()
                                .orElse(null),
                        teacher.identity());
            }
        }
        return csv.text();
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
        boolean comparable = Marks.of(students).comparable();
        Csv csv = new Csv(CSV_COLUMNS);
        students.forEach(run -> csv.row(csvRow(run, teachers, comparable)));
        return csv.text();
    }

    /** A row for each student of each way, as RFC 4180 has it. */
    public static String waysCsv(List<Way> ways, List<Run> teachers) {
        Csv csv = new Csv("way," + CSV_COLUMNS);
        for (Way way : ways) {
            for (Run run : way.students()) {
                List<Object> row = csvRow(run, teachers, false);
                row.add(0, way.name());
                csv.row(row);
            }
        }
        return csv.text();
    }

    private static List<Object> csvRow(Run run, List<Run> teachers, boolean comparable) {
        Settings s = run.settings();
        OptionalDouble report = comparable ? Published.table3(s.teacherEpochs()) : OptionalDouble.empty();
        OptionalDouble teacher = teacherAccuracy(run, teachers);
        return new ArrayList<>(Arrays.asList(
                s.reading(),
                s.question(),
                s.role(),
                MnistTables.optional(s.temperature()),
                MnistTables.optional(s.alpha()),
                s.teacherEpochs(),
                s.distilEpochs(),
                s.seed(),
                s.quick(),
                run.provenance().synthetic(),
                s.epochs(),
                run.testAccuracy(),
                report.isPresent() ? Sample.percent(report.getAsDouble()) : null,
                teacher.isPresent() ? teacher.getAsDouble() : null,
                run.trainAccuracy(),
                run.identity(),
                run.weightsDigest(),
                run.provenance().commit()));
    }

    /** Students by their teacher's epochs. */
    static TreeMap<Integer, List<Run>> byEpochs(List<Run> students) {
        return students.stream()
                .collect(Collectors.groupingBy(
                        run -> run.settings().teacherEpochs(), TreeMap::new, Collectors.toList()));
    }

    /** The test accuracies of the students' teachers, as they taught; nothing where they are not stored. */
    private static Cell teacherMean(List<Run> students, List<Run> teachers) {
        double[] accuracies = students.stream()
                .map(student -> teacherAccuracy(student, teachers))
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        return accuracies.length == 0 ? Cell.NONE : Cell.mean(Sample.of(accuracies));
    }

    private static OptionalDouble teacherAccuracy(Run student, List<Run> teachers) {
        Settings s = student.settings();
        return teachers.stream()
                .filter(teacher -> teacher.identity().equals(s.teacher()))
                .map(Run::history)
                .mapToDouble(
                        history -> history.get(s.teacherEpochs() == null ? history.size() - 1 : s.teacherEpochs() - 1)
                                .testAccuracy())
                .findFirst();
    }

    /** The differences a - b of the seeds that both have. */
    private static double[] pairs(List<Run> a, List<Run> b) {
        Map<Long, Double> bySeed =
                b.stream().collect(Collectors.toMap(run -> run.settings().seed(), Run::testAccuracy));
        return a.stream()
                .filter(run -> bySeed.containsKey(run.settings().seed()))
                .mapToDouble(
                        run -> run.testAccuracy() - bySeed.get(run.settings().seed()))
                .toArray();
    }

    /** {@code +0.05 (-0.10 to +0.20)}; of one pair the difference alone. */
    static Cell difference(List<Run> a, List<Run> b) {
        double[] pairs = pairs(a, b);
        return pairs.length == 0 ? Cell.NONE : Cell.difference(Sample.of(pairs));
    }

    private static String verdict(Interval interval) {
        return interval.contains(0) ? "cannot be told" : interval.low() > 0 ? "better" : "worse";
    }
}
