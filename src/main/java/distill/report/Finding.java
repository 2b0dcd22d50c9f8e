package distill.report;

import distill.run.Role;
import distill.run.Run;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/** What runs say of distillation, in one sentence. */
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
        String rounded = number(Math.abs(difference));
        String verb = rounded.equals(number(0))
                ? "made no difference"
                : (difference > 0 ? "gained " : "lost ") + rounded + " points";
        return "Distillation %s: %s %% right with it (%s), %s %% without (%d)."
                .formatted(verb, number(mean(with)), ofSeveral(with.size()), number(mean(without)), without.size());
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
                ? number(all.getMax()) + " %"
                : "%s %% on average, from %s to %s %%"
                        .formatted(number(all.getAverage()), number(all.getMin()), number(all.getMax()));
    }

    private static double mean(List<Run> runs) {
        return runs.stream().mapToDouble(Run::testAccuracy).average().orElseThrow();
    }

    private static String number(double percent) {
        return String.format(Locale.ROOT, "%.2f", percent);
    }
}
