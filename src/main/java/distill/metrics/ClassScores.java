package distill.metrics;

import java.util.Optional;

/**
 * What {@code precision_recall_fscore_support} of scikit-learn gives for one class, or an average of several. A
 * quotient whose denominator is 0 counts as 0 ({@code zero_division=0}), and {@code undefined} names it.
 *
 * @param name the class, or which average
 * @param precision of the examples predicted as this class the share that is, 0 to 1
 * @param recall of the examples of this class the share that was predicted as such, 0 to 1
 * @param f1 their harmonic mean, 2 right / (support + predicted), 0 to 1
 * @param support how many examples are of this class
 * @param undefined why some of the three are 0 by convention; empty where all are quotients
 */
public record ClassScores(
        String name, double precision, double recall, double f1, int support, Optional<String> undefined) {

    /** The scores of a class of a confusion matrix. */
    static ClassScores of(ConfusionMatrix confusion, int index) {
        int right = confusion.right(index);
        int support = confusion.support(index);
        int predicted = confusion.predicted(index);
        return new ClassScores(
                confusion.classes().get(index),
                quotient(right, predicted),
                quotient(right, support),
                quotient(2. * right, support + predicted),
                support,
                undefined(support, predicted));
    }

    private static Optional<String> undefined(int support, int predicted) {
        if (support == 0 && predicted == 0) {
            return Optional.of("precision, recall and F1: no example is of this class or was predicted so");
        }
        if (predicted == 0) {
            return Optional.of("precision: no example was predicted so");
        }
        return support == 0 ? Optional.of("recall: no example is of this class") : Optional.empty();
    }

    private static double quotient(double count, int of) {
        return of == 0 ? 0 : count / of;
    }
}
