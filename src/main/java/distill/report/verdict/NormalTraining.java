package distill.report.verdict;

import static distill.report.verdict.Words.text;

import java.util.List;

/** Question 1 c: what a normal training looks at, which no run is needed for. */
final class NormalTraining {

    private static final Claim HIGHEST = new Claim(
            "In our normal training, we only pay attention to the difference between result with highest probability and"
                    + " ground truth.",
            "Task 1, Question 1 c");
    private static final double[] FIRST = {.3, .5, .2};
    private static final double[] SECOND = {.3, .6, .1};
    private static final double[] THIRD = {.4, .5, .1};

    private NormalTraining() {}

    static List<Verdict> of() {
        return List.of(HIGHEST.withoutRuns(
                "The cross-entropy of three outputs, whose true class is the first, by the report's own formula.",
                loss(FIRST) == loss(SECOND) && loss(FIRST) != loss(THIRD) ? Outcome.NOT_SUPPORTED : Outcome.SUPPORTED,
                text(
                        "The loss looks at the probability of the true class, whether that is the highest or not: 0.3, 0.5, 0.2 and 0.3, 0.6, 0.1 have different highest probabilities and the same loss, %.3f; 0.4, 0.5, 0.1 has the first's highest probability and another loss, %.3f. Its gradient with respect to the logits, probability less label, is of all classes.",
                        loss(FIRST), loss(THIRD)),
                List.of(
                        Quantity.plain("loss of 0.3, 0.5, 0.2", 0, loss(FIRST), 3),
                        Quantity.plain("loss of 0.3, 0.6, 0.1", 0, loss(SECOND), 3),
                        Quantity.plain("loss of 0.4, 0.5, 0.1", 0, loss(THIRD), 3))));
    }

    /** In nats, the first class being the true one. */
    private static double loss(double[] probabilities) {
        return -Math.log(probabilities[0]);
    }
}
