package distill.report.verdict;

import static distill.report.verdict.Evidence.common;

import distill.report.Published;
import distill.report.statistics.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** Question 7: does the best student with distillation beat the one without, in as many runs of both? */
final class FairTest {

    private static final int RUNS = 10;
    private static final String STATEMENT =
            "the test accuracy of student model without knowledge distillation is 97.20%, while student models with"
                    + " knowledge distillation achieves 98.08% test accuracy at most. So the test accuracy of student"
                    + " models with knowledge distillation is higher than that of student model without knowledge"
                    + " distillation.";
    private static final String PLACE = "Task 1, Question 7";

    private FairTest() {}

    static Verdict of(Evidence evidence) {
        SortedMap<Long, Double> best =
                evidence.table1(new Evidence.Place(Published.BEST_TEMPERATURE, Published.BEST_ALPHA));
        double[] with = common(best, evidence.plain());
        double[] without = common(evidence.plain(), best);
        String test =
                "Welch's t test of the cell T = 16, alpha = 0.9 against the student without distillation, the same"
                        + " seeds on both sides, " + RUNS
                        + " or more. The runs of a seed share no chance, so they are not paired.";
        if (with.length < RUNS) {
            return new Verdict(
                    STATEMENT,
                    PLACE,
                    evidence.reading(),
                    test,
                    null,
                    Outcome.CANNOT_BE_TOLD,
                    "%d seeds have both, %d are wanted: `./reproduce task1 q5%s --temperatures 16 --alphas .9 --seeds %d` and `./reproduce task1 q7%s --seeds %d` make them."
                            .formatted(with.length, RUNS, evidence.option(), RUNS, evidence.option(), RUNS),
                    List.of());
        }
        Estimate difference = Estimate.ofMean(with).minus(Estimate.ofMean(without));
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.percent(
                "T = 16, alpha = 0.9", with.length, Estimate.ofMean(with).value(), null, Published.BEST_STUDENT));
        quantities.add(Quantity.percent(
                "without KD", without.length, Estimate.ofMean(without).value(), null, Published.PLAIN_STUDENT));
        quantities.add(Quantity.percent(
                "with less without",
                with.length,
                difference.value(),
                difference.interval(),
                Published.BEST_STUDENT - Published.PLAIN_STUDENT));
        Outcome outcome = difference.p() >= .05
                ? Outcome.CANNOT_BE_TOLD
                : difference.value() > 0 ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
        return new Verdict(
                STATEMENT,
                PLACE,
                evidence.reading(),
                test,
                difference.p(),
                outcome,
                String.format(
                        Locale.ROOT,
                        "Over %d runs of each the difference is %+.2f, 95 %% interval %s (p = %.3f).",
                        with.length,
                        difference.value(),
                        difference.interval().signedText(),
                        difference.p()),
                quantities);
    }
}
