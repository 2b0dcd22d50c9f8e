package distill.nn;

import java.util.List;

/**
 * A height and a width: of a window, of the steps that it moves by, of the holes in it.
 *
 * @param height in pixels
 * @param width in pixels
 */
public record Sides(int height, int width) {

    /** One pixel each. */
    public static final Sides ONE = of(1);

    /** The same height and width. */
    public static Sides of(int both) {
        return new Sides(both, both);
    }

    /** Whether either is more than one pixel. */
    public boolean moreThanOne() {
        return height > 1 || width > 1;
    }

    /** As Keras's configurations have them. */
    List<Integer> list() {
        return List.of(height, width);
    }

    /** For TensorFlow's attributes of four dimensions, where the images and the channels have 1. */
    List<Long> perDimension() {
        return List.of(1L, (long) height, (long) width, 1L);
    }
}
