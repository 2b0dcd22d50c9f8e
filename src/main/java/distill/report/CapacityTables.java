package distill.report;

import distill.experiment.Fidelity;
import distill.page.Cell;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Estimate;
import distill.statistics.LeastSquares;
import distill.statistics.Sample;
import distill.training.EarlyStopping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * The tables of Task 1's questions 10 to 12: students of several widths under one teacher as it was after each epoch.
 * All runs of a call are of one reading.
 */
public final class CapacityTables {

    private static final String THREE_SIGNED = "%+.3f";
    private static final String POWER_OF_TEN = "%.2e";
    private static final String PERCENT = "%.2f";

    private CapacityTables() {}

    /**
     * Question 10: does a teacher that was trained for longer make worse students?
     *
     * @param teachers of each seed, trained to the end
     * @param students of several widths and teacher's epochs
     * @param plain students without distillation, of the same widths
     */
    public static Table capacity(List<Run> teachers, List<Run> students, List<Run> plain) {
        List<CapacityRow> rows = new ArrayList<>();
        Cells.bySetting(students, Settings::teacherEpochs)
                .forEach((epochs, own) -> rows.add(new CapacityRow(
                        Cell.number(epochs),
                        Cell.mean(Cells.sample(teachers, teacher -> after(teacher, epochs)
                                        .testAccuracy()))
                                .from(Cells.sources(teachers)),
                        width -> Cells.accuracy(ofWidth(own, width)))));
        rows.add(CapacityRow.of("without KD", width -> Cells.accuracy(ofWidth(plain, width))));
        rows.add(CapacityRow.of("slope per epoch", width -> slope(ofWidth(students, width))));
        rows.add(
                CapacityRow.of("with KD less without", width -> gain(ofWidth(students, width), ofWidth(plain, width))));
        Columns<CapacityRow> table = Columns.of(rows, Cells.all(teachers, students, plain))
                .column("teacher's epochs", CapacityRow::name)
                .column("teacher", CapacityRow::teacher);
        Cells.bySetting(students, Settings::width)
                .keySet()
                .forEach(width ->
                        table.column("width " + width, row -> row.ofWidth().apply(width)));
        return table.note(
                        "Mean ± standard deviation over seeds, with the 95 % interval of the mean. The teacher of a row is the seed's own as it was after so many epochs."
                                + " All students are trained to the end, at "
                                + Hyperparameters.of(students.get(0).settings()) + ".")
                .note(
                        "Slope: of straight lines through all runs of a column, one for each seed and all equally steep, in % per"
                                + " epoch of the teacher, with its 95 % interval; the report's claim is that it is under 0.")
                .note(
                        "With KD: the mean of all rows, of each seed that has them all first, since its students share a teacher;"
                                + " the 95 % interval is over seeds, by Welch's t, where there are several.")
                .table("Question 10: students by width and teacher's epochs, test accuracy in %", students);
    }

    /** A row of question 10's table, with a column for each width. */
    private record CapacityRow(Cell name, Cell teacher, Function<Integer, Cell> ofWidth) {

        static CapacityRow of(String name, Function<Integer, Cell> ofWidth) {
            return new CapacityRow(Cell.text(name), Cell.NONE, ofWidth);
        }
    }

    private static Cell gain(List<Run> students, List<Run> plain) {
        return plain.isEmpty()
                ? Cell.NONE
                : Cells.difference(MnistTables.meanOver(students), Cells.sample(plain))
                        .from(Cells.sources(Cells.all(students, plain)));
    }

    private static Cell slope(List<Run> students) {
        Collection<List<Run>> bySeed = Cells.bySetting(students, Settings::seed).values();
        if (bySeed.stream()
                .allMatch(own -> Cells.bySetting(own, Settings::teacherEpochs).size() < 2)) {
            return Cell.NONE;
        }
        Estimate estimate = LeastSquares.slope(
                students.stream()
                        .mapToDouble(run -> run.settings().teacherEpochs())
                        .toArray(),
                students.stream().mapToLong(run -> run.settings().seed()).toArray(),
                students.stream().mapToDouble(Run::testAccuracy).toArray());
        Cell slope = students.size() <= bySeed.size() + 1
                ? Cell.number(estimate.value(), THREE_SIGNED)
                : Cell.estimate(estimate.value(), estimate.interval(), THREE_SIGNED);
        return slope.from(Cells.sources(students));
    }

