package distill.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code GroupNormalization} of the last axis: gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean
 * and variance of each example over all places and the channels of a group (Wu and He 2018).
 *
 * @param groups into how many the channels are parted; -1 for one for each channel
 * @param axis the last one, counted with the batch as 0, or -1
 * @param epsilon added to the variance
 * @param center whether there is a beta for each channel
 * @param scale whether there is a gamma for each channel
 */
public record GroupNormalization(
        int groups, int axis, double epsilon, boolean center, boolean scale, Initializers initializers)
        implements Layer {

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .with("groups", groups)
                .with("epsilon", epsilon)
                .unless(true, "center", center)
                .unless(true, "scale", scale)
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.checkLast(this, axis, input);
        long channels = Shapes.last(input);
        if (channels % groups(channels) != 0) {
            throw new IllegalArgumentException("%d groups do not go into %d channels".formatted(groups, channels));
        }
        return input;
    }

    private long groups(long channels) {
        return groups == -1 ? channels : groups;
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        return LayerNormalization.gammaAndBeta(Shape.of(Shapes.last(input)), center, scale, initializers);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        Shape shape = x.shape();
        int last = shape.numDimensions() - 1;
        long parts = groups(shape.get(last));
        long members = shape.get(last) / parts;
        Shape parted = shape.take(last).append(parts).append(members);
        int[] over = IntStream.rangeClosed(1, last + 1).filter(i -> i != last).toArray();
        Operand<T> normalized =
                LayerNormalization.normalized(tf, tf.reshape(x, tf.constant(parted.asArray())), over, epsilon);
        Operand<T> together = tf.reshape(normalized, tf.constant(shape.asArray()));
        long[] placed = IntStream.rangeClosed(0, last)
                .mapToLong(i -> i == last ? shape.get(last) : 1)
                .toArray();
        return LayerNormalization.scaled(tf, together, weights, placed, center, scale);
    }
}
