package distill.report.verdict;

import static distill.report.verdict.Words.text;

import distill.metrics.Distributions;
import java.util.List;

/** Question 1 c: what a training on labels looks at, and what targets tell; no run is needed for either. */
final class NormalTraining {

    private static final Claim HIGHEST = new Claim(
            "In our normal training, we only pay attention to the difference between result with highest probability and"
                    + " ground truth.",
            "Task 1, Question 1 c");
    private static final Claim ENTROPY = new Claim(
            "When the soft targets have high entropy, they'll provide much more information for the student model training"
                    + " than hard targets.",
            "Task 1, Question 1 c");
    private static final double TEMPERATURE = 4;
    private static final double ROUNDING = 1e-12;
    private static final double[] FIRST = {.3, .5, .2};
    private static final double[] SECOND = {.3, .6, .1};
    private static final double[] THIRD = {.4, .5, .1};

    private NormalTraining() {}

    static List<Verdict> of() {
        return List.of(highest(), entropy());
    }

    private static Verdict highest() {
        return HIGHEST.withoutRuns(
                "The cross-entropy of three outputs, whose true class is the first, by the report's own formula.",
                loss(FIRST) == loss(SECOND) && loss(FIRST) != loss(THIRD) ? Outcome.NOT_SUPPORTED : Outcome.SUPPORTED,
                text(
                        "The loss looks at the probability of the true class, whether that is the highest or not: 0.3, 0.5, 0.2 and 0.3, 0.6, 0.1 have different highest probabilities and the same loss, %.3f; 0.4, 0.5, 0.1 has the first's highest probability and another loss, %.3f. Its gradient with respect to the logits, probability less label, is of all classes.",
                        loss(FIRST), loss(THIRD)),
                List.of(
                        Quantity.plain("loss of 0.3, 0.5, 0.2", 0, loss(FIRST), 3),
                        Quantity.plain("loss of 0.3, 0.6, 0.1", 0, loss(SECOND), 3),
                        Quantity.plain("loss of 0.4, 0.5, 0.1", 0, loss(THIRD), 3)));
    }

    /** Two images of one class, which a label does not tell apart. */
    private static Verdict entropy() {
        double[] near = Distributions.softmax(new double[] {10, 6, 0}, TEMPERATURE);
        double[] far = Distributions.softmax(new double[] {10, 0, 6}, TEMPERATURE);
        double readNear = TEMPERATURE * Math.log(near[1] / near[2]);
        double readFar = TEMPERATURE * Math.log(far[1] / far[2]);
        boolean told = Math.abs(readNear - 6) < ROUNDING && Math.abs(readFar + 6) < ROUNDING;
        return ENTROPY.withoutRuns(
                "What the targets of two images of one class, at T = 4, and their label tell, by the formula of the"
                        + " targets.",
                told && Distributions.entropy(near) > 0 ? Outcome.SUPPORTED : Outcome.NOT_SUPPORTED,
                text(
                        "Two images of the first of three classes, with logits 10, 6, 0 and 10, 0, 6, have the same hard target 1, 0, 0, whose entropy is 0. Their soft targets have an entropy of %.3f nats, and the differences of the logits can be read from them: T log(p2 / p3) is %.0f and %.0f. A label among ten classes tells at most %.2f bits; a soft target has nine such differences. It is not the entropy that tells them: equal targets have the highest, and tell nothing. Source: Hinton, Vinyals and Dean 2015, section 1, whose words these are.",
                        Distributions.entropy(near), readNear, readFar, Math.log(10) / Math.log(2)),
                List.of(
                        Quantity.plain(
                                "entropy of the hard target, nats",
                                0,
                                Distributions.entropy(new double[] {1, 0, 0}),
                                3),
                        Quantity.plain(
                                "entropy of the soft targets of 10, 6, 0, nats", 0, Distributions.entropy(near), 3)));
    }

    /** In nats, the first class being the true one. */
    private static double loss(double[] probabilities) {
        return -Math.log(probabilities[0]);
    }
}
