package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code GaussianNoise}: in training a number from a normal distribution of mean 0 is added to each value, a
 * function of the phase's key; in inference nothing happens.
 *
 * @param standardDeviation at least 0
 */
public record GaussianNoise(double standardDeviation) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("stddev", standardDeviation);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        return phase.dropoutKey().isEmpty()
                ? x
                : tf.math.add(
                        x, draw(tf, x, standardDeviation, phase.dropoutKey().get()));
    }

    /** A number for each of x, of mean 0. */
    static <T extends TFloating> Operand<T> draw(Ops tf, Operand<T> x, double standardDeviation, Operand<TInt64> key) {
        Operand<T> standard = tf.random.statelessRandomNormal(tf.shape(x), key, x.type());
        // The random numbers hang on the shape of x, through which TensorFlow looks for a gradient.
        return tf.stopGradient(tf.math.mul(standard, tf.constant(x.type(), standardDeviation)));
    }
}
