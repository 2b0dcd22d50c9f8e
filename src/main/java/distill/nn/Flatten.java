package distill.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code Flatten}: every dimension but the batch becomes one. */
public record Flatten() implements Layer {

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.size());
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Shape example = Shapes.example(inputs.get(0).shape());
        return tf.reshape(inputs.get(0), tf.constant(new long[] {-1, example.size()}));
    }
}
