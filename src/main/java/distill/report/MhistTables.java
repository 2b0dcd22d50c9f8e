package distill.report;

import static distill.run.Settings.number;

import distill.experiment.MhistPlan;
import distill.metrics.ClassificationReport;
import distill.metrics.ClassificationReport.ClassScores;
import distill.metrics.ConfusionMatrix;
import distill.page.Cell;
import distill.page.Csv;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Interval;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
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

    private MhistTables() {}

    /**
     * Rows of a table: runs of one setting, one for each seed.
     *
     * @param name what they are
     * @param notebook the notebook's accuracy in percent; NaN where it has none
     */
    private record Group(String name, List<Run> runs, double notebook) {}

    /** The teachers after the last epoch, a row for each seed and kind of starting weights. */
    public static Table teachers(List<Run> teachers) {
        return measures(
                "Teacher",
                group(
                        teachers,
                        run -> run.settings().network()
                                + (run.settings().pretrained() ? "" : ", random weights") + ", seed "
                                + run.settings().seed(),
                        settings -> OptionalDouble.of(PublishedMhist.TEACHER_FINE)),
                List.of(),
                teachers);
    }

    /**
     * Students with distillation and without by temperature.
     *
     * @param teachers of the students
     */
    public static Table students(List<Run> students, List<Run> teachers) {
        return measures(
                "Students by temperature",
                group(students, MhistTables::name, MhistTables::notebook),
                teachers,
                students);
    }

    /** Early-stopped teachers and their students. */
    public static Table earlyStopped(List<Run> runs) {
        return measures(
                "Early-stopped teachers and their students",
                group(
                        runs,
                        run -> run.settings().role() + " " + run.settings().teacherEpochs(),
                        settings -> settings.role() == Role.TEACHER
                                ? OptionalDouble.empty()
                                : PublishedMhist.earlyStopped(settings.teacherEpochs())),
                List.of(),
                runs);
    }

    /**
     * Question 3: with and without pre-training and distillation.
     *
     * @param marked the runs and their teachers
     */
    public static Table effects(List<Run> runs, List<Run> marked) {
        return measures(
                "Question 3: pre-training and distillation",
                group(runs, MhistTables::effect, settings -> OptionalDouble.empty()),
                marked,
                runs);
    }

    private static String effect(Run run) {
        Settings settings = run.settings();
        return (settings.role() == Role.TEACHER ? "teacher" : role(settings)) + ", "
                + (settings.pretrained() ? "pre-trained" : "random");
    }

    /** What question 3's table says, in a paragraph: differences of macro F1 with what chance allows. */
    public static String effectsInWords(List<Run> runs) {
        Map<String, List<Run>> byEffect = runs.stream()
                .collect(Collectors.groupingBy(MhistTables::effect, LinkedHashMap::new, Collectors.toList()));
        List<String> sentences = new ArrayList<>();
        for (String start : List.of("pre-trained", "random")) {
            difference(byEffect, "student with KD, " + start, "student without KD, " + start)
                    .ifPresent(
                            text -> sentences.add("From %s weights distillation changes the student's macro F1 by %s."
                                    .formatted(start, text)));
        }
        for (String student : List.of("student with KD", "student without KD", "teacher")) {
            difference(byEffect, student + ", pre-trained", student + ", random")
                    .ifPresent(text ->
                            sentences.add("Pre-training changes the %s's macro F1 by %s.".formatted(student, text)));
        }
        if (sentences.isEmpty()) {
            return "Without pre-trained weights there is nothing to compare with.";
        }
        return String.join(" ", sentences);
    }

    private static boolean apart(Interval a, Interval b) {
        return a.high() < b.low() || b.high() < a.low();
    }

    /** The 95 % interval of a run's share of test images that are right, of which these are a sample. */
    private static Interval accuracy(Run run) {
        ConfusionMatrix matrix = run.evaluation().matrix();
        int[] classes = IntStream.range(0, matrix.classes().size()).toArray();
        return Interval.ofShare(
                Arrays.stream(classes).map(matrix::right).sum(),
                Arrays.stream(classes).map(matrix::support).sum());
    }

    /** The mean difference over the seeds that both have; with several, its 95 % interval. */
    private static Optional<String> difference(Map<String, List<Run>> groups, String one, String other) {
        if (!groups.containsKey(one) || !groups.containsKey(other)) {
            return Optional.empty();
        }
        double[] differences = groups.get(one).stream()
                .flatMapToDouble(run -> groups.get(other).stream()
                        .filter(partner ->
                                partner.settings().seed() == run.settings().seed())
                        .mapToDouble(partner -> macroF1(run) - macroF1(partner)))
                .toArray();
        if (differences.length == 0) {
            return Optional.empty();
        }
        Sample cell = Sample.of(differences);
        if (cell.n() == 1) {
            boolean apart = apart(
                    accuracy(groups.get(one).get(0)), accuracy(groups.get(other).get(0)));
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%+.3f in one run, which %s",
                    cell.mean(),
                    apart
                            ? "is more than so many test images explain, though it does not say how runs differ"
                            : "cannot be told from chance"));
        }
        Interval interval = cell.estimate().interval();
        return Optional.of(String.format(
                Locale.ROOT,
                "%+.3f (95 %% interval %+.3f to %+.3f over %d seeds%s)",
                cell.mean(),
                interval.low(),
                interval.high(),
                cell.n(),
                interval.low() > 0 || interval.high() < 0 ? "" : ": cannot be told from chance"));
    }

    private static String role(Settings settings) {
        return settings.role() == Role.STUDENT ? "student with KD" : "student without KD";
    }

    private static String name(Run run) {
        Settings settings = run.settings();
        return role(settings) + (settings.temperature() == null ? "" : ", T = " + number(settings.temperature()));
    }

    private static OptionalDouble notebook(Settings settings) {
        return settings.role() == Role.STUDENT
                ? PublishedMhist.student(settings.temperature())
                : settings.temperature() == null
                        ? OptionalDouble.empty()
                        : PublishedMhist.plainStudent(settings.temperature());
    }

    private static List<Group> group(
            List<Run> runs, Function<Run, String> name, Function<Settings, OptionalDouble> notebook) {
        Map<String, List<Run>> byName =
                runs.stream().collect(Collectors.groupingBy(name, LinkedHashMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey(),
                        entry.getValue(),
                        notebook.apply(entry.getValue().get(0).settings()).orElse(Double.NaN)))
                .toList();
    }

    private static Table measures(String title, List<Group> groups, List<Run> teachers, List<Run> runs) {
        Marks marks = Marks.of(Stream.concat(runs.stream(), teachers.stream()).toList());
        boolean notebook = marks.comparable()
                && runs.stream().allMatch(run -> last(run).notebookAccuracy() != null)
                && groups.stream().anyMatch(group -> !Double.isNaN(group.notebook()));
        List<String> classes = classes(runs);
        List<String> header = new ArrayList<>(List.of("", "accuracy %", "macro F1"));
        classes.forEach(name -> header.add("F1 " + name));
        header.add("AUC");
        header.add("predicted " + String.join(" / ", classes));
        if (notebook) {
            header.addAll(List.of("on its partial test %", "notebook %"));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (Group group : groups) {
            List<Cell> cells = new ArrayList<>(
                    List.of(mean(group.runs(), Run::testAccuracy, 2), mean(group.runs(), MhistTables::macroF1, 3)));
            for (int i = 0; i < classes.size(); i++) {
                int index = i;
                cells.add(mean(group.runs(), run -> scores(run).get(index).f1(), 3));
            }
            cells.add(mean(group.runs(), MhistTables::rocAuc, 3));
            cells.add(predicted(group.runs(), run -> run.evaluation().matrix()));
            if (notebook) {
                cells.add(mean(group.runs(), run -> last(run).notebookAccuracy(), 2));
            }
            List<Cell> row = Cells.row(Cell.text(group.name()), group.runs(), cells.toArray(Cell[]::new));
            if (notebook) {
                row.add(Cell.published(group.notebook()));
            }
            rows.add(row);
        }
        List<String> notes = notes(marks, runs);
        if (notebook
                && runs.stream()
                        .map(Run::settings)
                        .anyMatch(s -> s.question().equals(MhistPlan.SWEEP)
                                && Double.valueOf(2).equals(s.temperature()))) {
            notes.add("The notebook's numbers at T = 2 were typed in by hand: what printed them is lost.");
        }
        return new Table(title + reading(runs) + marks.suffix(), header, rows, notes);
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
        Map<String, List<Run>> runs = all.stream()
                .collect(Collectors.groupingBy(MhistTables::collapseName, LinkedHashMap::new, Collectors.toList()));
        Marks marks = Marks.of(Stream.concat(all.stream(), teachers.stream()).toList());
        String classes = String.join(" / ", classes(all));
        List<String> header = List.of(
                "",
                "runs",
                "accuracy %",
                "predicted " + classes,
                "in one class",
                "epochs in one class",
                "AUC",
                "batch statistics: accuracy %",
                "predicted " + classes,
                "loss: first",
                "initial",
                "last");
        List<List<Cell>> rows = new ArrayList<>();
        runs.forEach((name, group) -> rows.add(Cells.row(
                Cell.text(name),
                group,
                Cell.number(group.size()),
                mean(group, Run::testAccuracy, 2),
                predicted(group, run -> run.evaluation().matrix()),
                new Cell.Share(collapsed(group), group.size()),
                mean(group, MhistTables::epochsInOneClass, 0),
                mean(group, MhistTables::rocAuc, 3),
                mean(group, run -> 100 * withBatchStatistics(run).accuracy(), 2),
                predicted(group, MhistTables::withBatchStatistics),
                mean(group, run -> run.history().get(0).loss(), 3),
                mean(group, MhistTables::lossAfterInitial, 3),
                mean(group, run -> last(run).loss(), 3))));
        List<String> notes = notes(marks, all);
        teachers.forEach(teacher -> notes.add(String.format(
                Locale.ROOT,
                "Teacher %s: test accuracy %.2f %%, AUC %s; with batch statistics %.2f %%.",
                teacher.settings().label(),
                teacher.testAccuracy(),
                mean(List.of(teacher), MhistTables::rocAuc, 3).text(),
                100 * withBatchStatistics(teacher).accuracy())));
        notes.add("\"in one class\": how many of the runs ended with all test images predicted as one class, as the"
                + " authors' student with KD did at every temperature; and after how many epochs of a run they were.");
        return new Table("The authors' collapsed student" + marks.suffix(), header, rows, notes);
    }

    private static double lossAfterInitial(Run run) {
        return run.history().stream()
                .filter(result -> result.phase().equals("initial"))
                .reduce((earlier, later) -> later)
                .map(EpochResult::loss)
                .orElse(Double.NaN);
    }

    /** How many runs predicted one class only. */
    private static long collapsed(List<Run> runs) {
        return runs.stream()
                .filter(run -> inOneClass(run.evaluation().matrix()))
                .count();
    }

    /** After how many epochs a run did. */
    private static long epochsInOneClass(Run run) {
        return run.history().stream()
                .filter(result -> inOneClass(run.evaluation().matrix(result.confusion())))
                .count();
    }

    private static boolean inOneClass(ConfusionMatrix matrix) {
        return predicted(matrix).contains(0);
    }

    /** How many images each class got; the mean over several runs. */
    private static Cell predicted(List<Run> runs, Function<Run, ConfusionMatrix> matrix) {
        List<List<Integer>> counts =
                runs.stream().map(run -> predicted(matrix.apply(run))).toList();
        return new Cell.Numbers(IntStream.range(0, counts.get(0).size())
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        counts.size() == 1 ? "%.0f" : "%.1f",
                        counts.stream().mapToInt(row -> row.get(i)).average().orElseThrow()))
                .collect(Collectors.joining(" / ")));
    }

    private static List<Integer> predicted(ConfusionMatrix matrix) {
        return IntStream.range(0, matrix.classes().size())
                .mapToObj(matrix::predicted)
                .toList();
    }

    private static ConfusionMatrix withBatchStatistics(Run run) {
        Evaluation evaluation = run.evaluation();
        return evaluation.matrix(evaluation.batchStatistics().confusion());
    }

    private static List<ClassScores> scores(Run run) {
        return run.evaluation().report().byClass();
    }

    /** The mean of both classes' F1 over all test images, 0 to 1. */
    public static double macroF1(Run run) {
        return run.evaluation().report().macroAverage().f1();
    }

    private static double rocAuc(Run run) {
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

    private static Cell mean(List<Run> runs, ToDoubleFunction<Run> value, int decimals) {
        return Cell.mean(Cells.sample(runs, value), decimals);
    }

    private static List<String> notes(Marks marks, Collection<Run> runs) {
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Data: "
                + runs.stream().map(run -> run.provenance().data()).distinct().collect(Collectors.joining("; "))
                + ". The positive class is " + classes(runs).get(1) + ".");
        List<Long> seeds = runs.stream()
                .map(run -> run.settings().seed())
                .distinct()
                .sorted()
                .toList();
        notes.add(
                seeds.size() == 1
                        ? "One run each (seed " + seeds.get(0) + "): an anecdote."
                        : "Means and standard deviations over the seeds "
                                + seeds.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                + ", with the 95 % interval of the mean (Student's t).");
        return notes;
    }

    private static String reading(Collection<Run> runs) {
        return ", "
                + runs.stream()
                        .map(run -> run.settings().reading().toString())
                        .distinct()
                        .collect(Collectors.joining("; "))
                + (runs.stream().allMatch(run -> run.provenance().isOurs()) ? "" : ", trained by Keras");
    }

    /** A row for each run, as RFC 4180 has it: what the tables are made of. */
    public static String csv(Collection<Run> runs) {
        Csv csv = new Csv("question,variant,without,model,network,starting_weights,temperature,alpha,teacher_epochs,"
                + "seed,epochs,image_size,quick,synthetic,data,test_accuracy,train_accuracy,macro_f1,"
                + "precision_0,recall_0,f1_0,precision_1,recall_1,f1_1,roc_auc,predicted_0,predicted_1,"
                + "notebook_accuracy,batch_statistics_accuracy,batch_statistics_predicted_0,"
                + "batch_statistics_predicted_1,identity,teacher,commit");
        runs.forEach(run -> csv.row(row(run)));
        return csv.text();
    }

    private static List<Object> row(Run run) {
        Settings s = run.settings();
        Evaluation evaluation = run.evaluation();
        List<Object> row = new ArrayList<>();
        row.add(s.question());
        row.add(s.variant());
        row.add(s.without());
        row.add(s.role());
        row.add(s.network());
        row.add(s.start());
        row.add(s.temperature());
        row.add(s.alpha());
        row.add(s.teacherEpochs());
        row.add(s.seed());
        row.add(s.epochs());
        row.add(s.images().imageSize());
        row.add(s.quick());
        row.add(run.provenance().synthetic());
        row.add(run.provenance().data());
        row.add(run.testAccuracy());
        row.add(run.trainAccuracy());
        row.add(macroF1(run));
        for (ClassScores scores : scores(run)) {
            row.add(scores.precision());
            row.add(scores.recall());
            row.add(scores.f1());
        }
        row.add(evaluation.rocAuc());
        row.addAll(predicted(evaluation.matrix()));
        row.add(last(run).notebookAccuracy());
        if (evaluation.batchStatistics() == null) {
            row.addAll(Arrays.asList(null, null, null));
        } else {
            row.add(100 * withBatchStatistics(run).accuracy());
            row.addAll(predicted(withBatchStatistics(run)));
        }
        row.add(run.identity());
        row.add(s.teacher());
        row.add(run.provenance().commit());
        return row;
    }

    /** A row for each epoch of each run, as RFC 4180 has it. */
    public static String epochsCsv(Collection<Run> runs) {
        Csv csv = new Csv("identity,question,variant,without,model,temperature,teacher_epochs,seed,epoch,phase,"
                + "test_accuracy,macro_f1,roc_auc,predicted_0,predicted_1,notebook_accuracy,loss,hard,soft,"
                + "seconds");
        for (Run run : runs) {
            Settings s = run.settings();
            for (EpochResult result : run.history()) {
                ConfusionMatrix matrix = run.evaluation().matrix(result.confusion());
                List<Object> row = new ArrayList<>();
                row.add(run.identity());
                row.add(s.question());
                row.add(s.variant());
                row.add(s.without());
                row.add(s.role());
                row.add(s.temperature());
                row.add(s.teacherEpochs());
                row.add(s.seed());
                row.add(result.epoch());
                row.add(result.phase());
                row.add(result.testAccuracy());
                row.add(ClassificationReport.of(matrix).macroAverage().f1());
                row.add(result.rocAuc());
                row.addAll(predicted(matrix));
                row.add(result.notebookAccuracy());
                row.add(result.loss());
                row.add(result.hard());
                row.add(result.soft());
                row.add(String.format(Locale.ROOT, "%.1f", result.seconds()));
                csv.row(row);
            }
        }
        return csv.text();
    }
}
