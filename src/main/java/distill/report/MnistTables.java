package distill.report;

import static distill.run.Settings.number;

import distill.page.Cell;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of Task 1's questions 5 to 7, ours beside the report's. All runs of a call are of one reading. */
public final class MnistTables {

    private MnistTables() {}

    /** Fig. 4: the teacher's test accuracy after each epoch, a column for each seed. */
    public static Table teacher(List<Run> teachers) {
        int epochs =
                teachers.stream().mapToInt(run -> run.history().size()).max().orElse(0);
        Columns<Integer> table =
                Columns.of(IntStream.rangeClosed(1, epochs).boxed().toList(), teachers);
        table.column("epoch", epoch -> Cell.number(epoch));
        teachers.forEach(
                run -> table.column("seed " + run.settings().seed(), epoch -> accuracyAfter(List.of(run), epoch)));
        if (teachers.size() > 1) {
            table.column("all", epoch -> accuracyAfter(teachers, epoch));
        }
        table.report("report", Published::teacherAfter)
                .note("Accuracy on the training images at the end: "
                        + teachers.stream()
                                .map(run -> Sample.percent(run.trainAccuracy()))
                                .collect(Collectors.joining(", "))
                        + " %.");
        if (teachers.size() > 1) {
            table.note(seeds(teachers));
        }
        return table.table("Fig. 4: teacher, test accuracy in %", teachers);
    }

    /** Table I: students by temperature and alpha, and the best cell. */
    public static Table table1(List<Run> students) {
        Columns<Map.Entry<Double, List<Run>>> table =
                Columns.of(Cells.bySetting(students, Settings::temperature), students);
        table.column("T", row -> Cells.number(row.getKey()));
        Cells.bySetting(students, Settings::alpha).keySet().forEach(alpha -> table.column(
                        "alpha " + number(alpha), row -> accuracyAt(row.getValue(), alpha))
                .report("report " + number(alpha), row -> Published.table1(row.getKey(), alpha)));
        Map.Entry<Hyperparameters, Sample> best = best(students);
        table.ofRuns("mean", runs -> Cell.mean(meanOver(runs)))
                .note("Best: %s at %s (chosen on the test images, as in the report)."
                        .formatted(best.getValue().text(), best.getKey()));
        if (table.comparable()) {
            table.note("The report's best: " + Sample.percent(Published.BEST_STUDENT)
                    + " at T = 16, alpha = 0.9 (its text exchanges the two names).");
        }
        return table.note(seeds(students)).table("Table I: student, test accuracy in %", students);
    }

    /** Table II: students by temperature at alpha .5. */
    public static Table table2(List<Run> students) {
        return Columns.of(Cells.bySetting(students, Hyperparameters::of), students)
                .column("T", row -> Cells.number(row.getKey().temperature()))
                .ofRuns("alpha", runs -> Cell.number(runs.get(0).settings().alpha()))
                .ofRuns("test accuracy", runs -> Cell.mean(Cells.sample(runs)))
                .report("report", row -> Published.table2(row.getKey().temperature()))
                .note(seeds(students))
                .table("Table II: student against temperature, test accuracy in %", students);
    }

    /** A row of question 7's table. */
    private record Compared(String name, Cell accuracy, double report) {}

    /**
     * Question 7: the student without distillation beside those with it, as the report compares them.
     *
     * @param students of question 5; none where they are not stored
     */
    public static Table plainStudent(List<Run> plain, List<Run> students) {
        SortedMap<Hyperparameters, List<Run>> cells = Cells.bySetting(students, Hyperparameters::of);
        List<Compared> rows = new ArrayList<>();
        rows.add(new Compared("student without KD", Cells.accuracy(plain), Published.PLAIN_STUDENT));
        if (cells.size() == 1) {
            Hyperparameters cell = cells.firstKey();
            rows.add(new Compared(
                    "student with KD, " + cell,
                    Cells.accuracy(students),
                    Published.table1(cell.temperature(), cell.alpha()).orElse(Double.NaN)));
        } else if (cells.size() > 1) {
            boolean all = cells.keySet().equals(Set.copyOf(Hyperparameters.all()));
            rows.add(new Compared(
                    "students with KD, mean of " + cells.size() + " cells",
                    Cell.mean(meanOver(students)).from(Cells.sources(students)),
                    all ? publishedMean() : Double.NaN));
            rows.add(new Compared(
                    "student with KD, best of " + cells.size() + " cells",
                    Cells.accuracy(cells.get(best(students).getKey())),
                    all ? Published.BEST_STUDENT : Double.NaN));
        }
        Columns<Compared> table = Columns.of(rows, Cells.all(plain, students))
                .column("", row -> Cell.text(row.name()))
                .column("test accuracy", Compared::accuracy)
                .report("report", row -> OptionalDouble.of(row.report()));
        if (students.isEmpty()) {
            table.note("Students with KD stand here too once question 5 is stored.");
        } else if (cells.size() > 1) {
            table.note("The report compares its best cell, the best of 30 runs chosen on the test images, with one run."
                    + " The mean of all cells is the fairer figure.");
        }
        table.note("Without KD: " + seeds(plain));
        if (!students.isEmpty()) {
            table.note("With KD: " + seeds(students));
        }
        return table.table("Question 7: student without KD, test accuracy in %", plain);
    }

