package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code UpSampling2D}: images that are some times larger.
 *
 * @param size how many times higher and wider
 */
public record UpSampling2D(Sides size, Interpolation interpolation) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("size", size.list(), "interpolation", interpolation.kerasName());
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        return Shape.of(input.get(0) * size.height(), input.get(1) * size.width(), input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Shape output = outputShape(Shapes.example(inputs.get(0).shape()));
        return interpolation.resize(tf, inputs.get(0), output.get(0), output.get(1));
    }
}
