package distill.nn;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/** What layers ask of the shapes that reach them, which leave out the batch. */
final class Shapes {

    private Shapes() {}

    /**
     * The input, if it is (height, width, channels).
     *
     * @throws IllegalArgumentException where it is not
     */
    static Shape image(Layer layer, Shape input) {
        if (input.numDimensions() != 3) {
            throw new IllegalArgumentException(
                    "%s takes images of (height, width, channels), found the shape %s".formatted(layer.type(), input));
        }
        return input;
    }

    /**
     * Which dimension of an example an axis of Keras means. Keras counts the batch as 0, and from the end with -1, -2,
     * ...
     *
     * @return 0 for an example's first dimension
     * @throws IllegalArgumentException where it means the batch, or a dimension that is not there
     */
    static int dimension(int axis, Shape example) {
        int dimension = axis < 0 ? axis + example.numDimensions() : axis - 1;
        if (dimension < 0 || dimension >= example.numDimensions()) {
            throw new IllegalArgumentException(
                    "axis %d is none of an example's, whose shape is %s after the batch".formatted(axis, example));
        }
        return dimension;
    }

    /**
     * Checks that an axis is the last one.
     *
     * @throws IllegalArgumentException where it is another
     */
    static void checkLast(Layer layer, int axis, Shape example) {
        if (dimension(axis, example) != example.numDimensions() - 1) {
            throw new IllegalArgumentException(
                    "%s is computed on the last axis only, found axis %d for examples of the shape %s"
                            .formatted(layer.type(), axis, example));
        }
    }

    /** The shape of one example of what flows through {@link Layer#call}. */
    static Shape example(Shape batched) {
        return batched.takeLast(batched.numDimensions() - 1);
    }

    /** How long the last dimension is. */
    static long last(Shape shape) {
        return shape.get(shape.numDimensions() - 1);
    }

    /**
     * The shape of what is computed element by element of several, which are stretched to each other where they have
     * the length 1. One with fewer dimensions gets those that it lacks at the front.
     *
     * @throws IllegalArgumentException where two differ otherwise
     */
    static Shape broadcast(Layer layer, List<Shape> inputs) {
        int rank = inputs.stream().mapToInt(Shape::numDimensions).max().orElseThrow();
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++) {
            sizes[i] = 1;
            for (Shape input : inputs) {
                int dimension = i - rank + input.numDimensions();
                long size = dimension < 0 ? 1 : input.get(dimension);
                if (size != 1 && sizes[i] != 1 && size != sizes[i]) {
                    throw new IllegalArgumentException(
                            "%s takes inputs of one shape, found %s".formatted(layer.type(), inputs));
                }
                sizes[i] = size == 1 ? sizes[i] : size;
            }
        }
        return Shape.of(sizes);
    }
}
