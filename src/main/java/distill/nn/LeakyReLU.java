package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code LeakyReLU}: x, and below 0 the slope times x.
 *
 * @param negativeSlope Keras 2 calls it {@code alpha}
 */
public record LeakyReLU(double negativeSlope) implements Layer {

    /** Under the name that Keras 2 and 3 both take. */
    @Override
    public Map<String, Object> config() {
        return Map.of("alpha", negativeSlope);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.nn.leakyRelu(inputs.get(0), LeakyRelu.alpha((float) negativeSlope));
    }
}
