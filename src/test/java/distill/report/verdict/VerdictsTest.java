package distill.report.verdict;

import static distill.report.verdict.Outcome.INCONCLUSIVE;
import static distill.report.verdict.Outcome.NOT_RUN;
import static distill.report.verdict.Outcome.NOT_SUPPORTED;
import static distill.report.verdict.Outcome.SUPPORTED;
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
    private static final String MIMIC = "mimic the predictions of the teacher model";
    private static final String JITTER = "jitters of in the training";
    private static final String FALLS = "the accuracy decreases in general";
    private static final String NOT_A_LOT = "it does not decrease a lot";
    private static final String GAP = "about 2%";
    private static final String NEVER_BELOW = "will not decrease below";
    private static final String FAIR = "So the test accuracy of student models";
    private static final String EPOCH_4 = "should stop at epoch 4";
    private static final String NO_GAIN = "does not improve a lot";

    private final Random chance = new Random(1);

    @Test
    void anEmptyStoreHasVerdictsOnWhatNeedsNoRunsAndNamesTheCommands() {
        List<Verdict> verdicts = Verdicts.of(List.of(), List.of());
        for (Verdict verdict : verdicts) {
            if (verdict.reading().isEmpty()) {
                assertTrue(verdict.outcome() != NOT_RUN, verdict.claim().words());
            } else {
                assertEquals(NOT_RUN, verdict.outcome(), verdict.claim().words());
                assertTrue(verdict.finding().contains("`./reproduce task"), verdict.finding());
            }
        }
        assertEquals(9 + 2 * 15 + 2 + 9 + 1 + 2 * 3, verdicts.size());
    }

    @Test
    void verdictsFollowTheReportsQuestionsWithBothReadingsSideBySide() {
        List<Verdict> verdicts = Verdicts.of(List.of(), List.of());
        assertEquals("Task 1, Question 1 c", verdicts.get(0).claim().place());
        assertEquals(
                "Task 2, Question 3", verdicts.get(verdicts.size() - 1).claim().place());
        int described = verdicts.indexOf(verdict(List.of(), FAIR, "as-described"));
        assertEquals(verdict(List.of(), FAIR), verdicts.get(described - 1));
    }

    @Test
    void aNumberOfTheReportHoldsInsideThePredictionOfOneMoreRun() {
        String teacher = "The test accuracy for teacher model";
        // Of two runs no interval is taken: with t(1) = 12.7 it would reach .1 sqrt(1.5) 12.7 = 1.9 to either side.
        assertEquals(NOT_RUN, outcome(teachers(98.7, 98.9), teacher));
        assertEquals(NOT_RUN, outcome(teachers(98.8), teacher));
        // Three: t(2) = 4.30, .1 sqrt(4 / 3) 4.30 = .50.
        Verdict holds = verdict(teachers(98.7, 98.8, 98.9), teacher);
        assertEquals(SUPPORTED, holds.outcome());
        assertEquals(98.8, holds.quantities().get(0).value(), 1e-9);
        assertEquals(98.3, holds.quantities().get(0).interval().low(), .01);
        assertTrue(holds.quantities().get(0).inside());
        assertEquals(NOT_SUPPORTED, outcome(teachers(99.7, 99.8, 99.9), teacher));
    }

    @Test
    void aNumberOutsideItsPredictionThatChanceAmongSeveralAllowsIsInconclusive() {
        // Ten runs of standard deviation .15 sqrt(10 / 9) = .158, whose mean is .38 off: .38 / (.158 sqrt(1.1)) = 2.29,
        // with 9 degrees of freedom p = .0477, and twice that as the smaller of two.
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= 10; seed++) {
            runs.add(Runs.run(
                    Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed),
                    Published.PLAIN_STUDENT + .38 + (seed % 2 == 0 ? .15 : -.15)));
        }
        String plain = "without knowledge distillation is 97.20%";
        assertEquals(NOT_SUPPORTED, outcome(runs, plain), "alone");
        Verdict among = verdict(join(runs, teachers(98.7, 98.8, 98.9)), plain);
        assertEquals(INCONCLUSIVE, among.outcome());
        assertTrue(
                among.finding().contains("Alone it would not be supported; one of 3 can be so by chance."),
                among.finding());
    }

    @Test
    void aTableHoldsWhereAsManyCellsAreInsideAsChanceLets() {
        String table = "RESULT TABLE FOR TUNING";
        Verdict holds = verdict(sweep(2, VerdictsTest::report), table);
        assertEquals(SUPPORTED, holds.outcome());
        assertEquals(30, holds.quantities().size());
        assertEquals(
                "the 30 numbers of Table I, \u201cRESULT TABLE FOR TUNING ALPHA AND TEMPERATURE\u201d",
                holds.claim().text());
        Verdict off = verdict(sweep(2, (t, a) -> report(t, a) + 1), table);
        assertEquals(NOT_SUPPORTED, off.outcome());
        assertTrue(off.finding().startsWith("0 of 30 are inside, 28.5 should be (p < 0.001)"), off.finding());
        List<Run> runs = sweep(2, VerdictsTest::report);
        assertEquals(NOT_RUN, outcome(runs.subList(2, runs.size()), table));
    }

    @Test
    void aTableAllOfWhoseNumbersLieToOneSideDoesNotHoldThoughTheyAreInside() {
        // One further run spreads by .1 sqrt(1 + 1 / 2), the mean of thirty by a 30th of its square: .15 is 7 of these.
        Verdict verdict = verdict(sweep(2, (t, a) -> report(t, a) + .15), "RESULT TABLE FOR TUNING");
        assertEquals(NOT_SUPPORTED, verdict.outcome());
        assertTrue(verdict.quantities().stream().filter(Quantity::inside).count() >= 25, verdict.finding());
        assertTrue(verdict.finding().contains("on average they are -0.1"), verdict.finding());
    }

    @Test
    void oneSeedTakesTheSpreadFromWhatTemperatureAndAlphaLeave() {
        Verdict table = verdict(sweep(1, VerdictsTest::report), "RESULT TABLE FOR TUNING");
        assertEquals(SUPPORTED, table.outcome());
        assertTrue(table.finding().contains("cannot be seen in one seed"), table.finding());
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
        assertEquals(INCONCLUSIVE, table.outcome(), table.finding());
        assertTrue(table.finding().endsWith("more seeds make it narrower."), table.finding());
    }

    @Test
    void theBestCellIsSupportedOnlyAboveAllOthersInTheSeedsThatAllHave() {
        List<Run> best = sweep(10, (t, a) -> t == 16 && a == .9 ? 98.5 : 97.7);
        assertEquals(SUPPORTED, outcome(best, BEST));
        Verdict other = verdict(sweep(10, (t, a) -> t == 4 && a == .1 ? 98.5 : 97.7), BEST);
        assertEquals(NOT_SUPPORTED, other.outcome());
        assertTrue(other.finding().contains("T = 4, alpha = 0.1 better than it"), other.finding());
        Verdict none = verdict(sweep(10, (t, a) -> 97.7), BEST);
        assertEquals(INCONCLUSIVE, none.outcome());
        assertTrue(none.finding().contains("If the estimate and the spread stay"), none.finding());
        List<Run> two = best.stream().filter(run -> run.settings().seed() <= 2).toList();
        Verdict few = verdict(join(two, List.of(Runs.student(16, .9, 3, 98.5))), BEST);
        assertEquals(NOT_RUN, few.outcome());
        assertTrue(
                few.finding()
                        .endsWith("2 seeds have all 30 cells, 3 are needed: `./reproduce task1 q5 --seeds 3` makes"
                                + " them."),
                few.finding());
    }

    @Test
    void hyperParametersMatterLittleWhereNoTwoCellsDifferByOnePercent() {
        Verdict holds = verdict(sweep(3, (t, a) -> 97.7 + (t == 16 ? .2 : 0)), LITTLE);
        assertEquals(SUPPORTED, holds.outcome(), holds.finding());
        assertEquals(NOT_SUPPORTED, outcome(sweep(3, (t, a) -> 97.7 - (t == 16 ? 2 : 0)), LITTLE));
        Verdict open = verdict(sweep(3, (t, a) -> 97.7 - (t == 16 ? .9 : 0)), LITTLE);
        assertEquals(INCONCLUSIVE, open.outcome());
        assertTrue(open.finding().contains("would settle it: `./reproduce task1 q5 --seeds "), open.finding());
    }

    @Test
    void studentsMimicTheirTeacherAlikeWhereNoTwoCellsAgreementsDifferByOnePoint() {
        Verdict holds = verdict(agreeing(3, (t, a) -> 97.7 + (t == 16 ? .2 : 0)), MIMIC);
        assertEquals(SUPPORTED, holds.outcome(), holds.finding());
        // 5 of 30 cells are .2 higher, which is .03 in the mean.
        assertTrue(holds.finding().contains("agree with their teacher on 97.7"), holds.finding());
        assertEquals(NOT_SUPPORTED, outcome(agreeing(3, (t, a) -> 97.7 - (t == 16 ? 2 : 0)), MIMIC));
        Verdict open = verdict(agreeing(3, (t, a) -> 97.7 - (t == 16 ? .9 : 0)), MIMIC);
        assertEquals(INCONCLUSIVE, open.outcome());
        assertTrue(open.finding().contains("would settle it: `./reproduce task1 q5 --seeds "), open.finding());
        assertTrue(verdict(agreeing(2, (t, a) -> 97.7), MIMIC).finding().contains("2 seeds have all 30 cells"));
        Verdict earlier = verdict(sweep(3, (t, a) -> 97.7), MIMIC);
        assertEquals(NOT_RUN, earlier.outcome());
        assertTrue(
                earlier.finding().contains("Runs of before it was measured do not have it; --fresh"),
                earlier.finding());
    }

    /** Students of one accuracy, whose agreement with their teacher differs. */
    private List<Run> agreeing(int seeds, BiFunction<Double, Double, Double> agreement) {
        return sweep(seeds, (t, a) -> 97.7).stream()
                .map(run -> Runs.with(
                        run,
                        "teacherAgreement",
                        agreement.apply(
                                        run.settings().temperature(),
                                        run.settings().alpha())
                                + spread()))
                .toList();
    }

    @Test
    void differencesAreChanceWhereNoneIsFoundThoughOneAsLargeAsItWouldHaveBeen() {
        assertEquals(SUPPORTED, outcome(sweep(10, (t, a) -> 97.7), JITTER));
        Verdict few = verdict(sweep(4, (t, a) -> 97.7), JITTER);
        assertEquals(INCONCLUSIVE, few.outcome());
        assertTrue(few.finding().contains("may be hidden"), few.finding());
        assertTrue(few.finding().contains("more seeds ("), few.finding());
        assertEquals(NOT_RUN, outcome(sweep(2, (t, a) -> 97.7), JITTER));
        Verdict alpha = verdict(sweep(3, (t, a) -> 97.7 + a), JITTER);
        assertEquals(NOT_SUPPORTED, alpha.outcome());
        assertTrue(alpha.finding().startsWith("Not chance alone: found are alpha, trend of alpha"), alpha.finding());
    }

    @Test
    void aTrendOfAnOrderedFactorIsTestedBesideAnyDifference() {
        Verdict trend = verdict(sweep(3, (t, a) -> 97.7 + .12 * a), JITTER);
        assertEquals(NOT_SUPPORTED, trend.outcome(), trend.finding());
        assertTrue(trend.finding().contains("trend of alpha p < 0.001"), trend.finding());
        assertEquals(
                "change along the trend of alpha from 0.1 to 0.9",
                trend.quantities().get(1).name());
    }

    @Test
    void whatTemperatureAndAlphaDoTogetherIsFound() {
        List<Run> runs = sweep(3, (t, a) -> 97.7 + ((t > 4) == (a > .5) ? .3 : 0));
        Verdict crossed = verdict(runs, JITTER);
        assertEquals(NOT_SUPPORTED, crossed.outcome());
        assertTrue(crossed.finding().contains("T x alpha"), crossed.finding());
        Verdict little = verdict(runs, LITTLE);
        assertEquals(SUPPORTED, little.outcome(), little.finding());
        assertTrue(little.finding().contains("cell by cell, for the two effects do not add up"), little.finding());
        assertEquals(
                NOT_SUPPORTED,
                outcome(sweep(3, (t, a) -> 97.7 + ((t > 4) == (a > .5) ? 2 : 0)), LITTLE),
                "cells differ by 2");
    }

    @Test
    void accuracyFallsWithTheTemperatureWhereTheSlopeIsUnderZero() {
        assertEquals(SUPPORTED, outcome(curve(5, t -> 98 - .1 * log2(t)), FALLS));
        assertEquals(NOT_SUPPORTED, outcome(curve(5, t -> 98 + .1 * log2(t)), FALLS));
        Verdict flat = verdict(curve(5, t -> 98), FALLS);
        assertEquals(NOT_SUPPORTED, flat.outcome());
        assertTrue(flat.finding().contains("a fall above 0.2 is ruled out"), flat.finding());
        Verdict wide = verdict(curve(5, t -> 98 - .1 / 6 * log2(t) + 3 * spread()), FALLS);
        assertEquals(INCONCLUSIVE, wide.outcome());
        assertTrue(wide.finding().contains("would settle it"), wide.finding());
    }

    @Test
    void theReasonOfAFallStandsWithTheFall() {
        String reason = "which is the true label will bring less information";
        Verdict none = verdict(curve(5, t -> 98 + .1 * log2(t)), reason);
        assertEquals(NOT_SUPPORTED, none.outcome());
        // As-written the sure teacher puts out 1: 1 / (1 + 9 / e) = .232, 1 / (1 + 9 exp(-1 / 64)) = .101.
        assertTrue(none.finding().contains("it is 0.232 at T = 1 and 0.101 at T = 64. But"), none.finding());
        assertEquals(INCONCLUSIVE, outcome(curve(5, t -> 98 - .1 * log2(t)), reason));
        assertEquals(NOT_RUN, outcome(List.of(), reason));
    }

    @Test
    void aFallIsALotFromOnePercentOn() {
        assertEquals(SUPPORTED, outcome(curve(5, t -> 98 - .1 * log2(t)), NOT_A_LOT));
        assertEquals(NOT_SUPPORTED, outcome(curve(5, t -> 98 - .3 * log2(t)), NOT_A_LOT));
        assertEquals(INCONCLUSIVE, outcome(curve(5, t -> 98 - .99 / 6 * log2(t)), NOT_A_LOT));
    }

    @Test
    void theSlopeIsTheSameWhereSeedsLieAtOtherHeights() {
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            for (double t : Published.TEMPERATURES) {
                runs.add(q6(t, seed, 96 + seed - .1 * log2(t) + spread()));
            }
        }
        assertEquals(SUPPORTED, outcome(runs, FALLS));
    }

    @Test
    void theFairTestWantsTenRunsOnBothSides() {
        assertEquals(SUPPORTED, outcome(fair(10, 98, 97.5), FAIR));
        assertEquals(NOT_SUPPORTED, outcome(fair(10, 97.5, 98), FAIR));
        Verdict none = verdict(fair(20, 97.7, 97.7), FAIR);
        assertEquals(NOT_SUPPORTED, none.outcome());
        assertTrue(none.finding().startsWith("We see no effect of distillation: "), none.finding());
        assertTrue(none.finding().contains("; a gain above 0.2 is ruled out."), none.finding());
        Verdict few = verdict(fair(9, 98, 97.5), FAIR);
        assertEquals(NOT_RUN, few.outcome());
        assertTrue(few.finding().startsWith("9 seeds with KD and 9 without are stored"), few.finding());
    }

    @Test
    void theFairTestTakesTheSeedsOfBothSides() {
        List<Run> runs = new ArrayList<>(fair(12, 98, 97.5));
        runs.removeIf(
                run -> run.settings().role() == Role.STUDENT && run.settings().seed() <= 2);
        Quantity difference = verdict(runs, FAIR).quantities().get(2);
        assertEquals(10, difference.seeds());
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
        assertEquals(SUPPORTED, outcome(gap(5, 99, 97), GAP));
        assertEquals(NOT_SUPPORTED, outcome(gap(5, 99, 98), GAP));
        assertEquals(INCONCLUSIVE, outcome(gap(5, 99, 97.5), GAP));
        assertEquals(NOT_RUN, outcome(gap(1, 99, 97), GAP));
    }

    @Test
    void distillationIsNeverBelowWhereEveryTemperatureIsAboveOrNearlyAsHigh() {
        assertEquals(SUPPORTED, outcome(join(curve(5, t -> 98), plain(10, 97.5)), NEVER_BELOW));
        assertEquals(NOT_SUPPORTED, outcome(join(curve(5, t -> t == 64 ? 97 : 98), plain(10, 97.5)), NEVER_BELOW));
        assertEquals(INCONCLUSIVE, outcome(join(curve(3, t -> 97.5 + 2 * spread()), plain(10, 97.5)), NEVER_BELOW));
        assertEquals(SUPPORTED, outcome(join(curve(10, t -> 97.5), plain(10, 97.5)), NEVER_BELOW), "within the margin");
        assertEquals(NOT_RUN, outcome(curve(5, t -> 98), NEVER_BELOW));
    }

    @Test
    void epochFourIsBestWhereItIsAboveAllOthers() {
        assertEquals(SUPPORTED, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 98.5 : 97.5), EPOCH_4));
        Verdict seven = verdict(earlyStopped("q13", 5, epochs -> epochs == 7 ? 98.5 : 97.5), EPOCH_4);
        assertEquals(NOT_SUPPORTED, seven.outcome());
        assertTrue(seven.finding().contains("worse than epoch 7"), seven.finding());
        assertEquals(INCONCLUSIVE, outcome(earlyStopped("q13", 5, epochs -> 97.5), EPOCH_4));
        assertEquals(NOT_RUN, outcome(earlyStopped("q13", 1, epochs -> epochs == 4 ? 98.5 : 97.5), EPOCH_4));
    }

    @Test
    void theCellsOfTableThreeAreIndependentForEachHasATeacherOfItsOwn() {
        Verdict table = verdict(
                earlyStopped("q13", 3, epochs -> Published.table3(epochs).orElse(97.5)), "RESULT TABLE FOR ESKD");
        assertEquals(SUPPORTED, table.outcome(), table.finding());
        assertTrue(table.finding().contains("Each has a teacher of its own."), table.finding());
    }

    @Test
    void stoppingEarlyDoesNotImproveALotWhereOnePercentIsExcluded() {
        assertEquals(SUPPORTED, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 97.9 : 97.5), NO_GAIN));
        assertEquals(NOT_SUPPORTED, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 99.5 : 97.5), NO_GAIN));
        assertEquals(INCONCLUSIVE, outcome(earlyStopped("q13", 5, epochs -> epochs == 4 ? 98.5 : 97.5), NO_GAIN));
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
        assertEquals(NOT_RUN, outcome(runs, "The test accuracy for teacher model"));
    }

    @Test
    void eachReadingIsAskedForItself() {
        List<Run> described = curve(5, t -> 98 + .1 * log2(t)).stream()
                .map(run -> Runs.run(Runs.with(run.settings(), "variant", Variant.AS_DESCRIBED), run.testAccuracy()))
                .toList();
        assertEquals(NOT_SUPPORTED, verdict(described, FALLS, "as-described").outcome());
        assertEquals(NOT_RUN, verdict(described, FALLS, "as-written").outcome());
    }

    @Test
    void conclusionsAreCorrectedTogether() {
        List<Run> runs = join(curve(5, t -> 98 - .1 * log2(t)), fair(10, 98, 97.5));
        Verdict verdict = verdict(runs, FALLS);
        assertTrue(
                verdict.test()
                        .contains("Holm over 2 tests, the as-written conclusions: trend of T at alpha = 0.5, with KD"
                                + " less without."),
                verdict.test());
    }

    @Test
    void parametersAndOperationsHoldAndTheMisprintsDoNot() {
        assertEquals(SUPPORTED, outcome(List.of(), "teacher model: Parameter number:1011466"));
        assertEquals(NOT_SUPPORTED, outcome(List.of(), "FLOPs is 5.6422779648"));
        assertEquals(NOT_SUPPORTED, outcome(List.of(), "floating-point operations per second"));
        assertEquals(SUPPORTED, outcome(List.of(), "student models have more parameters"));
        assertEquals(SUPPORTED, outcome(List.of(), "3,540,986 parameters in total"));
        assertEquals(NOT_SUPPORTED, outcome(List.of(), "without transfer learning"));
        assertEquals(NOT_SUPPORTED, outcome(List.of(), "print out the training accuracy"));
        assertEquals(NOT_SUPPORTED, outcome(List.of(), "we only pay attention"));
        Verdict entropy = verdict(List.of(), "When the soft targets have high entropy");
        assertEquals(SUPPORTED, entropy.outcome());
        // Of exp(2.5), exp(1.5) and 1, by their sum 17.664: p = .690, .254, .057; -sum p ln p = .256 + .348 + .163.
        assertEquals(.767, entropy.quantities().get(1).value(), 1e-3);
        Verdict steps = verdict(List.of(), "not increase the times of floating computation");
        assertEquals(NOT_SUPPORTED, steps.outcome());
        // (22.042108 + 3 x 2.475932) / (3 x 2.475932) = 3.968.
        assertTrue(steps.finding().startsWith("A step with distillation does 4.0 times"), steps.finding());
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
            String whole = Files.readString(text);
            // Captions stand where a figure broke a sentence.
            report = letters(whole.replaceAll("(?m)^Fig\\. \\d+\\. .*$", "") + whole);
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
        String counts = Verdicts.summary(verdicts);
        assertTrue(text.markdown().contains(counts), counts);
        assertTrue(text.console().replaceAll("\\s+", " ").contains(counts), counts);
        assertTrue(text.console().lines().allMatch(line -> line.length() <= 120));
        assertEquals(verdicts.size() + 1, text.csv().lines().count());
        assertEquals(
                1 + verdicts.stream().mapToInt(one -> one.quantities().size()).sum(),
                text.numbersCsv().lines().count());
        assertTrue(text.markdown().contains("| T = 1, alpha = 0.5 less without KD | "), text.markdown());
        assertFalse(text.markdown().contains("NaN"));
    }

    @Test
    void aStatementIsCountedOnceHoweverItIsJudged() {
        List<Verdict> without = Verdicts.of(List.of(), List.of());
        List<Verdict> with = Verdicts.of(earlyStopped("q13-single-trajectory", 3, epochs -> 97.5), List.of());
        assertTrue(with.size() > without.size(), "the single trajectory is judged beside the report's way");
        String statements = Verdicts.summary(without).replaceAll(":.*", "");
        assertTrue(Verdicts.summary(with).startsWith(statements), Verdicts.summary(with));
        // Without runs of the report's way, that of the single trajectory counts: one less is not run.
        assertTrue(Verdicts.summary(with).contains(" inconclusive"), Verdicts.summary(with));
    }

    @Test
    void twoOfFiveResultsOutsideAreMoreThanChance() {
        // 1 - .95^5 - 5 x .05 x .95^4 = .0226.
        List<Run> runs = new ArrayList<>(sweep(3, VerdictsTest::report));
        runs.addAll(curve(3, t -> Published.table2(t).orElseThrow()));
        runs.addAll(earlyStopped("q13", 3, epochs -> Published.table3(epochs).orElse(97.5)));
        runs.addAll(teachers(99.7, 99.8, 99.9));
        String together = "five printed results";
        assertEquals(
                SUPPORTED,
                together(join(runs, plain(10, Published.PLAIN_STUDENT))).outcome());
        Verdict two = together(join(runs, plain(10, 96)));
        assertEquals(NOT_SUPPORTED, two.outcome());
        assertEquals(.0226, two.p(), 1e-4);
        assertTrue(two.claim().text().contains(together));
        assertEquals(NOT_RUN, together(runs).outcome());
    }

    private static Verdict together(List<Run> runs) {
        return Verdicts.of(runs, List.of()).stream()
                .filter(verdict -> verdict.claim().subject().contains("five printed results"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void runsOfASeedThatSeveralQuestionsTrainedCountAsTheirMean() {
        List<Run> runs = new ArrayList<>(earlyStopped("q13-single-trajectory", 3, epochs -> 97.5));
        for (int seed = 1; seed <= 3; seed++) {
            for (int epochs = 1; epochs <= 12; epochs++) {
                Run wide = Runs.earlyStopped("q10", epochs, "0123456789abcdef", seed, 98.5);
                runs.add(Runs.run(Runs.with(wide.settings(), "width", 784), 98.5));
                runs.add(Runs.run(Runs.with(wide.settings(), "width", 12), 90));
            }
        }
        Evidence.Cell cell = Task1Runs.of(Variant.AS_WRITTEN, runs).table3(true).cell();
        assertEquals(3, cell.n());
        // The mean of about 97.5 and of 98.5.
        assertEquals(98, cell.bySeed().get(1L), .2);
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
