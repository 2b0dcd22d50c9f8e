package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Settings PLAIN = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);

    /** The results of runs that ended with other weights than those of other names. */
    private static Results results(String name, Run... runs) {
        return Results.of(
                name,
                Stream.of(runs)
                        .map(run -> Runs.with(run, "weightsDigest", name))
                        .toList());
    }

    private static List<Table> tables(Results a, Results b) {
        return new Comparison(a, b).tables();
    }

    /** Three seeds: mean 97.5, standard deviation .1. */
    private static Run[] threeSeeds(double temperature, double alpha) {
        return IntStream.of(1, 2, 3)
                .mapToObj(seed -> Runs.student(temperature, alpha, seed, 97.3 + seed * .1))
                .toArray(Run[]::new);
    }

    @Test
    void theReportAndTheNotebookHaveThe38CellsOfTheirThreeQuestionsAndTeacherAndTheReportAloneTable3() {
        List<Table> tables = tables(Results.REPORT, Results.NOTEBOOK);
        assertEquals(2, tables.size());
        assertEquals(
                List.of(List.of(
                        "task1, as-written: q13 student, T = 4, alpha = 0.5, teacher's epochs = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",
                        "11")),
                tables.get(1).texts());
        Table table = tables.get(0);
        assertEquals("report beside notebook: task1, test accuracy in %, as-written", table.title());
        assertEquals(List.of("", "report", "notebook", "difference", "judged at 95 %"), table.header());
        assertEquals(1 + 30 + 6 + 1, table.texts().size());
        assertEquals(
                List.of("teacher", "98.78", "98.92", "-0.14", "inconclusive"),
                table.texts().get(0));
        assertTrue(table.texts()
                .contains(List.of("q5 student, T = 32, alpha = 0.1", "98.03", "97.99", "+0.04", "inconclusive")));
        assertTrue(table.texts()
                .contains(List.of("q6 student, T = 1, alpha = 0.5", "97.93", "98.04", "-0.11", "inconclusive")));
        assertEquals(
                List.of("q7 student-plain", "97.20", "97.71", "-0.51", "inconclusive"),
                table.texts().get(37));
    }

    /** Differences of .1, .3 and .2: mean .2, standard deviation .1, and .2 +- 4.303 * .1 / sqrt(3) = .2 +- .248. */
    @Test
    void overSeveralCellsWithSingleRunsTheMeanDifferenceIsGiven() {
        List<Table> tables = tables(
                results(
                        "ours",
                        Runs.student(1, .5, 1, 97.5),
                        Runs.student(2, .5, 1, 97.5),
                        Runs.student(4, .5, 1, 97.5)),
                results(
                        "theirs",
                        Runs.student(1, .5, 1, 97.4),
                        Runs.student(2, .5, 1, 97.2),
                        Runs.student(4, .5, 1, 97.3)));
        assertTrue(
                tables.get(0)
                        .notes()
                        .contains(
                                "The mean difference of the 3 cells with single runs is +0.20, 95 % interval -0.05 to +0.45,"
                                        + " taking the cells as independent."),
                tables.get(0).notes().toString());
    }

    @Test
    void studentsOfDifferentGivenTeachersAreNotTheSameCell() {
        Settings settings = Runs.settings("q5", Role.STUDENT, 4., .5, 1);
        Run first = Runs.run(Runs.with(settings, "teacher", "ab".repeat(32)), 97.5);
        Run second = Runs.run(Runs.with(settings, "teacher", "cd".repeat(32)), 97.6);
        Results ours = results("ours", first, second);
        assertEquals(2, ours.cells().size());
        List<Table> tables = tables(ours, results("theirs", first));
        assertEquals(1, tables.get(0).texts().size());
        assertTrue(
                tables.get(0).title().contains("ANOTHER TEACHER, teacher abababab"),
                tables.get(0).title());
        assertTrue(
                tables.get(1).title().startsWith("Not compared, of ours"),
                tables.get(1).title());
    }

    @Test
    void theNotebooksGridIsWhatItPrints() {
        double sum = PublishedNotebook.TABLE_1.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .sum();
        // 487.94 + 488.83 + 488.04 + 488.31 + 488.86 + 488.13, row by row.
        assertEquals(2930.11, sum, 1e-9);
        assertEquals(
                586.61,
                PublishedNotebook.TABLE_2.stream()
                        .mapToDouble(Double::doubleValue)
                        .sum(),
                1e-9);
    }

    @Test
    void aSingleRunIsHeldAgainstThePredictionOfSeveral() {
        Table table =
                tables(results("runs", threeSeeds(16, .9)), Results.REPORT).get(0);
        assertEquals(List.of("", "runs", "95 % interval", "report", "difference", "judged at 95 %"), table.header());
        // t(2) = 4.302653: times .1 / sqrt(3) is .2484, times .1 sqrt(4 / 3) is .4968.
        assertEquals(
                List.of(List.of(
                        "q5 student, T = 16, alpha = 0.9",
                        "97.50 ± 0.10 (3)",
                        "97.25 to 97.75",
                        "98.08",
                        "-0.58",
                        "outside 97.00 to 98.00")),
                table.texts());
        Table inside =
                tables(results("runs", threeSeeds(32, .9)), Results.REPORT).get(0);
        assertEquals("inside 97.00 to 98.00", inside.texts().get(0).get(5));
    }

    @Test
    void severalRunsOnBothSidesGetWelchsInterval() {
        Table table = tables(results("a", threeSeeds(16, .9)), results("b", threeSeeds(16, .9)))
                .get(0);
        // t(4) = 2.776445, times .1 sqrt(2 / 3) is .2267.
        assertEquals(List.of("0.00", "-0.23 to +0.23"), table.texts().get(0).subList(5, 7));
    }

    @Test
    void runsThatBothSidesHaveAreCountedAndNotJudgedAsIndependent() {
        Run[] runs = threeSeeds(16, .9);
        Results a = Results.of("a", List.of(runs));
        Table same = tables(a, Results.of("b", List.of(runs))).get(0);
        assertEquals(List.of("0.00", "the same runs"), same.texts().get(0).subList(5, 7));
        assertTrue(
                same.notes()
                        .contains(
                                "3 runs are on both sides, with the same identity and the same weights: there the sides"
                                        + " depend on each other, and no interval of the difference is given."),
                same.notes().toString());
        assertFalse(same.notes().toString().contains("Welch"), same.notes().toString());

        Results other = Results.of("b", List.of(runs[0], Runs.with(runs[1], "weightsDigest", "other weights")));
        assertEquals("1 in both", tables(a, other).get(0).texts().get(0).get(5));
        String row = new Comparison(a, other).csv().lines().toList().get(1);
        assertTrue(row.endsWith(",,,,,1,"), "no interval, and one run in both: " + row);
    }

    @Test
    void aCellWhoseOnlyRunIsOnBothSidesHasNoPartInTheMeanDifference() {
        Run shared = Runs.student(1, .5, 1, 97.5);
        List<Run> own = List.of(shared, Runs.student(2, .5, 1, 97.5), Runs.student(4, .5, 1, 97.5));
        List<Run> others = List.of(
                shared,
                Runs.with(Runs.student(2, .5, 1, 97.2), "weightsDigest", "other weights"),
                Runs.with(Runs.student(4, .5, 1, 97.3), "weightsDigest", "other weights"));
        Table table = tables(Results.of("a", own), Results.of("b", others)).get(0);
        assertEquals("the same run", table.texts().get(0).get(4));
        assertTrue(
                table.notes().toString().contains("The mean difference of the 2 cells with single runs is +0.25"),
                table.notes().toString());
    }

    @Test
    void quickRunsAreNotComparedWithTheReport() {
        List<Table> tables = tables(
                results("runs", Runs.run(Runs.quick(Runs.settings("q5", Role.STUDENT, 16., .9, 1)), 91)),
                Results.REPORT);
        assertEquals(
                "Not compared, of runs: report has them with other settings only",
                tables.get(0).title());
        assertEquals(
                List.of(List.of(
                        "task1, as-written: q5 student, T = 16, alpha = 0.9"
                                + " [QUICK, 2 EPOCHS, 24000 TRAINING IMAGES]",
                        "1")),
                tables.get(0).texts());
        assertTrue(
                tables.get(tables.size() - 1).notes().contains("No cell of runs can be compared with one of report."));
    }

    @Test
    void quickRunsOfTwoStoresAreComparedUnderTheirMark() {
        Run quick = Runs.run(Runs.quick(PLAIN), 91);
        List<Table> tables = tables(results("a", quick), results("b", quick));
        assertEquals(1, tables.size());
        assertEquals(
                "a beside b: task1, test accuracy in %, as-written [QUICK, 2 EPOCHS, 24000 TRAINING IMAGES]",
                tables.get(0).title());
    }

    @Test
    void otherSettingsCannotBeCompared() {
        for (Settings other : List.of(
                Runs.with(PLAIN, "epochs", 3),
                Runs.with(PLAIN, "data", "0123456789"),
                Runs.with(PLAIN, "trainImages", 6000),
                Runs.with(PLAIN, "batchSize", 128),
                Runs.with(PLAIN, "learningRate", 1e-4),
                Runs.with(PLAIN, "quick", true))) {
            List<Table> tables = tables(results("a", Runs.run(PLAIN, 97)), results("b", Runs.run(other, 97)));
            assertEquals(
                    List.of(
                            "Not compared, of a: b has them with other settings only",
                            "Not compared, of b: a has them with other settings only"),
                    tables.stream().map(Table::title).toList());
            assertTrue(
                    tables.get(1).texts().get(0).get(0).endsWith("]"),
                    "says what is other: " + tables.get(1).texts());
        }
    }

    @Test
    void whatOnlyRoundsDifferentlyIsCompared() {
        for (Settings other : List.of(
                Runs.with(PLAIN, "device", "gpu"),
                Runs.with(PLAIN, "threads", 16),
                Runs.with(PLAIN, "onednn", "off"),
                Runs.with(PLAIN, "seed", 7L))) {
            List<Table> tables = tables(results("a", Runs.run(PLAIN, 97)), results("b", Runs.run(other, 97.5)));
            assertEquals(
                    List.of(List.of("q7 student-plain", "97.00", "97.50", "-0.50", "inconclusive")),
                    tables.get(0).texts());
        }
    }

    @Test
    void theOtherReadingHasNoCounterpartInPublishedNumbers() {
        Results described = results("runs", Runs.run(Runs.with(PLAIN, "variant", Variant.AS_DESCRIBED), 98));
        for (Results published : List.of(Results.REPORT, Results.NOTEBOOK)) {
            Table table = tables(described, published).get(0);
            assertEquals(
                    "Not compared, of runs: the numbers of the " + published.name()
                            + " came from the as-written programs",
                    table.title());
            assertEquals(List.of(List.of("task1, as-described: q7 student-plain", "1")), table.texts());
        }
    }

    @Test
    void cellsOfOneSideAreCountedAndListedInFewLines() {
        List<Run> runs = new ArrayList<>();
        for (double temperature : List.of(1., 2., 4.)) {
            runs.add(Runs.student(temperature, .1, 1, 97));
            runs.add(Runs.student(temperature, .9, 1, 97));
        }
        runs.add(Runs.student(16, .5, 1, 97));
        runs.add(Runs.run(PLAIN, 97));
        List<Table> tables = tables(Results.of("a", runs), results("b", Runs.run(PLAIN, 97)));
        assertEquals("Not compared, of a: b has none like them", tables.get(1).title());
        assertEquals(
                List.of(List.of(
                        "task1, as-written: q5 student, T = 1, 2, 4, alpha = 0.1, 0.9; T = 16, alpha = 0.5", "7")),
                tables.get(1).texts());
    }

    @Test
    void task2IsSaidToBeMissingOfTheReportAlone() {
        Results runs = results("runs", Runs.run(PLAIN, 97));
        assertTrue(tables(runs, Results.REPORT).toString().contains("25,615,802 (teacher) and 3,540,986 (student)"));
        assertFalse(tables(runs, Results.NOTEBOOK).toString().contains("Task 2"));
    }

    @Test
    void ofOneSeedTheLatestRunCountsWhateverTheVersionOfItsComputation() {
        Settings later = Runs.with(PLAIN, "version", 2);
        Sample cell = results(
                        "runs",
                        Runs.run(PLAIN, 95),
                        Runs.run(Runs.with(PLAIN, "seed", 2L), 95),
                        Runs.run(later, 96),
                        Runs.run(later, 97))
                .cells()
                .values()
                .iterator()
                .next();
        assertEquals(2, cell.n());
        assertEquals(96, cell.mean());
    }

    @Test
    void theCsvHasARowForEachCellInFullDigits() {
        Results runs = results("runs", threeSeeds(16, .9));
        List<String> lines = new Comparison(runs, Results.REPORT).csv().lines().toList();
        assertEquals(1 + 38 + 11, lines.size());
        assertEquals(
                "a,b,task,variant,question,model,temperature,alpha,teacher_epochs,distil_epochs,marks,"
                        + "a_n,a_mean,a_sd,a_low,a_high,b_n,b_mean,b_sd,b_low,b_high,difference,difference_low,difference_high,prediction_low,prediction_high,"
                        + "shared,not_compared",
                lines.get(0));
        assertEquals(
                "runs,report,task1,as-written,teacher,teacher,,,,,,,,,,,1,98.78,,,,,,,,,,runs has none like them",
                lines.get(1));
        List<String> compared = List.of(lines.stream()
                .filter(line -> line.contains("q5,student,16,0.9,"))
                .findFirst()
                .orElseThrow()
                .split(",", -1));
        Sample cell = runs.cells().values().iterator().next();
        assertEquals(List.of("3", "97.5"), compared.subList(11, 13));
        assertEquals(Double.toString(cell.sd()), compared.get(13));
        assertEquals(Double.toString(cell.estimate().interval().low()), compared.get(14));
        assertEquals(Double.toString(97.5 - 98.08), compared.get(21));
        assertEquals(List.of("", ""), compared.subList(22, 24), "no interval of the difference");
        assertEquals(Double.toString(cell.furtherRun().interval().high()), compared.get(25));
        assertEquals(List.of("", ""), compared.subList(26, 28), "nothing is shared with what was printed");
    }

    @Test
    void aStudentWithATemperatureAndNoAlphaHasARowInTheCsv() {
        Results runs = results("runs", Runs.run(Runs.settings("q2", Role.STUDENT_PLAIN, 4., null, 1), 97));
        assertTrue(
                new Comparison(runs, Results.REPORT).csv().contains(",q2,student-plain,4,,"),
                "without distillation Task 2's programs divide by T, and there is no alpha");
    }

    @Test
    void studentsOfEarlyStoppedTeachersAreComparedEpochByEpoch() {
        Results runs = results(
                "runs",
                Runs.earlyStopped("q13", 3, "0123456789abcdef", 1, 97.5),
                Runs.earlyStopped("q13", 4, "0123456789abcdef", 1, 97.6),
                Runs.earlyStopped("q13-single-trajectory", 4, "0123456789abcdef", 1, 97.7));
        assertEquals(3, runs.cells().size());
        List<Table> tables = tables(runs, Results.REPORT);
        assertEquals(
                List.of(
                        List.of(
                                "q13 student, T = 4, alpha = 0.5, teacher's epochs = 3",
                                "97.50",
                                "97.49",
                                "+0.01",
                                "inconclusive"),
                        List.of(
                                "q13 student, T = 4, alpha = 0.5, teacher's epochs = 4",
                                "97.60",
                                "97.88",
                                "-0.28",
                                "inconclusive")),
                tables.get(0).texts());
        assertEquals(
                "task1, as-written: q13-single-trajectory student, T = 4, alpha = 0.5, teacher's epochs = 4",
                tables.get(1).texts().get(0).get(0));
    }
}
