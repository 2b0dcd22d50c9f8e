package distill.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ROC curve, as scikit-learn's {@code roc_curve} gives it with {@code drop_intermediate=False}: a point for each
 * different score, points on a straight line too.
 *
 * @param points from where nothing counts as positive to where everything does
 */
public record RocCurve(List<Point> points) {

    /**
     * What counting every score from the threshold on as positive gives.
     *
     * @param threshold infinite at the first point
     * @param falsePositives how many negative examples count as positive
     * @param truePositives how many positive examples do
     */
    public record Point(double threshold, int falsePositives, int truePositives) {}

    /**
     * The curve.
     *
     * @param positive whether each example is of the positive class
     * @param scores of each example, finite, higher for what is more likely positive
     * @throws IllegalArgumentException where there are not as many of one as of the other, or no example of a class
     */
    public static RocCurve of(boolean[] positive, double[] scores) {
        long positives =
                IntStream.range(0, positive.length).filter(i -> positive[i]).count();
        if (positive.length != scores.length || positives == 0 || positives == positive.length) {
            throw new IllegalArgumentException(
                    "found %d scores for %d positive and %d negative examples, expected one for each, and examples of both"
                            .formatted(scores.length, positives, positive.length - positives));
        }
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Point> points = new ArrayList<>(List.of(new Point(Double.POSITIVE_INFINITY, 0, 0)));
        int right = 0;
        for (int i = 0; i < order.length; i++) {
            right += positive[order[i]] ? 1 : 0;
            double score = scores[order[i]];
            if (i + 1 == order.length || scores[order[i + 1]] != score) {
                points.add(new Point(score, i + 1 - right, right));
            }
        }
        return new RocCurve(List.copyOf(points));
    }

    /**
     * The area under the curve: the probability that a positive example scores higher than a negative one, ties
     * counting half. It is the statistic U of Mann and Whitney in parts of its largest value. Sources: Mann and Whitney
     * 1947; Hanley and McNeil 1982, Radiology 143; scikit-learn's {@code roc_auc_score}.
     *
     * @return 0 to 1, .5 for scores that say nothing
     */
    public double area() {
        double pairs = 0;
        for (int i = 1; i < points.size(); i++) {
            Point from = points.get(i - 1);
            Point to = points.get(i);
            pairs += (to.falsePositives() - from.falsePositives())
                    * (from.truePositives() + (double) to.truePositives())
                    / 2;
        }
        Point all = points.get(points.size() - 1);
        return pairs / ((double) all.falsePositives() * all.truePositives());
    }
}
