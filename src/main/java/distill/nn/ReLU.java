package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code ReLU(6)}: min(max(x, 0), 6), which MobileNets use (Howard et al. 2017). */
public record ReLU() implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("max_value", 6.0);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.nn.relu6(inputs.get(0));
    }
}
