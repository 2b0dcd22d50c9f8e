package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code Activation}: an activation as a layer of its own. */
public record ActivationLayer(Activation activation) implements Layer {

    @Override
    public String type() {
        return "Activation";
    }

    @Override
    public Map<String, Object> config() {
        return Map.of("activation", activation.kerasName());
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return activation.call(tf, inputs.get(0));
    }
}
