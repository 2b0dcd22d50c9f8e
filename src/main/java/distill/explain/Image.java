package distill.explain;

/**
 * A grey image as a model sees it.
 *
 * @param height in pixels
 * @param width in pixels
 * @param pixels height * width values from 0, black, to 1, row by row
 */
public record Image(int height, int width, float[] pixels) {

    /** Fails where there are not height * width pixels. */
    public Image {
        if (pixels.length != height * width) {
            throw new IllegalArgumentException("an image of %d x %d has %d pixels, found %d"
                    .formatted(height, width, height * width, pixels.length));
        }
    }

    /** How many pixels it has. */
    public int size() {
        return pixels.length;
    }
}
