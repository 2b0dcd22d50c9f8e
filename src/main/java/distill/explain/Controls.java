package distill.explain;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Maps that know nothing of any model: what an explanation must be more faithful than. An edge detector's maps look
 * like explanations; see Adebayo et al., Sanity Checks for Saliency Maps, NeurIPS 2018.
 */
public final class Controls {

    private Controls() {}

    /** A map of numbers drawn evenly from [0, 1). */
    public static ExplanationMap random(Image image, long seed) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        return new ExplanationMap(image, random.doubles(image.size()).toArray());
    }

    /**
     * The length of Sobel's gradient of the brightness, sqrt(gx^2 + gy^2); beyond the border lie the pixels at the
     * border.
     */
    public static ExplanationMap edges(Image image) {
        double[] values = new double[image.size()];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                double gx = 0;
                double gy = 0;
                for (int side = -1; side <= 1; side++) {
                    int weight = side == 0 ? 2 : 1;
                    gx += weight * (at(image, y + side, x + 1) - at(image, y + side, x - 1));
                    gy += weight * (at(image, y + 1, x + side) - at(image, y - 1, x + side));
                }
                values[y * image.width() + x] = Math.hypot(gx, gy);
            }
        }
        return new ExplanationMap(image, values);
    }

    private static double at(Image image, int y, int x) {
        int row = Math.max(0, Math.min(image.height() - 1, y));
        int column = Math.max(0, Math.min(image.width() - 1, x));
        return image.brightness(row * image.width() + column);
    }
}
