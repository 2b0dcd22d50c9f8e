package distill.report.verdict;

import static distill.report.verdict.Outcome.CANNOT_BE_TOLD;
import static distill.report.verdict.Outcome.DOES_NOT_HOLD;
import static distill.report.verdict.Outcome.HOLDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Made-up stores whose answers are known: runs spread by .1 around what each test says, unless it says otherwise. */
class VerdictsTest {

    private static final String BEST = "best alpha should be 16, and the best temperature is 0.9. The";
    private static final String LITTLE = "the hyperparameters do not affect";
    private static final String JITTER = "jitters of in the training";
    private static final String FALLS = "the accuracy decreases in general";
    private static final String NOT_A_LOT = "it does not decrease a lot";
    private static final String GAP = "about 2%";
    private static final String NEVER_BELOW = "will not decrease below";
    private static final String FAIR = "while student models with knowledge distillation";
    private static final String EPOCH_4 = "should stop at epoch 4";
    private static final String NO_GAIN = "does not improve a lot";

    private final Random chance = new Random(1);

    @Test
    void anEmptyStoreTellsNothingButWhatNeedsNoRunsAndNamesTheCommands() {
        List<Verdict> verdicts = Verdicts.of(List.of(), List.of());
        for (Verdict verdict : verdicts) {
            if (verdict.reading().isEmpty()) {
                assertTrue(verdict.outcome() != CANNOT_BE_TOLD, verdict.claim().words());
            } else {
                assertEquals(CANNOT_BE_TOLD, verdict.outcome(), verdict.claim().words());
                assertTrue(verdict.finding().contains("`./reproduce task"), verdict.finding());
            }
        }
        assertEquals(5 + 2 * 10 + 5 + 2 + 2 * 3, verdicts.size());
    }

    @Test
    void verdictsFollowTheReportsQuestionsWithBothReadingsSideBySide() {
        List<Verdict> verdicts = Verdicts.of(List.of(), List.of());
        assertEquals("Task 1, Question 5, Fig. 4", verdicts.get(0).claim().place());
        assertEquals(
                "Task 2, Question 3", verdicts.get(verdicts.size() - 1).claim().place());
        int described = verdicts.indexOf(verdict(List.of(), FAIR, "as-described"));
        assertEquals(verdict(List.of(), FAIR), verdicts.get(described - 1));
    }

    @Test
    void aNumberOfTheReportHoldsInsideThePredictionOfOneMoreRun() {
        String teacher = "The test accuracy for teacher model";
        // Mean 98.8, standard deviation .1, t(1) = 12.7: .1 sqrt(1.5) 12.7 = 1.56 to either side.
        assertEquals(CANNOT_BE_TOLD, outcome(teachers(98.7, 98.9), teacher));
        assertEquals(CANNOT_BE_TOLD, outcome(teachers(98.8), teacher));
        // Three: t(2) = 4.30, .1 sqrt(4 / 3) 4.30 = .50.
        Verdict holds = verdict(teachers(98.7, 98.8, 98.9), teacher);
        assertEquals(HOLDS, holds.outcome());
        assertEquals(98.8, holds.quantities().get(0).value(), 1e-9);
        assertEquals(98.3, holds.quantities().get(0).interval().low(), .01);
        assertTrue(holds.quantities().get(0).inside());
        assertEquals(DOES_NOT_HOLD, outcome(teachers(99.7, 99.8, 99.9), teacher));
    }