    /** The test accuracies by width, then by teacher's epochs, each in order. */
    public static Map<Integer, Map<Integer, Sample>> accuracies(List<Run> students) {
        return Cells.grid(
                students, run -> run.settings().width(), run -> run.settings().teacherEpochs(), Run::testAccuracy);
    }

    /** The divergences by width, then by teacher's epochs, each in order. */
    public static Map<Integer, Map<Integer, Sample>> divergences(List<Fidelity> fidelities) {
        return Cells.grid(fidelities, Fidelity::width, Fidelity::teacherEpochs, Fidelity::divergence);
    }

    /**
     * Question 11: is an early-stopped teacher simpler, and its student nearer to it?
     *
     * @param teachers of each seed, trained to the end
     * @param entropies of the targets that the students learn from, by teacher's epochs, one for each seed
     * @param fidelities of the students
     * @param students whom {@code fidelities} are of
     */
    public static Table fidelity(
            List<Run> teachers, Map<Integer, List<Double>> entropies, List<Fidelity> fidelities, List<Run> students) {
        Columns<Map.Entry<Integer, List<Double>>> table = Columns.of(
                        entropies.entrySet(), Cells.all(teachers, students))
                .column("teacher's epochs", row -> Cell.number(row.getKey()))
                .column(
                        "its loss",
                        row -> Cell.mean(
                                Cells.sample(teachers, teacher -> after(teacher, row.getKey())
                                        .loss()),
                                4))
                .column(
                        "entropy of targets",
                        row -> Cell.mean(
                                Sample.of(row.getValue().stream()
                                        .mapToDouble(Double::doubleValue)
                                        .toArray()),
                                4));
        Map<Integer, Map<Integer, Sample>> agreements =
                Cells.grid(fidelities, Fidelity::width, Fidelity::teacherEpochs, one -> 100 * one.agreement());
        divergences(fidelities).forEach((width, divergence) -> table.column(
                        "width " + width + ": divergence", row -> mean(divergence.get(row.getKey()), POWER_OF_TEN))
                .column(
                        "width " + width + ": agreement",
                        row -> mean(agreements.get(width).get(row.getKey()), PERCENT)));
        return table.note(
                        "Its loss: the teacher's mean training loss in that epoch. Entropy: of its targets at the students' T, in nats.")
                .note(
                        "Divergence: of the student's softened outputs from the targets, in nats. Agreement: % of test images of which"
                                + " student and teacher predict the same class. Mean ± standard deviation over seeds, with the 95 % interval of the mean.")
                .table("Question 11: how near students are to their teacher", students);
    }

    private static Cell mean(Sample sample, String format) {
        return sample == null ? Cell.NONE : Cell.mean(sample, format);
    }

    /**
     * Question 12: what the report's proposed rule would do, to stop the teacher when its mean training loss changed by
     * less than a limit from one epoch to the next.
     *
     * @param teachers of each seed, trained to the end
     */
    public static Table stops(List<Run> teachers, List<Double> limits) {
        Columns<Double> table = Columns.of(limits, teachers).column("limit", limit -> Cell.number(limit));
        teachers.forEach(teacher -> table.column("seed " + teacher.settings().seed() + ": stops after", limit -> {
            OptionalInt epoch = new EarlyStopping(limit, 1, 1).epoch(teacher.history());
            return (epoch.isPresent() ? Cell.number(epoch.getAsInt()) : Cell.text("never"))
                    .from(Cells.sources(List.of(teacher)));
        }));
        return table.note(
                        "From the stored losses of teachers that were trained to the end; \"never\": not within their epochs.")
                .table(
                        "Question 12: after which epoch a limit to the change of the loss would have stopped the teacher",
                        teachers);
    }

