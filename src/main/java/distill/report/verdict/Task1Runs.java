package distill.report.verdict;

import distill.experiment.MnistPlan;
import distill.report.Hyperparameters;
import distill.report.Published;
import distill.report.PublishedNotebook;
import distill.report.Results;
import distill.report.verdict.Evidence.Cell;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Factorial;
import distill.statistics.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The runs of Task 1 in one reading that have the report's settings, table by table.
 *
 * @param runs in the order of the store
 */
record Task1Runs(Variant reading, List<Run> runs) {

    /** The report's number for the teacher, in percent. */
    static final double TEACHER = Published.TEACHER_EPOCHS.get(Published.EPOCHS - 1);

    private static final String ONE_CELL = "task1 q5 --temperatures 16 --alphas .9";

    /** How many seeds the fair test of question 7 wants. */
    static final int FAIR = 10;

    private static final int FIVE = 5;
    private static final String CAPACITY = "q10";

    /** The runs of Task 1 that are of the reading, and have no mark. */
    static Task1Runs of(Variant reading, List<Run> all) {
        return new Task1Runs(
                reading,
                all.stream()
                        .filter(run -> run.settings().variant() == reading && Results.isLikeTheReport(run))
                        .toList());
    }

    Evidence teachers() {
        Stream<Run> teachers = of(Settings.SHARED_TEACHER, Role.TEACHER);
        return new Evidence(reading, ONE_CELL, FAIR, List.of(Cell.of("teacher", 0, 0, TEACHER, teachers)));
    }

    /** The teachers' test accuracies after one of their epochs. */
    Cell teachersAfter(int epoch) {
        return Cell.of(
                "epoch " + epoch,
                epoch,
                0,
                Published.TEACHER_EPOCHS.get(epoch - 1),
                of(Settings.SHARED_TEACHER, Role.TEACHER),
                run -> run.history().get(epoch - 1).testAccuracy());
    }

    /** The means of the curves of Fig. 4: of the teachers' test accuracies after each epoch. */
    Evidence teacherCurves() {
        double report = mean(Published.TEACHER_EPOCHS);
        Stream<Run> teachers = of(Settings.SHARED_TEACHER, Role.TEACHER);
        Cell curves = Cell.of("mean of the curve", 0, 0, report, teachers, Task1Runs::meanOverEpochs);
        return new Evidence(reading, ONE_CELL, FAIR, List.of(curves));
    }

    /** The means of the curves of Table I's students, beside those of the notebook. */
    Evidence notebookCurves() {
        return ofTable1(place -> mean(PublishedNotebook.curve(place)), students(), Task1Runs::meanOverEpochs);
    }

    private static double meanOverEpochs(Run run) {
        return mean(run.history().stream().map(EpochResult::testAccuracy).toList());
    }

    private static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /**
     * Students without distillation, question 7's. Question 10 has more of them, of some seeds, for its own comparison;
     * a seed counts with one run on either side of question 7's.
     */
    Evidence plain() {
        Stream<Run> students = of("q7", Role.STUDENT_PLAIN);
        Cell plain = Cell.of("student without KD", 0, 0, Published.PLAIN_STUDENT, students);
        return new Evidence(reading, "task1 q7", FAIR, List.of(plain));
    }

    /** The cell of Table I that the report calls the best. */
    Evidence best() {
        return new Evidence(
                reading, ONE_CELL, FAIR, List.of(student("q5", Hyperparameters.BEST, Published.BEST_STUDENT)));
    }

    Evidence table1() {
        return ofTable1(
                place -> Published.table1(place.temperature(), place.alpha()).orElseThrow(),
                students(),
                Run::testAccuracy);
    }

    /** How often students predict what their teacher predicts, in percent of the test images, in Table I's cells. */
    Evidence agreements() {
        return ofTable1(
                place -> null,
                students().stream()
                        .filter(run -> run.teacherAgreement() != null)
                        .toList(),
                Run::teacherAgreement);
    }

    /** Question 5's. */
    private List<Run> students() {
        return of("q5", Role.STUDENT).toList();
    }

