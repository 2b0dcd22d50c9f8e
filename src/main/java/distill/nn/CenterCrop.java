package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code CenterCrop} of images that are no smaller than the part that is cut out of their middle.
 *
 * @param size of that part
 */
public record CenterCrop(Sides size) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("height", size.height(), "width", size.width());
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        if (input.get(0) < size.height() || input.get(1) < size.width()) {
            throw new IllegalArgumentException(
                    "CenterCrop to %d x %d pixels of the %d x %d of its images is not computed"
                            .formatted(size.height(), size.width(), input.get(0), input.get(1)));
        }
        return Shape.of(size.height(), size.width(), input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Shape input = Shapes.example(inputs.get(0).shape());
        long top = (input.get(0) - size.height()) / 2;
        long left = (input.get(1) - size.width()) / 2;
        return Cropping2D.cut(tf, inputs.get(0), top, left, outputShape(input));
    }
}
