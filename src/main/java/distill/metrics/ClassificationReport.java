package distill.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    private static final int DIGITS = 2;
    private static final int COLUMN = 9;

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
                total,
                Optional.empty());
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

    /** The classes of which a value is 0 only by convention, as {@code SSA precision: no example was predicted so}. */
    public List<String> undefined() {
        return byClass.stream()
                .flatMap(scores -> scores.undefined().stream().map(reason -> scores.name() + " " + reason))
                .toList();
    }

    /** As scikit-learn prints it, with two digits. */
    public String text() {
        return text(DIGITS);
    }

    /**
     * As scikit-learn prints it.
     *
     * @param digits after the point
     */
    public String text(int digits) {
        int width = Stream.concat(byClass.stream(), Stream.of(weightedAverage))
                .mapToInt(scores -> scores.name().length())
                .max()
                .orElseThrow();
        width = Math.max(width, digits);
        StringBuilder text = new StringBuilder();
        text.append(line(width, "", "precision", "recall", "f1-score", "support"))
                .append('\n');
        for (ClassScores scores : byClass) {
            text.append(line(width, scores, digits));
        }
        text.append('\n')
                .append(line(
                        width,
                        "accuracy",
                        "",
                        "",
                        rounded(accuracy, digits),
                        Integer.toString(weightedAverage.support())))
                .append(line(width, macroAverage, digits))
                .append(line(width, weightedAverage, digits));
        return text.toString();
    }

    private static String line(int width, ClassScores scores, int digits) {
        return line(
                width,
                scores.name(),
                rounded(scores.precision(), digits),
                rounded(scores.recall(), digits),
                rounded(scores.f1(), digits),
                Integer.toString(scores.support()));
    }

    private static String line(int width, String name, String... cells) {
        StringBuilder line = new StringBuilder(right(name, width)).append(' ');
        for (String cell : cells) {
            line.append(' ').append(right(cell, COLUMN));
        }
        return line.append('\n').toString();
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** As Python's format: of the binary number itself, a tie to the even digit, where Java's rounds it up. */
    private static String rounded(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }
}
