package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code GaussianDropout} (Srivastava et al. 2014): in training each value is multiplied by a number from a
 * normal distribution of mean 1 and standard deviation sqrt(rate / (1 - rate)); in inference nothing happens.
 *
 * @param rate in [0, 1)
 */
public record GaussianDropout(double rate) implements Layer {

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
        Operand<T> noise = GaussianNoise.draw(
                tf, x, Math.sqrt(rate / (1 - rate)), phase.dropoutKey().get());
        return tf.math.mul(x, tf.math.add(noise, tf.constant(x.type(), 1)));
    }
}
