package distill.experiment;

import distill.metrics.Distributions;
import distill.nn.Activation;
import java.io.IOException;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/** What the outputs of a teacher are that is run as it is, and what a reading's losses make of them. */
public enum OutputKind {

    /** None is negative, and those of an image sum to 1. */
    probabilities,

    /** The numbers before a softmax. */
    logits;

    /** How far from 1 probabilities may sum. */
    private static final double TOLERANCE = 1e-3;

    /** What outputs look like: probabilities where all rows do. */
    static OutputKind of(double[] outputs, int classes) {
        for (int row = 0; row < outputs.length; row += classes) {
            if (!isDistribution(outputs, row, classes)) {
                return logits;
            }
        }
        return probabilities;
    }

    private static boolean isDistribution(double[] outputs, int row, int classes) {
        double[] one = Arrays.copyOfRange(outputs, row, row + classes);
        return Arrays.stream(one).allMatch(p -> p >= 0)
                && Math.abs(Arrays.stream(one).sum() - 1) <= TOLERANCE;
    }

    /**
     * Outputs of this kind as a network puts them out that ends in softmax, or in nothing (linear), rounded to float32.
     *
     * <p>The logits of probabilities are their logarithms, of 0 that of float32's smallest normal number, -87.3. They
     * are the network's own but for a constant for each image, which a softmax at any temperature takes away. What
     * compares logits themselves sees that constant: {@code logit-mse}, and the slips {@code logit-targets} and,
     * without {@code double-softmax}, {@code unnormalised-targets}.
     *
     * @param source what errors call the teacher
     * @param outputs row by row
     * @param end softmax for probabilities, linear for logits
     * @throws IOException where outputs are not finite, or are to be probabilities and are not
     */
    double[] as(Activation end, String source, double[] outputs, int classes) throws IOException {
        double[] converted = new double[outputs.length];
        for (int row = 0; row < outputs.length; row += classes) {
            double[] one = Arrays.copyOfRange(outputs, row, row + classes);
            if (!Arrays.stream(one).allMatch(Double::isFinite)) {
                throw new IOException(source + " gives numbers for an image that are not all finite");
            }
            if (this == probabilities && !isDistribution(outputs, row, classes)) {
                DoubleSummaryStatistics found = Arrays.stream(one).summaryStatistics();
                throw new IOException(String.format(
                        Locale.ROOT,
                        "%s gives for an image numbers from %.4g to %.4g that sum to %.4g, expected probabilities, which sum to 1: does it give logits (--teacher-outputs logits)?",
                        source,
                        found.getMin(),
                        found.getMax(),
                        found.getSum()));
            }
            double[] wanted = end == Activation.SOFTMAX
                    ? this == probabilities ? one : Distributions.softmax(one, 1)
                    : this == logits ? one : logarithms(one);
            for (int i = 0; i < classes; i++) {
                // As they are kept, so that students see the same whether they are asked for or read again.
                converted[row + i] = (float) wanted[i];
            }
        }
        return converted;
    }

    private static double[] logarithms(double[] probabilities) {
        return Arrays.stream(probabilities)
                .map(p -> Math.log(Math.max(p, Float.MIN_NORMAL)))
                .toArray();
    }
}
