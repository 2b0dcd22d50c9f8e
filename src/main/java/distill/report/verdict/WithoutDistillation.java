package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.text;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Interval;
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
    /** What is about 2, in percent: what rounds to it. */
    private static final Interval ABOUT_TWO = new Interval(1.5, 2.5);

    private WithoutDistillation() {}

    /** The teacher over the student without distillation, of which the report's own numbers come nearest to 2 %. */
    static Verdict gap(Task1Runs runs) {
        String test =
                "Welch's 95 % interval of teacher less student without KD, about 2 % being " + ABOUT_TWO.text() + ".";
        Cell teachers = runs.teachers().cell();
        Evidence both = runs.teachers().and(runs.plain());
        if (both.fewest() < 2) {
            String what = "%s of the teacher and %s of the student without KD are stored, two of each are needed"
                    .formatted(count(teachers.n(), "run"), count(runs.plain().n(), "run"));
            return GAP.untold(both, test, what);
        }
        Estimate gap = both.difference();
        Interval interval = gap.interval();
        Outcome outcome = Outcome.of(
                interval.high() < ABOUT_TWO.low() || interval.low() > ABOUT_TWO.high(),
                ABOUT_TWO.contains(interval.low()) && ABOUT_TWO.contains(interval.high()));
        List<Quantity> quantities = new ArrayList<>(
                List.of(Quantity.percent("teacher less student without KD", both.fewest(), gap, TO_PLAIN)));
        Cell best = runs.best().cell();
        if (best.n() > 0) {
            runs.spread("q5")
                    .map(spread -> Estimate.ofMean(teachers.runs()).minus(spread.mean(best.runs())))
                    .ifPresent(toBest -> quantities.add(Quantity.percent(
                            "teacher less student with KD, " + best.name(), best.n(), toBest, TO_BEST)));
        }
        return new Verdict(
                GAP,
                runs.reading().toString(),
                test,
                null,
                outcome,
                text(
                        "The teacher is %.2f over the student without KD, 95 %% interval %s%s; the report's own numbers give %.2f, and %.2f to its best student with KD.",
                        gap.value(),
                        interval.text(),
                        outcome.choose("", "", ", which is both inside and outside"),
                        TO_PLAIN,
                        TO_BEST),
                quantities);
    }

    /** With distillation at every temperature of Table II, no worse than without. */
    static Verdict neverBelow(Task1Runs runs) {
        String test = "t tests of each temperature of Table II against the student without KD, with the spread of"
                + " students with KD pooled over the temperatures, that without its own (Satterthwaite's degrees of freedom).";
        Cell plain = runs.plain().cell();
        Evidence table = runs.table2();
        int temperatures = table.cells().size();
        Optional<Spread> spread = runs.spread("q6");
        if (plain.n() < 2 || table.empty() > 0 || spread.isEmpty()) {
            String what = "%d of %d temperatures have no run, and %s without KD stored"
                    .formatted(table.empty(), temperatures, plain.n() == 1 ? "1 run is" : plain.n() + " runs are");
            return NEVER_BELOW.untold(table.and(runs.plain()), test, what);
        }
        Map<String, Estimate> over = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        for (Cell cell : table.cells()) {
            Estimate difference = spread.get().mean(cell.runs()).minus(Estimate.ofMean(plain.runs()));
            over.put(cell.name(), difference);
            quantities.add(Quantity.percent(
                    cell.name() + " less without KD", cell.n(), difference, cell.report() - Published.PLAIN_STUDENT));
        }
        TestFamily family = TestFamily.ofDifferences("temperatures against no KD", over);
        int below = family.below().size();
        int above = family.above(over.keySet()).size();
        double lowest =
                over.values().stream().mapToDouble(Estimate::value).min().orElseThrow();
        double surely = over.values().stream()
                .mapToDouble(one -> one.intervalAmong(temperatures).low())
                .min()
                .orElseThrow();
        return new Verdict(
                NEVER_BELOW,
                runs.reading().toString(),
                test + " Holm over the " + temperatures + " tests.",
                family.p(over.keySet()),
                Outcome.of(below > 0, above == temperatures),
                text(
                        "After the correction %d of %d temperatures are above the student without KD and %s below; the lowest is %+.2f from it, and %+.2f is the least that the intervals together allow.",
                        above,
                        temperatures,
                        below == 0 ? "none is" : below == 1 ? "1 is" : below + " are",
                        lowest,
                        surely),
                quantities);
    }
}
