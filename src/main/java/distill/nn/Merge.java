package distill.nn;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Average}, {@code Maximum}, {@code Minimum}, {@code Multiply} of two or more inputs and
 * {@code Subtract} of two, number by number. ({@link Add} is a layer of its own.) Inputs of another shape are stretched
 * where they have the length 1, and one with fewer dimensions gets those that it lacks after the batch, as in NumPy: a
 * factor for each channel, (channels), goes with images, (height, width, channels).
 */
public record Merge(Operation operation) implements Layer {

    /** What becomes of the numbers in one place. */
    public enum Operation {
        AVERAGE("Average"),
        MAXIMUM("Maximum"),
        MINIMUM("Minimum"),
        MULTIPLY("Multiply"),
        SUBTRACT("Subtract");

        private final String type;

        Operation(String type) {
            this.type = type;
        }
    }

    @Override
    public String type() {
        return operation.type;
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (operation == Operation.SUBTRACT && inputs.size() != 2) {
            throw new IllegalArgumentException("Subtract takes two inputs, found " + inputs.size());
        }
        return outputShape(this, inputs);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return switch (operation) {
            case AVERAGE -> {
                Operand<T> sum = fold(tf, inputs, tf.math::add);
                yield tf.math.div(sum, tf.constant(sum.type(), inputs.size()));
            }
            case MAXIMUM -> fold(tf, inputs, tf.math::maximum);
            case MINIMUM -> fold(tf, inputs, tf.math::minimum);
            case MULTIPLY -> fold(tf, inputs, tf.math::mul);
            case SUBTRACT -> fold(tf, inputs, tf.math::sub);
        };
    }

    /** For layers that merge any number of inputs but none. */
    static Shape outputShape(Layer layer, List<Shape> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(layer.type() + " takes two or more inputs, found none");
        }
        return Shapes.broadcast(layer, inputs);
    }

    /** The first with the second, the result with the third, and so on. */
    static <T extends TFloating> Operand<T> fold(Ops tf, List<Operand<T>> inputs, BinaryOperator<Operand<T>> merge) {
        int rank = inputs.stream()
                .mapToInt(input -> input.shape().numDimensions())
                .max()
                .orElseThrow();
        return inputs.stream()
                .map(input -> expanded(tf, input, rank))
                .reduce(merge)
                .orElseThrow();
    }

    /** With dimensions of the length 1 after the batch, so that there are {@code rank}. */
    private static <T extends TFloating> Operand<T> expanded(Ops tf, Operand<T> input, int rank) {
        int lacking = rank - input.shape().numDimensions();
        if (lacking == 0) {
            return input;
        }
        long[] sizes = IntStream.range(0, rank)
                .mapToLong(i -> i == 0 ? -1 : i <= lacking ? 1 : input.shape().get(i - lacking))
                .toArray();
        return tf.reshape(input, tf.constant(sizes));
    }
}
