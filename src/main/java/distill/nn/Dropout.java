package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
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
        return drop(
                tf,
                inputs.get(0),
                tf.shape(inputs.get(0)),
                rate,
                phase.dropoutKey().get());
    }

    /** Drops what a mask of the shape {@code mask} tells, which may be stretched. */
    static <T extends TFloating> Operand<T> drop(
            Ops tf, Operand<T> x, Operand<TInt32> mask, double rate, Operand<TInt64> key) {
        var scale = tf.constant(x.type(), 1 / (1 - rate));
        return tf.math.mul(tf.math.mul(x, scale), tf.dtypes.cast(kept(tf, mask, rate, key), x.type()));
    }

    /** True with probability 1 - rate. */
    static Operand<TBool> kept(Ops tf, Operand<TInt32> shape, double rate, Operand<TInt64> key) {
        var uniform = tf.random.statelessRandomUniform(shape, key, TFloat32.class);
        return tf.math.greaterEqual(uniform, tf.constant((float) rate));
    }
}
