package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code AlphaDropout}, which keeps the mean 0 and the variance 1 behind SELU (Klambauer et al. 2017): in
 * training each value becomes that of SELU at minus infinity with probability {@code rate}, and then all are scaled and
 * shifted; in inference nothing happens.
 *
 * @param rate in [0, 1)
 */
public record AlphaDropout(double rate) implements Layer {

    /** Minus alpha times lambda of SELU. */
    private static final double LEAST = -1.6732632423543772 * 1.0507009873554805;

    @Override
    public Map<String, Object> config() {
        return Map.of("rate", rate);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        if (phase.dropoutKey().isEmpty()) {
            return x;
        }
        double scale = 1 / Math.sqrt((1 - rate) * (1 + rate * LEAST * LEAST));
        Operand<T> kept = tf.dtypes.cast(
                Dropout.kept(tf, tf.shape(x), rate, phase.dropoutKey().get()), x.type());
        Operand<T> dropped = tf.math.sub(tf.constant(x.type(), 1), kept);
        Operand<T> mixed = tf.math.add(tf.math.mul(x, kept), tf.math.mul(dropped, tf.constant(x.type(), LEAST)));
        return tf.math.add(
                tf.math.mul(mixed, tf.constant(x.type(), scale)), tf.constant(x.type(), -scale * LEAST * rate));
    }
}
