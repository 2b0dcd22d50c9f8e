package distill.report;

import static distill.run.Settings.number;
import static distill.statistics.Rounded.signed;

import distill.experiment.MhistPlan;
import distill.metrics.ClassificationReport;
import distill.metrics.ClassificationReport.ClassScores;
import distill.metrics.ConfusionMatrix;
import distill.page.Cell;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Interval;
import distill.statistics.Sample;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tables of Task 2. Every one names its data; on MHIST with the report's settings the accuracy on the notebook's
 * partial test stands beside the notebook's. Runs of a call are of one reading, but for {@link #collapse}.
 */
public final class MhistTables {

    /** Of more classes there are averages alone in a table, and numbers of each in its CSV file. */
    private static final int MOST_SHOWN = 5;

    private MhistTables() {}

    /** The teachers after the last epoch, a row for each seed and kind of starting weights. */
    public static Table teachers(List<Run> teachers) {
        return measures(
                "Teacher",
                teachers,
                List.of(),
                run -> run.settings().network()
                        + (run.settings().pretrained() ? "" : ", random weights") + ", seed "
                        + run.settings().seed(),
                settings -> OptionalDouble.of(PublishedMhist.TEACHER_FINE));
    }

    /**
     * Students with distillation and without by temperature.
     *
     * @param teachers of the students
     */
    public static Table students(List<Run> students, List<Run> teachers) {
        return measures("Students by temperature", students, teachers, MhistTables::name, MhistTables::notebook);
    }

    /** Early-stopped teachers and their students. */
    public static Table earlyStopped(List<Run> runs) {
        return measures(
                "Early-stopped teachers and their students",
                runs,
                List.of(),
                run -> run.settings().role() + " " + run.settings().teacherEpochs(),
                settings -> settings.role() == Role.TEACHER
                        ? OptionalDouble.empty()
                        : PublishedMhist.earlyStopped(settings.teacherEpochs()));
    }

    /**
     * Question 3: with and without pre-training and distillation.
     *
     * @param marked the runs and their teachers
     */
    public static Table effects(List<Run> runs, List<Run> marked) {
        return measures(
                "Question 3: pre-training and distillation",
                runs,
                marked,
                MhistTables::effect,
                settings -> OptionalDouble.empty());
    }

    private static String effect(Run run) {
        Settings settings = run.settings();
        return (settings.role() == Role.TEACHER ? "teacher" : role(settings)) + ", "
                + (settings.pretrained()
                        ? "pre-trained"
                        : settings.standsStill() ? "random, with training=False" : "random");
    }

    /** What question 3's table says, in a paragraph: differences of macro F1 with what chance allows. */
    public static String effectsInWords(List<Run> runs) {
        Map<String, List<Run>> groups = Cells.by(runs, MhistTables::effect);
        String sentences = Stream.concat(
                        Stream.of("pre-trained", "random")
                                .map(start -> difference(
                                        "From " + start + " weights distillation changes the student's",
                                        groups.get("student with KD, " + start),
                                        groups.get("student without KD, " + start))),
                        Stream.of("student with KD", "student without KD", "teacher")
                                .map(student -> difference(
                                        "Pre-training changes the " + student + "'s",
                                        groups.get(student + ", pre-trained"),
                                        groups.get(student + ", random"))))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
        return sentences.isEmpty() ? "Without pre-trained weights there is nothing to compare with." : sentences;
    }

    /** The mean difference over the seeds that both have; with several, its 95 % interval. */
    private static Optional<String> difference(String what, List<Run> one, List<Run> other) {
        double[] differences =
                one == null || other == null ? new double[0] : Cells.differences(one, other, MhistTables::macroF1);
        if (differences.length == 0) {
            return Optional.empty();
        }
        Sample sample = Sample.of(differences);
        String text = what + " macro F1 by " + signed(sample.mean(), 3);
        if (sample.n() == 1) {
            return Optional.of(text + " in one pair of runs, which does not say how runs differ by chance.");
        }
        if (sample.n() < Cell.LEAST_OF_INTERVAL) {
            return Optional.of(text + " over " + sample.n() + " seeds, too few for an interval.");
        }
        Interval interval = sample.estimate().interval();
        return Optional.of(text
                + " (95 %% interval %s to %s over %d seeds%s)."
                        .formatted(
                                signed(interval.low(), 3),
                                signed(interval.high(), 3),
                                sample.n(),
                                interval.low() > 0 || interval.high() < 0 ? "" : ": may be chance"));
    }

