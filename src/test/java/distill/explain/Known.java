package distill.explain;

import java.util.Arrays;

/** Models and images whose explanations are known. */
final class Known {

    private Known() {}

    /** A white image. */
    static Image white(int side) {
        float[] pixels = new float[side * side];
        Arrays.fill(pixels, 1);
        return new Image(side, side, pixels);
    }

    /** Class 0 is as probable as the mean of the upper left quadrant is bright; nothing else counts. */
    static Classifier quadrant(int side) {
        return (images, count) -> twoClasses(images, count, side * side, (image, from) -> {
            double sum = 0;
            for (int p = 0; p < side * side; p++) {
                sum += inQuadrant(p, side) ? image[from + p] : 0;
            }
            return sum / (side * side / 4.);
        });
    }

    static boolean inQuadrant(int pixel, int side) {
        return pixel / side < side / 2 && pixel % side < side / 2;
    }

    /** Class 0 is as probable as the sum of the pixels says, divided by {@code total}. */
    static Classifier sum(int pixels, double total) {
        return (images, count) -> twoClasses(images, count, pixels, (image, from) -> {
            double sum = 0;
            for (int p = 0; p < pixels; p++) {
                sum += image[from + p];
            }
            return sum / total;
        });
    }

    /** The probability of class 0 of the image that begins at {@code from}. */
    interface Probability {
        double of(float[] images, int from);
    }

    static double[] twoClasses(float[] images, int count, int pixels, Probability first) {
        double[] probabilities = new double[2 * count];
        for (int i = 0; i < count; i++) {
            probabilities[2 * i] = first.of(images, i * pixels);
            probabilities[2 * i + 1] = 1 - probabilities[2 * i];
        }
        return probabilities;
    }
}
