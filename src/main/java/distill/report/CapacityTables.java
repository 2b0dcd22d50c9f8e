package distill.report;

import static distill.run.Settings.number;

import distill.experiment.Fidelity;
import distill.page.Cell;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Run;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of Task 1's questions 10 to 12: students of several widths under one teacher as it was after each epoch.
 * All runs of a call are of one reading.
 */
public final class CapacityTables {

    private static final String THREE_SIGNED = "%+.3f";
    private static final String POWER_OF_TEN = "%.2e";

    private CapacityTables() {}

    /**
     * Question 10: does a teacher that was trained for longer make worse students?
     *
     * @param teachers of each seed, trained to the end
     * @param students of several widths and teacher's epochs
     * @param plain students without distillation, of the same widths
     */
    public static Table capacity(List<Run> teachers, List<Run> students, List<Run> plain) {
        Marks marks = Marks.of(all(teachers, students, plain));
        Map<Integer, Map<Integer, Sample>> cells = accuracies(students);
        List<String> header = new ArrayList<>(List.of("teacher's epochs", "teacher"));
        cells.keySet().forEach(width -> header.add("width " + width));
        List<List<Cell>> rows = new ArrayList<>();
        for (int epochs : teacherEpochs(students)) {
            List<Cell> row = Cells.row(
                    Cell.number(epochs), teachers, Cell.mean(Cells.sample(teachers, teacher -> after(teacher, epochs)
                            .testAccuracy())));
            for (int width : cells.keySet()) {
                List<Run> own = ofEpochs(ofWidth(students, width), epochs);
                row.add(own.isEmpty() ? Cell.NONE : Cells.accuracy(own));
            }
            rows.add(row);
        }
        List<Cell> without = new ArrayList<>(Cell.texts("without KD", ""));
        List<Cell> slopes = new ArrayList<>(Cell.texts("slope per epoch", ""));
        List<Cell> gains = new ArrayList<>(Cell.texts("with KD less without", ""));
        for (int width : cells.keySet()) {
            List<Run> own = ofWidth(students, width);
            List<Run> ownPlain = ofWidth(plain, width);
            slopes.add(slope(own).from(Cells.sources(own)));
            if (ownPlain.isEmpty()) {
                without.add(Cell.NONE);
                gains.add(Cell.NONE);
            } else {
                without.add(Cells.accuracy(ownPlain));
                gains.add(TheoryTables.difference(MnistTables.meanOver(own), Cells.sample(ownPlain))
                        .from(Cells.sources(all(own, ownPlain))));
            }
        }
        rows.addAll(List.of(without, slopes, gains));
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "Mean ± standard deviation over seeds, with the 95 % interval of the mean. The teacher of a row is the seed's own as it was after so many epochs."
                        + " All students are trained to the end, at T = "
                        + number(students.get(0).settings().temperature()) + ", alpha = "
                        + number(students.get(0).settings().alpha()) + ".");
        notes.add(
                "Slope: of straight lines through all runs of a column, one for each seed and all equally steep, in % per"
                        + " epoch of the teacher, with its 95 % interval; the report's claim is that it is under 0.");
        notes.add(
                "With KD: the mean of all rows, of each seed that has them all first, since its students share a teacher;"
                        + " the 95 % interval is over seeds, by Welch's t, where there are several.");
        return new Table(
                "Question 10: students by width and teacher's epochs, test accuracy in %"
                        + TheoryTables.reading(students) + marks.suffix(),
                header,
                rows,
                notes);
    }

    private static Cell slope(List<Run> students) {
        double[] x = students.stream()
                .mapToDouble(run -> run.settings().teacherEpochs())
                .toArray();
        double[] y = students.stream().mapToDouble(Run::testAccuracy).toArray();
        long[] seeds = students.stream().mapToLong(run -> run.settings().seed()).toArray();
        Map<Long, Set<Integer>> bySeed = students.stream()
                .collect(Collectors.groupingBy(
                        run -> run.settings().seed(),
                        Collectors.mapping(run -> run.settings().teacherEpochs(), Collectors.toSet())));
        if (bySeed.values().stream().allMatch(epochs -> epochs.size() < 2)) {
            return Cell.NONE;
        }
        Estimate estimate = LeastSquares.slope(x, seeds, y);
        return x.length <= bySeed.size() + 1
                ? Cell.number(estimate.value(), THREE_SIGNED)
                : Cell.estimate(estimate.value(), estimate.interval(), THREE_SIGNED);
    }

    /** The test accuracies by width, then by teacher's epochs, each in order. */
    public static Map<Integer, Map<Integer, Sample>> accuracies(List<Run> students) {
        return cells(
                students, run -> run.settings().width(), run -> run.settings().teacherEpochs(), Run::testAccuracy);
    }

    /** The divergences by width, then by teacher's epochs, each in order. */
    public static Map<Integer, Map<Integer, Sample>> divergences(List<Fidelity> fidelities) {
        return cells(fidelities, Fidelity::width, Fidelity::teacherEpochs, Fidelity::divergence);
    }

    private static <E> Map<Integer, Map<Integer, Sample>> cells(
            List<E> entries, Function<E, Integer> width, Function<E, Integer> epochs, ToDoubleFunction<E> value) {
        return entries.stream()
                .collect(Collectors.groupingBy(
                        width,
                        TreeMap::new,
                        Collectors.groupingBy(
                                epochs,
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        list -> Sample.of(
                                                list.stream().mapToDouble(value).toArray())))));
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
        Marks marks = Marks.of(all(teachers, students));
        Map<Integer, Map<Integer, Sample>> divergences = divergences(fidelities);
        Map<Integer, Map<Integer, Sample>> agreements =
                cells(fidelities, Fidelity::width, Fidelity::teacherEpochs, one -> 100 * one.agreement());
        List<String> header = new ArrayList<>(List.of("teacher's epochs", "its loss", "entropy of targets"));
        for (int width : divergences.keySet()) {
            header.add("width " + width + ": divergence");
            header.add("width " + width + ": agreement");
        }
        List<List<Cell>> rows = new ArrayList<>();
        entropies.forEach((epochs, values) -> {
            double[] entropy = values.stream().mapToDouble(Double::doubleValue).toArray();
            List<Cell> row = new ArrayList<>(List.of(
                    Cell.number(epochs),
                    Cell.mean(
                            Cells.sample(
                                    teachers, teacher -> after(teacher, epochs).loss()),
                            4),
                    Cell.mean(Sample.of(entropy), 4)));
            for (int width : divergences.keySet()) {
                Sample divergence = divergences.get(width).get(epochs);
                Sample agreement = agreements.get(width).get(epochs);
                row.add(divergence == null ? Cell.NONE : Cell.mean(divergence, POWER_OF_TEN));
                row.add(agreement == null ? Cell.NONE : Cell.mean(agreement));
            }
            rows.add(row);
        });
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "Its loss: the teacher's mean training loss in that epoch. Entropy: of its targets at the students' T, in nats.");
        notes.add(
                "Divergence: of the student's softened outputs from the targets, in nats. Agreement: % of test images of which"
                        + " student and teacher predict the same class. Mean ± standard deviation over seeds, with the 95 % interval of the mean.");
        return new Table(
                "Question 11: how near students are to their teacher" + TheoryTables.reading(students) + marks.suffix(),
                header,
                rows,
                notes);
    }

    /**
     * Question 12: what the report's proposed rule would do, to stop the teacher when its mean training loss changed by
     * less than a limit from one epoch to the next.
     *
     * @param teachers of each seed, trained to the end
     */
    public static Table stops(List<Run> teachers, List<Double> limits) {
        Marks marks = Marks.of(teachers);
        List<String> header = new ArrayList<>(List.of("limit"));
        teachers.forEach(teacher -> header.add("seed " + teacher.settings().seed() + ": stops after"));
        List<List<Cell>> rows = new ArrayList<>();
        for (double limit : limits) {
            EarlyStopping rule = new EarlyStopping(limit, 1, 1);
            List<Cell> row = new ArrayList<>(List.of(Cell.number(limit)));
            for (Run teacher : teachers) {
                OptionalInt epoch = rule.epoch(teacher.history());
                Cell stop = epoch.isPresent() ? Cell.number(epoch.getAsInt()) : Cell.text("never");
                row.add(stop.from(Cells.sources(List.of(teacher))));
            }
            rows.add(row);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "From the stored losses of teachers that were trained to the end; \"never\": not within their epochs.");
        return new Table(
                "Question 12: after which epoch a limit to the change of the loss would have stopped the teacher"
                        + TheoryTables.reading(teachers) + marks.suffix(),
                header,
                rows,
                notes);
    }

    /**
     * Question 12: what it costs to look for the teacher's best number of epochs, from the seconds of stored runs.
     *
     * @param students of one width
     */
    public static Table search(List<Run> teachers, List<Run> students) {
        Marks marks = Marks.of(all(teachers, students));
        double teacherEpoch = seconds(teachers);
        double studentEpoch = seconds(students);
        int epochs = teachers.get(0).history().size();
        int each = students.get(0).history().size();
        List<List<Cell>> rows = List.of(
                cost("no search: the teacher to the end, one student", epochs, each, teacherEpoch, studentEpoch),
                cost(
                        "a new teacher for every number of epochs, as the report",
                        epochs * (epochs + 1) / 2,
                        epochs * each,
                        teacherEpoch,
                        studentEpoch),
                cost("one teacher, kept after every epoch", epochs, epochs * each, teacherEpoch, studentEpoch));
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(String.format(
                Locale.ROOT,
                "By the stored runs' %.1f s for a teacher's epoch and %.1f s for a student's, with whatever else ran beside them.",
                teacherEpoch,
                studentEpoch));
        return new Table(
                "Question 12: what the search for the best number of epochs costs" + TheoryTables.reading(teachers)
                        + marks.suffix(),
                List.of("", "teacher epochs", "student epochs", "minutes"),
                rows,
                notes);
    }

    private static List<Cell> cost(
            String name, int teacherEpochs, int studentEpochs, double teacherEpoch, double studentEpoch) {
        return List.of(
                Cell.text(name),
                Cell.number(teacherEpochs),
                Cell.number(studentEpochs),
                Cell.number((teacherEpochs * teacherEpoch + studentEpochs * studentEpoch) / 60, 1));
    }

    private static double seconds(List<Run> runs) {
        return runs.stream()
                .flatMap(run -> run.history().stream())
                .mapToDouble(EpochResult::seconds)
                .average()
                .orElseThrow();
    }

    /**
     * Question 12: is it worth it? Students of one width under early-stopped teachers against those under the teacher
     * that was trained to the end.
     *
     * @param students of one width
     */
    public static Table worth(List<Run> students) {
        Marks marks = Marks.of(students);
        TreeMap<Integer, List<Run>> byEpochs = EarlyStoppedTables.byEpochs(students);
        int last = byEpochs.lastKey();
        List<List<Cell>> rows = new ArrayList<>();
        byEpochs.forEach((epochs, runs) -> rows.add(Cells.row(
                Cell.number(epochs),
                runs,
                Cell.mean(Cells.sample(runs)),
                epochs == last ? Cell.NONE : EarlyStoppedTables.difference(runs, byEpochs.get(last)))));
        List<String> notes = new ArrayList<>(marks.notes());
        students.stream()
                .collect(Collectors.groupingBy(run -> run.settings().seed(), TreeMap::new, Collectors.toList()))
                .forEach((seed, own) -> notes.add("Seed " + seed + ": best under the teacher as it was after epoch "
                        + own.stream()
                                .max(Comparator.comparingDouble(Run::testAccuracy))
                                .orElseThrow()
                                .settings()
                                .teacherEpochs()
                        + ", chosen on the test images."));
        notes.add(
                "Mean ± standard deviation over seeds, with the 95 % interval of the mean. Last column: paired by seed, whose students share a teacher, with a 95 % interval where there are several seeds."
                        + " Many rows are compared at once, so now and then an interval leaves out 0 by chance alone.");
        return new Table(
                "Question 12: what stopping early gains, students of width "
                        + students.get(0).settings().width() + ", test accuracy in %"
                        + TheoryTables.reading(students)
                        + marks.suffix(),
                List.of("teacher's epochs", "student", "more than under the teacher of " + last + " epochs by"),
                rows,
                notes);
    }

    /** The runs of a width. */
    public static List<Run> ofWidth(List<Run> runs, int width) {
        return runs.stream().filter(run -> run.settings().width() == width).toList();
    }

    private static List<Run> ofEpochs(List<Run> students, int epochs) {
        return students.stream()
                .filter(run -> run.settings().teacherEpochs() == epochs)
                .toList();
    }

    private static TreeSet<Integer> teacherEpochs(List<Run> students) {
        return students.stream()
                .map(run -> run.settings().teacherEpochs())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static EpochResult after(Run teacher, int epochs) {
        return teacher.history().get(epochs - 1);
    }

    @SafeVarargs
    private static List<Run> all(Collection<Run>... runs) {
        return Stream.of(runs).flatMap(Collection::stream).toList();
    }
}