    private static String role(Settings settings) {
        return settings.role() == Role.STUDENT ? "student with KD" : "student without KD";
    }

    private static String name(Run run) {
        Settings settings = run.settings();
        return role(settings) + (settings.temperature() == null ? "" : ", T = " + number(settings.temperature()));
    }

    private static OptionalDouble notebook(Settings settings) {
        if (settings.temperature() == null) {
            return OptionalDouble.empty();
        }
        return settings.role() == Role.STUDENT
                ? PublishedMhist.student(settings.temperature())
                : PublishedMhist.plainStudent(settings.temperature());
    }

    /**
     * A row for each group of runs, one for each seed.
     *
     * @param marked others whose marks the table carries, too
     * @param name what a group is called
     * @param notebook the notebook's accuracy in percent
     */
    private static Table measures(
            String title,
            List<Run> runs,
            List<Run> marked,
            Function<Run, String> name,
            Function<Settings, OptionalDouble> notebook) {
        List<String> classes = classes(runs);
        Columns<Map.Entry<String, List<Run>>> table = Columns.of(Cells.by(runs, name), Cells.all(runs, marked))
                .column("", row -> Cell.text(row.getKey()))
                .ofRuns("accuracy %", mean(Run::testAccuracy, 2))
                .ofRuns("macro F1", mean(MhistTables::macroF1, 3));
        boolean shown = classes.size() <= MOST_SHOWN;
        if (shown) {
            IntStream.range(0, classes.size())
                    .forEach(i -> table.ofRuns(
                            "F1 " + classes.get(i),
                            mean(run -> scores(run).get(i).f1(), 3)));
        }
        table.ofRuns(auc(classes), mean(MhistTables::rocAuc, 3));
        if (shown) {
            table.ofRuns("predicted " + String.join(" / ", classes), predicted(MhistTables::matrix));
        }
        boolean beside = table.comparable()
                && runs.stream().allMatch(run -> last(run).notebookAccuracy() != null)
                && runs.stream().anyMatch(run -> notebook.apply(run.settings()).isPresent());
        if (beside) {
            table.ofRuns("on its partial test %", mean(run -> last(run).notebookAccuracy(), 2))
                    .report(
                            "notebook %",
                            row -> notebook.apply(row.getValue().get(0).settings()));
        }
        note(table, runs);
        if (beside
                && runs.stream()
                        .map(Run::settings)
                        .anyMatch(s -> s.question().equals(MhistPlan.SWEEP)
                                && Double.valueOf(2).equals(s.temperature()))) {
            table.note("The notebook's numbers at T = 2 were typed in by hand: what printed them is lost.");
        }
        return table.table(title, runs);
    }

    /** What a student of the collapsed ones' table differs in. */
    public static String collapseName(Run run) {
        Settings settings = run.settings();
        String without = settings.without();
        String name = without == null ? settings.variant().toString() : "without " + without;
        return settings.question().endsWith(MhistPlan.CARRIED)
                ? name + ", carried, T = " + number(settings.temperature())
                : settings.question().endsWith(MhistPlan.OWN_TEACHER) ? name + ", and its teacher" : name;
    }

