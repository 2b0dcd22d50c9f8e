package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Dropout}: in training each value is set to 0 with probability {@code rate} and else divided by 1 -
 * rate; in inference nothing happens. The mask is a function of the phase's key, so a training can be repeated bit for
 * bit.
 *
 * @param rate in [0, 1)
 */
public record Dropout(double rate) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("rate", rate);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        if (phase.dropoutKey().isEmpty()) {
            return inputs.get(0);
        }
        var uniform = tf.random.statelessRandomUniform(
                tf.shape(inputs.get(0)), phase.dropoutKey().get(), TFloat32.class);
        var keep = tf.math.greaterEqual(uniform, tf.constant((float) rate));
        var scale = tf.constant(inputs.get(0).type(), 1 / (1 - rate));
        return tf.math.mul(
                tf.math.mul(inputs.get(0), scale),
                tf.dtypes.cast(keep, inputs.get(0).type()));
    }
}
