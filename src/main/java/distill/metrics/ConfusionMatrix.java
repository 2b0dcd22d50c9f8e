package distill.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many examples of each class were predicted as each, as scikit-learn's {@code confusion_matrix}: a row for each
 * true class, in it a column for each predicted one.
 *
 * @param classes the classes' names
 * @param counts {@code counts.get(t).get(p)} examples of class t were predicted as p
 */
public record ConfusionMatrix(List<String> classes, List<List<Integer>> counts) {

    /**
     * Counts.
     *
     * @param truth the class of each example
     * @param predicted what each was predicted as
     * @throws IllegalArgumentException where there are not as many of one as of the other, or a class is out of range
     */
    public static ConfusionMatrix of(List<String> classes, int[] truth, int[] predicted) {
        if (truth.length != predicted.length) {
            throw new IllegalArgumentException(
                    "found %d labels and %d predictions".formatted(truth.length, predicted.length));
        }
        int[][] counts = new int[classes.size()][classes.size()];
        for (int i = 0; i < truth.length; i++) {
            check(classes, truth[i], "label", i);
            check(classes, predicted[i], "prediction", i);
            counts[truth[i]][predicted[i]]++;
        }
        return new ConfusionMatrix(
                List.copyOf(classes),
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    private static void check(List<String> classes, int value, String what, int example) {
        if (value < 0 || value >= classes.size()) {
            throw new IllegalArgumentException("%s %d of example %d is not one of the classes 0 to %d"
                    .formatted(what, value, example, classes.size() - 1));
        }
    }

    /** How many examples of a class were predicted as such. */
    public int right(int index) {
        return counts.get(index).get(index);
    }

    /** How many examples are of a class. */
    public int support(int index) {
        return counts.get(index).stream().mapToInt(Integer::intValue).sum();
    }

    /** How many examples were predicted as a class. */
    public int predicted(int index) {
        return counts.stream().mapToInt(row -> row.get(index)).sum();
    }

    /** How many examples there are. */
    public int total() {
        return IntStream.range(0, classes.size()).map(this::support).sum();
    }

    /** The share of examples, 0 to 1, that were predicted right; NaN without examples. */
    public double accuracy() {
        return (double) IntStream.range(0, classes.size()).map(this::right).sum() / total();
    }
}
