package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code AveragePooling2D}: the mean of each window. What lies beyond the border is not counted.
 *
 * @param pool height and width of the window in pixels
 * @param strides how far the window moves, in pixels
 * @param padding what it does at the border
 */
public record AveragePooling2D(Sides pool, Sides strides, Padding padding) implements Layer {

    @Override
    public Map<String, Object> config() {
        return LayerConfig.ofPooling(pool, strides, padding);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        return padding.outputShape(this, input, pool, strides, input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.nn.avgPool(inputs.get(0), pool.perDimension(), strides.perDimension(), padding.name());
    }
}
