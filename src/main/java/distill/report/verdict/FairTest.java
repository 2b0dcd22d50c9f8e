package distill.report.verdict;

import static distill.report.verdict.Evidence.common;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.statistics.BestOf;
import distill.statistics.Estimate;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Question 7: does the best student with distillation beat the one without, in as many runs of both? */
final class FairTest {

    /** On each side, at least. */
    static final int RUNS = 10;

    private static final String STATEMENT =
            "the test accuracy of student model without knowledge distillation is 97.20%, while student models with"
                    + " knowledge distillation achieves 98.08% test accuracy at most. So the test accuracy of student"
                    + " models with knowledge distillation is higher than that of student model without knowledge"
                    + " distillation.";
    private static final String PLACE = "Task 1, Question 7";
    private static final double GAIN = Published.BEST_STUDENT - Published.PLAIN_STUDENT;
    private static final double SMALLEST = .001;
    private static final int CELLS = Published.TEMPERATURES.size() * Published.ALPHAS.size();

    private FairTest() {}

    /** The difference over the seeds that have both; empty where they are too few. */
    static Optional<Estimate> difference(Evidence evidence) {
        double[] with = with(evidence);
        return with.length < RUNS
                ? Optional.empty()
                : Optional.of(Estimate.ofMean(with).minus(Estimate.ofMean(without(evidence))));
    }

    private static double[] with(Evidence evidence) {
        return common(evidence.table1(Hyperparameters.BEST), evidence.plain());
    }

    private static double[] without(Evidence evidence) {
        return common(evidence.plain(), evidence.table1(Hyperparameters.BEST));
    }

    static Verdict of(Evidence evidence, Conclusions conclusions) {
        double[] with = with(evidence);
        double[] without = without(evidence);
        String test = "Welch's t test of " + Hyperparameters.BEST + " against the student without KD, the same seeds on"
                + " both sides, " + RUNS + " or more. Runs of one seed share no chance, so they are not paired.";
        List<Quantity> quantities = new ArrayList<>();
        Optional<Spread> spread = evidence.spread("q5");
        spread.ifPresent(one -> quantities.addAll(chance(one)));
        String byChance = spread.map(one -> " " + chanceInWords(one)).orElse("");
        if (conclusions.withLessWithout().isEmpty()) {
            return Verdict.untold(
                    STATEMENT,
                    PLACE,
                    evidence.reading().toString(),
                    test,
                    missing(evidence, with, without) + byChance,
                    quantities);
        }
        Estimate difference = conclusions.withLessWithout().get();
        double p = conclusions.family().p(Conclusions.DISTILLATION);
        double detectable = difference.detectable(conclusions.family().size());
        quantities.addAll(
                0,
                List.of(
                        Quantity.percent(
                                Hyperparameters.BEST.toString(),
                                with.length,
                                Estimate.ofMean(with).value(),
                                Estimate.ofMean(with).interval(),
                                Published.BEST_STUDENT),
                        Quantity.percent(
                                "without KD",
                                without.length,
                                Estimate.ofMean(without).value(),
                                Estimate.ofMean(without).interval(),
                                Published.PLAIN_STUDENT),
                        Quantity.percent(
                                "with KD less without", with.length, difference.value(), difference.interval(), GAIN),
                        Quantity.percent(
                                "smallest difference that 80 % of such tests find",
                                with.length, detectable, null, null)));
        Outcome outcome = p >= TestFamily.LEVEL
                ? Outcome.CANNOT_BE_TOLD
                : difference.value() > 0 ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
        return new Verdict(
                STATEMENT,
                PLACE,
                evidence.reading().toString(),
                test + " " + conclusions.family().text(),
                p,
                outcome,
                text(
                                "Over %d runs of each the difference is %+.2f, 95 %% interval %s, and not %+.2f (%s after the correction)%s.",
                                with.length,
                                difference.value(),
                                difference.interval().signedText(),
                                GAIN,
                                p(p),
                                outcome == Outcome.CANNOT_BE_TOLD
                                        ? text("; one of %.2f would have been found in 80 %% of cases", detectable)
                                        : "")
                        + byChance,
                quantities);
    }

    private static String missing(Evidence evidence, double[] with, double[] without) {
        SortedMap<Long, Double> best = evidence.table1(Hyperparameters.BEST);
        String commands = "%s and %s make them"
                .formatted(
                        evidence.command("q5 --temperatures 16 --alphas .9 --seeds " + RUNS),
                        evidence.command("q7 --seeds " + RUNS));
        String found = "%d runs with KD and %d without are stored, of %d seeds with both; %d are wanted: %s."
                .formatted(best.size(), evidence.plain().size(), with.length, RUNS, commands);
        if (with.length < 2) {
            return found;
        }
        Estimate soFar = Estimate.ofMean(with).minus(Estimate.ofMean(without));
        return found
                + text(
                        " So far the difference is %+.2f, 95 %% interval %s.",
                        soFar.value(), soFar.interval().signedText());
    }

    /** What the report's own comparison gives where distillation does nothing. */
    private static List<Quantity> chance(Spread spread) {
        BestOf best = new BestOf(CELLS);
        return List.of(
                Quantity.percent(
                        "best of " + CELLS + " runs over one run, on average, by chance alone",
                        0,
                        best.mean() * spread.sd(),
                        null,
                        GAIN),
                Quantity.plain(
                        "probability that the best of " + CELLS + " is over one run, by chance alone",
                        0,
                        best.overOne(0),
                        3),
                Quantity.plain(
                        text("probability that it is so by %.2f or more", GAIN),
                        0,
                        best.overOne(GAIN / spread.sd()),
                        3));
    }

    private static String chanceInWords(Spread spread) {
        BestOf best = new BestOf(CELLS);
        return text(
                "The report compares the best of %d runs with one: by chance alone that is over it in %.0f %% of cases, by %.2f on average, and by %.2f or more in %s.",
                CELLS,
                100 * best.overOne(0),
                best.mean() * spread.sd(),
                GAIN,
                percent(best.overOne(GAIN / spread.sd())));
    }

    private static String percent(double probability) {
        return probability < SMALLEST ? "less than 0.1 %" : text("%.1f %%", 100 * probability);
    }
}