    @Test
    void aNumberOutsideItsPredictionThatChanceAmongSeveralAllowsCannotBeTold() {
        // Ten runs of standard deviation .15 sqrt(10 / 9) = .158, whose mean is .38 off: .38 / (.158 sqrt(1.1)) = 2.29,
        // with 9 degrees of freedom p = .0477, and twice that as the smaller of two.
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= 10; seed++) {
            runs.add(Runs.run(
                    Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed),
                    Published.PLAIN_STUDENT + .38 + (seed % 2 == 0 ? .15 : -.15)));
        }
        String plain = "without knowledge distillation is 97.20%";
        assertEquals(DOES_NOT_HOLD, outcome(runs, plain), "alone");
        Verdict among = verdict(join(runs, teachers(98.7, 98.8, 98.9)), plain);
        assertEquals(CANNOT_BE_TOLD, among.outcome());
        assertTrue(among.finding().endsWith("Alone it would not hold; one of 2 can be so by chance."), among.finding());
    }

    @Test
    void aTableHoldsWhereAsManyCellsAreInsideAsChanceLets() {
        String table = "RESULT TABLE FOR TUNING";
        Verdict holds = verdict(sweep(2, VerdictsTest::report), table);
        assertEquals(HOLDS, holds.outcome());
        assertEquals(30, holds.quantities().size());
        assertEquals(
                "the 30 numbers of Table I, \u201cRESULT TABLE FOR TUNING ALPHA AND TEMPERATURE\u201d",
                holds.claim().text());
        Verdict off = verdict(sweep(2, (t, a) -> report(t, a) + 1), table);
        assertEquals(DOES_NOT_HOLD, off.outcome());
        assertTrue(
                off.finding().startsWith("Of its 30 numbers 0 are inside, 28.5 should be (p < 0.001)"), off.finding());
        List<Run> runs = sweep(2, VerdictsTest::report);
        assertEquals(CANNOT_BE_TOLD, outcome(runs.subList(2, runs.size()), table));
    }

    @Test
    void aTableAllOfWhoseNumbersLieToOneSideDoesNotHoldThoughTheyAreInside() {
        // One further run spreads by .1 sqrt(1 + 1 / 2), the mean of thirty by a 30th of its square: .15 is 7 of these.
        Verdict verdict = verdict(sweep(2, (t, a) -> report(t, a) + .15), "RESULT TABLE FOR TUNING");
        assertEquals(DOES_NOT_HOLD, verdict.outcome());
        assertTrue(verdict.quantities().stream().filter(Quantity::inside).count() >= 25, verdict.finding());
        assertTrue(verdict.finding().contains("on average they are -0.1"), verdict.finding());
    }

    @Test
    void oneSeedTakesTheSpreadFromWhatTemperatureAndAlphaLeave() {
        Verdict table = verdict(sweep(1, VerdictsTest::report), "RESULT TABLE FOR TUNING");
        assertEquals(HOLDS, table.outcome());
        assertTrue(table.finding().contains("cannot be told from one seed"), table.finding());
    }

    @Test
    void oneSeedsSpreadIsWidenedByWhatSeedsAddElsewhere() {
        List<Run> runs = new ArrayList<>(sweep(1, VerdictsTest::report));
        for (int seed = 1; seed <= 5; seed++) {
            for (double t : Published.TEMPERATURES) {
                runs.add(q6(t, seed, 96.7 + seed + spread()));
            }
        }
        Verdict table = verdict(runs, "RESULT TABLE FOR TUNING");
        assertEquals(CANNOT_BE_TOLD, table.outcome(), table.finding());
        assertTrue(table.finding().endsWith("too far to say anything."), table.finding());
    }

    @Test
    void theBestCellHoldsOnlyAboveAllOthersInTenRuns() {
        List<Run> best = sweep(10, (t, a) -> t == 16 && a == .9 ? 98.5 : 97.7);
        assertEquals(HOLDS, outcome(best, BEST));
        Verdict other = verdict(sweep(10, (t, a) -> t == 4 && a == .1 ? 98.5 : 97.7), BEST);
        assertEquals(DOES_NOT_HOLD, other.outcome());
        assertTrue(other.finding().contains("T = 4, alpha = 0.1 better than it"), other.finding());
        assertEquals(CANNOT_BE_TOLD, outcome(sweep(10, (t, a) -> 97.7), BEST));
        Verdict few =
                verdict(best.stream().filter(run -> run.settings().seed() < 10).toList(), BEST);
        assertEquals(CANNOT_BE_TOLD, few.outcome());
        assertEquals(
                "9 runs are of the cell stored, 10 are wanted: `./reproduce task1 q5 --temperatures 16 --alphas .9"
                        + " --seeds 10` makes them.",
                few.finding());
    }

    @Test
    void hyperParametersMatterLittleWhereNoTwoCellsDifferByOnePercent() {
        Verdict holds = verdict(sweep(3, (t, a) -> 97.7 + (t == 16 ? .2 : 0)), LITTLE);
        assertEquals(HOLDS, holds.outcome(), holds.finding());
        assertEquals(DOES_NOT_HOLD, outcome(sweep(3, (t, a) -> 97.7 - (t == 16 ? 2 : 0)), LITTLE));
        Verdict open = verdict(sweep(3, (t, a) -> 97.7 - (t == 16 ? .9 : 0)), LITTLE);
        assertEquals(CANNOT_BE_TOLD, open.outcome());
        assertTrue(open.finding().contains("--seeds 6"), "more than there are: " + open.finding());
    }

    @Test
    void differencesAreChanceWhereNoneIsFoundThoughOneAsLargeAsItWouldHaveBeen() {
        assertEquals(HOLDS, outcome(sweep(8, (t, a) -> 97.7), JITTER));
        assertEquals(CANNOT_BE_TOLD, outcome(sweep(6, (t, a) -> 97.7), JITTER), "1.07 standard deviations are found");
        Verdict few = verdict(sweep(1, (t, a) -> 97.7), JITTER);
        assertEquals(CANNOT_BE_TOLD, few.outcome());
        assertTrue(few.finding().contains("may be hidden"), few.finding());
        assertTrue(few.finding().endsWith("this is of the students of one teacher."), few.finding());
        Verdict alpha = verdict(sweep(2, (t, a) -> 97.7 + a), JITTER);
        assertEquals(DOES_NOT_HOLD, alpha.outcome());
        assertTrue(alpha.finding().startsWith("Not chance: the effect of alpha is found"), alpha.finding());
    }

    @Test
    void whatTemperatureAndAlphaDoTogetherIsFoundWithTwoSeeds() {
        List<Run> runs = sweep(3, (t, a) -> 97.7 + ((t > 4) == (a > .5) ? .3 : 0));
        Verdict crossed = verdict(runs, JITTER);
        assertEquals(DOES_NOT_HOLD, crossed.outcome());
        assertTrue(crossed.finding().contains("T x alpha"), crossed.finding());
        Verdict little = verdict(runs, LITTLE);
        assertEquals(HOLDS, little.outcome(), little.finding());
        assertTrue(little.finding().contains("cell by cell, for the two effects do not add up"), little.finding());
        assertEquals(
                DOES_NOT_HOLD,
                outcome(sweep(3, (t, a) -> 97.7 + ((t > 4) == (a > .5) ? 2 : 0)), LITTLE),
                "cells differ by 2");
    }

    @Test
    void accuracyFallsWithTheTemperatureWhereTheSlopeIsUnderZero() {
        assertEquals(HOLDS, outcome(curve(5, t -> 98 - .1 * log2(t)), FALLS));
        assertEquals(DOES_NOT_HOLD, outcome(curve(5, t -> 98 + .1 * log2(t)), FALLS));
        Verdict flat = verdict(curve(5, t -> 98), FALLS);
        assertEquals(CANNOT_BE_TOLD, flat.outcome());
        assertTrue(flat.finding().contains("would have been found in 80 % of cases"), flat.finding());
    }

    @Test
    void aFallIsALotFromOnePercentOn() {
        assertEquals(HOLDS, outcome(curve(5, t -> 98 - .1 * log2(t)), NOT_A_LOT));
        assertEquals(DOES_NOT_HOLD, outcome(curve(5, t -> 98 - .3 * log2(t)), NOT_A_LOT));
        assertEquals(CANNOT_BE_TOLD, outcome(curve(5, t -> 98 - .99 / 6 * log2(t)), NOT_A_LOT));
    }

    @Test
    void theSlopeIsTheSameWhereSeedsLieAtOtherHeights() {
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            for (double t : Published.TEMPERATURES) {
                runs.add(q6(t, seed, 96 + seed - .1 * log2(t) + spread()));
            }
        }
        assertEquals(HOLDS, outcome(runs, FALLS));
    }

    @Test
    void theFairTestWantsTenRunsOnBothSides() {
        assertEquals(HOLDS, outcome(fair(10, 98, 97.5), FAIR));
        assertEquals(DOES_NOT_HOLD, outcome(fair(10, 97.5, 98), FAIR));
        assertEquals(CANNOT_BE_TOLD, outcome(fair(10, 97.7, 97.7), FAIR));
        Verdict few = verdict(fair(9, 98, 97.5), FAIR);
        assertEquals(CANNOT_BE_TOLD, few.outcome());
        assertTrue(few.finding().startsWith("9 runs with KD and 9 without are stored"), few.finding());
    }

    @Test
    void theFairTestTakesTheSeedsOfBothSides() {
        List<Run> runs = new ArrayList<>(fair(12, 98, 97.5));
        runs.removeIf(
                run -> run.settings().role() == Role.STUDENT && run.settings().seed() <= 2);
        Quantity difference = verdict(runs, FAIR).quantities().get(2);
        assertEquals(10, difference.runs());
    }

    @Test
    void theBestOfThirtyIsOverOneByChanceInThirtyOfThirtyOneCases() {
        Verdict verdict = verdict(fair(10, 97.7, 97.7), FAIR);
        assertTrue(verdict.finding().contains("in 97 % of cases"), verdict.finding());
        assertEquals(
                30 / 31.,
                verdict.quantities().stream()
                        .filter(quantity -> quantity.name().startsWith("probability that the best"))
                        .findFirst()
                        .orElseThrow()
                        .value(),
                1e-6);
    }

    @Test
    void theGapIsAboutTwoPercentWhereItRoundsToTwo() {
        assertEquals(HOLDS, outcome(gap(5, 99, 97), GAP));
        assertEquals(DOES_NOT_HOLD, outcome(gap(5, 99, 98), GAP));
        assertEquals(CANNOT_BE_TOLD, outcome(gap(5, 99, 97.5), GAP));
        assertEquals(CANNOT_BE_TOLD, outcome(gap(1, 99, 97), GAP));
    }

    @Test
    void distillationIsNeverBelowWhereEveryTemperatureIsAbove() {
        assertEquals(HOLDS, outcome(join(curve(5, t -> 98), plain(10, 97.5)), NEVER_BELOW));
        assertEquals(DOES_NOT_HOLD, outcome(join(curve(5, t -> t == 64 ? 97 : 98), plain(10, 97.5)), NEVER_BELOW));
        assertEquals(CANNOT_BE_TOLD, outcome(join(curve(5, t -> 97.5), plain(10, 97.5)), NEVER_BELOW));
        assertEquals(CANNOT_BE_TOLD, outcome(curve(5, t -> 98), NEVER_BELOW));
    }

    @Test
    void epochFourIsBestWhereItIsAboveAllOthers() {
        assertEquals(HOLDS, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 98.5 : 97.5), EPOCH_4));
        Verdict seven = verdict(earlyStopped("q13", 5, epochs -> epochs == 7 ? 98.5 : 97.5), EPOCH_4);
        assertEquals(DOES_NOT_HOLD, seven.outcome());
        assertTrue(seven.finding().contains("worse than epoch 7"), seven.finding());
        assertEquals(CANNOT_BE_TOLD, outcome(earlyStopped("q13", 5, epochs -> 97.5), EPOCH_4));
        assertEquals(CANNOT_BE_TOLD, outcome(earlyStopped("q13", 1, epochs -> epochs == 4 ? 98.5 : 97.5), EPOCH_4));
    }

    @Test
    void theCellsOfTableThreeAreIndependentForEachHasATeacherOfItsOwn() {
        Verdict table = verdict(
                earlyStopped("q13", 3, epochs -> Published.table3(epochs).orElse(97.5)), "RESULT TABLE FOR ESKD");
        assertEquals(HOLDS, table.outcome(), table.finding());
        assertTrue(table.finding().contains("Each of the report's has a teacher of its own."), table.finding());
    }

    @Test
    void stoppingEarlyDoesNotImproveALotWhereOnePercentIsExcluded() {
        assertEquals(HOLDS, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 97.9 : 97.5), NO_GAIN));
        assertEquals(DOES_NOT_HOLD, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 99.5 : 97.5), NO_GAIN));
        assertEquals(CANNOT_BE_TOLD, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 98.5 : 97.5), NO_GAIN));
    }

    @Test
    void theSingleTrajectoryHasVerdictsOfItsOwn() {
        List<Run> runs = earlyStopped("q13-single-trajectory", 3, epochs -> 97.5);
        List<Verdict> verdicts = Verdicts.of(runs, List.of()).stream()
                .filter(verdict -> verdict.claim().words().contains(EPOCH_4)
                        && verdict.reading().equals("as-written"))
                .toList();
        assertEquals(2, verdicts.size());
        assertTrue(verdicts.get(1).test().contains("each seed's teacher as it was after each of its epochs"));
        assertTrue(
                verdicts.get(1).claim().text().startsWith("the single trajectory, "),
                verdicts.get(1).claim().text());
    }

    @Test
    void markedRunsAndThoseOfKerasAreLeftOut() {
        List<Run> runs = new ArrayList<>();
        for (Run run : teachers(98.7, 98.8, 98.9)) {
            runs.add(Runs.run(Runs.quick(run.settings()), run.testAccuracy()));
            runs.add(Runs.with(run, "provenance", Runs.with(run.provenance(), "synthetic", true)));
            runs.add(Runs.with(run, "provenance", Runs.with(run.provenance(), "tensorflowJava", null)));
            runs.add(Runs.run(Runs.with(run.settings(), "epochs", 3), run.testAccuracy()));
        }
        assertEquals(CANNOT_BE_TOLD, outcome(runs, "The test accuracy for teacher model"));
    }

    @Test
    void eachReadingIsAskedForItself() {
        List<Run> described = curve(5, t -> 98 + .1 * log2(t)).stream()
                .map(run -> Runs.run(Runs.with(run.settings(), "variant", Variant.AS_DESCRIBED), run.testAccuracy()))
                .toList();
        assertEquals(DOES_NOT_HOLD, verdict(described, FALLS, "as-described").outcome());
        assertEquals(CANNOT_BE_TOLD, verdict(described, FALLS, "as-written").outcome());
    }

    @Test
    void conclusionsAreCorrectedTogether() {
        List<Run> runs = join(curve(5, t -> 98 - .1 * log2(t)), fair(10, 98, 97.5));
        Verdict verdict = verdict(runs, FALLS);
        assertTrue(
                verdict.test()
                        .contains("Holm over 2 tests, the as-written conclusions: slope against log2 T, with KD less"
                                + " without."),
                verdict.test());
    }

    @Test
    void parametersAndOperationsHoldAndTheMisprintsDoNot() {
        assertEquals(HOLDS, outcome(List.of(), "teacher model: Parameter number:1011466"));
        assertEquals(DOES_NOT_HOLD, outcome(List.of(), "FLOPs is 5.6422779648"));
        assertEquals(DOES_NOT_HOLD, outcome(List.of(), "floating-point operations per second"));
        assertEquals(HOLDS, outcome(List.of(), "student models have more parameters"));
        assertEquals(HOLDS, outcome(List.of(), "3,540,986 parameters in total"));
        assertEquals(DOES_NOT_HOLD, outcome(List.of(), "without transfer learning"));
        Verdict exchanged = Verdicts.of(List.of(), List.of()).stream()
                .filter(verdict -> verdict.claim().words().endsWith("the best temperature is 0.9"))
                .findFirst()
                .orElseThrow();
        assertEquals(DOES_NOT_HOLD, exchanged.outcome());
        assertEquals(16, exchanged.quantities().get(0).value());
    }

    /** The report's text is not the project's to keep; where it is not beside the project there is nothing to ask. */
    @Test
    void statementsAreTheReportsWords() throws IOException {
        Path folder = Path.of("../shared/report");
        assumeTrue(Files.isDirectory(folder), folder + " has the report");
        String report;
        try (Stream<Path> files = Files.list(folder)) {
            Path text = files.filter(file -> file.toString().endsWith(".txt"))
                    .findFirst()
                    .orElseThrow();
            // Captions stand where a figure broke a sentence.
            report = letters(Files.readString(text).replaceAll("(?m)^Fig\\. \\d+\\. .*$", ""));
        }
        for (Verdict verdict : Verdicts.of(List.of(), List.of())) {
            for (String part : verdict.claim().words().split("\\[\\.\\.\\.\\]")) {
                assertTrue(report.contains(letters(part)), verdict.claim().words());
            }
        }
    }

    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    @Test
    void theTextHasEveryVerdictWithItsNumbersAndCountsThem() {
        List<Verdict> verdicts = Verdicts.of(join(curve(5, t -> 98), plain(10, 97.5)), List.of());
        VerdictText text = new VerdictText(verdicts, List.of("A note."));
        String counts = "%d hold, %d do not hold, %d cannot be told."
                .formatted(count(verdicts, HOLDS), count(verdicts, DOES_NOT_HOLD), count(verdicts, CANNOT_BE_TOLD));
        assertTrue(text.console().contains(counts) && text.markdown().contains(counts), counts);
        assertTrue(text.console().lines().allMatch(line -> line.length() <= 120));
        assertEquals(verdicts.size() + 1, text.csv().lines().count());
        assertEquals(
                1 + verdicts.stream().mapToInt(one -> one.quantities().size()).sum(),
                text.numbersCsv().lines().count());
        assertTrue(text.markdown().contains("| T = 1, alpha = 0.5 less without KD | "), text.markdown());
        assertFalse(text.markdown().contains("NaN"));
    }

    private static long count(List<Verdict> verdicts, Outcome outcome) {
        return verdicts.stream().filter(verdict -> verdict.outcome() == outcome).count();
    }

    private static Outcome outcome(List<Run> runs, String statement) {
        return verdict(runs, statement).outcome();
    }

    private static Verdict verdict(List<Run> runs, String statement) {
        return verdict(runs, statement, "as-written");
    }

    private static Verdict verdict(List<Run> runs, String statement, String reading) {
        return Verdicts.of(runs, List.of()).stream()
                .filter(verdict -> verdict.claim().words().contains(statement)
                        && List.of(reading, "").contains(verdict.reading()))
                .findFirst()
                .orElseThrow();
    }

    private double spread() {
        return .1 * chance.nextGaussian();
    }

    private static double report(double t, double alpha) {
        return Published.table1(t, alpha).orElseThrow();
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    private static List<Run> teachers(double... accuracies) {
        List<Run> runs = new ArrayList<>();
        for (double accuracy : accuracies) {
            runs.add(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, runs.size() + 1), accuracy));
        }
        return runs;
    }

    private List<Run> sweep(int seeds, BiFunction<Double, Double, Double> accuracy) {
        List<Run> runs = new ArrayList<>();
        for (Hyperparameters place : Hyperparameters.all()) {
            for (int seed = 1; seed <= seeds; seed++) {
                runs.add(Runs.student(
                        place.temperature(),
                        place.alpha(),
                        seed,
                        accuracy.apply(place.temperature(), place.alpha()) + spread()));
            }
        }
        return runs;
    }

    private static Run q6(double t, long seed, double accuracy) {
        return Runs.run(Runs.settings("q6", Role.STUDENT, t, .5, seed), accuracy);
    }

    private List<Run> curve(int seeds, ToDoubleFunction<Double> accuracy) {
        List<Run> runs = new ArrayList<>();
        for (double t : Published.TEMPERATURES) {
            for (int seed = 1; seed <= seeds; seed++) {
                runs.add(q6(t, seed, accuracy.applyAsDouble(t) + spread()));
            }
        }
        return runs;
    }

    private List<Run> plain(int seeds, double accuracy) {
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            runs.add(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed), accuracy + spread()));
        }
        return runs;
    }

    private List<Run> fair(int seeds, double with, double without) {
        List<Run> runs = new ArrayList<>(plain(seeds, without));
        for (int seed = 1; seed <= seeds; seed++) {
            runs.add(Runs.student(16, .9, seed, with + spread()));
        }
        return runs;
    }

    private List<Run> gap(int seeds, double teacher, double student) {
        double[] teachers = new double[seeds];
        for (int i = 0; i < seeds; i++) {
            teachers[i] = teacher + spread();
        }
        return join(teachers(teachers), plain(seeds, student));
    }

    private List<Run> earlyStopped(String question, int seeds, IntToDoubleFunction accuracy) {
        List<Run> runs = new ArrayList<>();
        for (int epochs = 1; epochs <= 12; epochs++) {
            for (int seed = 1; seed <= seeds; seed++) {
                runs.add(Runs.earlyStopped(
                        question, epochs, "0123456789abcdef", seed, accuracy.applyAsDouble(epochs) + spread()));
            }
        }
        return runs;
    }

    private static List<Run> join(List<Run> a, List<Run> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
