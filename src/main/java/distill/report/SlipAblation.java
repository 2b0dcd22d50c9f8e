package distill.report;

import distill.page.Cell;
import distill.page.Table;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What distillation changes in Task 1 with both slips of the report's program, with each alone and with none.
 *
 * @param rows a reading each, of which one at least has a single slip
 * @param marked students without distillation, whose marks the tables carry
 */
public record SlipAblation(List<Row> rows, List<Run> marked) {

    /** The cells of Table I that every reading is to have. */
    private static final List<Hyperparameters> CELLS = Stream.of(1., 4., 16., 64.)
            .flatMap(temperature -> Stream.of(.5, .9).map(alpha -> new Hyperparameters(temperature, alpha)))
            .toList();

    private static final String NONE = "none: as-described";

    /**
     * A reading, with students of some seeds.
     *
     * @param slips which it has
     * @param plain those without distillation, in the order of the seeds
     * @param cells those with it, of the same seeds in each cell
     */
    public record Row(String slips, List<Run> plain, Map<Hyperparameters, List<Run>> cells) {

        private List<Run> students() {
            return cells.values().stream().flatMap(List::stream).toList();
        }

        /** By how much distillation changes the accuracy of each seed, over the cells. */
        private Sample effect() {
            double[] effects = new double[plain.size()];
            for (int seed = 0; seed < effects.length; seed++) {
                int one = seed;
                effects[seed] = cells.values().stream()
                                .mapToDouble(students -> students.get(one).testAccuracy())
                                .average()
                                .orElseThrow()
                        - plain.get(seed).testAccuracy();
            }
            return Sample.of(effects);
        }
    }

    /**
     * The readings that have students of the same seeds without distillation and in all cells; empty where none of them
     * has a single slip.
     *
     * @param plain students without distillation, whose length, steps, images and network are asked for
     * @param stored all runs of the task in their order
     */
    public static Optional<SlipAblation> of(List<Run> plain, Collection<Run> stored) {
        String task = Settings.TASK1;
        Settings like = plain.get(0).settings();
        List<Row> single = new ArrayList<>();
        add(single, "unnormalised targets", without(Slip.DOUBLE_SOFTMAX), like, stored);
        add(single, "double softmax", without(Slip.UNNORMALISED_TARGETS), like, stored);
        if (single.isEmpty()) {
            return Optional.empty();
        }
        List<Row> rows = new ArrayList<>();
        add(rows, "both: as-written", Reading.of(task, Variant.AS_WRITTEN), like, stored);
        rows.addAll(single);
        add(rows, NONE, Reading.of(task, Variant.AS_DESCRIBED), like, stored);
        return Optional.of(new SlipAblation(rows, plain));
    }

    private static Reading without(Slip slip) {
        return Reading.of(Settings.TASK1, Variant.AS_WRITTEN, List.of(slip));
    }

    private static void add(List<Row> rows, String slips, Reading reading, Settings like, Collection<Run> stored) {
        List<Run> own = stored.stream()
                .filter(run -> run.settings().reading().equals(reading)
                        && run.settings().isOfReportsLoss()
                        && run.provenance().isOurs()
                        && OwnRuns.trainedInAnyReading(run.settings()).equals(OwnRuns.trainedInAnyReading(like)))
                .toList();
        Map<Long, Run> plain = new LinkedHashMap<>();
        Map<Hyperparameters, Map<Long, Run>> cells = new LinkedHashMap<>();
        CELLS.forEach(cell -> cells.put(cell, new LinkedHashMap<>()));
        for (Run run : own) {
            Settings settings = run.settings();
            if (settings.question().equals("q7") && settings.role() == Role.STUDENT_PLAIN) {
                plain.put(settings.seed(), run);
            }
            if (settings.question().equals("q5") && !settings.hasGivenTeacher()) {
                cells.getOrDefault(Hyperparameters.of(settings), new LinkedHashMap<>())
                        .put(settings.seed(), run);
            }
        }
        Set<Long> seeds = new HashSet<>(plain.keySet());
        cells.values().forEach(students -> seeds.retainAll(students.keySet()));
        if (!seeds.isEmpty()) {
            Map<Hyperparameters, List<Run>> whole = new LinkedHashMap<>();
            cells.forEach((cell, students) -> whole.put(cell, ofSeeds(students, seeds)));
            rows.add(new Row(slips, ofSeeds(plain, seeds), whole));
        }
    }

    private static List<Run> ofSeeds(Map<Long, Run> runs, Set<Long> seeds) {
        return seeds.stream().sorted().map(runs::get).toList();
    }

    /** All runs behind the tables. */
    public List<Run> runs() {
        return rows.stream()
                .flatMap(row -> Cells.all(row.plain(), row.students()).stream())
                .toList();
    }

    /** Which slip takes the effect of distillation away. */
    public Table effects() {
        Optional<Row> none =
                rows.stream().filter(row -> row.slips().equals(NONE)).findFirst();
        return Columns.of(rows, marked)
                .column("slips", row -> Cell.text(row.slips()))
                .column("seeds", row -> Cell.number(row.plain().size()))
                .column("without KD", row -> Cells.accuracy(row.plain()))
                .column("with KD", row -> Cell.mean(MnistTables.meanOver(row.students()))
                        .from(Cells.sources(row.students())))
                .column("effect of KD", row -> Cell.difference(row.effect()))
                .column("less than without slips", row -> none.filter(other -> other != row)
                        .map(other -> Cells.difference(other.effect(), row.effect()))
                        .orElse(Cell.NONE))
                .note(
                        "With KD: the mean of T = 1, 4, 16 and 64 at alpha 0.5 and 0.9. The effect of KD is the difference to the"
                                + " student without KD of the same seed, with its 95 % interval over the seeds (Student's t).")
                .note("The last column says how much of the effect the slips take away, with Welch's 95 % interval.")
                .table("Which slip takes the effect of distillation away? Task 1, test accuracy in %");
    }

    /** The effect of distillation in each cell. */
    public Table cells() {
        Columns<Hyperparameters> table = Columns.of(CELLS, marked)
                .column("T", cell -> Cell.number(cell.temperature()))
                .column("alpha", cell -> Cell.number(cell.alpha()));
        rows.forEach(row -> table.column(row.slips(), cell -> {
            List<Run> students = row.cells().get(cell);
            return Cells.pairedDifference(students, row.plain()).from(Cells.sources(students));
        }));
        return table.note(
                        "The accuracy with KD less that without KD of the same seed, with its 95 % interval over the seeds"
                                + " (Student's t).")
                .table("Effect of distillation by slips, test accuracy in %");
    }
}
