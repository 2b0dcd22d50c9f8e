package distill.report;

import static distill.run.Settings.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.Fidelity;
import distill.experiment.MnistPlan;
import distill.loss.TemperatureEffect;
import distill.nn.zoo.DataSpec;
import distill.page.Cell;
import distill.page.Chart;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheoryTablesTest {

    @TempDir
    private Path folder;

    private static Run run(Settings settings, double train, double test) {
        return with(settings, train, test, Runs.run(settings, test).history(), null);
    }

    private static Run with(
            Settings settings, double train, double test, List<EpochResult> history, Evaluation evaluation) {
        Run run = Runs.run(settings, test);
        return new Run(
                run.identity(),
                settings,
                test,
                train,
                null,
                history,
                run.weightsDigest(),
                run.provenance(),
                evaluation);
    }

    @Test
    void theGapIsTrainingLessTestAccuracyAndIsComparedWithThatWithoutDistillation() {
        List<Run> plain = List.of(
                run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 99, 97),
                run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 2), 99, 96));
        List<Run> students = List.of(
                run(Runs.settings("q5", Role.STUDENT, 1., .1, 1), 98, 97),
                run(Runs.settings("q5", Role.STUDENT, 4., .1, 1), 97, 97));
        Table table = TheoryTables.gap(plain, students);
        assertEquals(
                List.of("without KD", "T = 1", "T = 4", "alpha = 0.1", "with KD, all"),
                table.texts().stream().map(row -> row.get(0)).toList());
        // Gaps 2 and 3: mean 2.5, standard deviation sqrt(.5).
        assertEquals(
                List.of("without KD", "2", "99.00 ± 0.00", "96.50 ± 0.71", "2.50 ± 0.71", ""),
                table.texts().get(0));
        assertEquals(
                List.of("T = 1", "1", "98.00", "97.00", "1.00", "+1.50"),
                table.texts().get(1));
        // Two students of one teacher are no two independent draws: they count as one seed, without an interval.
        assertEquals(
                List.of("with KD, all", "1", "97.50", "97.00", "0.50", "+2.00"),
                table.texts().get(4));
    }

    @Test
    void studentsOfOneCellHaveOneRow() {
        List<Run> plain = List.of(run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 99, 97));
        List<Run> students = List.of(run(Runs.settings("q5", Role.STUDENT, 16., .9, 1), 98, 97));
        assertEquals(
                List.of("without KD", "with KD, T = 16, alpha = 0.9"),
                TheoryTables.gap(plain, students).texts().stream()
                        .map(row -> row.get(0))
                        .toList());
    }

    @Test
    void severalStudentsOfASeedCountAsTheirMean() {
        List<Run> plain = List.of(
                run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 99, 97),
                run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 2), 99, 96));
        List<Run> students = new ArrayList<>(List.of(
                run(Runs.settings("q5", Role.STUDENT, 1., .1, 1), 98, 97),
                run(Runs.settings("q5", Role.STUDENT, 4., .1, 1), 98, 98),
                run(Runs.settings("q5", Role.STUDENT, 1., .1, 2), 98, 96),
                run(Runs.settings("q5", Role.STUDENT, 4., .1, 2), 98, 97)));
        // Means of the seeds 97.5 and 96.5: 97 ± .71, t(1) = 12.706: ± 12.706 / 2 = 6.353. Their gaps .5 and 1.5.
        String test = "97.00 ± 0.71";
        List<String> gap = TheoryTables.gap(plain, students).texts().get(4);
        // Gaps 2 and 3 without: Welch with u = w = .25, 2 degrees of freedom: 1.5 ± 4.3027 * sqrt(.5).
        assertEquals(List.of("with KD, all", "2", "98.00 ± 0.00", test, "1.00 ± 0.71", "+1.50 (-1.54 to +4.54)"), gap);
        Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);
        Table purpose = TheoryTables.purpose(List.of(teacher), plain, students);
        assertEquals(
                List.of(
                        List.of("teacher", "1,011,466", "22.042", "1", "98.90"),
                        List.of("student without KD", "1,238,730", "2.476", "2", "96.50 ± 0.71"),
                        List.of("students with KD, all T and alpha", "1,238,730", "2.476", "2", test)),
                purpose.texts());
        assertEquals(
                "97.50",
                TheoryTables.purpose(List.of(), plain, students.subList(0, 2))
                        .texts()
                        .get(1)
                        .get(4),
                "one seed");
        // A third seed that has one of two cells does not count.
        students.add(run(Runs.settings("q5", Role.STUDENT, 1., .1, 3), 98, 50));
        assertEquals(
                test,
                TheoryTables.purpose(List.of(), plain, students).texts().get(1).get(4));
    }

    /** Of two images; the length of the gradient is the mean of two. */
    private static TemperatureEffect effect(double temperature, double... gradients) {
        return new TemperatureEffect(
                temperature,
                new double[][] {{.5, .25, .25}, {1, 0, 0}},
                new double[] {1, 2},
                new double[][] {{.25, .5, .25}, {.5, .25, .25}},
                gradients);
    }

    private static final List<String> CLASSES = List.of("0", "1", "2");

    private static final List<Run> TRAINED =
            List.of(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));

    @Test
    void targetsAreThoseOfTheImageThatIsNamed() {
        List<TemperatureEffect> effects = List.of(effect(2, 2, 4));
        // 1.5 ln 2 = 1.0397 and 0.
        assertEquals(
                List.of(List.of("2", "0.5000", "0.2500", "0.2500", "1.0397")),
                TheoryTables.targets(effects, 0, "an image", CLASSES, TRAINED).texts());
        assertEquals(
                List.of(List.of("2", "1.0000", "0.0000", "0.0000", "0.0000")),
                TheoryTables.targets(effects, 1, "an image", CLASSES, TRAINED).texts());
        Chart.Series bars = TheoryCharts.targets(effects, 0, "an image", Marks.of(TRAINED))
                .series()
                .get(0);
        assertEquals("T = 2", bars.name());
        assertEquals(List.of("0 0.5", "1 0.25", "2 0.25"), points(bars));
    }

    @Test
    void limitsAreMeansOverTheImages() {
        // Largest .5 and 1. Entropy 1.0397 and 0: .5199, of ln 3 = 1.0986 that is .4732. From (1/3, 1/3, 1/3) the first
        // image's targets are half of 1/6 + 1/12 + 1/12 away, 1/6, and the second's 2/3: .4167.
        Table table = TheoryTables.limits(List.of(effect(2, 2, 4)), TRAINED);
        assertEquals(List.of("T", "largest", "entropy", "of ln 3", "to one-hot", "to uniform", "sum"), table.header());
        assertEquals(List.of(List.of("2", "0.7500", "0.5199", "0.4732", "0.2500", "0.4167", "1.5000")), table.texts());
        assertEquals(
                "Means over 2 test images. Entropy in nats; at most ln 3 = 1.0986.",
                table.notes().get(0));
    }

    @Test
    void gradientsStandBesideTheStudentLosssBeforeTrainingAndAfterIt() {
        Table table = TheoryTables.gradients(List.of(effect(2, 2, 4)), List.of(effect(2, .5, .25)), .5, .25, TRAINED);
        // Before: mean 3, over 2^2 .75, over .5 it is 6. After: .375, .09375 and 1.5.
        assertEquals(
                List.of(List.of("2", "7.50e-01", "3.00e+00", "6.00", "9.38e-02", "3.75e-01", "1.50")), table.texts());
        assertEquals(
                List.of(
                        "T",
                        "before: without T²",
                        "before: with T²",
                        "before: / student loss's",
                        "after: without T²",
                        "after: with T²",
                        "after: / student loss's"),
                table.header());
        assertTrue(
                table.notes().get(1).endsWith("5.00e-01 before, 2.50e-01 after."),
                table.notes().get(1));
    }

    private static List<String> points(Chart.Series series) {
        return series.points().stream()
                .map(point -> number(point.x()) + " " + number(point.y().mean()))
                .toList();
    }

    @Test
    void chartsOfTheTemperaturesEffectHaveTheLimitBesideIt() {
        Marks marks = Marks.of(TRAINED);
        // 10 = 4 * 2.5: with the square 10, without it 2.5.
        Chart gradients = TheoryCharts.gradients("a title", List.of(effect(2, 10, 10)), 100, marks);
        assertEquals(Chart.Scale.LOG10, gradients.y().scale());
        assertEquals(
                List.of("with T²", "without", "of the student loss"),
                gradients.series().stream().map(Chart.Series::name).toList());
        assertEquals(
                List.of(List.of("2 10"), List.of("2 2.5"), List.of("2 100")),
                gradients.series().stream().map(TheoryTablesTest::points).toList());

        Chart entropy = TheoryCharts.entropy(List.of(effect(4, 1, 1)), "as-written", marks);
        assertEquals(Chart.Scale.LOG2, entropy.x().scale());
        assertEquals(
                .75 * Math.log(2), entropy.series().get(0).points().get(0).y().mean(), 1e-12);
        assertEquals("ln 3", entropy.series().get(1).name());
        assertEquals(List.of("4 " + Math.log(3)), points(entropy.series().get(1)));
    }

    @Test
    void chartsByTheTeachersEpochsHaveALineForEachWidth() {
        Chart chart = TheoryCharts.byTeacherEpochs(
                "a title",
                "nats",
                Map.of(12, new TreeMap<>(Map.of(2, Sample.of(.5, 1.5), 1, Sample.single(3)))),
                Marks.of(TRAINED));
        assertEquals("width 12", chart.series().get(0).name());
        assertEquals(List.of("1 3", "2 1"), points(chart.series().get(0)));
        assertEquals(Math.sqrt(.5), chart.series().get(0).points().get(1).y().sd(), 1e-12);
    }

    /** 100 test images of class 3 and 900 of others. */
    private static Run rare(String question, Role role, int rightOfClass, int rightOfOthers) {
        Settings settings = Runs.varied(
                Runs.settings(
                        question,
                        role,
                        role == Role.STUDENT ? Double.valueOf(4) : null,
                        role == Role.STUDENT ? Double.valueOf(.5) : null,
                        1),
                null,
                3,
                null);
        List<List<Integer>> counts = List.of(
                List.of(rightOfOthers, 0, 0, 900 - rightOfOthers),
                List.of(0, 0, 0, 0),
                List.of(0, 0, 0, 0),
                List.of(100 - rightOfClass, 0, 0, rightOfClass));
        return with(
                settings,
                99,
                (rightOfClass + rightOfOthers) / 10.,
                Runs.run(settings, 97).history(),
                new Evaluation(List.of("0", "1", "2", "3"), counts, null, null, null, null));
    }

    @Test
    void aRareClassHasItsOwnAccuracyBesideThatOfTheOthers() {
        Table table = TheoryTables.rareClass(
                List.of(
                        rare("q1", Role.STUDENT_PLAIN, 60, 891),
                        rare("q1", Role.STUDENT, 75, 882),
                        rare(MnistPlan.TEACHER_OF_THE_SAME_IMAGES, Role.STUDENT, 62, 891),
                        rare("q1", Role.TEACHER, 80, 900)),
                3,
                100);
        assertEquals(
                List.of(
                        List.of("student without KD", "1", "95.10", "60.00", "99.00", "3.90", ""),
                        List.of(
                                "student with KD, teacher of all images",
                                "1",
                                "95.70",
                                "75.00",
                                "98.00",
                                "3.30",
                                "+15.00"),
                        List.of(
                                "student with KD, teacher of the same images",
                                "1",
                                "95.30",
                                "62.00",
                                "99.00",
                                "3.70",
                                "+2.00"),
                        List.of("teacher of the same images", "1", "98.00", "80.00", "100.00", "1.00", "+20.00")),
                table.texts());
        assertEquals(
                2,
                TheoryTables.rareClass(
                                List.of(rare("q1", Role.STUDENT_PLAIN, 60, 891), rare("q1", Role.STUDENT, 75, 882)),
                                3,
                                100)
                        .texts()
                        .size());
    }

    private static Run student(int width, int teacherEpochs, long seed, double accuracy) {
        return Runs.run(
                Runs.varied(Runs.settings("q10", Role.STUDENT, 4., .5, seed), width, null, teacherEpochs), accuracy);
    }

    private static Run teacher(long seed, double... losses) {
        Settings settings =
                Runs.with(Runs.settings("teacher", Role.TEACHER, null, null, seed), "epochs", losses.length);
        List<EpochResult> history = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            history.add(Runs.epoch(i + 1, 98 + i, losses[i], losses[i], 0, 60));
        }
        return with(settings, 99, 98 + losses.length - 1, history, null);
    }

    private static final List<Run> STUDENTS = List.of(
            student(12, 1, 1, 91),
            student(12, 2, 1, 92),
            student(12, 3, 1, 92),
            student(49, 1, 1, 96),
            student(49, 2, 1, 95),
            student(49, 3, 1, 94));

    @Test
    void capacityHasARowForEachOfTheTeachersEpochsAndTheSlopeOfEachWidth() {
        Run plain = Runs.run(Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, 1), 12, null, null), 90);
        Run wide = Runs.run(Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, 1), 49, null, null), 95);
        Table table = CapacityTables.capacity(List.of(teacher(1, 1, 1, 1)), STUDENTS, List.of(plain, wide));
        assertEquals(List.of("teacher's epochs", "teacher", "width 12", "width 49"), table.header());
        assertEquals(
                List.of(
                        List.of("1", "98.00", "91.00", "96.00"),
                        List.of("2", "99.00", "92.00", "95.00"),
                        List.of("3", "100.00", "92.00", "94.00"),
                        List.of("without KD", "", "90.00", "95.00"),
                        // As in IntervalTest: .5 ± 12.7062 sqrt(1 / 12). A straight line has no residuals.
                        List.of("slope per epoch", "", "+0.500 (-3.168 to +4.168)", "-1.000 (-1.000 to -1.000)"),
                        List.of("with KD less without", "", "+1.67", "0.00")),
                table.texts());
    }

    @Test
    void whatATrainingYetToComeWouldTellIsLeftEmpty() {
        Run plain = Runs.run(Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, 1), 12, null, null), 90);
        List<Run> students = STUDENTS.stream()
                .filter(run -> run.settings().width() == 12 || run.settings().teacherEpochs() == 1)
                .toList();
        Table table = CapacityTables.capacity(List.of(teacher(1, 1, 1, 1)), students, List.of(plain));
        assertEquals(
                List.of(
                        List.of("1", "98.00", "91.00", "96.00"),
                        List.of("2", "99.00", "92.00", ""),
                        List.of("3", "100.00", "92.00", ""),
                        List.of("without KD", "", "90.00", ""),
                        List.of("slope per epoch", "", "+0.500 (-3.168 to +4.168)", ""),
                        List.of("with KD less without", "", "+1.67", "")),
                table.texts());
        // What stands in a cell says what it is from, and an empty one nothing.
        List<List<Cell>> rows = table.rows();
        assertEquals(Cells.sources(List.of(STUDENTS.get(0))), rows.get(0).get(2).sources());
        assertEquals(4, rows.get(5).get(2).sources().size());
        for (List<Cell> row : rows) {
            for (Cell cell : row.subList(1, row.size())) {
                assertEquals(cell.text().isEmpty(), cell.sources().isEmpty());
            }
        }
        assertEquals(
                List.of("2", "0.2500", "1.0000", "", "", "3.00e-02", "80.00"),
                CapacityTables.fidelity(
                                List.of(teacher(1, .5, .25)),
                                new TreeMap<>(Map.of(1, List.of(1.5), 2, List.of(1.))),
                                List.of(new Fidelity(1, 12, 1, .9, .02), new Fidelity(2, 49, 1, .8, .03)),
                                students)
                        .texts()
                        .get(1));
    }

    @Test
    void seedsThatLieApartDoNotBlurTheSlopeAndCountOnceInTheGain() {
        List<Run> students = List.of(
                student(12, 1, 1, 91),
                student(12, 2, 1, 92),
                student(12, 3, 1, 92),
                student(12, 1, 2, 81),
                student(12, 2, 2, 82),
                student(12, 3, 2, 82));
        List<Run> plain = List.of(
                Runs.run(Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, 1), 12, null, null), 90),
                Runs.run(Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, 2), 12, null, null), 80));
        List<List<String>> rows = CapacityTables.capacity(
                        List.of(teacher(1, 1, 1, 1), teacher(2, 1, 1, 1)), students, plain)
                .texts();
        // Residuals -1/6, 1/3, -1/6 of each seed: squares 1/3, 6 - 3 = 3 degrees of freedom, variance 1/9; x has
        // squares
        // of 4, so the slope's standard error is 1/6, and t(3) = 3.1824: .5 ± .530.
        assertEquals("+0.500 (-0.030 to +1.030)", rows.get(4).get(2));
        // Means of the seeds 91.67 and 81.67, 10 apart as without: variances 50 / 2 each, 2 degrees of freedom:
        // 1.67 ± 4.3027 * sqrt(50).
        assertEquals("+1.67 (-28.76 to +32.09)", rows.get(5).get(2));
        // A slope and two seeds leave three runs no degree of freedom.
        List<Run> three = List.of(students.get(0), students.get(1), students.get(3));
        assertEquals(
                "+1.000",
                CapacityTables.capacity(List.of(teacher(1, 1, 1, 1), teacher(2, 1, 1, 1)), three, plain)
                        .texts()
                        .get(3)
                        .get(2));
    }

    @Test
    void theProposedRuleStopsWhereTheLossFirstChangesByLessThanTheLimit() {
        // Seed 1 changes by .5, .06, .06 and .01, seed 2 by .3, .2, .125 and .175.
        Table table = CapacityTables.stops(
                List.of(teacher(1, 1, .5, .44, .5, .49), teacher(2, 1, .7, .5, .375, .2)), List.of(.1, .05, .0005));
        assertEquals(
                List.of(
                        List.of("0.1", "3", "never"),
                        List.of("0.05", "5", "never"),
                        List.of("0.0005", "never", "never")),
                table.texts());
        assertEquals(List.of("limit", "seed 1: stops after", "seed 2: stops after"), table.header());
    }

    @Test
    void theSearchCostsTheTeachersEpochsOneByOneOrOneTeachers() {
        Table table = CapacityTables.search(List.of(teacher(1, 1, 1, 1)), STUDENTS);
        // A teacher's epoch takes 60 s, a student's 3.5 s; a student has 12.
        assertEquals(
                List.of(
                        List.of("no search: the teacher to the end, one student", "3", "12", "3.7"),
                        List.of("a new teacher for every number of epochs, as the report", "6", "36", "8.1"),
                        List.of("one teacher, kept after every epoch", "3", "36", "5.1")),
                table.texts());
    }

    @Test
    void whatStoppingEarlyGainsIsAgainstTheTeacherThatWasTrainedToTheEnd() {
        Table table = CapacityTables.worth(
                List.of(student(49, 1, 1, 96), student(49, 2, 1, 95), student(49, 1, 2, 94), student(49, 2, 2, 97)));
        // Seed by seed 1 and -3: standard error 2, t(1) = 12.706: -1 ± 25.41.
        assertEquals(List.of("1", "95.00 ± 1.41", "-1.00"), table.texts().get(0));
        assertEquals(List.of("2", "96.00 ± 1.41", ""), table.texts().get(1));
        assertTrue(table.notes()
                .contains("Seed 1: best under the teacher as it was after epoch 1, chosen on the test images."));
        assertTrue(table.notes()
                .contains("Seed 2: best under the teacher as it was after epoch 2, chosen on the test images."));
    }

    @Test
    void fidelityStandsBesideTheTeachersLossAndEntropy() {
        Table table = CapacityTables.fidelity(
                List.of(teacher(1, .5, .25)),
                new TreeMap<>(Map.of(1, List.of(1.5), 2, List.of(1.))),
                List.of(new Fidelity(1, 12, 1, .9, .02), new Fidelity(2, 12, 1, .8, .03)),
                List.of(student(12, 1, 1, 91), student(12, 2, 1, 92)));
        assertEquals(
                List.of(
                        List.of("1", "0.5000", "1.5000", "2.00e-02", "90.00"),
                        List.of("2", "0.2500", "1.0000", "3.00e-02", "80.00")),
                table.texts());
    }

    @Test
    void theDiagramShowsItsReadingsFormulasAndBothNetworks() throws IOException {
        String written = Files.readString(DistillationDiagram.draw(
                        Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
                        DataSpec.MNIST,
                        1_011_466,
                        1_238_730,
                        folder.resolve("written"))
                .get(1));
        assertTrue(written.contains("1,011,466 parameters") && written.contains("1,238,730 parameters"));
        assertTrue(written.contains("softmax(softmax(z) / T)"));
        String described = Files.readString(DistillationDiagram.draw(
                        Reading.of(Settings.TASK1, Variant.AS_DESCRIBED),
                        DataSpec.MNIST,
                        1_011_466,
                        1_238_730,
                        folder.resolve("described"))
                .get(1));
        assertTrue(described.contains("softmax(v / T)"));
        assertFalse(described.contains("softmax(softmax"));
    }
}
