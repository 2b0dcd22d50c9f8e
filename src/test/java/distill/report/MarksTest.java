package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.loss.KnowledgeDistillation;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.training.EarlyStopping;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sets runs of Task 1 apart from the report's, above all slips that were taken away. */
class MarksTest {

    private static final String BOTH = "double-softmax,unnormalised-targets";

    private static final Settings STUDENT = Runs.settings("q5", Role.STUDENT, 16., .9, 1);
    private static final Settings PLAIN = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);
    private static final Settings TEACHER = Runs.settings("teacher", Role.TEACHER, null, null, 1);

    private static Run without(String slips, Settings settings, double accuracy) {
        return Runs.run(Runs.with(settings, "without", slips), accuracy);
    }

    @Test
    void runsLikeTheReportsHaveNoMark() {
        Marks marks = Marks.of(List.of(Runs.run(STUDENT, 97), Runs.run(PLAIN, 97), Runs.run(TEACHER, 98)));
        assertTrue(marks.comparable());
        assertEquals("", marks.suffix());
        assertEquals(List.of(), marks.notes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"double-softmax", "unnormalised-targets", BOTH})
    void oneRunWithSlipsTakenAwayMarksAllRunsOfATable(String slips) {
        Marks marks = Marks.of(List.of(Runs.run(PLAIN, 97), without(slips, STUDENT, 98)));
        assertFalse(marks.comparable());
        assertEquals(" [SLIPS TAKEN AWAY]", marks.suffix());
        assertEquals(List.of("SLIPS TAKEN AWAY: not compared with the report."), marks.notes());
    }

    @Test
    void anOwnStudentAndTheWeightsThatItKeptAreNamedByTheBeginningsOfTheirDigests() {
        Settings own = Runs.with(STUDENT, "architecture", "ab".repeat(32));
        Settings kept = Runs.with(own, "startingWeights", "cd".repeat(32));
        assertEquals(
                List.of("OWN STUDENT abababab"),
                Marks.of(List.of(Runs.run(own, 97), Runs.run(own, 98))).words());
        assertEquals(
                List.of("OWN STUDENT abababab FROM WEIGHTS cdcdcdcd"),
                Marks.of(List.of(Runs.run(kept, 97))).words());
    }

    @Test
    void theMarkStandsAfterThatOfACut() {
        Settings quick = Runs.quick(Runs.with(STUDENT, "without", BOTH));
        assertEquals(
                List.of("QUICK", "SLIPS TAKEN AWAY", "2 EPOCHS", "24000 TRAINING IMAGES"),
                Marks.of(List.of(Runs.run(quick, 91))).words());
    }

    @Test
    void everyTableOfMarkedRunsNamesTheSlipsAndHasNoNumberOfTheReport() {
        Run teacher = without(BOTH, TEACHER, 98.9);
        Run student = without(BOTH, STUDENT, 97.5);
        Run plain = without(BOTH, PLAIN, 97.4);
        Run curve = without(BOTH, Runs.settings("q6", Role.STUDENT, 4., .5, 1), 97.3);
        Run stopped = without(BOTH, Runs.earlyStopped("q13", 4, "ab", 1, 97).settings(), 97.2);
        for (Table table : List.of(
                MnistTables.teacher(List.of(teacher)),
                MnistTables.table1(List.of(student)),
                MnistTables.table2(List.of(curve)),
                MnistTables.plainStudent(List.of(plain), List.of(student)),
                EarlyStoppedTables.table3(List.of(stopped), List.of(teacher)))) {
            assertTrue(
                    table.title().contains("as-written without double-softmax, unnormalised-targets"), table.title());
            assertTrue(table.title().endsWith(" [SLIPS TAKEN AWAY]"), table.title());
            assertTrue(
                    table.header().stream().noneMatch(name -> name.contains("report")),
                    table.header().toString());
            assertTrue(table.notes().contains("SLIPS TAKEN AWAY: not compared with the report."), table.title());
        }
    }

    @Test
    void everyLineOfACsvSaysWhichSlipsWereTakenAwayAndHasNoNumberOfTheReport() {
        String csv = MnistTables.csv(
                List.of(Runs.run(STUDENT, 97), without("double-softmax", STUDENT, 98), without(BOTH, STUDENT, 99)),
                settings -> OptionalDouble.of(98.08));
        List<String> lines = csv.lines().toList();
        assertTrue(lines.get(1).startsWith("as-written,q5,"), csv);
        assertTrue(lines.get(2).startsWith("as-written without double-softmax,q5,"), csv);
        assertTrue(lines.get(3).startsWith("\"as-written without double-softmax, unnormalised-targets\",q5,"), csv);
        assertFalse(csv.contains("98.08"), csv);
        assertTrue(MnistTables.teacherCsv(List.of(without("double-softmax", TEACHER, 98.9)))
                .contains("\nas-written without double-softmax,1,"));
    }

    @Test
    void teachersWithAndWithoutASlipHaveColumnsOfTheirOwnWhereTheReportsRuleStopsThem() {
        Run all = Runs.losses(Runs.run(TEACHER, 98), 2, 1.5, 1.4);
        Run fewer = Runs.losses(without("double-softmax", TEACHER, 99), 2, 1.9, 1.8);
        Table table = EarlyStoppedTables.calibration(
                List.of(all, fewer), List.of(new EarlyStopping(.3, 1, 1)), List.<Run>of());
        assertEquals(
                List.of(
                        "change of the loss below",
                        "as-written without double-softmax, 1 teacher",
                        "as-written, 1 teacher"),
                table.header());
        assertEquals(List.of("0.3", "2 (1)", "3 (1)"), table.texts().get(0));
    }

    @Test
    void runsThatDifferInTheirSlipsAreNeverOneConditionAndNeverLikeTheReport() {
        List<Run> runs = new ArrayList<>(List.of(
                without("double-softmax", PLAIN, 98),
                without("unnormalised-targets", PLAIN, 97.6),
                without(BOTH, PLAIN, 98.1)));
        assertEquals(0, runs.stream().filter(Results::isLikeTheReport).count());
        runs.add(Runs.run(PLAIN, 97.5));
        assertEquals(1, runs.stream().filter(Results::isLikeTheReport).count());
        Results results = Results.of("ours", runs);
        assertEquals(4, results.cells().size());
        assertEquals(
                4,
                results.cells().keySet().stream()
                        .map(condition -> condition.label() + condition.suffix())
                        .distinct()
                        .count(),
                "each is called by a name of its own");

        List<Table> beside = new Comparison(results, Results.REPORT).tables();
        assertEquals(1, beside.get(0).rows().size(), "only the whole reading is compared with the report");
        assertEquals(
                List.of(
                        "task1, as-written: q7 student-plain [SLIPS TAKEN AWAY, without double-softmax,"
                                + " unnormalised-targets]",
                        "task1, as-written: q7 student-plain [SLIPS TAKEN AWAY, without double-softmax]",
                        "task1, as-written: q7 student-plain [SLIPS TAKEN AWAY, without unnormalised-targets]"),
                beside.get(1).texts().stream().map(row -> row.get(0)).toList());

        List<Table> itself = new Comparison(results, Results.of("again", runs)).tables();
        assertEquals(4, itself.stream().map(Table::title).distinct().count(), "a table for each set of slips");
        itself.forEach(table -> assertEquals(1, table.rows().size(), table.title()));
    }

    @Test
    void aStoreIsAskedForOneSetOfSlipsAtATime() {
        List<Run> runs =
                List.of(Runs.run(PLAIN, 97.5), without("double-softmax", PLAIN, 98), without(BOTH, PLAIN, 98.1));
        for (Run wanted : runs) {
            Settings settings = wanted.settings();
            RunQuery query = new RunQuery(
                    settings.reading(),
                    false,
                    List.of(),
                    List.of(),
                    other -> true,
                    null,
                    null,
                    new KnowledgeDistillation(),
                    0);
            assertEquals(List.of(wanted), query.find(runs, other -> other.role() == Role.STUDENT_PLAIN));
        }
        assertEquals(runs, RunQuery.latest(runs), "they are no repetitions of one cell");
    }

    @ParameterizedTest
    @ValueSource(strings = {"double-softmax", "unnormalised-targets", BOTH})
    void takingSlipsAwayGivesOtherIdentitiesStreamsAndLabels(String slips) {
        for (Settings settings : List.of(STUDENT, PLAIN, TEACHER)) {
            Settings fewer = Runs.with(settings, "without", slips);
            assertNotEquals(settings.identity(), fewer.identity());
            for (String purpose : List.of("weights", "order", "dropout")) {
                assertNotEquals(settings.stream(purpose), fewer.stream(purpose));
            }
            assertEquals(
                    settings.label().replace("as-written", "as-written-without-" + slips.replace(',', '-')),
                    fewer.label());
        }
    }
}
