package distill.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The area under the ROC curve: the probability that a positive example scores higher than a negative one, ties
 * counting half. It is the statistic U of Mann and Whitney in parts of its largest value, from the ranks of all scores,
 * of which equal ones share the mean of their ranks: AUC = (R - p (p + 1) / 2) / (p q) for p positive examples, the sum
 * of whose ranks is R, and q negative ones. Sources: Mann and Whitney 1947; Hanley and McNeil 1982, Radiology 143;
 * scikit-learn's {@code roc_auc_score}.
 */
public final class RocAuc {

    private RocAuc() {}

    /**
     * The area.
     *
     * @param positive whether each example is of the positive class
     * @param scores of each example, finite, higher for what is more likely positive
     * @return 0 to 1, .5 for scores that say nothing
     * @throws IllegalArgumentException where there are not as many of one as of the other, or no example of a class
     */
    public static double of(boolean[] positive, double[] scores) {
        RocCurve.check(positive, scores);
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double rankSum = 0;
        long positives = 0;
        int next;
        for (int first = 0; first < order.length; first = next) {
            next = first;
            int tied = 0;
            while (next < order.length && scores[order[next]] == scores[order[first]]) {
                tied += positive[order[next]] ? 1 : 0;
                next++;
            }
            // Ranks count from 1, so these are first + 1 to next.
            rankSum += tied * (first + 1 + next) / 2.;
            positives += tied;
        }
        long negatives = scores.length - positives;
        return (rankSum - positives * (positives + 1) / 2.) / ((double) positives * negatives);
    }
}
