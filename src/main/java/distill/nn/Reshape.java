package distill.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Reshape}: the same numbers in the same order, in another shape.
 *
 * @param target the shape of one example's result
 */
public record Reshape(Shape target) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("target_shape", Arrays.stream(target.asArray()).boxed().toList());
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.size() != target.size()) {
            throw new IllegalArgumentException("an example of shape %s has %d numbers, its new shape %s has %d"
                    .formatted(input, input.size(), target, target.size()));
        }
        return target;
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.reshape(inputs.get(0), tf.constant(target.prepend(-1).asArray()));
    }
}
