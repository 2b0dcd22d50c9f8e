package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code ELU}: x, and below 0 alpha (e^x - 1) (Clevert et al. 2016). */
public record ELU(double alpha) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("alpha", alpha);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        if (alpha == 1) {
            return tf.nn.elu(x);
        }
        Operand<T> below = tf.nn.elu(tf.math.neg(tf.nn.relu(tf.math.neg(x))));
        return tf.math.add(tf.nn.relu(x), tf.math.mul(below, tf.constant(x.type(), alpha)));
    }
}
