package distill.report.verdict;

import static distill.report.verdict.Outcome.INCONCLUSIVE;
import static distill.report.verdict.Outcome.NOT_RUN;
import static distill.report.verdict.Outcome.NOT_SUPPORTED;
import static distill.report.verdict.Outcome.SUPPORTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.run.Evaluation;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Made-up runs of Task 2, five seeds that spread by 1 around what each test says. */
class TransferTest {

    private static final String PRETRAINED = "a".repeat(64);
    private static final String RANDOM = "none";
    private static final int SEEDS = 5;

    private final Random chance = new Random(1);

    @Test
    void bothImproveWhereBothDifferencesAreOverZero() {
        assertEquals(SUPPORTED, of(85, 80, 70, 85, 70).get(0).outcome());
        assertEquals(NOT_SUPPORTED, of(75, 80, 70, 85, 70).get(0).outcome());
        assertEquals(INCONCLUSIVE, of(80, 80, 70, 85, 70).get(0).outcome());
    }

    @Test
    void preTrainingHelpsWhereItHelpsTeacherAndStudent() {
        assertEquals(SUPPORTED, of(80, 80, 70, 85, 70).get(1).outcome());
        assertEquals(NOT_SUPPORTED, of(80, 80, 70, 65, 70).get(1).outcome());
        assertEquals(INCONCLUSIVE, of(80, 80, 70, 70, 70).get(1).outcome());
    }

    @Test
    void distillationDoesNotIncreaseWhereOnePercentIsExcluded() {
        assertEquals(SUPPORTED, of(75, 80, 70, 85, 70).get(2).outcome());
        assertEquals(NOT_SUPPORTED, of(85, 80, 70, 85, 70).get(2).outcome());
        assertEquals(INCONCLUSIVE, of(80, 80, 70, 85, 70).get(2).outcome());
    }

    @Test
    void otherImagesAreToldAndDecideNothing() {
        List<Run> runs = runs(85, 80, 70, 85, 70).stream()
                .map(run -> Runs.with(run, "provenance", Runs.with(run.provenance(), "data", "ACA and SCC")))
                .toList();
        List<Verdict> verdicts = Transfer.of(Variant.AS_WRITTEN, runs);
        assertEquals(List.of(), verdicts.get(0).quantities());
        Verdict verdict = verdicts.get(2);
        assertEquals(NOT_RUN, verdict.outcome());
        assertTrue(verdict.finding().contains("says nothing about MHIST's"), verdict.finding());
        List<String> names = verdict.quantities().stream().map(Quantity::name).toList();
        assertEquals(8, names.size());
        assertEquals("NOT MHIST, ACA and SCC, pre-trained: macro F1 of the student with KD", names.get(0));
    }

    @Test
    void aStudentOfAnotherTeacherElsewhereIsToldAsSuch() {
        List<Run> runs = runs(85, 80, 70, 85, 70).stream()
                .filter(run -> run.settings().role() != Role.TEACHER)
                .map(run -> Runs.with(run, "provenance", Runs.with(run.provenance(), "data", "ACA and SCC")))
                .toList();
        assertEquals(
                "NOT MHIST, ACA and SCC, pre-trained: macro F1 of the student with KD [ANOTHER TEACHER]",
                Transfer.of(Variant.AS_WRITTEN, runs).get(2).quantities().get(0).name());
    }

    @Test
    void aStudentOfARandomTeacherIsNoneOfTheReports() {
        List<Run> runs = runs(85, 80, 70, 85, 70);
        List<Run> ofRandomTeachers = new ArrayList<>();
        for (Run run : runs) {
            boolean random = run.settings().startingWeights().equals(RANDOM);
            if (run.settings().role() == Role.TEACHER && random) {
                ofRandomTeachers.add(run("q3", Role.STUDENT, "mobilenetv2", PRETRAINED, run.identity(), 1, 99));
            }
        }
        List<Run> all = new ArrayList<>(runs);
        all.addAll(ofRandomTeachers);
        assertEquals(
                Transfer.of(Variant.AS_WRITTEN, runs).get(2).finding(),
                Transfer.of(Variant.AS_WRITTEN, all).get(2).finding());
    }

    @Test
    void aContradictedStatementHasThePOfWhatContradictsIt() {
        Verdict verdict = of(70, 80, 80, 85, 70).get(0);
        assertEquals(NOT_SUPPORTED, verdict.outcome());
        assertTrue(verdict.p() < .001, verdict.finding());
    }