    /** A row for each epoch of each teacher, as RFC 4180 has it. */
    public static String teacherCsv(List<Run> teachers) {
        return RunCsv.ofEpochs(teachers)
                .ofRun("variant,seed,quick,synthetic")
                .column("epoch", row -> row.result().epoch())
                .column("test_accuracy", row -> row.result().testAccuracy())
                .column("loss", row -> row.result().loss())
                .report(row -> Published.teacherAfter(row.result().epoch()))
                .ofRun("identity")
                .text();
    }

    /** A row for each epoch of each run, as RFC 4180 has it. */
    public static String epochsCsv(Collection<Run> runs) {
        RunCsv<RunCsv.Epoch> csv = RunCsv.ofEpochs(runs)
                .ofRun("identity,question")
                .column("variant", row -> row.run().settings().variant())
                .ofRun("without,model")
                .otherLosses()
                .column("width", row -> row.run().settings().width())
                .ofRun("temperature,alpha,teacher_epochs,distil_epochs,seed")
                .column("epoch", row -> row.result().epoch())
                .column("test_accuracy", row -> row.result().testAccuracy());
        return RunCsv.withLosses(csv).text();
    }

    /**
     * A row for each run, as RFC 4180 has it: what the tables are made of.
     *
     * @param report what the report has for a run; left empty where the runs cannot be compared with it
     */
    public static String csv(List<Run> runs, Function<Settings, OptionalDouble> report) {
        return RunCsv.of(runs)
                .ofRun("variant,question,model")
                .otherLosses()
                .ofRun("temperature,alpha,seed,quick,synthetic,epochs,test_accuracy")
                .report(report.compose(Run::settings))
                .ofRun("train_accuracy,identity,weights_digest,commit")
                .text();
    }

    /** The cells of students with distillation, by temperature, which all have, and alpha. */
    public static Map<Double, Map<Double, Sample>> cells(List<Run> students) {
        return Cells.grid(
                students,
                run -> run.settings().temperature(),
                run -> run.settings().alpha(),
                Run::testAccuracy);
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
        Map<Settings, List<Run>> cells = Cells.by(runs, run -> run.settings().cell());
        double[] bySeed = Cells.bySetting(runs, Settings::seed).values().stream()
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

    /** The accuracy of the students of an alpha; no value where there are none. */
    static Cell accuracyAt(List<Run> students, double alpha) {
        return Cells.accuracy(
                students.stream().filter(run -> run.settings().alpha() == alpha).toList());
    }

    /** The mean of the report's Table I, in percent. */
    public static double publishedMean() {
        return Hyperparameters.all().stream()
                .mapToDouble(cell ->
                        Published.table1(cell.temperature(), cell.alpha()).orElseThrow())
                .average()
                .orElseThrow();
    }

    /** The cell with the best mean; of equals the one of the lowest temperature, then of the lowest alpha. */
    static Map.Entry<Hyperparameters, Sample> best(List<Run> students) {
        return Cells.bySetting(students, Hyperparameters::of).entrySet().stream()
                .map(cell -> Map.entry(cell.getKey(), Cells.sample(cell.getValue())))
                .max(Comparator.comparingDouble(cell -> cell.getValue().mean()))
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

    static String seeds(List<Run> runs) {
        Set<Long> seeds = Cells.bySetting(runs, Settings::seed).keySet();
        String list = Cells.list(seeds);
        if (seeds.size() == 1) {
            return "One run per cell (seed " + list + "): differences of a few tenths are chance.";
        }
        boolean inEveryCell = Cells.by(runs, run -> run.settings().cell()).values().stream()
                .allMatch(cell -> cell.size() == seeds.size());
        return inEveryCell
                ? "Mean ± standard deviation over seeds " + list + ", with the 95 % interval of the mean (Student's t)."
                : "Seeds " + list
                        + ", not in every cell: mean ± standard deviation of a cell's own, with the 95 % interval of the"
                        + " mean (Student's t); without ± one run.";
    }
}
