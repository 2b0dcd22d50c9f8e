package distill.report;

import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import distill.statistics.Sample;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Final test accuracies by what was trained: one side of a {@link Comparison}.
 *
 * @param name what a person calls it: a path, {@code report} or {@code notebook}
 * @param published whether others than this project's programs gave the numbers
 * @param cells the accuracies of each condition
 * @param runs what was trained for each: identity and digest of the weights; of published numbers nothing is known
 */
public record Results(String name, boolean published, Map<Condition, Sample> cells, Map<Condition, Set<String>> runs) {

    /** The report's own numbers of Task 1. */
    public static final Results REPORT = published(
            "report",
            Published.TEACHER_EPOCHS.get(Published.EPOCHS - 1),
            Published.TABLE_1,
            Published.TABLE_2,
            Published.PLAIN_STUDENT,
            Published.TABLE_3);

    /** The numbers that are stored in the authors' Task 1 notebook. */
    public static final Results NOTEBOOK = published(
            "notebook",
            PublishedNotebook.TEACHER,
            PublishedNotebook.TABLE_1,
            PublishedNotebook.TABLE_2,
            PublishedNotebook.PLAIN_STUDENT,
            List.of());

    /**
     * The results of a store; of several runs of a seed, the latest's.
     *
     * @param runs in the order of the store
     */
    public static Results of(String name, List<Run> runs) {
        Map<Condition, Map<Long, Run>> bySeed = new LinkedHashMap<>();
        runs.forEach(run -> bySeed.computeIfAbsent(Condition.of(run), condition -> new LinkedHashMap<>())
                .put(run.settings().seed(), run));
        Map<Condition, Sample> cells = new LinkedHashMap<>();
        Map<Condition, Set<String>> trained = new LinkedHashMap<>();
        bySeed.forEach((condition, latest) -> {
            cells.put(
                    condition,
                    Sample.of(latest.values().stream()
                            .mapToDouble(Run::testAccuracy)
                            .toArray()));
            trained.put(
                    condition,
                    latest.values().stream()
                            .map(run -> run.identity() + run.weightsDigest())
                            .collect(Collectors.toSet()));
        });
        return new Results(name, false, cells, trained);
    }

    /** How many runs of a condition another side has, too: with the same identity and the same weights. */
    int shared(Condition condition, Results other) {
        Set<String> both = new HashSet<>(runs.getOrDefault(condition, Set.of()));
        both.retainAll(other.runs.getOrDefault(condition, Set.of()));
        return both.size();
    }

    /** Whether this program trained a run of Task 1 with the report's settings, so that it has no mark. */
    public static boolean isLikeTheReport(Run run) {
        return run.provenance().isOurs() && Condition.of(run).words().isEmpty();
    }

    /**
     * Whether this program trained a run whose numbers can stand beside the report's: in Task 1 with its settings, in
     * Task 2 in whole on MHIST's own images.
     */
    public static boolean counts(Run run) {
        return run.settings().isTransfer()
                ? run.provenance().isOurs()
                        && !run.settings().quick()
                        && Marks.isOnMhist(run)
                        && Steps.of(run.settings()).equals(Steps.REPORTS)
                : isLikeTheReport(run);
    }

    private static Results published(
            String name,
            double teacher,
            Map<Double, List<Double>> table1,
            List<Double> table2,
            double plainStudent,
            List<Double> table3) {
        Map<Condition, Sample> cells = new LinkedHashMap<>();
        cells.put(Condition.published(Settings.SHARED_TEACHER, Role.TEACHER, null, null, null), Sample.single(teacher));
        for (int row = 0; row < Published.TEMPERATURES.size(); row++) {
            double t = Published.TEMPERATURES.get(row);
            for (int column = 0; column < Published.ALPHAS.size(); column++) {
                double alpha = Published.ALPHAS.get(column);
                cells.put(
                        Condition.published("q5", Role.STUDENT, t, alpha, null),
                        Sample.single(table1.get(t).get(column)));
            }
            cells.put(
                    Condition.published("q6", Role.STUDENT, t, Published.CURVE_ALPHA, null),
                    Sample.single(table2.get(row)));
        }
        cells.put(Condition.published("q7", Role.STUDENT_PLAIN, null, null, null), Sample.single(plainStudent));
        double t = Published.EARLY_STOPPED_TEMPERATURE;
        double alpha = Published.EARLY_STOPPED_ALPHA;
        for (int row = 0; row < table3.size(); row++) {
            cells.put(Condition.published("q13", Role.STUDENT, t, alpha, row + 1), Sample.single(table3.get(row)));
        }
        return new Results(name, true, cells, Map.of());
    }
}
