package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Cell;
import distill.page.Table;
import distill.report.EarlyStoppedTables.Way;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Variant;
import distill.training.EarlyStopping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStoppedTablesTest {

    private static Run teacher(long seed, double... losses) {
        return Runs.losses(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, seed), 98.9), losses);
    }

    /** Its loss changes by .5, .25, .125 and .0625. */
    private static Run teacher(long seed) {
        return teacher(seed, 2, 1.5, 1.25, 1.125, 1.1875);
    }

    private static Run student(int teacherEpochs, long seed, double accuracy) {
        return Runs.earlyStopped(
                "q13-single-trajectory", teacherEpochs, teacher(seed).identity(), seed, accuracy);
    }

    /** Students of a seed, of teachers of 3, 4 and 5 epochs. */
    private static List<Run> students(double[]... accuracies) {
        List<Run> students = new ArrayList<>();
        for (int seed = 1; seed <= accuracies.length; seed++) {
            for (int i = 0; i < 3; i++) {
                students.add(student(3 + i, seed, accuracies[seed - 1][i]));
            }
        }
        return students;
    }

    private static String notes(Table table) {
        return String.join("\n", table.notes());
    }

    @Test
    void tableThreeSetsOursBesideTheElevenRowsOfTheReport() {
        List<Run> students = new ArrayList<>();
        for (int epochs = 1; epochs <= 12; epochs++) {
            students.add(Runs.earlyStopped("q13", epochs, "not stored", 1, 97 + epochs / 10.));
        }
        Table table = EarlyStoppedTables.table3(students, List.of());
        assertEquals(
                "Table III: student, test accuracy in %, as-written, a new teacher for each number of epochs",
                table.title());
        assertEquals(List.of("teacher's epochs", "teacher", "student", "report"), table.header());
        assertEquals(List.of("1", "", "97.10", "97.34"), table.texts().get(0));
        assertEquals(List.of("11", "", "98.10", "97.70"), table.texts().get(10));
        assertEquals(List.of("12", "", "98.20", ""), table.texts().get(11));
        assertTrue(notes(table).contains("One run per cell does not show whether epoch 4 is best."), notes(table));
        assertTrue(notes(table).contains("Largest: 98.20 after epoch 12"), notes(table));
    }

    @Test
    void theTeachersAccuracyIsTheOneItHadWhenItTaught() {
        Table table = EarlyStoppedTables.table3(students(new double[] {97, 98, 97}), List.of(teacher(1), teacher(2)));
        assertEquals(
                List.of("93.00", "94.00", "95.00"),
                table.texts().stream().map(row -> row.get(1)).toList());
    }

    @Test
    void differencesArePairedBySeedSoThatWhatSeedsShareDoesNotHideThem() {
        // Epoch 4 is .5, .6 and 0, and .3, .4 and 0, above the others, though the seeds are 5 apart.
        Table table = EarlyStoppedTables.table3(
                students(new double[] {87, 87.5, 87.2}, new double[] {97, 97.6, 97.2}, new double[] {92, 92, 92}),
                List.of());
        // Means .367 and .233; sd .3215 and .2082, t(2) = 4.303: ± 4.303 sd / sqrt(3) = .799 and .517.
        assertEquals("+0.37 (-0.43 to +1.17)", table.texts().get(0).get(4));
        assertEquals("", table.texts().get(1).get(4));
        assertEquals("+0.23 (-0.28 to +0.75)", table.texts().get(2).get(4));
        assertTrue(
                notes(table)
                        .contains(
                                "From these students alone, whether epoch 4 is best is inconclusive: its paired difference is over 0 at 95 % from 0 of the 2 others"),
                notes(table));
        // Each seed's distance from the mean of both: .4, .5 and 0; .3 ± 4.303 * .2646 / sqrt(3) = .657.
        assertTrue(
                notes(table).contains("mean of the others: +0.30, 95 % interval -0.36 to +0.96: inconclusive"),
                notes(table));
    }

    @Test
    void thatEpochFourIsBestIsSaidWhereEachDifferenceIsOverZero() {
        // Differences of .50, .51, .52 from each: .51 ± 4.303 * .01 / sqrt(3) = .51 ± .025.
        Table table = EarlyStoppedTables.table3(
                students(new double[] {97, 97.5, 97}, new double[] {96, 96.51, 96}, new double[] {98, 98.52, 98}),
                List.of());
        assertEquals("+0.51 (+0.49 to +0.53)", table.texts().get(0).get(4));
        assertTrue(
                notes(table)
                        .contains(
                                "That epoch 4 is best is supported: its paired difference from each of the 2 others is over 0 at 95 %."),
                notes(table));
        assertTrue(notes(table).contains(": better."), notes(table));
    }

    @Test
    void thatAnotherEpochIsBetterIsSaidOnlyWhereItHoldsForAllTogether() {
        // Epoch 5 is .2, .3, .4 above epoch 4: .3 ± t * .1 / sqrt(3). At 95 % t(2) = 4.303: ± .248, away from 0;
        // at 97.5 %, for two together, t(2) = 6.205: ± .358, not so.
        List<Run> near =
                students(new double[] {97, 97.5, 97.7}, new double[] {96, 96.5, 96.8}, new double[] {98, 98.5, 98.9});
        Table table = EarlyStoppedTables.table3(near, List.of());
        assertEquals("-0.30 (-0.55 to -0.05)", table.texts().get(2).get(4));
        assertTrue(notes(table).contains("inconclusive: its paired difference is over 0 at 95 % from"), notes(table));

        // .3, .31, .32 above: ± 6.205 * .01 / sqrt(3) = .036.
        List<Run> far =
                students(new double[] {97, 97.5, 97.8}, new double[] {96, 96.5, 96.81}, new double[] {98, 98.5, 98.82});
        assertTrue(
                notes(EarlyStoppedTables.table3(far, List.of()))
                        .contains(
                                "Epoch 4 is not best: after epoch 5 the student is better, at 95 % for all 2 together."),
                notes(EarlyStoppedTables.table3(far, List.of())));
    }

    @Test
    void waysToStopEarlyStandBesidePlainDistillationWithPairedDifferences() {
        List<Run> plain = List.of(student(12, 1, 97), student(12, 2, 98));
        List<Run> stopped = List.of(student(3, 1, 97.5), student(4, 2, 98.5));
        Table table = EarlyStoppedTables.ways(List.of(
                new Way("plain KD", Cell.text("12"), Cell.text("12"), plain),
                new Way("teacher stopped", Cell.text("3, 4"), Cell.text("12"), stopped)));
        assertEquals(
                List.of("plain KD", "12", "12", "97.50 ± 0.71", "", ""),
                table.texts().get(0));
        // Of two differences no interval is given, and nothing is judged.
        assertEquals(
                List.of("teacher stopped", "3, 4", "12", "98.00 ± 0.71", "+0.50", "not enough seeds"),
                table.texts().get(1));
        Table one = EarlyStoppedTables.ways(List.of(
                new Way("plain KD", Cell.text("12"), Cell.text("12"), plain.subList(0, 1)),
                new Way("teacher stopped", Cell.text("3"), Cell.text("12"), stopped.subList(0, 1))));
        assertEquals("not enough seeds", one.texts().get(1).get(5), "one run each");
        String csv = EarlyStoppedTables.waysCsv(
                List.of(new Way("plain KD", Cell.text("12"), Cell.text("12"), plain)), List.of());
        assertTrue(csv.startsWith("way,variant,question,model,temperature,alpha,teacher_epochs,"), csv);
        assertTrue(csv.contains("plain KD,as-written,q13-single-trajectory,student,4,0.5,12,,1,"), csv);
    }

    @Test
    void ofSeveralWaysOneThatIsBetterByItselfMayBeSoByChance() {
        // Differences .2, .25 and .3: mean .25, standard error .0289; t(.975, 2) = 4.303, and of four t(.99375, 2) =
        // 8.86.
        List<Run> plain = List.of(student(12, 1, 97), student(12, 2, 98), student(12, 3, 97.5));
        List<Run> stopped = List.of(student(3, 1, 97.2), student(3, 2, 98.25), student(3, 3, 97.8));
        Way of = new Way("plain KD", Cell.text("12"), Cell.text("12"), plain);
        Way stop = new Way("teacher stopped", Cell.text("3"), Cell.text("12"), stopped);
        assertEquals(
                "better",
                EarlyStoppedTables.ways(List.of(of, stop)).texts().get(1).get(5));
        assertEquals(
                "inconclusive",
                EarlyStoppedTables.ways(List.of(of, stop, stop, stop, stop))
                        .texts()
                        .get(1)
                        .get(5));
    }

    @Test
    void aLimitIsCalibratedOnTheStoredTeachersOfBothReadings() {
        Run other = Runs.losses(
                Runs.run(
                        Runs.with(
                                Runs.settings("teacher", Role.TEACHER, null, null, 1), "variant", Variant.AS_DESCRIBED),
                        98.9),
                .75,
                .25,
                .125);
        List<EarlyStopping> rules =
                List.of(new EarlyStopping(.3, 1, 1), new EarlyStopping(.2, 1, 1), new EarlyStopping(.01, 1, 1));
        Table table = EarlyStoppedTables.calibration(
                List.of(teacher(1), teacher(2), teacher(3, 2, 1.5, 1.375), other),
                rules,
                List.of(student(3, 1, 97), student(4, 1, 98), student(5, 1, 99), student(3, 2, 96)));
        assertEquals(
                List.of(
                        "change of the loss below",
                        "as-written, 3 teachers",
                        "as-described, 1 teacher",
                        "student, as-written"),
                table.header());
        assertEquals(
                List.of(
                        List.of("0.3", "3 (3)", "3 (1)", "96.50 ± 0.71 (2)"),
                        List.of("0.2", "3 (1), 4 (2)", "3 (1)", "98.00 (1)"),
                        List.of("0.01", "never (3)", "never (1)", "99.00 (1)")),
                table.texts(),
                "a teacher that is never stopped teaches whole");
        assertTrue(
                notes(table)
                        .contains("stops 0 of 3 teachers as-written: their smallest is 1.1250, and under the doubled"),
                notes(table));
        assertTrue(notes(table).contains("stops 1 of 1 teachers as-described"), notes(table));
        List<String> csv = EarlyStoppedTables.calibrationCsv(
                        List.of(teacher(1), other), rules, List.of(student(3, 1, 97), student(5, 1, 99)))
                .lines()
                .toList();
        assertEquals("limit,variant,seed,stops_after,student_test_accuracy,identity", csv.get(0));
        assertTrue(csv.get(1).startsWith("0.3,as-written,1,3,97.0,"), csv.get(1));
        assertTrue(csv.get(5).startsWith("0.01,as-written,1,,99.0,"), csv.get(5));
        assertTrue(csv.get(6).startsWith("0.01,as-described,1,,,"), csv.get(6));
    }
}
