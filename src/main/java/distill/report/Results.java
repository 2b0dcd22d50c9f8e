package distill.report;

import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Final test accuracies by what was trained: one side of a {@link Comparison}.
 *
 * @param name what a person calls it: a path, {@code report} or {@code notebook}
 * @param published whether others than this project's programs gave the numbers
 * @param cells the accuracies of each condition
 */
public record Results(String name, boolean published, Map<Condition, Sample> cells) {

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
        Map<Condition, Map<Long, Double>> bySeed = new LinkedHashMap<>();
        runs.forEach(run -> bySeed.computeIfAbsent(Condition.of(run), condition -> new LinkedHashMap<>())
                .put(run.settings().seed(), run.testAccuracy()));
        Map<Condition, Sample> cells = new LinkedHashMap<>();
        bySeed.forEach((condition, accuracies) -> cells.put(
                condition,
                Sample.of(accuracies.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())));
        return new Results(name, false, cells);
    }

    /** Whether this program trained a run of Task 1 with the report's settings, so that it has no mark. */
    public static boolean isLikeTheReport(Run run) {
        return run.provenance().isOurs() && Condition.of(run).words().isEmpty();
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
        return new Results(name, true, cells);
    }
}
