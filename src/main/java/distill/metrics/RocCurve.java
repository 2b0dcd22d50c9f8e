package distill.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ROC curve, as scikit-learn's {@code roc_curve} gives it with {@code drop_intermediate=False}: a point for each
 * different score, points on a straight line too.
 *
 * @param points from (0, 0), where nothing counts as positive, to (1, 1), where everything does
 */
public record RocCurve(List<Point> points) {

    /**
     * What counting every score from the threshold on as positive gives.
     *
     * @param threshold infinite at the first point
     * @param falsePositiveRate the share of negative examples that count as positive, 0 to 1
     * @param truePositiveRate the share of positive examples that do, 0 to 1
     */
    public record Point(double threshold, double falsePositiveRate, double truePositiveRate) {}

    /**
     * The curve.
     *
     * @param positive whether each example is of the positive class
     * @param scores of each example, finite, higher for what is more likely positive
     * @throws IllegalArgumentException where there are not as many of one as of the other, or no example of a class
     */
    public static RocCurve of(boolean[] positive, double[] scores) {
        check(positive, scores);
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double positives = positives(positive);
        double negatives = scores.length - positives;
        List<Point> points = new ArrayList<>(List.of(new Point(Double.POSITIVE_INFINITY, 0, 0)));
        int right = 0;
        for (int i = 0; i < order.length; i++) {
            right += positive[order[i]] ? 1 : 0;
            double score = scores[order[i]];
            if (i + 1 == order.length || scores[order[i + 1]] != score) {
                points.add(new Point(score, (i + 1 - right) / negatives, right / positives));
            }
        }
        return new RocCurve(List.copyOf(points));
    }

    static void check(boolean[] positive, double[] scores) {
        int positives = positives(positive);
        if (positive.length != scores.length || positives == 0 || positives == positive.length) {
            throw new IllegalArgumentException(
                    "found %d scores for %d positive and %d negative examples, expected one for each, and examples of both"
                            .formatted(scores.length, positives, positive.length - positives));
        }
    }

    private static int positives(boolean[] positive) {
        return (int)
                IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    }
}
