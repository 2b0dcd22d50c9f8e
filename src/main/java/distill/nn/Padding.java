package distill.nn;

import java.util.Locale;
import org.tensorflow.ndarray.Shape;

/** What a convolution or pooling does at the border: Keras's {@code padding} argument. */
public enum Padding {
    /** Windows lie within the input: a result is (size - window) / strides + 1 long, rounded down. */
    VALID,
    /** Zeros are put around, one more behind where their number is odd: size / strides, rounded up. */
    SAME;

    /** Keras's name: {@code same}. */
    public String kerasName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What becomes of (height, width, channels) under a window.
     *
     * @throws IllegalArgumentException where the input is no image, or the window is larger than it
     */
    Shape outputShape(Layer layer, Shape input, Sides window, Sides strides, long channels) {
        Shapes.image(layer, input);
        return Shape.of(
                outputSize(input.get(0), window.height(), strides.height()),
                outputSize(input.get(1), window.width(), strides.width()),
                channels);
    }

    private long outputSize(long size, int window, int strides) {
        if (this == VALID && window > size) {
            throw new IllegalArgumentException(
                    "a window of %d pixels does not fit into %d pixels".formatted(window, size));
        }
        return this == SAME ? (size + strides - 1) / strides : (size - window) / strides + 1;
    }
}
