package distill.nn.zoo;

import org.tensorflow.ndarray.Shape;

/**
 * What a network is built for.
 *
 * @param input the shape of one image: height, width and channels
 * @param classes how many classes there are, at least 2
 */
public record DataSpec(Shape input, int classes) {

    /** Grey images of 28 x 28 pixels in ten classes. */
    public static final DataSpec MNIST = new DataSpec(Shape.of(28, 28, 1), 10);

    /** {@code 32 x 32 x 3 pixels in 10 classes}. */
    @Override
    public String toString() {
        return "%d x %d x %d pixels in %d classes".formatted(input.get(0), input.get(1), input.get(2), classes);
    }
}
