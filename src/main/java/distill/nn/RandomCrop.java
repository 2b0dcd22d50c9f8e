package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code RandomCrop} of images that have its size already, which it leaves as they are, in training too.
 *
 * @param size of the images
 */
public record RandomCrop(Sides size) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("height", size.height(), "width", size.width());
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        if (input.get(0) != size.height() || input.get(1) != size.width()) {
            throw new IllegalArgumentException(
                    "RandomCrop to %d x %d pixels is computed for images of that size only, found %d x %d"
                            .formatted(size.height(), size.width(), input.get(0), input.get(1)));
        }
        return input;
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return inputs.get(0);
    }
}
