package distill.data;

import static distill.data.RgbImage.CHANNELS;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The report's augmentation of training images: Keras's {@code ImageDataGenerator(shear_range=.1, rotation_range=15,
 * horizontal_flip=True, vertical_flip=True)}. An image is turned and sheared by one affine map about a centre, with
 * bilinear interpolation and the nearest edge pixel for what lies outside, and then perhaps flipped.
 *
 * <p>What an image undergoes depends on the seed, the epoch and the image's position in the epoch's order alone.
 *
 * @param seed of this training's draws
 * @param convention whose map it is
 */
public record Augmentation(long seed, Convention convention) {

    private static final double ROTATION_RANGE = 15;
    private static final double SHEAR_RANGE = .1;

    /** Odd, and without a pattern in its bits, so that neighbouring seeds, epochs and positions have far numbers. */
    private static final long APART = 0xd1342543de82ef95L;

    /**
     * Whose {@code apply_affine_transform} it is. They agree on the matrix M = R(theta) S(shear) with R = [[cos, -sin],
     * [sin, cos]] and S = [[1, -sin], [0, cos]], and differ in two things.
     */
    public enum Convention {
        /**
         * Keras-Preprocessing 1.1.2, which Keras 2.8 used. M maps (row, column), about (height/2 + .5, width/2 + .5):
         * one pixel off the middle, both ways.
         */
        KERAS_PREPROCESSING(.5, false),

        /**
         * Keras 3. M maps (column, row), so that the same theta turns the other way, about (height/2 - .5, width/2 -
         * .5), the middle. The centre's coordinates are not swapped with the axes, which is seen only where an image is
         * not square.
         */
        KERAS_3(-.5, true);

        private final double fromHalf;
        private final boolean columnFirst;

        Convention(double fromHalf, boolean columnFirst) {
            this.fromHalf = fromHalf;
            this.columnFirst = columnFirst;
        }
    }

    /**
     * What one image undergoes.
     *
     * @param theta rotation in degrees
     * @param shear in degrees
     * @param horizontalFlip whether columns are reversed
     * @param verticalFlip whether rows are reversed
     */
    public record Transform(double theta, double shear, boolean horizontalFlip, boolean verticalFlip) {}

    /**
     * Draws as {@code get_random_transform} does, in its order: theta uniform in [-15, 15), shear uniform in [-.1, .1),
     * both in degrees, then one number for each flip, made where it is below one half.
     *
     * @param epoch which epoch, from 1
     * @param position the image's place in the epoch's order, from 0
     */
    public Transform draw(int epoch, int position) {
        UniformRandomProvider random =
                RandomSource.XO_RO_SHI_RO_128_PP.create((seed * APART + epoch) * APART + position);
        return new Transform(
                random.nextDouble(-ROTATION_RANGE, ROTATION_RANGE),
                random.nextDouble(-SHEAR_RANGE, SHEAR_RANGE),
                random.nextDouble() < .5,
                random.nextDouble() < .5);
    }

    /**
     * Transforms one image: the pixel at o takes the image's value at M o + centre - M centre, clamped to the image.
     * Computed in double and rounded to float, as SciPy's {@code affine_transform(order=1, mode="nearest")} does.
     *
     * @param pixels height * width * 3 grey levels, 0 to 255 in an unsigned byte
     * @param out gets as many from {@code offset} on, in [0, 255], not rounded to whole ones
     */
    void apply(Transform transform, byte[] pixels, int height, int width, float[] out, int offset) {
        Affine map = Affine.of(transform, convention, height, width);
        int across = transform.horizontalFlip ? -CHANNELS : CHANNELS;
        for (int r = 0; r < height; r++) {
            int rowTo = transform.verticalFlip ? height - 1 - r : r;
            int to = offset + (rowTo * width + (transform.horizontalFlip ? width - 1 : 0)) * CHANNELS;
            for (int c = 0; c < width; c++, to += across) {
                double row = Math.max(0, Math.min(height - 1, map.rr * r + map.rc * c + map.r0));
                double column = Math.max(0, Math.min(width - 1, map.cr * r + map.cc * c + map.c0));
                int top = (int) row;
                int left = (int) column;
                double down = row - top;
                double right = column - left;
                int upper = (top * width + left) * CHANNELS;
                int lower = top + 1 < height ? upper + width * CHANNELS : upper;
                int next = left + 1 < width ? CHANNELS : 0;
                double upperLeft = (1 - down) * (1 - right);
                double upperRight = (1 - down) * right;
                double lowerLeft = down * (1 - right);
                double lowerRight = down * right;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    out[to + channel] = (float) (upperLeft * (pixels[upper + channel] & 0xff)
                            + upperRight * (pixels[upper + next + channel] & 0xff)
                            + lowerLeft * (pixels[lower + channel] & 0xff)
                            + lowerRight * (pixels[lower + next + channel] & 0xff));
                }
            }
        }
    }

    /** Output pixel (r, c) is read at row {@code rr * r + rc * c + r0} and column {@code cr * r + cc * c + c0}. */
    private record Affine(double rr, double rc, double r0, double cr, double cc, double c0) {

        static Affine of(Transform transform, Convention convention, int height, int width) {
            double theta = Math.toRadians(transform.theta);
            double shear = Math.toRadians(transform.shear);
            double m00 = Math.cos(theta);
            double m01 = -Math.cos(theta) * Math.sin(shear) - Math.sin(theta) * Math.cos(shear);
            double m10 = Math.sin(theta);
            double m11 = -Math.sin(theta) * Math.sin(shear) + Math.cos(theta) * Math.cos(shear);
            double centre0 = height / 2.0 + convention.fromHalf;
            double centre1 = width / 2.0 + convention.fromHalf;
            double offset0 = centre0 - m00 * centre0 - m01 * centre1;
            double offset1 = centre1 - m10 * centre0 - m11 * centre1;
            return convention.columnFirst
                    ? new Affine(m11, m10, offset1, m01, m00, offset0)
                    : new Affine(m00, m01, offset0, m10, m11, offset1);
        }
    }
}