    @Test
    void seedsThatWouldSettleAStatementAreCountedFromThoseOfItsOwnPairs() {
        List<Run> all = runs(80, 80, 70, 70, 70);
        String finding = Transfer.of(Variant.AS_WRITTEN, all).get(1).finding();
        List<Run> withoutDistillation = all.stream()
                .filter(run -> run.settings().role() != Role.STUDENT)
                .toList();
        List<Verdict> verdicts = Transfer.of(Variant.AS_WRITTEN, withoutDistillation);
        assertEquals(INCONCLUSIVE, verdicts.get(1).outcome());
        assertTrue(finding.contains("more seed") && verdicts.get(1).finding().contains("more seed"), finding);
        assertEquals(NOT_RUN, verdicts.get(0).outcome());
        assertTrue(
                verdicts.get(0).finding().startsWith("On MHIST 3 seeds of each are needed, and not all are stored:"),
                verdicts.get(0).finding());
    }

    @Test
    void aGainThatWasFoundHasItsOwnPAndNoMarginThatWouldSupportTheContrary() {
        Verdict verdict = of(85, 80, 70, 85, 70).get(2);
        assertEquals(NOT_SUPPORTED, verdict.outcome());
        assertTrue(verdict.p() < .05, verdict.finding());
        assertFalse(verdict.finding().contains("with any margin above"), verdict.finding());
    }

    @Test
    void smallerImagesAreNotTheReports() {
        List<Run> runs = runs(85, 80, 70, 85, 70).stream()
                .map(run -> {
                    Settings s = run.settings();
                    return measured(Runs.run(Runs.with(s, "imageSize", 96), 85));
                })
                .toList();
        assertEquals(NOT_RUN, Transfer.of(Variant.AS_WRITTEN, runs).get(0).outcome());
    }

    @Test
    void runsFromPreTrainedWeightsCountAgainstWithoutTransferLearning() {
        Verdict verdict = Transfer.withoutTransferLearning(runs(85, 80, 70, 85, 70));
        assertEquals(NOT_SUPPORTED, verdict.outcome());
        assertTrue(
                verdict.finding().contains("Of the 30 runs of that reading at T = 4, questions 2 and 3, 15 start from"),
                verdict.finding());
    }

    private List<Verdict> of(double with, double without, double random, double teacher, double randomTeacher) {
        return Transfer.of(Variant.AS_WRITTEN, runs(with, without, random, teacher, randomTeacher));
    }

    private List<Run> runs(double with, double without, double random, double teacher, double randomTeacher) {
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            Run taught = run("teacher", Role.TEACHER, "resnet50v2", PRETRAINED, null, seed, teacher);
            runs.add(taught);
            runs.add(run("teacher", Role.TEACHER, "resnet50v2", RANDOM, null, seed, randomTeacher));
            runs.add(run("q3", Role.STUDENT, "mobilenetv2", PRETRAINED, taught.identity(), seed, with));
            runs.add(run("q3", Role.STUDENT, "mobilenetv2", RANDOM, taught.identity(), seed, random));
            runs.add(run("q3", Role.STUDENT_PLAIN, "mobilenetv2", PRETRAINED, null, seed, without));
            runs.add(run("q3", Role.STUDENT_PLAIN, "mobilenetv2", RANDOM, null, seed, random));
        }
        return runs;
    }

    private Run run(
            String question, Role role, String network, String start, String teacher, long seed, double accuracy) {
        Settings settings = Runs.settings(question, role, role == Role.TEACHER ? null : 4., null, seed);
        settings = Runs.with(Runs.transfer(settings, network, start), "teacher", teacher);
        Run run = measured(Runs.run(settings, accuracy + chance.nextGaussian()));
        return Runs.with(run, "provenance", Runs.with(run.provenance(), "data", "MHIST"));
    }

    /** The run with as many of a thousand images right of either class: its macro F1, and AUC, are its accuracy. */
    private static Run measured(Run run) {
        int right = (int) Math.round(10 * run.testAccuracy());
        List<List<Integer>> confusion = List.of(List.of(right, 1000 - right), List.of(1000 - right, right));
        Evaluation evaluation =
                new Evaluation(List.of("HP", "SSA"), confusion, run.testAccuracy() / 100, null, null, null);
        return Runs.with(run, "evaluation", evaluation);
    }
}
