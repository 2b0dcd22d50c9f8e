package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.margin;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Interval;
import distill.statistics.SeedsNeeded;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Question 6: the teacher over the student, and the students with distillation over the one without. */
final class WithoutDistillation {

    private static final String PLACE = "Task 1, Question 6";
    private static final Claim GAP = new Claim("the difference between student and teacher model is about 2%", PLACE);
    private static final Claim NEVER_BELOW = new Claim(
            "so the accuracy will not decrease below the student model without knowledge distillation", PLACE);
    private static final double TO_PLAIN = Task1Runs.TEACHER - Published.PLAIN_STUDENT;
    private static final double TO_BEST = Task1Runs.TEACHER - Published.BEST_STUDENT;
    /** What is about 2, in points: what rounds to it. */
    private static final Interval ABOUT_TWO = new Interval(1.5, 2.5);
    /** What is about 2 for who takes it more loosely. */
    private static final Interval LOOSELY_TWO = new Interval(1, 3);

    private WithoutDistillation() {}

    /** The teacher over the student without distillation, of which the report's own numbers come nearest to 2 %. */
    static Verdict gap(Task1Runs runs) {
        String test = "Welch's 95 % interval of teacher less student without KD. That about 2 % is " + ABOUT_TWO.text()
                + " points, what rounds to 2, is our reading.";
        Cell teachers = runs.teachers().cell();
        Evidence both = runs.teachers().and(runs.plain());
        if (both.fewest() < Evidence.LEAST_SEEDS) {
            String what = "%s of the teacher and %s of the student without KD are stored, %d of each are needed"
                    .formatted(
                            count(teachers.n(), "seed"),
                            count(both.cells().get(1).n(), "seed"),
                            Evidence.LEAST_SEEDS);
            return GAP.notRun(both, test, what);
        }
        Estimate gap = both.difference();
        Outcome outcome = about(ABOUT_TWO, gap);
        double edge = Math.min(Math.abs(gap.value() - ABOUT_TWO.low()), Math.abs(gap.value() - ABOUT_TWO.high()));
        List<Quantity> quantities = new ArrayList<>(
                List.of(Quantity.percent("teacher less student without KD", both.fewest(), gap, TO_PLAIN)));
        Cell best = runs.best().cell();
        if (best.n() > 0) {
            runs.spread("q5")
                    .map(spread -> Estimate.ofMean(teachers.runs()).minus(spread.mean(best.runs())))
                    .ifPresent(toBest -> quantities.add(Quantity.percent(
                            "teacher less student with KD, " + best.name(),
                            Math.min(best.n(), teachers.n()),
                            toBest,
                            TO_BEST)));
        }
        return new Verdict(
                GAP,
                runs.reading().toString(),
                test,
                null,
                outcome,
                text(
                        "The teacher is %.2f points over the student without KD (%s); the report's own numbers give %.2f, and %.2f to its best student with KD. With %s for about 2 it would be %s.%s",
                        gap.value(),
                        interval(gap.interval()),
                        TO_PLAIN,
                        TO_BEST,
                        LOOSELY_TWO.text(),
                        about(LOOSELY_TWO, gap),
                        outcome == Outcome.INCONCLUSIVE
                                ? Words.toSettle(SeedsNeeded.reaching(gap, both.fewest(), 1, edge), both.fewest(), both)
                                : ""),
                quantities);
    }

    private static Outcome about(Interval two, Estimate gap) {
        Interval interval = gap.interval();
        return Outcome.of(
                interval.high() < two.low() || interval.low() > two.high(),
                two.contains(interval.low()) && two.contains(interval.high()));
    }

    /** With distillation at every temperature of Table II, no worse than without. */
    static Verdict neverBelow(Task1Runs runs) {
        Cell plain = runs.plain().cell();
        Evidence table = runs.table2();
        int temperatures = table.cells().size();
        String test =
                "Each temperature of Table II against the student without KD, a seed counting once on either side,"
                        + " with the spread of students with KD pooled over the temperatures, that without its own"
                        + " (Satterthwaite's degrees of freedom). Not supported where one is found below (Holm over the "
                        + temperatures
                        + " tests); supported where the intervals together (Bonferroni) rule out that any is "
                        + margin(Effect.MARGIN) + " points below, a margin of ours.";
        Optional<Spread> spread = runs.spread("q6");
        Evidence both = table.and(runs.plain());
        int seeds = both.fewest();
        if (seeds < Evidence.LEAST_SEEDS || spread.isEmpty()) {
            String what = "%s of the temperature with the fewest and %s without KD are stored, %d are needed"
                    .formatted(count(table.fewest(), "seed"), count(plain.n(), "seed"), Evidence.LEAST_SEEDS);
            return NEVER_BELOW.notRun(both, test, what);
        }
        Map<String, Estimate> over = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        for (Cell cell : table.cells()) {
            Estimate difference = spread.get().mean(cell.runs()).minus(Estimate.ofMean(plain.runs()));
            over.put(cell.name(), difference);
            quantities.add(Quantity.percent(
                    cell.name() + " less without KD",
                    Math.min(cell.n(), plain.n()),
                    difference,
                    cell.report() - Published.PLAIN_STUDENT));
        }
        TestFamily family = TestFamily.ofDifferences("temperatures against no KD", over);
        int below = family.below().size();
        int above = family.above(over.keySet()).size();
        double lowest =
                over.values().stream().mapToDouble(Estimate::value).min().orElseThrow();
        double surely = least(over, seeds, seeds);
        Outcome outcome = Outcome.of(below > 0, surely > -Effect.MARGIN);
        return new Verdict(
                NEVER_BELOW,
                runs.reading().toString(),
                test,
                family.p(over.keySet()),
                outcome,
                text(
                                "After the correction %d of %d temperatures are above the student without KD and %s below. The lowest is %s points from it, and the intervals together rule out less than %s. ",
                                above,
                                temperatures,
                                below == 0 ? "none is" : below == 1 ? "1 is" : below + " are",
                                signed(lowest),
                                signed(surely))
                        + (below > 0
                                ? "No margin changes that."
                                : surely > 0
                                        ? "Any margin gives the same verdict."
                                        : text(
                                                "The margin of %s is ours: with any above %.2f it is supported, with a smaller one inconclusive.",
                                                margin(Effect.MARGIN), -surely))
                        + (outcome == Outcome.INCONCLUSIVE
                                ? Words.toSettle(wanted -> least(over, seeds, wanted) > -Effect.MARGIN, seeds, both)
                                : ""),
                quantities);
    }

    /** The lowest end of the intervals together, with so many seeds. */
    private static double least(Map<String, Estimate> over, int seeds, int wanted) {
        return over.values().stream()
                .mapToDouble(one -> SeedsNeeded.with(one, seeds, wanted)
                        .intervalAmong(over.size())
                        .low())
                .min()
                .orElseThrow();
    }
}
