package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * One layer, as Keras defines it. A layer is a description; its weights live in a {@link Model}. Shapes leave out the
 * batch, which is always the first dimension of what flows through {@link #call}.
 */
public interface Layer {

    /** Keras's class name: {@code Conv2D}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /**
     * What tells this layer from others of its class: the entries of Keras's {@code get_config()} that a Keras model is
     * rebuilt from, the name left out. Values are strings, numbers, truth values, and lists of them.
     */
    default Map<String, Object> config() {
        return Map.of();
    }

    /** How its weights start where that is not Keras's default, or a configuration says it. */
    default Initializers initializers() {
        return Initializers.USUAL;
    }

    /**
     * The shape of one example's result: the input's, for a layer that does not say otherwise.
     *
     * @throws IllegalArgumentException where the layer cannot take such an input
     */
    default Shape outputShape(Shape input) {
        return input;
    }

    /**
     * The shape of one example's result, of a layer that may take several inputs.
     *
     * @param inputs the shape of one example of each
     * @throws IllegalArgumentException where the layer cannot take such inputs, or not so many
     */
    default Shape outputShape(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("%s takes one input, found %d".formatted(type(), inputs.size()));
        }
        return outputShape(inputs.get(0));
    }

    /** The weights for such an input, in Keras's order, with names local to the layer: {@code kernel}, {@code bias}. */
    default List<WeightSpec> weights(Shape input) {
        return List.of();
    }

    /**
     * Adds the layer to a graph.
     *
     * @param inputs (batch, input shape) each: one, but for those layers that merge several
     * @param weights one for each of {@link #weights}, in that order
     * @return (batch, output shape)
     */
    <T extends TFloating> Operand<T> call(Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase);
}
