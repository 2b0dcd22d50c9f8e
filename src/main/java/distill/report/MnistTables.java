package distill.report;

import static distill.run.Settings.number;

import distill.page.Cell;
import distill.page.Csv;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of Task 1's questions 5 to 7, ours beside the report's. All runs of a call are of one reading. */
public final class MnistTables {

    private MnistTables() {}

    /** Fig. 4: the teacher's test accuracy after each epoch, a column for each seed. */
    public static Table teacher(List<Run> teachers) {
        Marks marks = Marks.of(teachers);
        List<String> header = new ArrayList<>(List.of("epoch"));
        teachers.forEach(run -> header.add("seed " + run.settings().seed()));
        boolean several = teachers.size() > 1;
        if (several) {
            header.add("all");
        }
        if (marks.comparable()) {
            header.add("report");
        }
        List<List<Cell>> rows = new ArrayList<>();
        int epochs =
                teachers.stream().mapToInt(run -> run.history().size()).max().orElse(0);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            List<Cell> row = new ArrayList<>(List.of(Cell.number(epoch)));
            for (Run run : teachers) {
                row.add(accuracyAfter(List.of(run), epoch));
            }
            if (several) {
                row.add(accuracyAfter(teachers, epoch));
            }
            if (marks.comparable()) {
                row.add(Cell.published(Published.TEACHER_EPOCHS.get(epoch - 1)));
            }
            rows.add(row);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Accuracy on the training images at the end: "
                + teachers.stream()
                        .map(run -> Sample.percent(run.trainAccuracy()))
                        .collect(Collectors.joining(", ")) + " %.");
        if (several) {
            notes.add(seeds(teachers));
        }
        return new Table(
                "Fig. 4: teacher, test accuracy in %" + reading(teachers) + marks.suffix(), header, rows, notes);
    }

    /** Table I: students by temperature and alpha, and the best cell. */
    public static Table table1(List<Run> students) {
        Marks marks = Marks.of(students);
        Map<Double, Map<Double, Sample>> cells = cells(students);
        List<Double> alphas = students.stream()
                .map(run -> run.settings().alpha())
                .distinct()
                .sorted()
                .toList();
        List<String> header = new ArrayList<>(List.of("T"));
        for (double alpha : alphas) {
            header.add("alpha " + number(alpha));
            if (marks.comparable()) {
                header.add("report " + number(alpha));
            }
        }
        header.add("mean");
        List<List<Cell>> rows = new ArrayList<>();
        cells.keySet().forEach(temperature -> {
            List<Cell> row = new ArrayList<>(List.of(Cell.number(temperature)));
            for (double alpha : alphas) {
                row.add(accuracyAt(students, temperature, alpha));
                if (marks.comparable()) {
                    row.add(Cell.published(Published.table1(temperature, alpha).orElse(Double.NaN)));
                }
            }
            List<Run> all = students.stream()
                    .filter(run -> run.settings().temperature().equals(temperature))
                    .toList();
            row.add(Cell.mean(meanOver(all)).from(Cells.sources(all)));
            rows.add(row);
        });
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(bestInWords(cells));
        if (marks.comparable()) {
            notes.add("The report's best: " + Sample.percent(Published.BEST_STUDENT)
                    + " at T = 16, alpha = 0.9 (its text exchanges the two names).");
        }
        notes.add(seeds(students));
        return new Table(
                "Table I: student, test accuracy in %" + reading(students) + marks.suffix(), header, rows, notes);
    }

    /** Table II: students by temperature at alpha .5. */
    public static Table table2(List<Run> students) {
        Marks marks = Marks.of(students);
        List<String> header = new ArrayList<>(List.of("T", "alpha", "test accuracy"));
        if (marks.comparable()) {
            header.add("report");
        }
        List<List<Cell>> rows = new ArrayList<>();
        cells(students)
                .forEach((temperature, byAlpha) -> byAlpha.forEach((alpha, sample) -> {
                    List<Cell> row = Cells.row(
                            Cell.number(temperature),
                            at(students, temperature, alpha),
                            Cell.number(alpha),
                            Cell.mean(sample));
                    if (marks.comparable()) {
                        row.add(Cell.published(Published.table2(temperature).orElse(Double.NaN)));
                    }
                    rows.add(row);
                }));
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(seeds(students));
        return new Table(
                "Table II: student against temperature, test accuracy in %" + reading(students) + marks.suffix(),
                header,
                rows,
                notes);
    }

    /**
     * Question 7: the student without distillation beside those with it, as the report compares them.
     *
     * @param students of question 5; none where they are not stored
     */
    public static Table plainStudent(List<Run> plain, List<Run> students) {
        Marks marks = Marks.of(Stream.concat(plain.stream(), students.stream()).toList());
        Map<Double, Map<Double, Sample>> cells = cells(students);
        long count = cells.values().stream().mapToLong(Map::size).sum();
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(row(marks, "student without KD", Cells.accuracy(plain), Published.PLAIN_STUDENT));
        List<String> notes = new ArrayList<>(marks.notes());
        if (students.isEmpty()) {
            notes.add("Students with KD stand here too once question 5 is stored.");
        } else if (count == 1) {
            Settings cell = students.get(0).settings();
            rows.add(row(
                    marks,
                    "student with KD, " + new Hyperparameters(cell.temperature(), cell.alpha()),
                    Cells.accuracy(students),
                    Published.table1(cell.temperature(), cell.alpha()).orElse(Double.NaN)));
        } else {
            boolean all = count == Published.TEMPERATURES.size() * Published.ALPHAS.size();
            Hyperparameters where = best(cells);
            List<Run> best = at(students, where.temperature(), where.alpha());
            rows.add(row(
                    marks,
                    "students with KD, mean of " + count + " cells",
                    Cell.mean(meanOver(students)).from(Cells.sources(students)),
                    all ? publishedMean() : Double.NaN));
            rows.add(row(
                    marks,
                    "student with KD, best of " + count + " cells",
                    Cells.accuracy(best),
                    all ? Published.BEST_STUDENT : Double.NaN));
            notes.add("The report compares its best cell, the best of 30 runs chosen on the test images, with one run."
                    + " The mean of all cells is the fairer figure.");
        }
        List<String> header = new ArrayList<>(List.of("", "test accuracy"));
        if (marks.comparable()) {
            header.add("report");
        }
        notes.add("Without KD: " + seeds(plain));
        if (!students.isEmpty()) {
            notes.add("With KD: " + seeds(students));
        }
        return new Table(
                "Question 7: student without KD, test accuracy in %" + reading(plain) + marks.suffix(),
                header,
                rows,
                notes);
    }

    /** A row for each epoch of each teacher, as RFC 4180 has it. */
    public static String teacherCsv(List<Run> teachers) {
        boolean comparable = Marks.of(teachers).comparable();
        Csv csv = new Csv("variant,seed,quick,synthetic,epoch,test_accuracy,loss,report,identity");
        for (Run run : teachers) {
            for (EpochResult result : run.history()) {
                csv.row(
                        run.settings().reading(),
                        run.settings().seed(),
                        run.settings().quick(),
                        run.provenance().synthetic(),
                        result.epoch(),
                        result.testAccuracy(),
                        result.loss(),
                        comparable ? Sample.percent(Published.TEACHER_EPOCHS.get(result.epoch() - 1)) : null,
                        run.identity());
            }
        }
        return csv.text();
    }

    /**
     * A row for each run, as RFC 4180 has it: what the tables are made of.
     *
     * @param report what the report has for a run; left empty where the runs cannot be compared with it
     */
    public static String csv(List<Run> runs, Function<Settings, OptionalDouble> report) {
        boolean comparable = Marks.of(runs).comparable();
        Csv csv = new Csv("variant,question,model,temperature,alpha,seed,quick,synthetic,epochs,test_accuracy,report,"
                + "train_accuracy,identity,weights_digest,commit");
        for (Run run : runs) {
            Settings s = run.settings();
            csv.row(
                    s.reading(),
                    s.question(),
                    s.role(),
                    optional(s.temperature()),
                    optional(s.alpha()),
                    s.seed(),
                    s.quick(),
                    run.provenance().synthetic(),
                    s.epochs(),
                    run.testAccuracy(),
                    comparable
                            ? Cell.published(report.apply(s).orElse(Double.NaN)).text()
                            : null,
                    run.trainAccuracy(),
                    run.identity(),
                    run.weightsDigest(),
                    run.provenance().commit());
        }
        return csv.text();
    }

    static String optional(Double value) {
        return value == null ? "" : number(value);
    }

    /** The students of a cell. */
    static List<Run> at(List<Run> students, double temperature, double alpha) {
        Hyperparameters cell = new Hyperparameters(temperature, alpha);
        return students.stream().filter(run -> cell.are(run.settings())).toList();
    }

    /** The cells of students with distillation, by temperature and alpha. */
    public static Map<Double, Map<Double, Sample>> cells(List<Run> students) {
        Map<Double, Map<Double, Sample>> cells = new TreeMap<>();
        students.stream()
                .collect(Collectors.groupingBy(run ->
                        List.of(run.settings().temperature(), run.settings().alpha())))
                .forEach((key, runs) ->
                        cells.computeIfAbsent(key.get(0), t -> new TreeMap<>()).put(key.get(1), Cells.sample(runs)));
        return cells;
    }

    /**
     * The mean over all cells: with several seeds that have them all one for each of these, else that of the cells'
     * means.
     */
    public static Sample meanOver(List<Run> students) {
        return meanOver(students, Run::testAccuracy);
    }

    /** The mean over all cells, as of {@link #meanOver(List)}, of another number than the test accuracy. */
    static Sample meanOver(List<Run> runs, ToDoubleFunction<Run> value) {
        Map<Settings, List<Run>> cells = runs.stream()
                .collect(Collectors.groupingBy(run -> run.settings().cell(), LinkedHashMap::new, Collectors.toList()));
        double[] bySeed = runs.stream()
                .collect(Collectors.groupingBy(run -> run.settings().seed(), TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(own -> own.size() == cells.size())
                .mapToDouble(own -> Cells.sample(own, value).mean())
                .toArray();
        return bySeed.length > 1
                ? Sample.of(bySeed)
                : Sample.single(cells.values().stream()
                        .mapToDouble(cell -> Cells.sample(cell, value).mean())
                        .average()
                        .orElseThrow());
    }

    private static List<Cell> row(Marks marks, String name, Cell ours, double report) {
        return marks.comparable()
                ? List.of(Cell.text(name), ours, Cell.published(report))
                : List.of(Cell.text(name), ours);
    }

    /** The accuracy of a cell's students; no value where there are none. */
    static Cell accuracyAt(List<Run> students, double temperature, double alpha) {
        List<Run> runs = at(students, temperature, alpha);
        return runs.isEmpty() ? Cell.NONE : Cells.accuracy(runs);
    }

    /** The mean of the report's Table I, in percent. */
    public static double publishedMean() {
        return Hyperparameters.all().stream()
                .mapToDouble(cell ->
                        Published.table1(cell.temperature(), cell.alpha()).orElseThrow())
                .average()
                .orElseThrow();
    }

    private static String bestInWords(Map<Double, Map<Double, Sample>> cells) {
        Hyperparameters best = best(cells);
        return "Best: %s at %s (chosen on the test images, as in the report)."
                .formatted(cells.get(best.temperature()).get(best.alpha()).text(), best);
    }

    /** The cell with the best mean; of equals the one of the lowest temperature, then of the lowest alpha. */
    static Hyperparameters best(Map<Double, Map<Double, Sample>> cells) {
        return cells.entrySet().stream()
                .flatMap(row -> row.getValue().keySet().stream().map(alpha -> new Hyperparameters(row.getKey(), alpha)))
                .max(Comparator.comparingDouble(
                        cell -> cells.get(cell.temperature()).get(cell.alpha()).mean()))
                .orElseThrow();
    }

    /** The mean test accuracy after an epoch; no value where no run has it. */
    private static Cell accuracyAfter(List<Run> runs, int epoch) {
        double[] accuracies = runs.stream()
                .flatMap(run -> run.history().stream())
                .filter(result -> result.epoch() == epoch)
                .mapToDouble(EpochResult::testAccuracy)
                .toArray();
        return accuracies.length == 0
                ? Cell.NONE
                : Cell.mean(Sample.of(accuracies)).from(Cells.sources(runs));
    }

    static String reading(List<Run> runs) {
        boolean byKeras = runs.stream().anyMatch(run -> !run.provenance().isOurs());
        return ", " + runs.get(0).settings().reading() + (byKeras ? ", trained by Keras" : "");
    }

    static String seeds(List<Run> runs) {
        List<Long> seeds = runs.stream()
                .map(run -> run.settings().seed())
                .distinct()
                .sorted()
                .toList();
        if (seeds.size() == 1) {
            return "One run per cell (seed " + seeds.get(0) + "): differences of a few tenths are chance.";
        }
        String list = seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
        boolean inEveryCell = runs.stream()
                .collect(Collectors.groupingBy(run -> run.settings().cell(), Collectors.counting()))
                .values()
                .stream()
                .allMatch(n -> n == seeds.size());
        return inEveryCell
                ? "Mean ± standard deviation over seeds " + list + ", with the 95 % interval of the mean (Student's t)."
                : "Seeds " + list
                        + ", not in every cell: mean ± standard deviation of a cell's own, with the 95 % interval of the"
                        + " mean (Student's t); without ± one run.";
    }
}