    /**
     * Table I's cells.
     *
     * @param report what the report has of a cell; null where it has nothing
     * @param measure what is looked at of a student
     */
    private Evidence ofTable1(
            Function<Hyperparameters, Double> report, List<Run> students, ToDoubleFunction<Run> measure) {
        return new Evidence(
                reading,
                "task1 q5",
                Evidence.LEAST_SEEDS,
                Hyperparameters.all().stream()
                        .map(place -> Cell.of(
                                place.toString(),
                                place.temperature(),
                                place.alpha(),
                                report.apply(place),
                                students.stream().filter(run -> place.are(run.settings())),
                                measure))
                        .toList());
    }

    Evidence table2() {
        return new Evidence(
                reading,
                "task1 q6",
                FIVE,
                Published.TEMPERATURES.stream()
                        .map(t -> new Hyperparameters(t, Published.CURVE_ALPHA))
                        .map(place -> student(
                                "q6",
                                place,
                                Published.table2(place.temperature()).orElseThrow()))
                        .toList());
    }

    private Cell student(String question, Hyperparameters place, double report) {
        Stream<Run> students = of(question, Role.STUDENT).filter(run -> place.are(run.settings()));
        return Cell.of(place.toString(), place.temperature(), place.alpha(), report, students);
    }

    /**
     * Table III with the last epoch, which the report leaves out: as it trains teachers, or with one for each seed,
     * where the students of question 10 count that are as wide as the report's.
     */
    Evidence table3(boolean singleTrajectory) {
        List<String> questions =
                singleTrajectory ? List.of(MnistPlan.SINGLE_TRAJECTORY, CAPACITY) : List.of(MnistPlan.EARLY_STOPPED);
        return new Evidence(
                reading,
                singleTrajectory ? "task1 q13 --single-trajectory" : "task1 q13",
                FIVE,
                IntStream.rangeClosed(1, Published.EPOCHS)
                        .mapToObj(epochs -> Cell.of(
                                "teacher of " + Words.count(epochs, "epoch"),
                                epochs,
                                0,
                                Published.table3(epochs).stream()
                                        .boxed()
                                        .findFirst()
                                        .orElse(null),
                                questions.stream()
                                        .flatMap(question -> of(question, Role.STUDENT))
                                        .filter(run ->
                                                Objects.equals(run.settings().teacherEpochs(), epochs)
                                                        && Hyperparameters.EARLY_STOPPED.are(run.settings()))))
                        .toList());
    }

    private Stream<Run> of(String question, Role role) {
        return runs.stream()
                .filter(run -> run.settings().question().equals(question)
                        && run.settings().role() == role);
    }

    /**
     * The share of a student's variance that its seed explains, and with it its teacher; NaN where it cannot be told.
     */
    double teachersShare() {
        Evidence table2 = table2();
        List<Factorial.Observation> both = Stream.concat(
                        table1().observations().stream(), table2.observations().stream())
                .toList();
        long found = both.stream()
                .map(run -> new Hyperparameters(run.row(), run.column()))
                .distinct()
                .count();
        return (found < Hyperparameters.all().size() ? Optional.<Factorial>empty() : Factorial.of(both))
                .or(table2::analysis)
                .map(Factorial::blockShare)
                .orElse(Double.NaN);
    }

    /**
     * The spread of one student of a question, {@code q5}, {@code q6} or {@code q13}: pooled within its cells, whose
     * runs differ in their seed; of question 5 what temperature and alpha leave of Table I with what seeds add to it,
     * where that has more degrees of freedom. Where no cell has two runs, the spread of all three questions together.
     * Empty where there is none.
     */
    Optional<Spread> spread(String question) {
        Spread within = within(question);
        if (question.equals("q5")) {
            Optional<Spread> left = table1().analysis().map(Factorial::spread);
            if (left.isPresent() && left.get().freedom() > within.freedom()) {
                double seeds = teachersShare();
                return Double.isNaN(seeds)
                        ? left
                        : Optional.of(new Spread(
                                left.get().sd() / Math.sqrt(1 - seeds),
                                left.get().freedom()));
            }
        }
        return Stream.of(within, within("q5", "q6", MnistPlan.EARLY_STOPPED))
                .filter(spread -> spread.freedom() > 0)
                .findFirst();
    }

    private Spread within(String... questions) {
        return Spread.pooled(runs.stream()
                .filter(run -> run.settings().role() == Role.STUDENT
                        && List.of(questions).contains(run.settings().question()))
                .collect(Collectors.groupingBy(
                        run -> run.settings().condition(), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(cell -> Cell.of("", 0, 0, null, cell.stream()).runs())
                .toList());
    }
}
