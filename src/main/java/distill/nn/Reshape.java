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
 * @param target the shape of one example's result, in which one dimension may be {@link Shape#UNKNOWN_SIZE}: as long as
 *     is left for it
 */
public record Reshape(Shape target) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("target_shape", Arrays.stream(target.asArray()).boxed().toList());
    }

    @Override
    public Shape outputShape(Shape input) {
        long known = Arrays.stream(target.asArray())
                .filter(size -> size != Shape.UNKNOWN_SIZE)
                .reduce(1, (a, b) -> a * b);
        Shape output = Shape.of(Arrays.stream(target.asArray())
                .map(size -> size == Shape.UNKNOWN_SIZE ? input.size() / known : size)
                .toArray());
        if (input.size() != output.size()) {
            throw new IllegalArgumentException("an example of shape %s has %d numbers, its new shape %s has %d"
                    .formatted(input, input.size(), output, output.size()));
        }
        return output;
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Shape example = outputShape(Shapes.example(inputs.get(0).shape()));
        return tf.reshape(inputs.get(0), tf.constant(example.prepend(-1).asArray()));
    }
}