    /** A way to search, and how many epochs it trains. */
    private record Search(String name, int teacherEpochs, int studentEpochs) {}

    /**
     * Question 12: what it costs to look for the teacher's best number of epochs, from the seconds of stored runs.
     *
     * @param students of one width
     */
    public static Table search(List<Run> teachers, List<Run> students) {
        double teacherEpoch = seconds(teachers);
        double studentEpoch = seconds(students);
        int epochs = teachers.get(0).history().size();
        int each = students.get(0).history().size();
        List<Search> ways = List.of(
                new Search("no search: the teacher to the end, one student", epochs, each),
                new Search(
                        "a new teacher for every number of epochs, as the report",
                        epochs * (epochs + 1) / 2,
                        epochs * each),
                new Search("one teacher, kept after every epoch", epochs, epochs * each));
        return Columns.of(ways, Cells.all(teachers, students))
                .column("", way -> Cell.text(way.name()))
                .column("teacher epochs", way -> Cell.number(way.teacherEpochs()))
                .column("student epochs", way -> Cell.number(way.studentEpochs()))
                .column(
                        "minutes",
                        way -> Cell.number(
                                (way.teacherEpochs() * teacherEpoch + way.studentEpochs() * studentEpoch) / 60, 1))
                .note(String.format(
                        Locale.ROOT,
                        "By the stored runs' median of %.1f s for a teacher's epoch and %.1f s for a student's, with whatever else ran beside them.",
                        teacherEpoch,
                        studentEpoch))
                .table("Question 12: what the search for the best number of epochs costs", teachers);
    }

    /** The median, for an epoch in which the process was held up, or the machine asleep, has as long as that took. */
    private static double seconds(List<Run> runs) {
        double[] sorted = runs.stream()
                .flatMap(run -> run.history().stream())
                .mapToDouble(EpochResult::seconds)
                .sorted()
                .toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /**
     * Question 12: is it worth it? Students of one width under early-stopped teachers against those under the teacher
     * that was trained to the end.
     *
     * @param students of one width
     */
    public static Table worth(List<Run> students) {
        SortedMap<Integer, List<Run>> byEpochs = Cells.bySetting(students, Settings::teacherEpochs);
        int last = byEpochs.lastKey();
        Columns<Map.Entry<Integer, List<Run>>> table = Columns.of(byEpochs, students)
                .column("teacher's epochs", row -> Cell.number(row.getKey()))
                .ofRuns("student", runs -> Cell.mean(Cells.sample(runs)))
                .ofRuns(
                        "more than under the teacher of " + last + " epochs by",
                        runs -> runs == byEpochs.get(last)
                                ? Cell.NONE
                                : Cells.pairedDifference(runs, byEpochs.get(last)));
        Cells.bySetting(students, Settings::seed)
                .forEach((seed, own) -> table.note("Seed " + seed + ": best under the teacher as it was after epoch "
                        + own.stream()
                                .max(Comparator.comparingDouble(Run::testAccuracy))
                                .orElseThrow()
                                .settings()
                                .teacherEpochs()
                        + ", chosen on the test images."));
        return table.note(
                        "Mean ± standard deviation over seeds, with the 95 % interval of the mean. Last column: paired by seed, whose students share a teacher, with a 95 % interval where there are several seeds."
                                + " Many rows are compared at once, so now and then an interval leaves out 0 by chance alone.")
                .table(
                        "Question 12: what stopping early gains, students of width "
                                + students.get(0).settings().width() + ", test accuracy in %",
                        students);
    }

    /** The runs of a width. */
    public static List<Run> ofWidth(List<Run> runs, int width) {
        return runs.stream().filter(run -> run.settings().width() == width).toList();
    }

    private static EpochResult after(Run teacher, int epochs) {
        return teacher.history().get(epochs - 1);
    }
}
