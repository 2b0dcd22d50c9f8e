package distill.report.verdict;

import distill.experiment.MnistPlan;
import distill.report.Condition;
import distill.report.Hyperparameters;
import distill.report.Published;
import distill.report.Results;
import distill.report.verdict.Evidence.Cell;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Factorial;
import distill.statistics.Spread;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The runs of Task 1 in one reading that have the report's settings, table by table.
 *
 * @param cells test accuracies in percent by {@link Settings#condition()} and seed, of both readings
 */
record Task1Runs(Variant reading, Map<Settings, SortedMap<Long, Double>> cells) {

    /** The report's number for the teacher, in percent. */
    static final double TEACHER = Published.TEACHER_EPOCHS.get(Published.EPOCHS - 1);

    private static final String ONE_CELL = "task1 q5 --temperatures 16 --alphas .9 --seeds 10";

    static Task1Runs of(Variant reading, List<Run> runs) {
        return new Task1Runs(reading, Results.likeTheReport(runs));
    }

    Evidence teachers() {
        return single(
                ONE_CELL,
                new Cell("teacher", 0, 0, TEACHER, bySeed(Settings.SHARED_TEACHER, Role.TEACHER, null, null, null)));
    }

    /** Students without distillation. */
    Evidence plain() {
        return single(
                "task1 q7 --seeds 10",
                new Cell(
                        "student without KD",
                        0,
                        0,
                        Published.PLAIN_STUDENT,
                        bySeed("q7", Role.STUDENT_PLAIN, null, null, null)));
    }

    /** The cell of Table I that the report calls the best. */
    Evidence best() {
        return single(ONE_CELL, student("q5", Hyperparameters.BEST, Published.BEST_STUDENT));
    }

    private Evidence single(String command, Cell cell) {
        return new Evidence(reading, command, List.of(cell));
    }

    Evidence table1() {
        return new Evidence(
                reading,
                "task1 q5",
                Hyperparameters.all().stream()
                        .map(place -> student(
                                "q5",
                                place,
                                Published.table1(place.temperature(), place.alpha())
                                        .orElseThrow()))
                        .toList());
    }

    Evidence table2() {
        return new Evidence(
                reading,
                "task1 q6 --seeds 5",
                Published.TEMPERATURES.stream()
                        .map(t -> student(
                                "q6",
                                new Hyperparameters(t, Published.CURVE_ALPHA),
                                Published.table2(t).orElseThrow()))
                        .toList());
    }

    private Cell student(String question, Hyperparameters place, double report) {
        return new Cell(
                place.toString(),
                place.temperature(),
                place.alpha(),
                report,
                bySeed(question, Role.STUDENT, place.temperature(), place.alpha(), null));
    }

    /** Table III with the last epoch, which the report leaves out, as it trains teachers or with one for each seed. */
    Evidence table3(boolean singleTrajectory) {
        String question = singleTrajectory ? MnistPlan.SINGLE_TRAJECTORY : MnistPlan.EARLY_STOPPED;
        return new Evidence(
                reading,
                singleTrajectory ? "task1 q13 --single-trajectory --seeds 5" : "task1 q13 --seeds 5",
                IntStream.rangeClosed(1, Published.EPOCHS)
                        .mapToObj(epochs -> new Cell(
                                "teacher of " + Words.count(epochs, "epoch"),
                                epochs,
                                0,
                                Published.table3(epochs).stream()
                                        .boxed()
                                        .findFirst()
                                        .orElse(null),
                                bySeed(
                                        question,
                                        Role.STUDENT,
                                        Published.EARLY_STOPPED_TEMPERATURE,
                                        Published.EARLY_STOPPED_ALPHA,
                                        epochs)))
                        .toList());
    }

    private SortedMap<Long, Double> bySeed(
            String question, Role role, Double temperature, Double alpha, Integer teacherEpochs) {
        return cells.getOrDefault(
                Condition.likeTheReport(reading, question, role, temperature, alpha, teacherEpochs),
                Collections.emptySortedMap());
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
        Spread within = within(List.of(question));
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
        return Stream.of(within, within(List.of("q5", "q6", MnistPlan.EARLY_STOPPED)))
                .filter(spread -> spread.freedom() > 0)
                .findFirst();
    }

    private Spread within(List<String> questions) {
        return Spread.pooled(cells.entrySet().stream()
                .filter(entry -> entry.getKey().variant() == reading
                        && entry.getKey().role() == Role.STUDENT
                        && questions.contains(entry.getKey().question()))
                .map(entry -> entry.getValue().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .toList());
    }
}
