package distill.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Dropout}: in training each value is set to 0 with probability {@code rate} and else divided by 1 -
 * rate; in inference nothing happens. The mask is a function of the phase's key, so a training can be repeated bit for
 * bit.
 *
 * @param rate in [0, 1)
 * @param noiseShape the shape of the mask with the batch, where {@link Shape#UNKNOWN_SIZE} stands for the size that the
 *     input has, and 1 for one draw for all; empty for a draw for each value
 */
public record Dropout(double rate, List<Integer> noiseShape) implements Layer {

    /** With a draw for each value. */
    public Dropout(double rate) {
        this(rate, List.of());
    }

    @Override
    public Map<String, Object> config() {
        LayerConfig config = new LayerConfig().with("rate", rate);
        return noiseShape.isEmpty()
                ? config.map()
                : config.with(
                                "noise_shape",
                                noiseShape.stream()
                                        .map(size -> size == Shape.UNKNOWN_SIZE ? null : size)
                                        .collect(Collectors.toList()))
                        .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        if (!noiseShape.isEmpty() && noiseShape.size() != input.numDimensions() + 1) {
            throw new IllegalArgumentException(
                    "Dropout with a mask of %d dimensions does not go with examples of the shape %s"
                            .formatted(noiseShape.size(), input));
        }
        return input;
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        if (phase.dropoutKey().isEmpty()) {
            return inputs.get(0);
        }
        return drop(
                tf,
                inputs.get(0),
                noiseShape.isEmpty() ? tf.shape(inputs.get(0)) : mask(tf, tf.shape(inputs.get(0))),
                rate,
                phase.dropoutKey().get());
    }

    private Operand<TInt32> mask(Ops tf, Operand<TInt32> input) {
        int[] taken = noiseShape.stream()
                .mapToInt(size -> size == Shape.UNKNOWN_SIZE ? 1 : 0)
                .toArray();
        int[] told = noiseShape.stream()
                .mapToInt(size -> size == Shape.UNKNOWN_SIZE ? 0 : size)
                .toArray();
        return tf.math.add(tf.math.mul(input, tf.constant(taken)), tf.constant(told));
    }

    /** Drops what a mask of the shape {@code mask} tells, which may be stretched. */
    static <T extends TFloating> Operand<T> drop(
            Ops tf, Operand<T> x, Operand<TInt32> mask, double rate, Operand<TInt64> key) {
        var scale = tf.constant(x.type(), 1 / (1 - rate));
        return tf.math.mul(tf.math.mul(x, scale), tf.dtypes.cast(kept(tf, mask, rate, key), x.type()));
    }

    /** True with probability 1 - rate. */
    static Operand<TBool> kept(Ops tf, Operand<TInt32> shape, double rate, Operand<TInt64> key) {
        var uniform = tf.random.statelessRandomUniform(shape, key, TFloat32.class);
        return tf.math.greaterEqual(uniform, tf.constant((float) rate));
    }
}
