package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code ReLU}: x from the threshold up to the maximum, which larger x give, too; below the threshold
 * negativeSlope * (x - threshold).
 *
 * @param maxValue at least 0, {@link Double#POSITIVE_INFINITY} for none
 * @param negativeSlope at least 0
 * @param threshold at least 0
 */
public record ReLU(double maxValue, double negativeSlope, double threshold) implements Layer {

    private static final double SIX = 6;

    /** {@code ReLU(6)}: min(max(x, 0), 6), which MobileNets use (Howard et al. 2017). */
    public ReLU() {
        this(SIX, 0, 0);
    }

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .unless(Double.POSITIVE_INFINITY, "max_value", maxValue)
                .unless(0., "negative_slope", negativeSlope)
                .unless(0., "threshold", threshold)
                .map();
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        boolean bounded = maxValue < Double.POSITIVE_INFINITY;
        if (negativeSlope != 0 && threshold == 0 && !bounded) {
            return tf.nn.leakyRelu(x, LeakyRelu.alpha((float) negativeSlope));
        }
        Operand<T> result = threshold == 0 && maxValue == SIX ? tf.nn.relu6(x) : bent(tf, x, bounded);
        if (negativeSlope == 0) {
            return result;
        }
        Operand<T> below = tf.nn.relu(tf.math.sub(tf.constant(x.type(), threshold), x));
        return tf.math.sub(result, tf.math.mul(below, tf.constant(x.type(), negativeSlope)));
    }

    private <T extends TFloating> Operand<T> bent(Ops tf, Operand<T> x, boolean bounded) {
        Operand<T> result = tf.nn.relu(x);
        if (threshold != 0) {
            Operand<T> above = tf.dtypes.cast(tf.math.greater(x, tf.constant(x.type(), threshold)), x.type());
            result = tf.math.mul(x, above);
        }
        return bounded ? tf.math.minimum(result, tf.constant(x.type(), maxValue)) : result;
    }
}
