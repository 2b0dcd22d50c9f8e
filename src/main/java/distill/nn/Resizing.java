package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Resizing}: images of another size, stretched to it.
 *
 * @param size the new height and width
 */
public record Resizing(Sides size, Interpolation interpolation) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("height", size.height(), "width", size.width(), "interpolation", interpolation.kerasName());
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(size.height(), size.width(), Shapes.image(this, input).get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return interpolation.resize(tf, inputs.get(0), size.height(), size.width());
    }
}
