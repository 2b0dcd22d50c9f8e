package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Rescaling}: scale * x + offset.
 *
 * @param scale one number, or one for each channel
 * @param offset likewise
 */
public record Rescaling(List<Double> scale, List<Double> offset) implements Layer {

    /** One scale and one offset for all. */
    public Rescaling(double scale, double offset) {
        this(List.of(scale), List.of(offset));
    }

    @Override
    public Map<String, Object> config() {
        return Map.of("scale", oneOrAll(scale), "offset", oneOrAll(offset));
    }

    static Object oneOrAll(List<Double> numbers) {
        return numbers.size() == 1 ? numbers.get(0) : numbers;
    }

    @Override
    public Shape outputShape(Shape input) {
        for (List<Double> numbers : List.of(scale, offset)) {
            if (numbers.size() != 1 && (input.numDimensions() == 0 || numbers.size() != Shapes.last(input))) {
                throw new IllegalArgumentException("Rescaling by %d numbers does not go with examples of the shape %s"
                        .formatted(numbers.size(), input));
            }
        }
        return input;
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        return tf.math.add(tf.math.mul(x, numbers(tf, x.type(), scale)), numbers(tf, x.type(), offset));
    }

    /** A constant of one dimension, or a single number. */
    static <T extends TFloating> Operand<T> numbers(Ops tf, Class<T> type, List<Double> numbers) {
        return numbers.size() == 1
                ? tf.constant(type, numbers.get(0))
                : tf.dtypes.cast(
                        tf.constant(numbers.stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray()),
                        type);
    }
}
