package distill.explain;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * LIME: local interpretable model-agnostic explanations. Pieces of the image are turned off at random, to black; a
 * linear model of the class's probability, fitted near the whole image, gives each piece its coefficient. Source:
 * Ribeiro, Singh and Guestrin, KDD 2016, and the defaults of their package lime 0.2: each piece is on with probability
 * .5, the first sample is the whole image, samples are weighted by sqrt(exp(-d^2 / .25^2)) with d the cosine distance
 * to it, and the linear model is a ridge regression with alpha 1 and an intercept.
 *
 * <p>lime turns pieces off to their mean colour where it is not told otherwise; here, as in RISE and in
 * {@link Faithfulness}, off is black, which is no ink.
 *
 * @param cell height and width of a piece in pixels; those at the right and lower border may be smaller. On digits of
 *     28 x 28, LIME's own quickshift finds a handful of pieces; squares of 4 x 4 are 49, and the same for every image
 * @param samples how many images the model is shown, the whole one included; lime's default is 1000
 * @param seed of what is turned off
 * @param batchSize how many images the model is given at once
 */
public record Lime(int cell, int samples, long seed, int batchSize) {

    /** lime's default. */
    public static final int SAMPLES = 1000;

    private static final double KERNEL_WIDTH = .25;
    private static final double ALPHA = 1;
    private static final int BATCH_SIZE = 128;

    /** Fails where there is nothing to fit. */
    public Lime {
        if (cell < 1 || samples < 2 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "LIME takes pieces of 1 pixel or more, 2 samples or more and a batch from 1 on, found %d, %d and %d"
                            .formatted(cell, samples, batchSize));
        }
    }

    /** LIME with batches of a usual size. */
    public static Lime of(int cell, int samples, long seed) {
        return new Lime(cell, samples, seed, BATCH_SIZE);
    }

    /** How much each piece speaks for the class {@code target}, or below 0 against it: each pixel has its piece's. */
    public ExplanationMap explain(Classifier model, Image image, int target) {
        int[] pieces = pieces(image.height(), image.width());
        double[][] on = draw(pieces[pieces.length - 1] + 1);
        double[] scores = new double[samples];
        for (int from = 0; from < samples; from += batchSize) {
            int size = Math.min(batchSize, samples - from);
            int values = image.pixels().length;
            float[] images = new float[size * values];
            for (int i = 0; i < size; i++) {
                double[] piecesOn = on[from + i];
                double[] mask =
                        Arrays.stream(pieces).mapToDouble(s -> piecesOn[s]).toArray();
                image.dimmed(mask, images, i * values);
            }
            System.arraycopy(model.probabilities(images, size, target), 0, scores, from, size);
        }
        double[] weights = Arrays.stream(on).mapToDouble(Lime::weight).toArray();
        double[] coefficients = Ridge.coefficients(on, scores, weights, ALPHA);
        return new ExplanationMap(
                image, Arrays.stream(pieces).mapToDouble(s -> coefficients[s]).toArray());
    }

    /** The piece of each pixel, row by row: the squares are counted from 0, row by row. */
    int[] pieces(int height, int width) {
        int columns = (width + cell - 1) / cell;
        int[] pieces = new int[height * width];
        Arrays.setAll(pieces, p -> p / width / cell * columns + p % width / cell);
        return pieces;
    }

    /** For each sample which pieces are on, 1 or 0. */
    private double[][] draw(int pieces) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[][] on = new double[samples][pieces];
        Arrays.fill(on[0], 1);
        for (int i = 1; i < samples; i++) {
            Arrays.setAll(on[i], piece -> random.nextBoolean() ? 1 : 0);
        }
        return on;
    }

    /** The cosine of k ones of n to n ones is sqrt(k / n), and 0 for none. */
    static double weight(double[] on) {
        double distance = 1 - Math.sqrt(Arrays.stream(on).sum() / on.length);
        return Math.sqrt(Math.exp(-distance * distance / (KERNEL_WIDTH * KERNEL_WIDTH)));
    }
}
