package distill.report.verdict;

import distill.experiment.Run;
import distill.loss.Reading;
import distill.report.Condition.CellName;
import distill.report.Published;
import distill.report.Results;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The runs of Task 1 in one reading that have the report's settings, as test accuracies in percent by seed.
 *
 * @param reading {@code as-written} or {@code as-described}
 * @param cells the accuracies of each cell
 */
record Evidence(String reading, Map<CellName, SortedMap<Long, Double>> cells) {

    /** A temperature and an alpha of Table I. */
    record Place(double temperature, double alpha) {}

    static Evidence of(Reading reading, List<Run> runs) {
        return new Evidence(reading.toString(), Results.likeTheReport(runs));
    }

    SortedMap<Long, Double> teachers() {
        return cell("teacher", "teacher", null, null, null);
    }

    /** Students without distillation. */
    SortedMap<Long, Double> plain() {
        return cell("q7", "student-plain", null, null, null);
    }

    /** A cell of Table I. */
    SortedMap<Long, Double> table1(Place place) {
        return cell("q5", "student", place.temperature(), place.alpha(), null);
    }

    /** A cell of Table II. */
    SortedMap<Long, Double> table2(double temperature) {
        return cell("q6", "student", temperature, Published.CURVE_ALPHA, null);
    }

    /** A cell of Table III, in one of the forms of question 13. */
    SortedMap<Long, Double> table3(String question, int teacherEpochs) {
        return cell(
                question, "student", Published.EARLY_STOPPED_TEMPERATURE, Published.EARLY_STOPPED_ALPHA, teacherEpochs);
    }

    private SortedMap<Long, Double> cell(
            String question, String model, Double temperature, Double alpha, Integer teacherEpochs) {
        return cells.getOrDefault(
                new CellName("task1", reading, question, model, temperature, alpha, teacherEpochs, null),
                Collections.emptySortedMap());
    }

    static double[] values(SortedMap<Long, Double> bySeed) {
        return bySeed.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The option that asks for this reading, with a blank before it; nothing for the default. */
    String option() {
        return reading.equals(Reading.AS_WRITTEN.toString()) ? "" : " --variant " + reading;
    }

    /** The accuracies of {@code bySeed} for those of its seeds that {@code other} has too. */
    static double[] common(SortedMap<Long, Double> bySeed, SortedMap<Long, Double> other) {
        SortedMap<Long, Double> both = new TreeMap<>(bySeed);
        both.keySet().retainAll(other.keySet());
        return values(both);
    }
}
