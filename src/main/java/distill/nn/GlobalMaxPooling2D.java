package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code GlobalMaxPooling2D}: (height, width, channels) to (channels), the largest over the places.
 *
 * @param keepDims whether the result is (1, 1, channels) instead
 */
public record GlobalMaxPooling2D(boolean keepDims) implements Layer {

    @Override
    public Map<String, Object> config() {
        return keepDims ? Map.of("keepdims", true) : Map.of();
    }

    @Override
    public Shape outputShape(Shape input) {
        long channels = Shapes.image(this, input).get(2);
        return keepDims ? Shape.of(1, 1, channels) : Shape.of(channels);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.max(inputs.get(0), tf.constant(new int[] {1, 2}), Max.keepDims(keepDims));
    }
}
