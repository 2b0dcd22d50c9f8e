package distill.run;

import distill.metrics.Classification;
import distill.metrics.ClassificationReport;
import distill.metrics.ConfusionMatrix;
import distill.metrics.RocCurve;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What Task 2 measures of a trained network on the test images. Precision, recall and F1 follow from the confusion
 * matrix.
 *
 * @param classes the names of the classes; of two the second is the positive one. Null in runs of
 *     {@code reference/task2.py}
 * @param confusion {@code confusion.get(t).get(p)} images of class t were predicted as p
 * @param rocAuc area under the ROC curve, 0 to 1, of more than two classes the mean over the classes, each against the
 *     others; null where there is none
 * @param rocCurve its corners from (0, 0) on, each as false positives and true positives, in images; null where there
 *     are not two classes, or as the area
 * @param batchStatistics the same network with each batch's own mean and variance in place of the moving ones:
 *     {@code model(x, training=True)} of Keras, on the shuffled test images in the training's batches
 * @param notebookReport what the report's program's classification report would be made of (slip
 *     {@code resampled-report}); null without that slip
 */
public record Evaluation(
        List<String> classes,
        List<List<Integer>> confusion,
        Double rocAuc,
        List<List<Integer>> rocCurve,
        Measures batchStatistics,
        Measures notebookReport) {

    /**
     * One pass over some images.
     *
     * @param confusion as in {@link Evaluation}
     * @param rocAuc as in {@link Evaluation}
     */
    public record Measures(List<List<Integer>> confusion, Double rocAuc) {

        /** The measures of a classification. */
        public static Measures of(Classification classification) {
            return new Measures(
                    classification.confusion().counts(), classification.rocAuc().orElse(null));
        }
    }

    /** The evaluation of a network, given its classification of all test images. */
    public static Evaluation of(Classification classification, Measures batchStatistics, Measures notebookReport) {
        Measures measures = Measures.of(classification);
        return new Evaluation(
                classification.confusion().classes(),
                measures.confusion(),
                measures.rocAuc(),
                classification.rocCurve().map(Evaluation::corners).orElse(null),
                batchStatistics,
                notebookReport);
    }

    /** The points of a curve that are not on a straight line between their neighbours. */
    private static List<List<Integer>> corners(RocCurve curve) {
        List<List<Integer>> points = curve.points().stream()
                .map(point -> List.of(point.falsePositives(), point.truePositives()))
                .toList();
        return IntStream.range(0, points.size())
                .filter(i -> i == 0
                        || i == points.size() - 1
                        || !onOneLine(points.get(i - 1), points.get(i), points.get(i + 1)))
                .mapToObj(points::get)
                .toList();
    }

    private static boolean onOneLine(List<Integer> a, List<Integer> b, List<Integer> c) {
        return (b.get(0) - a.get(0)) * (c.get(1) - b.get(1)) == (c.get(0) - b.get(0)) * (b.get(1) - a.get(1));
    }

    /** Precision, recall and F1 by class, and their averages. */
    public ClassificationReport report() {
        return ClassificationReport.of(matrix());
    }

    /** The test images by class and prediction. */
    public ConfusionMatrix matrix() {
        return matrix(confusion);
    }

    /** The confusion matrix of one of this run's other counts, such as an epoch's. */
    public ConfusionMatrix matrix(List<List<Integer>> counts) {
        return new ConfusionMatrix(
                classes != null
                        ? classes
                        : IntStream.range(0, counts.size())
                                .mapToObj(String::valueOf)
                                .toList(),
                counts);
    }
}
