package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Mhist;
import distill.nn.zoo.BaseModel;
import distill.page.Chart;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Provenance;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MhistTablesTest {

    private static final String MHIST = "MHIST";
    private static final List<List<Integer>> ALL_HP = List.of(List.of(617, 0), List.of(360, 0));
    private static final List<List<Integer>> GOOD = List.of(List.of(570, 47), List.of(108, 252));
    private static final String PRETRAINED = "a".repeat(64);

    private static Run run(
            String question,
            Role role,
            Double temperature,
            String without,
            long seed,
            String data,
            String start,
            List<List<Integer>> confusion) {
        boolean taught = role == Role.STUDENT;
        Settings like = Runs.settings(question, role, temperature, taught ? .5 : null, seed);
        String network = role == Role.TEACHER ? "resnet50v2" : "mobilenetv2";
        Settings settings = Runs.with(
                Runs.with(
                        Runs.with(Runs.transfer(like, network, start), "without", without),
                        "teacher",
                        taught ? teacherIdentity(seed, data) : null),
                "data",
                "d".repeat(64));
        double right = 100. * (confusion.get(0).get(0) + confusion.get(1).get(1)) / 977;
        return new Run(
                settings.identity(),
                settings,
                right,
                99,
                null,
                List.of(
                        new EpochResult(1, 63.15, 2, 1, 3, 9, "initial", ALL_HP, .5, 63.02, null, null),
                        new EpochResult(2, right, 1, .5, 1.5, 9, "fine", confusion, .9, 84.48, null, null)),
                "ab".repeat(32),
                new Provenance(
                        "c0ffee",
                        data,
                        false,
                        "2.18.0",
                        "1.1.0",
                        "a JVM",
                        "an OS",
                        "a CPU",
                        "2026-01-01T00:00:00Z",
                        null),
                new Evaluation(
                        List.of("HP", "SSA"),
                        confusion,
                        .9,
                        List.of(List.of(0, 0), List.of(47, 252), List.of(617, 360)),
                        new Evaluation.Measures(ALL_HP, .5),
                        null));
    }

    private static Run teacher(long seed, String data) {
        return run("teacher", Role.TEACHER, null, null, seed, data, PRETRAINED, GOOD);
    }

    private static String teacherIdentity(long seed, String data) {
        return teacher(seed, data).identity();
    }

    private static Run student(double temperature, long seed, String data, List<List<Integer>> confusion) {
        return run("q2", Role.STUDENT, temperature, null, seed, data, PRETRAINED, confusion);
    }

    @Test
    void onMhistWithTheReportsSettingsThePartialTestsAccuracyStandsBesideTheNotebooks() {
        Table table = MhistTables.teachers(List.of(teacher(1, MHIST)));
        assertEquals(
                List.of(
                        "",
                        "accuracy %",
                        "macro F1",
                        "F1 HP",
                        "F1 SSA",
                        "AUC",
                        "predicted HP / SSA",
                        "on its partial test %",
                        "notebook %"),
                table.header());
        // F1 of HP 2 * 570 / (617 + 678), of SSA 2 * 252 / (360 + 299).
        assertEquals(
                List.of(
                        "resnet50v2, seed 1",
                        "84.14",
                        "0.823",
                        "0.880",
                        "0.765",
                        "0.900",
                        "678 / 299",
                        "84.48",
                        "84.69"),
                table.texts().get(0));
    }

    /** A run on images of so many classes, of which each has one image that is told right. */
    private static Run ofClasses(int count) {
        List<List<Integer>> confusion = IntStream.range(0, count)
                .mapToObj(i ->
                        IntStream.range(0, count).mapToObj(k -> i == k ? 1 : 0).toList())
                .toList();
        List<String> names = IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
        Run run = teacher(1, "a folder for each class");
        Evaluation evaluation =
                new Evaluation(names, confusion, .75, null, new Evaluation.Measures(confusion, .75), null);
        List<EpochResult> history = run.history().stream()
                .map(result -> Runs.with(result, "confusion", confusion))
                .toList();
        return Runs.with(Runs.with(run, "evaluation", evaluation), "history", history);
    }

    @Test
    void ofThreeClassesEachHasAColumnAndAveragesAreNamedSo() {
        Table table = MhistTables.teachers(List.of(ofClasses(3)));
        assertEquals(
                List.of("", "accuracy %", "macro F1", "F1 c0", "F1 c1", "F1 c2", "macro AUC", "predicted c0 / c1 / c2"),
                table.header());
        assertEquals("1 / 1 / 1", table.texts().get(0).get(7));
        assertTrue(
                table.notes().toString().contains("mean of the 3 classes' F1"),
                table.notes().toString());
        assertFalse(
                table.notes().toString().contains("positive class"),
                table.notes().toString());
    }

    @Test
    void ofManyClassesThereAreAveragesAndTheCsvHasEach() {
        Run run = ofClasses(6);
        Table table = MhistTables.teachers(List.of(run));
        assertEquals(List.of("", "accuracy %", "macro F1", "macro AUC"), table.header());
        assertTrue(table.notes().toString().contains("The CSV file has the numbers of each class."));
        assertTrue(
                MhistTables.csv(List.of(run)).lines().findFirst().orElseThrow().contains("f1_5"));
        assertTrue(MhistTables.epochsCsv(List.of(run))
                .lines()
                .findFirst()
                .orElseThrow()
                .contains("predicted_5"));
    }

    @Test
    void theNotebooksNumbersAtT2AreSaidToHaveNoSource() {
        for (double temperature : List.of(2., 4.)) {
            Table table =
                    MhistTables.students(List.of(student(temperature, 1, MHIST, ALL_HP)), List.of(teacher(1, MHIST)));
            assertTrue(table.header().contains("notebook %"));
            assertEquals(
                    temperature == 2,
                    table.notes().stream().anyMatch(note -> note.contains("typed in by hand")),
                    table.notes().toString());
        }
    }

    @Test
    void onOtherImagesNothingIsComparedAndTheDataAreNamed() {
        Table table = MhistTables.teachers(List.of(teacher(1, "a set in MHIST's layout, ACA and SCC")));
        assertFalse(table.header().contains("notebook %"));
        assertTrue(table.title().endsWith("[NOT MHIST]"), table.title());
        assertTrue(
                table.notes().contains("Data: a set in MHIST's layout, ACA and SCC. The positive class is SSA."),
                table.notes().toString());
    }

    @Test
    void aStudentWhoseTeacherIsNotTheReportsIsMarked() {
        List<Run> students = List.of(student(4, 1, MHIST, GOOD));
        assertFalse(MhistTables.students(students, List.of(teacher(1, MHIST)))
                .title()
                .contains("ANOTHER TEACHER"));
        assertTrue(MhistTables.students(students, List.of()).title().contains("ANOTHER TEACHER"));
    }

    @Test
    void aStudentOfAnEarlyStoppedTeacherOrOfAnotherStudentIsMarkedAsOfAnotherTeacher() {
        for (Run other : List.of(
                Runs.with(
                        teacher(1, MHIST),
                        "settings",
                        Runs.with(teacher(1, MHIST).settings(), "teacherEpochs", 3)),
                student(1, 1, MHIST, GOOD))) {
            Run student = student(4, 1, MHIST, GOOD);
            Run taught = Runs.with(student, "settings", Runs.with(student.settings(), "teacher", other.identity()));
            assertEquals(
                    List.of("ANOTHER TEACHER"), Marks.of(List.of(taught, other)).words());
        }
    }

    @Test
    void trainingsThatNoStoreHasAreMarkedAsRunsAre() throws IOException {
        Mhist drawn = Mhist.generate(4, 4, 32, 0);
        assertEquals(
                List.of("QUICK", "SYNTHETIC", "ANOTHER TEACHER", "RANDOM WEIGHTS", "SLIPS TAKEN AWAY", "32 x 32"),
                Marks.ofTransfer(
                                Reading.of(Settings.TASK2, Variant.AS_WRITTEN, List.of(Slip.BESSEL)),
                                true,
                                drawn,
                                BaseModel.MOBILENETV2,
                                false)
                        .words());
        assertEquals(
                List.of("SYNTHETIC"),
                Marks.ofTransfer(
                                Reading.of(Settings.TASK2, Variant.AS_DESCRIBED, List.of()),
                                false,
                                Mhist.generate(4, 4, 224, 0),
                                BaseModel.RESNET50V2,
                                true)
                        .words());
    }

    @Test
    void severalSeedsGiveMeansAndStandardDeviations() {
        List<Run> students = List.of(student(4, 1, MHIST, GOOD), student(4, 2, MHIST, ALL_HP));
        Table table = MhistTables.students(students, List.of(teacher(1, MHIST), teacher(2, MHIST)));
        // 822 and 617 of 977 right: 73.64 on average, (84.14 - 63.15) / sqrt(2) = 14.84.
        assertEquals("73.64 \u00b1 14.84", table.texts().get(0).get(1));
        // (678 + 977) / 2 and (299 + 0) / 2.
        assertEquals("827.5 / 149.5", table.texts().get(0).get(6));
    }

    @Test
    void theCollapseTableCountsRunsThatEndedInOneClass() {
        List<Run> students = List.of(
                run("collapse", Role.STUDENT, 4., null, 1, MHIST, PRETRAINED, ALL_HP),
                run("collapse", Role.STUDENT, 4., null, 2, MHIST, PRETRAINED, GOOD),
                run("collapse", Role.STUDENT, 4., "logit-targets", 1, MHIST, PRETRAINED, GOOD),
                run("collapse-carried", Role.STUDENT, 2., null, 1, MHIST, PRETRAINED, ALL_HP));
        Table table = MhistTables.collapse(students, List.of(teacher(1, MHIST)));
        assertEquals(
                List.of("as-written", "without logit-targets", "as-written, carried, T = 2"),
                table.texts().stream().map(row -> row.get(0)).toList());
        assertEquals(
                List.of("1 of 2", "0 of 1", "1 of 1"),
                table.texts().stream().map(row -> row.get(4)).toList());
        assertEquals("2", table.texts().get(2).get(5), "in one class after both epochs");
        assertEquals("1", table.texts().get(1).get(5), "after the first");
        assertEquals("63.15 \u00b1 0.00", table.texts().get(0).get(7), "with batch statistics");
        assertEquals("2.000", table.texts().get(1).get(10), "the loss of the initial phase's last epoch");
    }

    @Test
    void questionThreesParagraphSaysWhatOneRunCannotTell() {
        List<Run> one = Stream.of(PRETRAINED, "none")
                .flatMap(start -> Stream.of(
                        run("q3", Role.STUDENT, 4., null, 1, MHIST, start, GOOD),
                        run("q3", Role.STUDENT_PLAIN, 4., null, 1, MHIST, start, ALL_HP)))
                .toList();
        String text = MhistTables.effectsInWords(one);
        // Macro F1 .8226 with KD, .3871 without (2 * 617 / (617 + 977) = .7742 and 0).
        assertTrue(
                text.startsWith(
                        "From pre-trained weights distillation changes the student's macro F1 by +0.435 in one pair of runs, which does not say how runs differ by chance."),
                text);
        assertTrue(
                text.contains(
                        "Pre-training changes the student with KD's macro F1 by 0.000 in one pair of runs, which does not say how runs differ by chance."),
                text);
    }

    @Test
    void csvHasARowForEachRunAndEachEpochWithTheSameIdentity() {
        Run run = student(4, 1, MHIST, GOOD);
        List<String> lines = MhistTables.csv(List.of(run)).lines().toList();
        assertEquals(2, lines.size());
        assertEquals(lines.get(0).split(",").length, lines.get(1).split(",", -1).length);
        assertTrue(lines.get(1).contains(run.identity()));
        List<String> epochs = MhistTables.epochsCsv(List.of(run)).lines().toList();
        assertEquals(3, epochs.size());
        assertTrue(epochs.get(2).startsWith(run.identity() + ",q2,as-written,,student,4.0,,1,2,fine,"), epochs.get(2));
    }

    private static List<Double> places(Chart.Series series) {
        return series.points().stream().map(Chart.Point::x).toList();
    }

    private static double first(Chart.Series series) {
        return series.points().get(0).y().mean();
    }

    @Test
    void chartsShowEachRunsCurvesAndTheDiagonalOfGuessing() {
        Run run = student(4, 1, MHIST, GOOD);
        Marks marks = Marks.of(List.of(run));
        Map<String, Run> named = Map.of("T = 4", run);
        Chart roc = MhistCharts.roc(named, marks);
        assertEquals(
                List.of("T = 4 (AUC 0.900)", "guessing"),
                roc.series().stream().map(Chart.Series::name).toList());
        assertEquals(List.of(0., 47. / 617, 1.), places(roc.series().get(0)));
        assertEquals(.7, roc.series().get(0).points().get(1).y().mean(), 1e-12, "252 of 360");

        Chart.Series f1 = MhistCharts.macroF1("title", named, marks).series().get(0);
        assertEquals(List.of(1., 2.), places(f1));
        assertEquals(.3871, first(f1), 1e-4, "all in one class: .7742 and 0");
        assertEquals(2, first(MhistCharts.loss(named, marks).series().get(0)));

        Run without = Runs.with(run, "evaluation", Runs.with(run.evaluation(), "rocCurve", null));
        assertTrue(MhistCharts.roc(Map.of("T = 4", without), marks).isEmpty(), "nothing but the diagonal");
    }

    @Test
    void chartsByTemperatureHaveMeansWithDistillationAndWithout() {
        List<Run> students = List.of(
                student(1, 1, MHIST, ALL_HP),
                student(4, 1, MHIST, GOOD),
                student(4, 2, MHIST, ALL_HP),
                run("q2", Role.STUDENT_PLAIN, 4., null, 1, MHIST, PRETRAINED, GOOD));
        Marks marks = Marks.of(students);
        Chart f1 = MhistCharts.f1(students, marks);
        assertEquals(
                List.of("macro F1, with KD", "F1 of SSA, with KD", "macro F1, without KD", "F1 of SSA, without KD"),
                f1.series().stream().map(Chart.Series::name).toList());
        assertEquals(List.of(1., 4.), places(f1.series().get(0)));
        Chart accuracy = MhistCharts.accuracy(students, marks);
        assertEquals(2, accuracy.series().get(0).points().get(1).y().n(), "two seeds at T = 4");
        assertEquals(100. * 822 / 977, first(accuracy.series().get(1)), 1e-12);
    }
}
