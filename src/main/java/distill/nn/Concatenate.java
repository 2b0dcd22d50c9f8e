package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Concatenate}: inputs one behind the other along an axis, alike in all others.
 *
 * @param axis counted with the batch as 0, or from the end with -1
 */
public record Concatenate(int axis) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("axis", axis);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("Concatenate takes one or more inputs, found none");
        }
        long[] sizes = inputs.get(0).asArray();
        int dimension = Shapes.dimension(axis, inputs.get(0));
        sizes[dimension] = 0;
        for (Shape input : inputs) {
            for (int i = 0; i < sizes.length; i++) {
                if (input.numDimensions() != sizes.length || i != dimension && input.get(i) != sizes[i]) {
                    throw new IllegalArgumentException(
                            "Concatenate takes inputs of one shape but for axis %d, found %s".formatted(axis, inputs));
                }
            }
            sizes[dimension] += input.get(dimension);
        }
        return Shape.of(sizes);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        int dimension = Shapes.dimension(axis, Shapes.example(inputs.get(0).shape()));
        return tf.concat(inputs, tf.constant(dimension + 1));
    }
}
