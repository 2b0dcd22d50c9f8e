package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Dense}: (..., inputs) to (..., units), activation(x kernel + bias).
 *
 * @param units how many outputs, at least 1
 * @param useBias whether each output has a bias
 */
public record Dense(int units, boolean useBias, Activation activation, Initializers initializers) implements Layer {

    /** With Keras's defaults: a bias, Glorot's initialiser. */
    public Dense(int units, Activation activation) {
        this(units, true, activation, Initializers.USUAL);
    }

    /** The same layer with another activation. */
    public Dense withActivation(Activation other) {
        return new Dense(units, useBias, other, initializers);
    }

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .with("units", units)
                .with("activation", activation.kerasName())
                .unless(true, "use_bias", useBias)
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.numDimensions() == 0) {
            throw new IllegalArgumentException("Dense takes (..., inputs), found a single number");
        }
        return input.take(input.numDimensions() - 1).append(units);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(new WeightSpec(
                "kernel", Shape.of(Shapes.last(input), units), initializers.of("kernel", Initializer.GLOROT_UNIFORM)));
        if (useBias) {
            weights.add(new WeightSpec("bias", Shape.of(units), initializers.of("bias", Initializer.ZEROS)));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        Shape shape = x.shape();
        boolean flat = shape.numDimensions() == 2;
        if (!flat) {
            x = tf.reshape(x, tf.constant(new long[] {-1, Shapes.last(shape)}));
        }
        x = tf.linalg.matMul(x, weights.get(0).value());
        if (useBias) {
            x = tf.nn.biasAdd(x, weights.get(1).value());
        }
        x = flat ? x : tf.reshape(x, tf.constant(outputShape(shape).asArray()));
        return activation.call(tf, x);
    }
}
