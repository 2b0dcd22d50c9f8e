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

    /** What becomes of (height, width, channels) under square windows. */
    Shape outputShape(Shape input, int window, int strides, long channels) {
        return Shape.of(outputSize(input.get(0), window, strides), outputSize(input.get(1), window, strides), channels);
    }

    private long outputSize(long size, int window, int strides) {
        return this == SAME ? (size + strides - 1) / strides : (size - window) / strides + 1;
    }
}
