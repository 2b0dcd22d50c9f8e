package distill.explain;

import java.util.Arrays;

/**
 * How faithful an explanation map is to a model on one image, for the class that the model predicts on it.
 *
 * <p>Insertion and deletion are those of RISE's paper and program (Petsiuk, Das and Saenko, BMVC 2018): pixels change
 * in the map's order, a row's number of them at a time, and the area under the curve of the class's probability is
 * taken. Drop and increase are the course's: only the image's pixels in the top 15 % of the map are kept.
 *
 * @param insertion area under the probability as the pixels replace a blurred image's, 0 to 1; more is better
 * @param deletion area under the probability as the pixels turn black, 0 to 1; less is better
 * @param drop what share of its probability the class loses where only the top pixels are kept, 0 to 1; less is better
 * @param increase whether the class's probability is then higher than on the whole image; more often is better
 */
public record Faithfulness(double insertion, double deletion, double drop, boolean increase) {

    /** The share of pixels that drop and increase keep: the course's default. */
    public static final double KEPT = .15;

    private static final int BLUR = 11;
    private static final double SIGMA = 5;

    /** Looks at one map; the model is shown about twice as many images as the image has rows. */
    public static Faithfulness of(Classifier model, Image image, ExplanationMap map) {
        int target = model.predict(image);
        int[] order = map.order();
        float[] black = new float[image.pixels().length];
        double[] deletion = curve(model, image.pixels(), black, order, image.width(), target);
        double[] insertion = curve(model, blurred(image), image.pixels(), order, image.width(), target);
        double whole = deletion[0];
        double kept = model.probabilities(top(image, map), 1, target)[0];
        return new Faithfulness(area(insertion), area(deletion), Math.max(0, (whole - kept) / whole), kept > whole);
    }

    /**
     * The probability of a class as the pixels of one image replace those of another.
     *
     * @param order of the pixels
     * @param step how many are replaced at a time; the last time, those that are left
     * @return from none replaced to all
     */
    static double[] curve(Classifier model, float[] start, float[] finish, int[] order, int step, int target) {
        int count = (order.length + step - 1) / step + 1;
        int channels = start.length / order.length;
        float[] images = new float[count * start.length];
        float[] image = start.clone();
        System.arraycopy(image, 0, images, 0, image.length);
        for (int i = 1; i < count; i++) {
            for (int p = (i - 1) * step; p < Math.min(i * step, order.length); p++) {
                System.arraycopy(finish, order[p] * channels, image, order[p] * channels, channels);
            }
            System.arraycopy(image, 0, images, i * image.length, image.length);
        }
        return model.probabilities(images, count, target);
    }

    /** The area under a curve by trapezoids, its length taken as 1. */
    static double area(double[] curve) {
        int last = curve.length - 1;
        return (Arrays.stream(curve).sum() - curve[0] / 2 - curve[last] / 2) / last;
    }

    /** The image where the map is over its value at the rank of the share kept; elsewhere black. */
    static float[] top(Image image, ExplanationMap map) {
        double[] sorted = Arrays.stream(map.values()).sorted().toArray();
        double limit = sorted[sorted.length - 1 - (int) (KEPT * sorted.length)];
        float[] kept = new float[image.pixels().length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = map.values()[i / image.channels()] > limit ? image.pixels()[i] : 0;
        }
        return kept;
    }

    /** The image under the kernel in both directions, with black beyond the border. */
    static float[] blurred(Image image) {
        double[] kernel = kernel();
        int height = image.height();
        int row = image.width() * image.channels();
        double[] across = new double[image.pixels().length];
        float[] blurred = new float[across.length];
        for (int i = 0; i < blurred.length; i++) {
            for (int k = 0; k < BLUR; k++) {
                int place = i % row + (k - BLUR / 2) * image.channels();
                across[i] += place < 0 || place >= row ? 0 : kernel[k] * image.pixels()[i - i % row + place];
            }
        }
        for (int i = 0; i < blurred.length; i++) {
            double sum = 0;
            for (int k = 0; k < BLUR; k++) {
                int y = i / row + k - BLUR / 2;
                sum += y < 0 || y >= height ? 0 : kernel[k] * across[y * row + i % row];
            }
            blurred[i] = (float) sum;
        }
        return blurred;
    }

    /**
     * One direction of RISE's kernel of 11 x 11: SciPy's {@code gaussian_filter} with sigma 5 on a single one in the
     * middle. The filter reaches 4 sigma far, and what passes the border is reflected there.
     */
    static double[] kernel() {
        int reach = (int) (4 * SIGMA);
        double[] kernel = new double[BLUR];
        double total = 0;
        for (int d = -reach; d <= reach; d++) {
            double weight = Math.exp(-d * d / (2 * SIGMA * SIGMA));
            total += weight;
            for (int i = 0; i < BLUR; i++) {
                int place = Math.floorMod(i + d, 2 * BLUR);
                if (Math.min(place, 2 * BLUR - 1 - place) == BLUR / 2) {
                    kernel[i] += weight;
                }
            }
        }
        for (int i = 0; i < BLUR; i++) {
            kernel[i] /= total;
        }
        return kernel;
    }
}
