package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code PReLU}: x, and below 0 a learned slope times x (He et al. 2015).
 *
 * @param sharedAxes along which there is one slope, counted with the batch as 0: {@code [1, 2]} for one for each
 *     channel of images; empty for one in each place
 */
public record PReLU(List<Integer> sharedAxes, Initializers initializers) implements Layer {

    @Override
    public Map<String, Object> config() {
        return sharedAxes.isEmpty() ? Map.of() : Map.of("shared_axes", sharedAxes);
    }

    @Override
    public Shape outputShape(Shape input) {
        sharedAxes.forEach(axis -> Shapes.dimension(axis, input));
        return input;
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        long[] sizes = input.asArray();
        sharedAxes.forEach(axis -> sizes[Shapes.dimension(axis, input)] = 1);
        return List.of(new WeightSpec("alpha", Shape.of(sizes), initializers.of("alpha", Initializer.ZEROS)));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        Operand<T> below = tf.nn.relu(tf.math.neg(x));
        return tf.math.sub(tf.nn.relu(x), tf.math.mul(weights.get(0).value(), below));
    }
}
