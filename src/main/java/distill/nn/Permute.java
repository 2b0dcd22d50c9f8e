package distill.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Permute}: an example's dimensions in another order.
 *
 * @param dimensions which of the input's, counted from 1, stands in each place
 */
public record Permute(List<Integer> dimensions) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("dims", dimensions);
    }

    @Override
    public Shape outputShape(Shape input) {
        List<Integer> all =
                IntStream.rangeClosed(1, input.numDimensions()).boxed().toList();
        if (!dimensions.stream().sorted().toList().equals(all)) {
            throw new IllegalArgumentException("Permute by %s takes examples of %d dimensions, found %s"
                    .formatted(dimensions, dimensions.size(), input));
        }
        return Shape.of(dimensions.stream()
                .mapToLong(dimension -> input.get(dimension - 1))
                .toArray());
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        int[] order = IntStream.rangeClosed(0, dimensions.size())
                .map(i -> i == 0 ? 0 : dimensions.get(i - 1))
                .toArray();
        return tf.linalg.transpose(inputs.get(0), tf.constant(order));
    }
}
