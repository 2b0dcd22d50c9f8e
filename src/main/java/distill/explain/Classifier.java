package distill.explain;

import java.util.Arrays;

/** A model as those see it that explain it from outside: a function from images to probabilities. */
@FunctionalInterface
public interface Classifier {

    /**
     * The probabilities of every class.
     *
     * @param images the values of count images, image by image
     * @param count how many images these are, at least 1
     * @return count * classes numbers from 0 to 1, image by image
     */
    double[] probabilities(float[] images, int count);

    /** The probability of one class on each of some images: count numbers. */
    default double[] probabilities(float[] images, int count, int target) {
        double[] all = probabilities(images, count);
        int classes = all.length / count;
        checkClass(target, classes);
        double[] scores = new double[count];
        Arrays.setAll(scores, i -> all[i * classes + target]);
        return scores;
    }

    /** Refuses a class that a model of {@code classes} does not have. */
    static void checkClass(int target, int classes) {
        if (target < 0 || target >= classes) {
            throw new IllegalArgumentException(
                    "the model has the classes 0 to %d, asked for class %d".formatted(classes - 1, target));
        }
    }

    /** The class of the largest probability; of several, the first. */
    default int predict(Image image) {
        double[] probabilities = probabilities(image.pixels(), 1);
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }
}