    /**
     * What became of the authors' student with distillation, as-written, without some slips, and as-described.
     *
     * @param teachers of the students
     */
    public static Table collapse(List<Run> all, List<Run> teachers) {
        List<String> classes = classes(all);
        boolean shown = classes.size() <= MOST_SHOWN;
        String predicted = "predicted " + String.join(" / ", classes);
        Columns<Map.Entry<String, List<Run>>> table = Columns.of(
                        Cells.by(all, MhistTables::collapseName), Cells.all(all, teachers))
                .column("", row -> Cell.text(row.getKey()))
                .ofRuns("runs", runs -> Cell.number(runs.size()))
                .ofRuns("accuracy %", mean(Run::testAccuracy, 2));
        if (shown) {
            table.ofRuns(predicted, predicted(MhistTables::matrix));
        }
        table.ofRuns(
                        "in one class",
                        runs -> new Cell.Share(
                                runs.stream()
                                        .filter(run -> inOneClass(matrix(run)))
                                        .count(),
                                runs.size()))
                .ofRuns("epochs in one class", mean(MhistTables::epochsInOneClass, 0))
                .ofRuns(auc(classes), mean(MhistTables::rocAuc, 3))
                .ofRuns(
                        "batch statistics: accuracy %",
                        mean(run -> 100 * withBatchStatistics(run).accuracy(), 2));
        if (shown) {
            table.ofRuns(predicted, predicted(MhistTables::withBatchStatistics));
        }
        table.ofRuns("loss: first", mean(run -> run.history().get(0).loss(), 3))
                .ofRuns("initial", mean(MhistTables::lossAfterInitial, 3))
                .ofRuns("last", mean(run -> last(run).loss(), 3));
        note(table, all);
        teachers.forEach(teacher -> table.note(String.format(
                Locale.ROOT,
                "Teacher %s: test accuracy %.2f %%, AUC %s; with batch statistics %.2f %%.",
                teacher.settings().label(),
                teacher.testAccuracy(),
                Cell.number(rocAuc(teacher), 3).text(),
                100 * withBatchStatistics(teacher).accuracy())));
        return table.note("\"in one class\": how many of the runs ended with all test images predicted as one class, as"
                        + " the authors' student with KD did at every temperature; and after how many epochs of a run they"
                        + " were.")
                .table("The authors' collapsed student");
    }

    private static double lossAfterInitial(Run run) {
        return run.history().stream()
                .filter(result -> result.phase().equals("initial"))
                .reduce((earlier, later) -> later)
                .map(EpochResult::loss)
                .orElse(Double.NaN);
    }

    /** After how many epochs a run predicted one class only. */
    private static long epochsInOneClass(Run run) {
        return run.history().stream()
                .filter(result -> inOneClass(run.evaluation().matrix(result.confusion())))
                .count();
    }

    private static boolean inOneClass(ConfusionMatrix matrix) {
        return classes(matrix).filter(i -> matrix.predicted(i) > 0).count() == 1;
    }

    private static IntStream classes(ConfusionMatrix matrix) {
        return IntStream.range(0, matrix.classes().size());
    }

    /** How many images each class got; the mean over several runs. */
    private static Function<List<Run>, Cell> predicted(Function<Run, ConfusionMatrix> matrix) {
        return runs -> {
            List<ConfusionMatrix> matrices = runs.stream().map(matrix).toList();
            return new Cell.Numbers(classes(matrices.get(0))
                    .mapToObj(i -> String.format(
                            Locale.ROOT,
                            runs.size() == 1 ? "%.0f" : "%.1f",
                            matrices.stream()
                                    .mapToInt(one -> one.predicted(i))
                                    .average()
                                    .orElseThrow()))
                    .collect(Collectors.joining(" / ")));
        };
    }

    private static ConfusionMatrix matrix(Run run) {
        return run.evaluation().matrix();
    }

    private static ConfusionMatrix withBatchStatistics(Run run) {
        Evaluation evaluation = run.evaluation();
        return evaluation.matrix(evaluation.batchStatistics().confusion());
    }

    /** What the column of areas is called. */
    private static String auc(List<String> classes) {
        return classes.size() == 2 ? "AUC" : "macro AUC";
    }

    private static List<ClassScores> scores(Run run) {
        return run.evaluation().report().byClass();
    }

    /** The mean of all classes' F1 over all test images, 0 to 1. */
    public static double macroF1(Run run) {
        return run.evaluation().report().macroAverage().f1();
    }

    /** The area under the ROC curve, 0 to 1; NaN where there is none. */
    static double rocAuc(Run run) {
        Double area = run.evaluation().rocAuc();
        return area == null ? Double.NaN : area;
    }

    private static EpochResult last(Run run) {
        return run.history().get(run.history().size() - 1);
    }

    private static List<String> classes(Collection<Run> runs) {
        return runs.stream()
                .map(run -> run.evaluation().classes())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(List.of("0", "1"));
    }

    private static Function<List<Run>, Cell> mean(ToDoubleFunction<Run> value, int decimals) {
        return runs -> Cell.mean(Cells.sample(runs, value), decimals);
    }

