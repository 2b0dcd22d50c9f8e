package distill.report;

import distill.page.Cell;
import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Point;
import distill.page.Chart.Series;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a store has besides the report's questions, such as runs with other temperatures, losses, lengths or images:
 * groups of runs that differ in their seed alone, of each seed the latest. A group of which a run stands elsewhere is
 * not its own.
 *
 * @param groups all of the store, that of the newest run last
 * @param own those that stand nowhere else, in the same order
 */
public record OwnRuns(List<Group> groups, List<Group> own) {

    /** As many as the page has colours that tell series apart. */
    private static final int MOST_CURVES = 7;

    private static final int MOST_DIFFERENCES = 20;

    private static final Axis EPOCH = new Axis("epoch");

    /**
     * Runs that differ in their seed alone.
     *
     * @param byKeras whether the programs of {@code reference/} trained them
     * @param runs one for each seed
     */
    public record Group(Condition condition, boolean byKeras, List<Run> runs) {

        /** {@code task1, as-written: q5 student, T = 3, alpha = 0.5 (2 seeds)} */
        String name() {
            Settings settings = condition.settings();
            return settings.task() + ", " + settings.variant() + (byKeras ? ", trained by Keras" : "") + ": "
                    + condition.label() + condition.suffix() + (runs.size() == 1 ? "" : " (" + runs.size() + " seeds)");
        }

        private boolean hasSeveral() {
            return runs.size() > 1;
        }
    }

    private record Kind(Condition condition, boolean byKeras) {}

    /**
     * Looks through the runs of a store.
     *
     * @param shown whether a run stands elsewhere
     */
    public static OwnRuns of(Collection<Run> all, Predicate<Run> shown) {
        Map<String, Run> stored = RunTable.byIdentity(all);
        Map<Kind, Map<Long, Run>> kinds = new LinkedHashMap<>();
        Set<Kind> elsewhere = new HashSet<>();
        for (Run run : RunTable.newestLast(all)) {
            Kind kind = new Kind(Condition.of(run, stored), !run.provenance().isOurs());
            Map<Long, Run> bySeed = Objects.requireNonNullElseGet(kinds.remove(kind), LinkedHashMap::new);
            bySeed.put(run.settings().seed(), run);
            kinds.put(kind, bySeed);
            if (shown.test(run)) {
                elsewhere.add(kind);
            }
        }
        List<Group> groups = new ArrayList<>();
        List<Group> own = new ArrayList<>();
        kinds.forEach((kind, bySeed) -> {
            Group group = new Group(kind.condition(), kind.byKeras(), List.copyOf(bySeed.values()));
            groups.add(group);
            if (!elsewhere.contains(kind)) {
                own.add(group);
            }
        });
        return new OwnRuns(groups, own);
    }

    /** The test accuracy of the latest own groups of a task after each epoch; empty where it has none. */
    public Chart curves(String task) {
        List<Group> ofTask = own.stream()
                .filter(group -> group.condition().settings().task().equals(task))
                .toList();
        List<Group> drawn = latest(ofTask, MOST_CURVES);
        List<Series> series = drawn.stream()
                .map(group -> Series.of(
                        group.name(),
                        Point.means(
                                group.runs().stream()
                                        .flatMap(run -> run.history().stream())
                                        .toList(),
                                EpochResult::epoch,
                                EpochResult::testAccuracy)))
                .toList();
        String which = drawn.size() == ofTask.size()
                ? ""
                : ", the latest %d of %d settings".formatted(drawn.size(), ofTask.size());
        return new Chart(
                "Test accuracy by epoch, " + task.replace("task", "Task ") + ": runs that no section above shows"
                        + which,
                "",
                EPOCH,
                MnistCharts.ACCURACY,
                series);
    }

    /** A group beside another that differs in one thing. */
    private record Pair(Group one, Group other) {}

