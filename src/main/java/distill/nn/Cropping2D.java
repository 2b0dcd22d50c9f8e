package distill.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code Cropping2D}: an image without some rows and columns at its border. */
public record Cropping2D(int top, int bottom, int left, int right) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("cropping", List.of(List.of(top, bottom), List.of(left, right)));
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        long height = input.get(0) - top - bottom;
        long width = input.get(1) - left - right;
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Cropping2D leaves %d x %d pixels of %d x %d".formatted(height, width, input.get(0), input.get(1)));
        }
        return Shape.of(height, width, input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return cut(
                tf,
                inputs.get(0),
                top,
                left,
                outputShape(Shapes.example(inputs.get(0).shape())));
    }

    /** The part of each image that begins at a place and has the shape of {@code example}. */
    static <T extends TFloating> Operand<T> cut(Ops tf, Operand<T> images, long top, long left, Shape example) {
        int[] start = {0, Math.toIntExact(top), Math.toIntExact(left), 0};
        int[] size = Arrays.stream(example.prepend(-1).asArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        return tf.slice(images, tf.constant(start), tf.constant(size));
    }
}
