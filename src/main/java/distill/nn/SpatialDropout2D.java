package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code SpatialDropout2D}: as {@link Dropout}, where whole channels of an image are dropped (Tompson et al.
 * 2015).
 *
 * @param rate in [0, 1)
 */
public record SpatialDropout2D(double rate) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("rate", rate);
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shapes.image(this, input);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        if (phase.dropoutKey().isEmpty()) {
            return inputs.get(0);
        }
        // (batch, height, width, channels) to (batch, 1, 1, channels).
        Operand<TInt32> batchAndChannels = tf.math.mul(tf.shape(inputs.get(0)), tf.constant(new int[] {1, 0, 0, 1}));
        Operand<TInt32> mask = tf.math.add(batchAndChannels, tf.constant(new int[] {0, 1, 1, 0}));
        return Dropout.drop(tf, inputs.get(0), mask, rate, phase.dropoutKey().get());
    }
}
