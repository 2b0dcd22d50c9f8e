package distill.report;

import static distill.statistics.Rounded.signed;
import static distill.statistics.Sample.percent;

import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Estimate;
import distill.statistics.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What runs say of distillation, in a sentence or two. */
public final class Finding {

    private Finding() {}

    /**
     * How many percent of the test images are right: the mean of students with distillation beside that of those
     * without; where one of the two is missing, what there is.
     *
     * @param runs at least one, of one reading
     */
    public static String of(Collection<Run> runs) {
        List<Run> with = of(Role.STUDENT, runs);
        List<Run> without = of(Role.STUDENT_PLAIN, runs);
        if (with.isEmpty() || without.isEmpty()) {
            Role role = !with.isEmpty() ? Role.STUDENT : !without.isEmpty() ? Role.STUDENT_PLAIN : Role.TEACHER;
            return "Test accuracy: " + range(of(role, runs)) + " ("
                    + counted(role, of(role, runs).size()) + ").";
        }
        double difference = mean(with) - mean(without);
        String rounded = percent(Math.abs(difference));
        String verb = rounded.equals(percent(0))
                ? "made no difference"
                : (difference > 0 ? "gained " : "lost ") + rounded + " points";
        return "Distillation %s: %s %% right with it (%s), %s %% without (%d)."
                .formatted(verb, percent(mean(with)), ofSeveral(with.size()), percent(mean(without)), without.size());
    }

    /**
     * What distillation at the report's best temperature and alpha does to the student's test accuracy, a sentence for
     * each reading that has both students, as-described first.
     *
     * @param plain students without distillation, by reading
     * @param students with distillation, by reading; those of other temperatures and alphas do not count
     */
    public static List<String> ofReadings(Map<String, List<Run>> plain, Map<String, List<Run>> students) {
        List<String> sentences = new ArrayList<>();
        plain.keySet().stream().sorted().forEach(reading -> {
            List<Run> with = students.getOrDefault(reading, List.of()).stream()
                    .filter(run -> Hyperparameters.BEST.are(run.settings()))
                    .toList();
            if (!with.isEmpty()) {
                sentences.add(effect(with, plain.get(reading)));
            }
        });
        return sentences;
    }

    private static String effect(List<Run> with, List<Run> without) {
        boolean described = without.get(0).settings().variant() == Variant.AS_DESCRIBED;
        String trained = described
                ? "Trained as the report's formulas say (`as-described`)"
                : "Trained as its programs do (`as-written`), with two slips in the loss";
        String marks = Marks.of(Cells.all(with, without)).suffix();
        String means = "%s %% of the test images are right with it, %s %% without"
                .formatted(percent(mean(with)), percent(mean(without)));
        if (with.size() < 2 || without.size() < 2) {
            return "%s, distillation changes the student's accuracy by %s points%s: %s. So few runs give no interval."
                    .formatted(trained, signed(mean(with) - mean(without)), marks, means);
        }
        Estimate difference =
                Cells.sample(with).estimate().minus(Cells.sample(without).estimate());
        Interval interval = difference.interval();
        String seeds = with.size() == without.size()
                ? with.size() + " seeds each"
                : with.size() + " and " + without.size() + " seeds";
        String bounds = "(95 %% interval %s to %s)".formatted(signed(interval.low()), signed(interval.high()));
        return interval.contains(0)
                ? "%s, we see no effect of distillation%s: %s points %s; %s, %s. A gain above %s is ruled out."
                        .formatted(
                                trained,
                                marks,
                                signed(difference.value()),
                                bounds,
                                means,
                                seeds,
                                percent(interval.high()))
                : "%s, the student %s %s points by distillation%s %s: %s, %s."
                        .formatted(
                                trained,
                                difference.value() > 0 ? "gains" : "loses",
                                percent(Math.abs(difference.value())),
                                marks,
                                bounds,
                                means,
                                seeds);
    }

    /**
     * The mean test accuracies at the ends of a setting's range, and the lowest and highest mean, a sentence for each
     * reading.
     *
     * @param setting a number that all runs have
     * @param place how it is read before its number, such as {@code at T =}
     */
    public static String overRange(Map<String, List<Run>> byReading, Function<Settings, Double> setting, String place) {
        return byReading.entrySet().stream()
                .map(reading -> {
                    var means = Cells.bySetting(reading.getValue(), setting);
                    var all = means.values().stream().mapToDouble(Finding::mean).summaryStatistics();
                    return "%s: %s %% %s %s, %s %% %s %s, all means from %s to %s %%."
                            .formatted(
                                    reading.getKey(),
                                    percent(mean(means.get(means.firstKey()))),
                                    place,
                                    Settings.number(means.firstKey()),
                                    percent(mean(means.get(means.lastKey()))),
                                    place,
                                    Settings.number(means.lastKey()),
                                    percent(all.getMin()),
                                    percent(all.getMax()));
                })
                .map(sentence -> sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static List<Run> of(Role role, Collection<Run> runs) {
        return runs.stream().filter(run -> run.settings().role() == role).toList();
    }

    /** {@code 3 teachers} */
    public static String counted(Role role, long count) {
        String one = role == Role.TEACHER ? " teacher" : " student";
        String kind = role == Role.TEACHER ? "" : role == Role.STUDENT ? " with distillation" : " without";
        return count + one + (count == 1 ? "" : "s") + kind;
    }

    private static String ofSeveral(int count) {
        return count == 1 ? "1 student" : "mean of " + count + " students";
    }

    private static String range(List<Run> runs) {
        DoubleSummaryStatistics all =
                runs.stream().mapToDouble(Run::testAccuracy).summaryStatistics();
        return runs.size() == 1
                ? percent(all.getMax()) + " %"
                : "%s %% on average, from %s to %s %%"
                        .formatted(percent(all.getAverage()), percent(all.getMin()), percent(all.getMax()));
    }

    private static double mean(List<Run> runs) {
        return runs.stream().mapToDouble(Run::testAccuracy).average().orElseThrow();
    }
}
