package distill.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code GlobalAveragePooling2D}: (height, width, channels) to (channels), the mean over the places. */
public record GlobalAveragePooling2D() implements Layer {

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.math.mean(inputs.get(0), tf.constant(new int[] {1, 2}));
    }
}
