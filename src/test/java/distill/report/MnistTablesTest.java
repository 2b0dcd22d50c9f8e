package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Cell;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;

class MnistTablesTest {

    private static final List<Run> STUDENTS = List.of(
            Runs.student(1, .1, 1, 97.1),
            Runs.student(1, .9, 1, 97.2),
            Runs.student(16, .1, 1, 97.3),
            Runs.student(16, .9, 1, 97.9));

    @Test
    void tableOneSetsOursBesideTheReports() {
        Table table = MnistTables.table1(STUDENTS);
        assertEquals("Table I: student, test accuracy in %, as-written", table.title());
        assertEquals(List.of("T", "alpha 0.1", "report 0.1", "alpha 0.9", "report 0.9", "mean"), table.header());
        assertEquals(
                List.of(
                        List.of("1", "97.10", "97.79", "97.20", "97.55", "97.15"),
                        List.of("16", "97.30", "97.93", "97.90", "98.08", "97.60")),
                table.texts());
        assertTrue(
                table.notes().get(0).startsWith("Best: 97.90 at T = 16, alpha = 0.9"),
                table.notes().get(0));
    }

    @Test
    void severalSeedsGiveMeanAndStandardDeviation() {
        Table table = MnistTables.table1(List.of(Runs.student(1, .1, 1, 97), Runs.student(1, .1, 2, 98)));
        // Standard deviation of 97 and 98: sqrt((.25 + .25) / 1) = .7071.
        // Half of the interval: t(1) = 12.706, times .7071 / sqrt(2) = 6.353.
        assertEquals("97.50 ± 0.71", table.texts().get(0).get(1));
        assertTrue(
                table.notes()
                        .contains(
                                "Mean ± standard deviation over seeds 1, 2, with the 95 % interval of the mean (Student's t)."));
    }

    @Test
    void aRowsMeanHasTheSpreadOfTheSeedsThatHaveAllOfItsCells() {
        // Seed 1: (97 + 98) / 2 = 97.5, seed 2: (98 + 99) / 2 = 98.5; seed 3 has one cell of two.
        Table table = MnistTables.table1(List.of(
                Runs.student(1, .1, 1, 97),
                Runs.student(1, .9, 1, 98),
                Runs.student(1, .1, 2, 98),
                Runs.student(1, .9, 2, 99),
                Runs.student(1, .1, 3, 99)));
        assertEquals("98.00 ± 0.71", table.texts().get(0).get(5));
    }

