package distill.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code LayerNormalization}: gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance of
 * each example over some axes (Ba et al. 2016).
 *
 * @param axes over which mean and variance are taken and along which gamma and beta are, counted with the batch as 0,
 *     or from the end with -1
 * @param epsilon added to the variance
 * @param center whether there is a beta
 * @param scale whether there is a gamma
 */
public record LayerNormalization(
        List<Integer> axes, double epsilon, boolean center, boolean scale, Initializers initializers) implements Layer {

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .with("axis", axes.size() == 1 ? axes.get(0) : axes)
                .with("epsilon", epsilon)
                .unless(true, "center", center)
                .unless(true, "scale", scale)
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        dimensions(input);
        return input;
    }

    private int[] dimensions(Shape input) {
        return axes.stream()
                .mapToInt(axis -> Shapes.dimension(axis, input))
                .sorted()
                .toArray();
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        Shape own =
                Shape.of(Arrays.stream(dimensions(input)).mapToLong(input::get).toArray());
        return gammaAndBeta(own, center, scale, initializers);
    }

    static List<WeightSpec> gammaAndBeta(Shape shape, boolean center, boolean scale, Initializers initializers) {
        List<WeightSpec> weights = new ArrayList<>();
        if (scale) {
            weights.add(new WeightSpec("gamma", shape, initializers.of("gamma", Initializer.ONES)));
        }
        if (center) {
            weights.add(new WeightSpec("beta", shape, initializers.of("beta", Initializer.ZEROS)));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        Shape example = Shapes.example(x.shape());
        int[] dimensions = dimensions(example);
        long[] placed = new long[x.shape().numDimensions()];
        Arrays.fill(placed, 1);
        for (int dimension : dimensions) {
            placed[dimension + 1] = example.get(dimension);
        }
        int[] over = Arrays.stream(dimensions).map(dimension -> dimension + 1).toArray();
        return scaled(tf, normalized(tf, x, over, epsilon), weights, placed, center, scale);
    }

    /** (x - mean) / sqrt(variance + epsilon), over some of the dimensions. */
    static <T extends TFloating> Operand<T> normalized(Ops tf, Operand<T> x, int[] over, double epsilon) {
        Operand<T> centred = tf.math.sub(x, tf.math.mean(x, tf.constant(over), Mean.keepDims(true)));
        Operand<T> variance = tf.math.mean(tf.math.square(centred), tf.constant(over), Mean.keepDims(true));
        return tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, tf.constant(x.type(), epsilon))));
    }

    /** gamma x + beta, of which either may be left out; both are brought into the shape {@code placed}. */
    static <T extends TFloating> Operand<T> scaled(
            Ops tf, Operand<T> x, List<Variable<T>> weights, long[] placed, boolean center, boolean scale) {
        Operand<T> result = x;
        if (scale) {
            result = tf.math.mul(result, tf.reshape(weights.get(0).value(), tf.constant(placed)));
        }
        if (center) {
            result = tf.math.add(
                    result, tf.reshape(weights.get(weights.size() - 1).value(), tf.constant(placed)));
        }
        return result;
    }
}
