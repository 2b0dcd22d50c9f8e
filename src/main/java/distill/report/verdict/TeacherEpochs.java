package distill.report.verdict;

import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.margin;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.FTest;
import distill.statistics.Factorial;
import distill.statistics.Interval;
import distill.statistics.SeedsNeeded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Questions 10 and 13: do students get worse as their teacher is trained for longer, and why do they not get better a
 * lot where it is stopped early? By the students of each seed's teacher as it was after each of its epochs.
 */
final class TeacherEpochs {

    private static final Claim WORSE = new Claim(
            "For the same student model, if the teacher model is more complex and has higher accuracy, the performance of"
                    + " student model will become worse.",
            "Task 1, Question 10");
    private static final Claim NO_ROOM = new Claim(
            "First, the test accuracy is high enough, there cannot be a large improvement in the performance.",
            "Task 1, Question 13");
    private static final Claim CAPACITY = new Claim(
            "The solution of the teacher model is not beyond the capacity of the student model, so the student model can"
                    + " still learn enough knowledge from teacher model.",
            "Task 1, Question 13");
    private static final String TREND = "trend of the teacher's epochs";
    private static final String EPOCHS = "teacher's epochs";
    private static final String TEST =
            "Linear trend of the students over their teacher's epochs, a contrast in blocks of one seed. More complex is a"
                    + " teacher that was trained for longer, of 1 to " + Published.EPOCHS + " epochs.";

    private TeacherEpochs() {}

    /** The tests of the teacher's epochs: of their trend, and of any effect. */
    static Map<String, Double> tests(Task1Runs runs) {
        Map<String, Double> tests = new LinkedHashMap<>();
        runs.table3(true).analysisOfSeeds().ifPresent(analysis -> {
            tests.put(EPOCHS, analysis.rowEffect().p());
            tests.put(TREND, trend(analysis).p());
        });
        return tests;
    }

    /** In points for each epoch. */
    private static Estimate trend(Factorial analysis) {
        return analysis.rowTrend(epochs -> epochs);
    }

    static List<Verdict> of(Task1Runs runs, TestFamily family) {
        Evidence table = runs.table3(true);
        Optional<Factorial> analysis = table.analysisOfSeeds();
        if (analysis.isEmpty()) {
            String what = table.lacking(EPOCHS);
            return List.of(
                    WORSE.notRun(table, TEST + Effect.RULE, what), noRoom(runs), CAPACITY.notRun(table, TEST, what));
        }
        Estimate trend = trend(analysis.get());
        int seeds = table.commonSeeds();
        Estimate whole = trend.times(Published.EPOCHS - 1);
        FTest any = analysis.get().rowEffect();
        List<Quantity> quantities = List.of(
                new Quantity("trend, for each epoch of the teacher", seeds, trend.value(), trend.interval(), null, 3),
                Quantity.percent("change along the trend from 1 to 12 epochs", seeds, whole, null),
                Quantity.plain("F of the " + EPOCHS, seeds, any.f(), 2));
        Effect worse = new Effect(whole, -1, family.p(TREND), family.size(), seeds);
        return List.of(
                new Verdict(
                        WORSE,
                        runs.reading().toString(),
                        TEST + Effect.RULE + " " + family.text(),
                        family.p(TREND),
                        worse.outcome(),
                        text("A student gets %s points for each epoch of its teacher. ", signed(trend.value(), 3))
                                + worse.sentence("the teacher's epochs from 1 to 12", "loss", table),
                        quantities),
                noRoom(runs),
                capacity(table, whole, quantities));
    }

    /** Where a longer trained teacher does not harm, the student's capacity is not exceeded. */
    private static Verdict capacity(Evidence table, Estimate whole, List<Quantity> quantities) {
        int seeds = table.commonSeeds();
        double most = Math.max(0, -whole.interval().low());
        double least = -whole.interval().high();
        Outcome outcome = Outcome.of(least > Effect.MARGIN, most < Effect.MARGIN);
        return new Verdict(
                CAPACITY,
                table.reading().toString(),
                TEST + " A teacher beyond the student's capacity would make a worse student the longer it is trained."
                        + " Supported where a loss of " + margin(Effect.MARGIN)
                        + " points from 1 to 12 epochs is ruled out at 95 %, a margin of ours.",
                null,
                outcome,
                text(
                                "From 1 to 12 epochs of the teacher the students change by %s points (%s)",
                                signed(whole.value()), interval(whole.interval()))
                        + switch (outcome) {
                            case SUPPORTED ->
                                most == 0
                                        ? ": they get better, whatever the margin."
                                        : text(": a loss above %.2f is ruled out, with any margin above that.", most);
                            case NOT_SUPPORTED -> text(": a loss above %s.", margin(Effect.MARGIN));
                            default ->
                                "."
                                        + Words.toSettle(
                                                SeedsNeeded.reaching(
                                                        whole, seeds, 1, Math.abs(Effect.MARGIN + whole.value())),
                                                seeds,
                                                table);
                        },
                quantities);
    }

    /** How far the teacher is over the student that it teaches with distillation. */
    private static Verdict noRoom(Task1Runs runs) {
        Evidence both = runs.teachers().and(runs.best());
        String test = "Welch's 95 % interval of the teacher over its student with KD, "
                + both.cells().get(1).name()
                + ": who imitates is not expected to gain more. A large improvement is "
                + margin(Quantity.LITTLE)
                + " point or more, which question 5 does not call little; the margin is ours.";
        if (both.fewest() < Evidence.LEAST_SEEDS) {
            return NO_ROOM.notRun(both, test, "%d seeds of both are needed".formatted(Evidence.LEAST_SEEDS));
        }
        Estimate room = both.difference();
        Interval interval = room.interval();
        Outcome outcome = Outcome.of(interval.low() > Quantity.LITTLE, interval.high() < Quantity.LITTLE);
        List<Cell> cells = both.cells();
        return new Verdict(
                NO_ROOM,
                runs.reading().toString(),
                test,
                null,
                outcome,
                text(
                                "The teacher is %.2f points over its student (%s). With a margin above %.2f the statement is supported, with one below %.2f it is not.",
                                room.value(), interval(interval), interval.high(), interval.low())
                        + (outcome == Outcome.INCONCLUSIVE
                                ? Words.toSettle(
                                        SeedsNeeded.reaching(
                                                room, both.fewest(), 1, Math.abs(Quantity.LITTLE - room.value())),
                                        both.fewest(),
                                        both)
                                : ""),
                List.of(
                        Quantity.mean("teacher", cells.get(0).runs(), Task1Runs.TEACHER),
                        Quantity.mean(cells.get(1).name(), cells.get(1).runs(), Published.BEST_STUDENT),
                        Quantity.percent("teacher less student", both.fewest(), room, null)));
    }
}
