package distill.explain;

/**
 * An image as a model sees it.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels numbers of a pixel: 1 of a grey image, 3 of an RGB image
 * @param pixels height * width * channels numbers from 0, black, to 1, row by row, the channels of a pixel side by side
 */
public record Image(int height, int width, int channels, float[] pixels) {

    /** Fails where there are not as many. */
    public Image {
        if (pixels.length != height * width * channels) {
            throw new IllegalArgumentException("an image of %d x %d x %d has %d values, found %d"
                    .formatted(height, width, channels, height * width * channels, pixels.length));
        }
    }

    /** A grey image. */
    public Image(int height, int width, float[] pixels) {
        this(height, width, 1, pixels);
    }

    /** How many pixels it has. */
    public int size() {
        return height * width;
    }

    /** How bright a pixel is: the mean of its channels. */
    public double brightness(int pixel) {
        double sum = 0;
        for (int channel = 0; channel < channels; channel++) {
            sum += pixels[pixel * channels + channel];
        }
        return sum / channels;
    }

    /** Writes this image with each pixel multiplied by a number of its own. */
    void dimmed(double[] mask, float[] to, int at) {
        for (int i = 0; i < pixels.length; i++) {
            to[at + i] = (float) (pixels[i] * mask[i / channels]);
        }
    }
}