    @Test
    void severalTeachersHaveTheirMeanBesideThem() {
        Table table = MnistTables.teacher(List.of(
                Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.5),
                Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 2), 99.5)));
        assertEquals(List.of("epoch", "seed 1", "seed 2", "all", "report"), table.header());
        assertEquals(
                List.of("12", "98.50", "99.50", "99.00 ± 0.71", "98.78"),
                table.texts().get(11));
    }

    @Test
    void whereOnlySomeCellsHaveSeveralSeedsTheNoteSaysSo() {
        Table table = MnistTables.table1(
                List.of(Runs.student(1, .1, 1, 97), Runs.student(16, .9, 1, 97), Runs.student(16, .9, 2, 98)));
        assertTrue(
                table.notes()
                        .contains(
                                "Seeds 1, 2, not in every cell: mean ± standard deviation of a cell's own, with the 95 %"
                                        + " interval of the mean (Student's t); without ± one run."),
                table.notes().toString());
    }

    @Test
    void everyNumberOfTableOneKnowsItsRunsAndTheReportsNumbersHaveNone() {
        Run first = Runs.student(16, .9, 1, 97);
        Run second = Runs.student(16, .9, 2, 98);
        Table table = MnistTables.table1(List.of(Runs.student(16, .1, 1, 97), first, second));
        assertEquals(List.of("T", "alpha 0.1", "report 0.1", "alpha 0.9", "report 0.9", "mean"), table.header());
        List<Cell> row = table.rows().get(0);
        assertEquals(Cells.sources(List.of(first, second)), row.get(3).sources());
        assertEquals(3, row.get(5).sources().size());
        assertEquals(List.of(), row.get(4).sources());
        assertEquals(Cell.published(98.08), row.get(4));
    }

    @Test
    void quickRunsAreMarkedAndNotComparedWithTheReport() {
        Run quick = Runs.run(Runs.quick(Runs.settings("q5", Role.STUDENT, 16., .9, 1)), 91);
        Table table = MnistTables.table1(List.of(quick));
        assertEquals(
                "Table I: student, test accuracy in %, as-written [QUICK, 2 EPOCHS, 24000 TRAINING IMAGES]",
                table.title());
        assertFalse(table.markdown().contains("98.08"));
        assertTrue(table.notes().get(0).endsWith("not compared with the report."));
    }

    @Test
    void theTeachersTableFollowsItsEpochsBesideFigure4() {
        Table table =
                MnistTables.teacher(List.of(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9)));
        assertEquals(12, table.texts().size());
        assertEquals(List.of("12", "98.90", "98.78"), table.texts().get(11));
        assertEquals(List.of("1", "97.80", "96.96"), table.texts().get(0));
    }

    @Test
    void tableTwoLeavesACellOfTheReportEmptyWhereItHasNone() {
        Table table = MnistTables.table2(List.of(
                Runs.run(Runs.settings("q6", Role.STUDENT, 3., .5, 1), 97.5),
                Runs.run(Runs.settings("q6", Role.STUDENT, 4., .5, 1), 97.6)));
        assertEquals(List.of(List.of("3", "0.5", "97.50", ""), List.of("4", "0.5", "97.60", "97.91")), table.texts());
    }

    @Test
    void questionSevenComparesWithTheMeanOfAllCellsAndWithTheBest() {
        Table table = MnistTables.plainStudent(
                List.of(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7)), STUDENTS);
        assertEquals(
                List.of("student without KD", "97.70", "97.20"), table.texts().get(0));
        // (97.1 + 97.2 + 97.3 + 97.9) / 4
        // Four of the thirty cells: nothing of the report's is like their mean or their best.
        assertEquals(
                List.of("students with KD, mean of 4 cells", "97.38", ""),
                table.texts().get(1));
        assertEquals(
                List.of("student with KD, best of 4 cells", "97.90", ""),
                table.texts().get(2));
    }

    @Test
    void questionSevenSetsAllThirtyCellsBesideTheReports() {
        List<Run> all = Published.TEMPERATURES.stream()
                .flatMap(t -> Published.ALPHAS.stream().map(a -> Runs.student(t, a, 1, 97.5)))
                .toList();
        Table table = MnistTables.plainStudent(
                List.of(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7)), all);
        assertEquals(
                List.of("students with KD, mean of 30 cells", "97.50", "97.76"),
                table.texts().get(1));
        assertEquals(
                List.of("student with KD, best of 30 cells", "97.50", "98.08"),
                table.texts().get(2));
    }

    @Test
    void thirtyCellsThatAreNotTableOnesAreNotSetBesideTheReports() {
        List<Run> students = Hyperparameters.all().stream()
                .map(cell -> cell.temperature() == 16 ? new Hyperparameters(8., cell.alpha()) : cell)
                .map(cell -> Runs.student(cell.temperature(), cell.alpha(), 1, 97.5))
                .toList();
        Table table = MnistTables.plainStudent(
                List.of(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97)), students);
        assertEquals("students with KD, mean of 30 cells", table.texts().get(1).get(0));
        assertEquals("", table.texts().get(1).get(2));
    }

    @Test
    void markedStudentsMarkTheComparisonOfQuestionSeven() {
        Table table = MnistTables.plainStudent(
                List.of(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7)),
                List.of(Runs.run(Runs.quick(Runs.settings("q5", Role.STUDENT, 1., .1, 1)), 93)));
        assertTrue(table.title().contains("QUICK") && !table.header().contains("report"), table.title());
    }

    @Test
    void theTeachersCsvHasARowForEachEpoch() {
        List<String> lines = MnistTables.teacherCsv(
                        List.of(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9)))
                .lines()
                .toList();
        assertEquals(13, lines.size());
        assertEquals("variant,seed,quick,synthetic,epoch,test_accuracy,loss,report,identity", lines.get(0));
        assertTrue(lines.get(12).startsWith("as-written,1,false,false,12,98.9,1.5,98.78,"), lines.get(12));
    }

    @Test
    void theCsvHasARowForEachRun() {
        List<String> lines = MnistTables.csv(STUDENTS, s -> Published.table1(s.temperature(), s.alpha()))
                .lines()
                .toList();
        assertEquals(5, lines.size());
        assertTrue(lines.get(0)
                .startsWith(
                        "variant,question,model,temperature,alpha,seed,quick,synthetic,epochs,test_accuracy,report,"));
        assertTrue(
                lines.get(4).startsWith("as-written,q5,student,16,0.9,1,false,false,12,97.9,98.08,98.9,"),
                lines.get(4));
    }

    @Test
    void theReportsTableIsWhatItPrints() {
        double mean = Published.TEMPERATURES.stream()
                .flatMap(t -> Published.ALPHAS.stream()
                        .map(a -> Published.table1(t, a).orElseThrow()))
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        // The sum of the thirty printed values is 2932.82.
        assertEquals(2932.82 / 30, mean, 1e-9);
        assertEquals(98.08, Published.table1(16, .9).orElseThrow());
        assertTrue(Published.table1(3, .9).isEmpty());
        assertEquals(97.80, Published.table2(64).orElseThrow());
    }

    @Test
    void oneCellIsSetAgainstTheStudentWithoutDistillationByItsName() {
        Run plain = Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7);
        Table table = MnistTables.plainStudent(List.of(plain), List.of(Runs.student(16, .9, 1, 97.9)));
        assertEquals(
                List.of(
                        List.of("student without KD", "97.70", "97.20"),
                        List.of("student with KD, T = 16, alpha = 0.9", "97.90", "98.08")),
                table.texts());
    }
}