    private static void note(Columns<?> table, List<Run> runs) {
        Set<Long> seeds = Cells.bySetting(runs, Settings::seed).keySet();
        table.note("Data: "
                        + runs.stream()
                                .map(run -> run.provenance().data())
                                .distinct()
                                .collect(Collectors.joining("; "))
                        + ". " + aboutClasses(classes(runs)))
                .note(
                        seeds.size() == 1
                                ? "One run each (seed " + Cells.list(seeds) + "): an anecdote."
                                : "Means and standard deviations over the seeds " + Cells.list(seeds)
                                        + ", with the 95 % interval of the mean (Student's t).");
    }

    private static String aboutClasses(List<String> classes) {
        return classes.size() == 2
                ? "The positive class is " + classes.get(1) + "."
                : "Macro F1 is the mean of the %d classes' F1, and macro AUC that of the areas under the ROC curves of each class against all others, as scikit-learn has them (average=\"macro\", multi_class=\"ovr\").%s"
                        .formatted(
                                classes.size(),
                                classes.size() <= MOST_SHOWN ? "" : " The CSV file has the numbers of each class.");
    }

    /** A row for each run, as RFC 4180 has it: what the tables are made of. */
    public static String csv(Collection<Run> runs) {
        int classes = classes(runs).size();
        RunCsv<Run> csv = RunCsv.of(runs)
                .ofRun("question")
                .column("variant", run -> run.settings().variant())
                .ofRun("without,model")
                .otherLosses()
                .ofRun("network,starting_weights")
                .column("temperature", run -> run.settings().temperature())
                .column("alpha", run -> run.settings().alpha())
                .ofRun("teacher_epochs,seed,epochs,image_size,quick,synthetic,data,test_accuracy,train_accuracy")
                .column("macro_f1", MhistTables::macroF1);
        for (int label = 0; label < classes; label++) {
            int i = label;
            csv.column("precision_" + i, run -> scores(run).get(i).precision())
                    .column("recall_" + i, run -> scores(run).get(i).recall())
                    .column("f1_" + i, run -> scores(run).get(i).f1());
        }
        csv.column("roc_auc", run -> run.evaluation().rocAuc());
        for (int label = 0; label < classes; label++) {
            int i = label;
            csv.column("predicted_" + i, run -> matrix(run).predicted(i));
        }
        csv.column("notebook_accuracy", run -> last(run).notebookAccuracy())
                .column("batch_statistics_accuracy", batchStatistics(matrix -> 100 * matrix.accuracy()));
        for (int label = 0; label < classes; label++) {
            int i = label;
            csv.column("batch_statistics_predicted_" + i, batchStatistics(matrix -> matrix.predicted(i)));
        }
        return csv.ofRun("identity,teacher,commit").text();
    }

    /** A number with each batch's own statistics; null where they were not taken. */
    private static Function<Run, Object> batchStatistics(Function<ConfusionMatrix, Object> number) {
        return run -> run.evaluation().batchStatistics() == null ? null : number.apply(withBatchStatistics(run));
    }

    /** A row for each epoch of each run, as RFC 4180 has it. */
    public static String epochsCsv(Collection<Run> runs) {
        int classes = classes(runs).size();
        RunCsv<RunCsv.Epoch> csv = RunCsv.ofEpochs(runs)
                .ofRun("identity,question")
                .column("variant", row -> row.run().settings().variant())
                .ofRun("without,model")
                .otherLosses()
                .column("temperature", row -> row.run().settings().temperature())
                .ofRun("teacher_epochs,seed")
                .column("epoch", row -> row.result().epoch())
                .column("phase", row -> row.result().phase())
                .column("test_accuracy", row -> row.result().testAccuracy())
                .column("macro_f1", row -> ClassificationReport.of(matrix(row))
                        .macroAverage()
                        .f1())
                .column("roc_auc", row -> row.result().rocAuc());
        for (int label = 0; label < classes; label++) {
            int i = label;
            csv.column("predicted_" + i, row -> matrix(row).predicted(i));
        }
        return RunCsv.withLosses(
                        csv.column("notebook_accuracy", row -> row.result().notebookAccuracy()))
                .text();
    }

    private static ConfusionMatrix matrix(RunCsv.Epoch row) {
        return row.run().evaluation().matrix(row.result().confusion());
    }
}
