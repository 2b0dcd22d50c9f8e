package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code ZeroPadding2D}: rows and columns of zeros around an image. */
public record ZeroPadding2D(int top, int bottom, int left, int right) implements Layer {

    /** As many on each side. */
    public static ZeroPadding2D of(int padding) {
        return new ZeroPadding2D(padding, padding, padding, padding);
    }

    @Override
    public Map<String, Object> config() {
        return Map.of("padding", List.of(List.of(top, bottom), List.of(left, right)));
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        return Shape.of(input.get(0) + top + bottom, input.get(1) + left + right, input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        int[][] paddings = {{0, 0}, {top, bottom}, {left, right}, {0, 0}};
        return tf.pad(
                inputs.get(0), tf.constant(paddings), tf.constant(inputs.get(0).type(), 0));
    }
}