    /**
     * By how much distillation changes the test accuracy of own groups, and another loss than the report's, wherever
     * both groups have several seeds; without rows where none has.
     */
    public Table differences() {
        List<Pair> pairs = own.stream()
                .filter(Group::hasSeveral)
                .flatMap(one -> Stream.of(withoutDistillation(one), withTheReportsLoss(one))
                        .flatMap(Optional::stream)
                        .map(other -> new Pair(one, other)))
                .toList();
        List<Pair> latest = latest(pairs, MOST_DIFFERENCES);
        Columns<Pair> table = Columns.of(latest, List.<Run>of())
                .column("", pair -> Cell.text(pair.one().name()))
                .column(
                        "test accuracy",
                        pair -> Cell.mean(Cells.sample(pair.one().runs())))
                .column("beside", pair -> Cell.text(pair.other().name()))
                .column(
                        "its test accuracy",
                        pair -> Cell.mean(Cells.sample(pair.other().runs())))
                .column(
                        "difference",
                        pair -> Cells.difference(
                                Cells.sample(pair.one().runs()),
                                Cells.sample(pair.other().runs())))
                .note("Mean ± standard deviation over the seeds, with the 95 % interval of the mean (Student's t);"
                        + " the difference with Welch's 95 % interval, for independent runs.");
        if (latest.size() < pairs.size()) {
            table.note("The latest %d of %d.".formatted(latest.size(), pairs.size()));
        }
        return table.table("Differences, test accuracy in %");
    }

    private static <E> List<E> latest(List<E> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /** The student's network that learnt the same from the labels alone, with the same temperature or without one. */
    private Optional<Group> withoutDistillation(Group one) {
        Settings student = one.condition().settings();
        return student.role() != Role.STUDENT
                ? Optional.empty()
                : beside(
                        one,
                        other -> other.role() == Role.STUDENT_PLAIN
                                && other.isOfReportsLoss()
                                && (other.temperature() == null
                                        || other.temperature().equals(student.temperature())));
    }

    /** The same with the report's loss. */
    private Optional<Group> withTheReportsLoss(Group one) {
        Settings student = one.condition().settings();
        return student.isOfReportsLoss()
                ? Optional.empty()
                : beside(one, other -> other.isOfReportsLoss() && differsInLossAlone(other, student));
    }

    /** Whether students differ in their loss alone; one that has no temperature differs in that, too. */
    private static boolean differsInLossAlone(Settings kd, Settings other) {
        return distilled(kd).equals(distilled(other))
                && (other.temperature() == null || other.temperature().equals(kd.temperature()));
    }

    /**
     * The latest group of several seeds that has the same network, reading, length and images, and is what is asked
     * for.
     */
    private Optional<Group> beside(Group one, Predicate<Settings> asked) {
        return groups.stream()
                .filter(other -> other.hasSeveral()
                        && other.byKeras() == one.byKeras()
                        && trained(other.condition().settings())
                                .equals(trained(one.condition().settings()))
                        && asked.test(other.condition().settings()))
                .reduce((earlier, later) -> later);
    }

    /** What students have in common whose distillation alone differs. */
    static List<Object> trained(Settings s) {
        return List.of(s.reading(), trainedInAnyReading(s));
    }

    /** The same of students whose reading may differ, too. */
    static List<Object> trainedInAnyReading(Settings s) {
        Settings.Schedule schedule = s.schedule();
        return Arrays.asList(
                s.task(),
                s.network(),
                s.width(),
                s.architecture(),
                s.startingWeights(),
                schedule.epochs(),
                schedule.batchSize(),
                schedule.learningRate(),
                schedule.momentum(),
                s.stopping(),
                schedule.epochsInitial(),
                schedule.epochsFine(),
                s.images());
    }

    /** What students have in common whose loss alone differs, but for its temperature. */
    private static List<Object> distilled(Settings s) {
        return Arrays.asList(s.question(), s.role(), s.alpha(), s.teacher(), s.teacherEpochs(), s.distilEpochs());
    }
}
