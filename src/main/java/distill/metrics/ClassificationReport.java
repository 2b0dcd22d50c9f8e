package distill.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Precision, recall, F1 and support of each class with their averages; {@link #text} is what scikit-learn's
 * {@code classification_report} prints with {@code zero_division=0}.
 *
 * @param byClass the scores of each class
 * @param accuracy the share of examples, 0 to 1, that were predicted right
 * @param macroAverage the mean over the classes, each counting the same
 * @param weightedAverage the mean over the classes, each counting as its support
 */
public record ClassificationReport(
        List<ClassScores> byClass, double accuracy, ClassScores macroAverage, ClassScores weightedAverage) {

    /**
     * What {@code precision_recall_fscore_support} of scikit-learn gives for one class, or an average of several. A
     * quotient whose denominator is 0 counts as 0 ({@code zero_division=0}).
     *
     * @param name the class, or which average
     * @param precision of the examples predicted as this class the share that is, 0 to 1
     * @param recall of the examples of this class the share that was predicted as such, 0 to 1
     * @param f1 their harmonic mean, 2 right / (support + predicted), 0 to 1
     * @param support how many examples are of this class
     */
    public record ClassScores(String name, double precision, double recall, double f1, int support) {

        private static ClassScores of(ConfusionMatrix confusion, int index) {
            int right = confusion.right(index);
            int support = confusion.support(index);
            int predicted = confusion.predicted(index);
            return new ClassScores(
                    confusion.classes().get(index),
                    quotient(right, predicted),
                    quotient(right, support),
                    quotient(2. * right, support + predicted),
                    support);
        }

        private static double quotient(double count, int of) {
            return of == 0 ? 0 : count / of;
        }
    }

    /** The report on a confusion matrix. */
    public static ClassificationReport of(ConfusionMatrix confusion) {
        List<ClassScores> byClass = IntStream.range(0, confusion.classes().size())
                .mapToObj(index -> ClassScores.of(confusion, index))
                .toList();
        return new ClassificationReport(
                byClass,
                confusion.accuracy(),
                average("macro avg", byClass, scores -> 1, confusion.total()),
                average("weighted avg", byClass, ClassScores::support, confusion.total()));
    }

    private static ClassScores average(
            String name, List<ClassScores> byClass, ToDoubleFunction<ClassScores> weight, int total) {
        return new ClassScores(
                name,
                mean(byClass, ClassScores::precision, weight),
                mean(byClass, ClassScores::recall, weight),
                mean(byClass, ClassScores::f1, weight),
                total);
    }

    private static double mean(
            List<ClassScores> byClass, ToDoubleFunction<ClassScores> value, ToDoubleFunction<ClassScores> weight) {
        double sum = 0;
        double weights = 0;
        for (ClassScores scores : byClass) {
            sum += weight.applyAsDouble(scores) * value.applyAsDouble(scores);
            weights += weight.applyAsDouble(scores);
        }
        return sum / weights;
    }

    /** As scikit-learn prints it, with two digits. */
    public String text() {
        return text(2);
    }

    /**
     * As scikit-learn prints it.
     *
     * @param digits after the point
     */
    String text(int digits) {
        int width = byClass.stream()
                .mapToInt(scores -> scores.name().length())
                .reduce(weightedAverage.name().length(), Math::max);
        String line = "%" + Math.max(width, digits) + "s  %9s %9s %9s %9s\n";
        StringBuilder text = new StringBuilder(line.formatted("", "precision", "recall", "f1-score", "support"));
        text.append('\n');
        byClass.forEach(scores -> text.append(text(line, scores, digits)));
        return text.append('\n')
                .append(line.formatted("accuracy", "", "", rounded(accuracy, digits), weightedAverage.support()))
                .append(text(line, macroAverage, digits))
                .append(text(line, weightedAverage, digits))
                .toString();
    }

    private static String text(String line, ClassScores scores, int digits) {
        return line.formatted(
                scores.name(),
                rounded(scores.precision(), digits),
                rounded(scores.recall(), digits),
                rounded(scores.f1(), digits),
                scores.support());
    }

    /** As Python's format: of the binary number itself, a tie to the even digit, where Java's rounds it up. */
    private static String rounded(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }
}
