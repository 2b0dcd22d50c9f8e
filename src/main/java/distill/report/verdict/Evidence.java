package distill.report.verdict;

import distill.experiment.MnistPlan;
import distill.report.Condition;
import distill.report.Hyperparameters;
import distill.report.Published;
import distill.report.Results;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Factorial;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The runs of Task 1 in one reading that have the report's settings, as test accuracies in percent by seed.
 *
 * @param reading which reading
 * @param cells the accuracies by {@link Settings#condition()}, of both readings
 */
record Evidence(Variant reading, Map<Settings, SortedMap<Long, Double>> cells) {

    static Evidence of(Variant reading, List<Run> runs) {
        return new Evidence(reading, Results.likeTheReport(runs));
    }

    SortedMap<Long, Double> teachers() {
        return cell(Settings.SHARED_TEACHER, Role.TEACHER, null, null, null);
    }

    /** Students without distillation. */
    SortedMap<Long, Double> plain() {
        return cell("q7", Role.STUDENT_PLAIN, null, null, null);
    }

    /** A cell of Table I. */
    SortedMap<Long, Double> table1(Hyperparameters place) {
        return cell("q5", Role.STUDENT, place.temperature(), place.alpha(), null);
    }

    /** A cell of Table II. */
    SortedMap<Long, Double> table2(double temperature) {
        return cell("q6", Role.STUDENT, temperature, Published.CURVE_ALPHA, null);
    }

    /** A cell of Table III, in one of the forms of question 13. */
    SortedMap<Long, Double> table3(String question, int teacherEpochs) {
        return cell(
                question,
                Role.STUDENT,
                Published.EARLY_STOPPED_TEMPERATURE,
                Published.EARLY_STOPPED_ALPHA,
                teacherEpochs);
    }

    private SortedMap<Long, Double> cell(
            String question, Role role, Double temperature, Double alpha, Integer teacherEpochs) {
        return cells.getOrDefault(
                Condition.likeTheReport(
                        reading, question, role, Settings.Distillation.kd(temperature, alpha, null), teacherEpochs),
                Collections.emptySortedMap());
    }

    /** The two-way analysis of Table I; empty where no seed has all thirty cells. */
    Optional<Factorial> sweep() {
        return analysis(sweepObservations(), Published.TEMPERATURES.size() * Published.ALPHAS.size());
    }

    /** The analysis of Table II by temperature alone; empty where fewer than two seeds have all six cells. */
    Optional<Factorial> curve() {
        return analysis(curveObservations(), Published.TEMPERATURES.size());
    }

    /**
     * The share of a student's variance that its seed explains, and with it its teacher; NaN where it cannot be told.
     */
    double teachersShare() {
        List<Factorial.Observation> both = new ArrayList<>(sweepObservations());
        both.addAll(curveObservations());
        return analysis(both, Published.TEMPERATURES.size() * Published.ALPHAS.size())
                .or(this::curve)
                .map(Factorial::blockShare)
                .orElse(Double.NaN);
    }

    private static Optional<Factorial> analysis(List<Factorial.Observation> observations, int cells) {
        long found = observations.stream()
                .map(one -> List.of(one.row(), one.column()))
                .distinct()
                .count();
        return found < cells ? Optional.empty() : Factorial.of(observations);
    }

    private List<Factorial.Observation> sweepObservations() {
        return Hyperparameters.all().stream()
                .flatMap(place -> observations(table1(place), place.temperature(), place.alpha()).stream())
                .toList();
    }

    private List<Factorial.Observation> curveObservations() {
        return Published.TEMPERATURES.stream()
                .flatMap(t -> observations(table2(t), t, Published.CURVE_ALPHA).stream())
                .toList();
    }

    static List<Factorial.Observation> observations(SortedMap<Long, Double> bySeed, double row, double column) {
        return bySeed.entrySet().stream()
                .map(run -> new Factorial.Observation(run.getKey(), row, column, run.getValue()))
                .toList();
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
            Optional<Spread> left = sweep().map(Factorial::spread);
            if (left.isPresent() && left.get().freedom() > within.freedom()) {
                double seeds = teachersShare();
                return Optional.of(
                        Double.isNaN(seeds)
                                ? left.get()
                                : new Spread(
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
                .map(entry -> values(entry.getValue()))
                .toList());
    }

    static double[] values(SortedMap<Long, Double> bySeed) {
        return bySeed.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The accuracies of {@code bySeed} for those of its seeds that {@code other} has too. */
    static double[] common(SortedMap<Long, Double> bySeed, SortedMap<Long, Double> other) {
        SortedMap<Long, Double> both = new TreeMap<>(bySeed);
        both.keySet().retainAll(other.keySet());
        return values(both);
    }

    /** The command that makes a question's runs in this reading: {@code `./reproduce task1 q7 --seeds 10`}. */
    String command(String questionAndOptions) {
        String variant = reading == Variant.AS_WRITTEN ? "" : " --variant " + reading;
        return "`./reproduce task1 " + questionAndOptions + variant + "`";
    }
}
