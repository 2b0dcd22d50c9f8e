package distill.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How a classifier did on a set of examples: everything that the report's assignment asks of Task 2, from one pass of
 * the network over the set. The predicted class is that of the largest output; the first of several.
 *
 * <p>Of two classes the second is the positive one. It is scored by the difference of the two outputs: for logits z
 * that orders the examples as the probability softmax(z) of the positive class does, which is the logistic function of
 * z<sub>1</sub> - z<sub>0</sub>, but confident examples do not round to the same probability 1 and tie; for
 * probabilities p<sub>1</sub> - p<sub>0</sub> = 2 p<sub>1</sub> - 1 orders them as p<sub>1</sub> does.
 *
 * @param confusion how many examples of each class were predicted as each
 * @param rocCurve of two classes; empty for more, and where all examples are of one class, for the curve has no rates
 *     there
 * @param rocAuc the area under the ROC curve, 0 to 1; of more classes than two the mean over the classes, each against
 *     all others, where {@link #ofLogits} measured; else empty
 */
public record Classification(ConfusionMatrix confusion, Optional<RocCurve> rocCurve, Optional<Double> rocAuc) {

    /**
     * Measures a classifier.
     *
     * @param classes the classes' names, at least two; class i is the i-th
     * @param truth the class of each of the n examples
     * @param outputs n x classes logits or probabilities, one example after the other
     * @throws IllegalArgumentException where sizes do not agree, there is no example, a class is out of range, or an
     *     output is NaN or infinite
     */
    public static Classification of(List<String> classes, int[] truth, double[] outputs) {
        int width = classes.size();
        if (width < 2 || truth.length == 0 || outputs.length != (long) truth.length * width) {
            throw new IllegalArgumentException(
                    "found %d classes, %d labels and %d outputs, expected two classes or more, a label or more, and for each label an output for each class"
                            .formatted(width, truth.length, outputs.length));
        }
        for (int i = 0; i < outputs.length; i++) {
            if (!Double.isFinite(outputs[i])) {
                throw new IllegalArgumentException("output %d of example %d is %s, expected a finite number"
                        .formatted(i % width, i / width, outputs[i]));
            }
        }
        ConfusionMatrix confusion = ConfusionMatrix.of(classes, truth, largest(outputs, width));
        if (width > 2 || confusion.support(0) == 0 || confusion.support(1) == 0) {
            return new Classification(confusion, Optional.empty(), Optional.empty());
        }
        boolean[] positive = new boolean[truth.length];
        double[] scores = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            positive[i] = truth[i] == 1;
            scores[i] = outputs[2 * i + 1] - outputs[2 * i];
        }
        RocCurve curve = RocCurve.of(positive, scores);
        return new Classification(confusion, Optional.of(curve), Optional.of(curve.area()));
    }

    /**
     * As {@link #of}, of a classifier that puts out logits, with the area under the ROC curves of more classes than
     * two, too: scikit-learn's {@code roc_auc_score(truth, softmax(logits), multi_class="ovr", average="macro")}. There
     * is none where a class has no example.
     *
     * @param logits n x classes numbers, one example after the other
     */
    public static Classification ofLogits(List<String> classes, int[] truth, double[] logits) {
        Classification measured = of(classes, truth, logits);
        ConfusionMatrix confusion = measured.confusion;
        int width = classes.size();
        if (width == 2 || IntStream.range(0, width).anyMatch(i -> confusion.support(i) == 0)) {
            return measured;
        }
        double sum = 0;
        for (int label = 0; label < width; label++) {
            boolean[] positive = new boolean[truth.length];
            double[] scores = new double[truth.length];
            for (int i = 0; i < truth.length; i++) {
                positive[i] = truth[i] == label;
                scores[i] = logOdds(logits, i * width, width, label);
            }
            sum += RocCurve.of(positive, scores).area();
        }
        return new Classification(confusion, Optional.empty(), Optional.of(sum / width));
    }

    /**
     * ln(p / (1 - p)) of a class's probability p = softmax(logits): the class's logit less the logarithm of the sum of
     * the others' exponentials. It orders examples as p does, and those near 1 do not tie.
     */
    private static double logOdds(double[] logits, int from, int width, int label) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < width; i++) {
            most = i == label ? most : Math.max(most, logits[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += i == label ? 0 : Math.exp(logits[from + i] - most);
        }
        return logits[from + label] - most - Math.log(sum);
    }

    /** The share of examples whose largest output is their label's, in percent; there is at least one. */
    public static double percentRight(double[] outputs, int[] labels) {
        int[] predicted = largest(outputs, outputs.length / labels.length);
        long right = IntStream.range(0, labels.length)
                .filter(i -> predicted[i] == labels[i])
                .count();
        return 100.0 * right / labels.length;
    }

    /**
     * The mean cross-entropy of the softmax of outputs with labels, in nats; there is at least one.
     *
     * @param outputs of a network, which the losses take as logits
     */
    public static double meanCrossEntropy(double[] outputs, int[] labels) {
        int classes = outputs.length / labels.length;
        double sum = 0;
        for (int example = 0; example < labels.length; example++) {
            double[] logits = Arrays.copyOfRange(outputs, example * classes, (example + 1) * classes);
            double largest = Arrays.stream(logits).max().orElseThrow();
            double exponentials = Arrays.stream(logits)
                    .map(logit -> Math.exp(logit - largest))
                    .sum();
            sum += largest + Math.log(exponentials) - logits[labels[example]];
        }
        return sum / labels.length;
    }

    /** The class of the largest output of each example, the first of several. */
    public static int[] largest(double[] outputs, int classes) {
        int[] largest = new int[outputs.length / classes];
        for (int example = 0; example < largest.length; example++) {
            for (int i = 1; i < classes; i++) {
                if (outputs[example * classes + i] > outputs[example * classes + largest[example]]) {
                    largest[example] = i;
                }
            }
        }
        return largest;
    }

    /** The share of examples, 0 to 1, for which two classifiers predict the same class. */
    public static double agreement(int[] predicted, int[] other) {
        if (predicted.length == 0 || predicted.length != other.length) {
            throw new IllegalArgumentException("found %d and %d predictions, expected as many of one as of the other"
                    .formatted(predicted.length, other.length));
        }
        int same = 0;
        for (int i = 0; i < predicted.length; i++) {
            same += predicted[i] == other[i] ? 1 : 0;
        }
        return (double) same / predicted.length;
    }

    /** The share of examples, 0 to 1, that were predicted right. */
    public double accuracy() {
        return confusion.accuracy();
    }

    /** Precision, recall, F1 and support of each class, and their averages. */
    public ClassificationReport report() {
        return ClassificationReport.of(confusion);
    }
}
