package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Rescaling}: scale * x + offset. As in Keras, whose {@code cast} makes a tensor of float32 first, the
 * two numbers are rounded to float32 also where the network computes in float64.
 *
 * @param scale one number, or one for each channel
 * @param offset likewise
 * @param exact whether the numbers are taken as they are where the network computes in float64, as Keras's operations
 *     on tensors take them. Its layer rounds them to float32, for its {@code cast} makes a tensor of that type first
 */
public record Rescaling(List<Double> scale, List<Double> offset, boolean exact) implements Layer {

    /** Keras's layer. */
    public Rescaling(List<Double> scale, List<Double> offset) {
        this(scale, offset, false);
    }

    /** What {@code scale * x + offset} is in Keras. */
    public static Rescaling exactly(double scale, double offset) {
        return new Rescaling(List.of(scale), List.of(offset), true);
    }

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
        return tf.math.add(
                tf.math.mul(x, numbers(tf, x.type(), rounded(scale))), numbers(tf, x.type(), rounded(offset)));
    }

    private List<Double> rounded(List<Double> numbers) {
        return exact
                ? numbers
                : numbers.stream().map(number -> (double) number.floatValue()).toList();
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
