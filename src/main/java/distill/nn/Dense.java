package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Dense}: (inputs) to (units), activation(x kernel + bias).
 *
 * @param units how many outputs, at least 1
 */
public record Dense(int units, Activation activation) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("units", units, "activation", activation.kerasName());
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.numDimensions() != 1) {
            throw new IllegalArgumentException("Dense takes (inputs), found " + input + ": put a Flatten before it");
        }
        return Shape.of(units);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        return List.of(
                new WeightSpec("kernel", Shape.of(input.get(0), units), Initializer.GLOROT_UNIFORM),
                new WeightSpec("bias", Shape.of(units), Initializer.ZEROS));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return activation.call(
                tf,
                tf.nn.biasAdd(
                        tf.linalg.matMul(inputs.get(0), weights.get(0).value()),
                        weights.get(1).value()));
    }
}
