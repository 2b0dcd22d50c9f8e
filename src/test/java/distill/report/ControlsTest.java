package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.MnistPlan;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The controls of question 7, the slips one at a time, and first epochs, on made-up runs of three seeds. */
class ControlsTest {

    private static final List<Double> TEMPERATURES = List.of(1., 4., 16., 64.);

    private static Run teacher(long seed, double accuracy) {
        return Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, seed), accuracy);
    }

    private static Run plain(long seed, double accuracy) {
        return Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed), accuracy);
    }

    private static Run with(Run run, String component, Object value) {
        Settings settings = Runs.with(run.settings(), component, value);
        return Runs.run(settings, run.testAccuracy());
    }

    /** Differences by seed: smoothed +.1, +.3 and +.2, own teacher +.4, +.6 and +.5, another teacher +.5 each. */
    @Test
    void controlsAreSetBesideTheStudentWithoutDistillationOfTheSameSeed() {
        List<Run> teachers = List.of(teacher(1, 99), teacher(2, 98), teacher(3, 98.5));
        List<Run> plain = List.of(plain(1, 97), plain(2, 98), plain(3, 98));
        double[] smoothed = {97.1, 98.3, 98.2};
        double[] own = {97.4, 98.6, 98.5};
        double[] another = {97.5, 98.5, 98.5};
        List<Run> stored = new ArrayList<>(plain);
        assertEquals(List.of(), ControlTable.runs(plain, stored));
        stored.addAll(teachers);
        for (int i = 0; i < 3; i++) {
            long seed = i + 1;
            stored.add(with(plain(seed, smoothed[i]), "loss", "label-smoothing"));
            stored.add(with(
                    Runs.student(16, .9, seed, own[i]),
                    "teacher",
                    teachers.get(i).identity()));
            Run taught = with(Runs.student(16, .9, seed, another[i]), "question", MnistPlan.ANOTHER_TEACHER);
            stored.add(with(taught, "teacher", teachers.get((i + 1) % 3).identity()));
            stored.add(with(Runs.student(16, .9, seed, 60), "quick", true));
            stored.add(with(
                    Runs.student(4, .9, seed, 60), "teacher", teachers.get(i).identity()));
        }
        Table table = ControlTable.of(plain, stored);
        List<List<String>> rows = table.texts();
        assertEquals(
                List.of(
                        "without KD",
                        "labels smoothed, no teacher",
                        "KD from its own teacher, T = 16, alpha = 0.9",
                        "KD from another teacher, T = 16, alpha = 0.9"),
                rows.stream().map(row -> row.get(0)).toList());
        assertEquals(
                List.of("3", "3", "3", "3"),
                rows.stream().map(row -> row.get(1)).toList());
        // The interval of +.1, +.3 and +.2 is .2 plus or minus 4.303 times .1 / sqrt 3.
        assertEquals(
                List.of("", "+0.20 (-0.05 to +0.45)", "+0.50 (+0.25 to +0.75)", "+0.50 (+0.50 to +0.50)"),
                rows.stream().map(row -> row.get(3)).toList());
        assertTrue(rows.get(1).get(4).isEmpty(), "no teacher");
        assertTrue(rows.get(2).get(4).startsWith("98.50"), rows.get(2).toString());
        assertEquals(12, ControlTable.runs(plain, stored).size());
        assertEquals(
                List.of("1", "1", "1", "1"),
                ControlTable.of(plain.subList(1, 2), stored).texts().stream()
                        .map(row -> row.get(1))
                        .toList(),
                "of one seed all rows are of that seed");
    }

    /** A reading's students: those without distillation have {@code plain}, those with it {@code effect} more. */
    private static void add(List<Run> stored, Variant variant, String without, double effect) {
        for (long seed = 1; seed <= 3; seed++) {
            List<Run> runs = new ArrayList<>(List.of(plain(seed, 97 + seed)));
            for (double temperature : TEMPERATURES) {
                runs.add(Runs.student(temperature, .5, seed, 97 + seed + effect - .1));
                runs.add(Runs.student(temperature, .9, seed, 97 + seed + effect + .1));
            }
            runs.forEach(run -> stored.add(with(with(run, "variant", variant), "without", without)));
        }
    }

    @Test
    void theTableOfSlipsIsThereOnceOneAloneIsStoredAndSaysWhatTheyTakeAway() {
        List<Run> stored = new ArrayList<>();
        add(stored, Variant.AS_WRITTEN, null, 0);
        add(stored, Variant.AS_DESCRIBED, null, .5);
        List<Run> plain = List.of(stored.get(0));
        assertEquals(Optional.empty(), SlipAblation.of(plain, stored));
        add(stored, Variant.AS_WRITTEN, "double-softmax", .4);
        SlipAblation ablation = SlipAblation.of(plain, stored).orElseThrow();
        List<List<String>> rows = ablation.effects().texts();
        assertEquals(
                List.of("both: as-written", "unnormalised targets", "none: as-described"),
                rows.stream().map(row -> row.get(0)).toList());
        assertEquals(
                List.of("0.00 (0.00 to 0.00)", "+0.40 (+0.40 to +0.40)", "+0.50 (+0.50 to +0.50)"),
                rows.stream().map(row -> row.get(4)).toList());
        assertTrue(rows.get(0).get(5).startsWith("+0.50"), rows.get(0).toString());
        assertTrue(rows.get(1).get(5).startsWith("+0.10"), rows.get(1).toString());
        assertEquals("", rows.get(2).get(5));
        assertEquals(3 * 3 * 9, ablation.runs().size());

        List<List<String>> cells = ablation.cells().texts();
        assertEquals(8, cells.size());
        assertEquals(List.of("1", "0.5"), cells.get(0).subList(0, 2));
        assertTrue(cells.get(0).get(3).startsWith("+0.30"), cells.get(0).toString());
        assertTrue(cells.get(1).get(4).startsWith("+0.60"), cells.get(1).toString());
    }

    @Test
    void aSeedThatLacksACellIsLeftOutOfTheTableOfSlips() {
        List<Run> stored = new ArrayList<>();
        add(stored, Variant.AS_WRITTEN, "unnormalised-targets", .4);
        List<Run> plain = List.of(stored.get(0));
        stored.removeIf(run -> run.settings().seed() == 2
                && run.settings().alpha() != null
                && run.settings().temperature() == 64);
        List<String> row =
                SlipAblation.of(plain, stored).orElseThrow().effects().texts().get(0);
        assertEquals(List.of("double softmax", "2"), row.subList(0, 2));
    }

    @Test
    void tablesOfACutAreMarked() {
        List<Run> plain = List.of(Runs.run(Runs.quick(plain(1, 90).settings()), 90));
        List<Run> stored = new ArrayList<>(plain);
        stored.add(with(plain.get(0), "loss", "label-smoothing"));
        String cut = " [QUICK, 2 EPOCHS, 24000 TRAINING IMAGES]";
        assertEquals(
                "Is distillation a regulariser? Students, test accuracy in %, as-written" + cut,
                ControlTable.of(plain, stored).title());
        SlipAblation ablation = new SlipAblation(List.of(), plain);
        assertTrue(ablation.effects().title().endsWith(cut), ablation.effects().title());
        assertTrue(ablation.cells().title().endsWith(cut), ablation.cells().title());
    }

    /** Made-up runs gain .1 an epoch, so that one that ends at 91 is at 89.9 after its first. */
    @Test
    void studentsThatHardlyBeganInTheirFirstEpochAreCountedByReading() {
        List<Run> stored = List.of(
                plain(1, 97),
                Runs.student(4, .5, 1, 91),
                with(Runs.student(4, .5, 2, 97), "variant", Variant.AS_DESCRIBED),
                with(Runs.student(4, .5, 1, 50), "width", 12),
                with(Runs.student(4, .5, 1, 50), "rareClass", 3),
                with(Runs.student(4, .5, 1, 50), "epochs", 2),
                Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 50));
        List<Run> students = FirstEpochs.students(stored);
        assertEquals(stored.subList(0, 3), students);
        List<List<String>> rows = FirstEpochs.table(students).texts();
        assertEquals(List.of("as-written", "1 of 2", "89.90", "91.00"), rows.get(0));
        assertEquals(List.of("as-described", "0 of 1", "95.90", ""), rows.get(1));
    }
}
