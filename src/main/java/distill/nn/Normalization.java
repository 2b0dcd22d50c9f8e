package distill.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Normalization}: (x - mean) / standard deviation, or the inverse of it. Mean and variance are given, or
 * weights that Keras's {@code adapt} has set.
 *
 * @param axes that have a mean and a variance in each place, counted with the batch as 0; none for one of all
 * @param mean of one number, or of one for each place of one axis; empty where they are weights
 * @param variance likewise
 * @param invert whether what is computed is mean + x * standard deviation
 */
public record Normalization(List<Integer> axes, List<Double> mean, List<Double> variance, boolean invert)
        implements Layer {

    /** What Keras divides by at least. */
    private static final double LEAST = 1e-7;

    @Override
    public Map<String, Object> config() {
        LayerConfig config = new LayerConfig().with("axis", axes).unless(false, "invert", invert);
        if (!mean.isEmpty()) {
            config.with("mean", Rescaling.oneOrAll(mean)).with("variance", Rescaling.oneOrAll(variance));
        }
        return config.map();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape own = own(input);
        for (List<Double> given : List.of(mean, variance)) {
            if (given.size() > 1 && (own.numDimensions() != 1 || given.size() != own.size())) {
                throw new IllegalArgumentException(
                        "Normalization by %d numbers along the axes %s does not go with examples of the shape %s"
                                .formatted(given.size(), axes, input));
            }
        }
        return input;
    }

    /** The shape of mean and variance. */
    private Shape own(Shape input) {
        return Shape.of(axes.stream()
                .mapToInt(axis -> Shapes.dimension(axis, input))
                .sorted()
                .mapToLong(input::get)
                .toArray());
    }

    /** The last is how many examples Keras's {@code adapt} saw, which is no longer used. */
    @Override
    public List<WeightSpec> weights(Shape input) {
        if (!mean.isEmpty()) {
            return List.of();
        }
        return List.of(
                new WeightSpec("mean", own(input), Initializer.ZEROS, false),
                new WeightSpec("variance", own(input), Initializer.ONES, false),
                new WeightSpec("count", Shape.scalar(), Initializer.ZEROS, false));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        Operand<T> centre;
        Operand<T> spread;
        if (mean.isEmpty()) {
            centre = weights.get(0).value();
            spread = weights.get(1).value();
        } else {
            centre = Rescaling.numbers(tf, x.type(), mean);
            spread = Rescaling.numbers(tf, x.type(), variance);
        }
        Operand<T> deviation =
                tf.math.maximum(tf.math.sqrt(placed(tf, spread, x.shape())), tf.constant(x.type(), LEAST));
        Operand<T> shift = placed(tf, centre, x.shape());
        return invert ? tf.math.add(shift, tf.math.mul(x, deviation)) : tf.math.div(tf.math.sub(x, shift), deviation);
    }

    /** With the length 1 along the other axes. */
    private <T extends TFloating> Operand<T> placed(Ops tf, Operand<T> numbers, Shape batched) {
        if (numbers.shape().numDimensions() == 0) {
            return numbers;
        }
        Shape example = Shapes.example(batched);
        long[] sizes = new long[batched.numDimensions()];
        Arrays.fill(sizes, 1);
        for (int axis : axes) {
            int dimension = Shapes.dimension(axis, example);
            sizes[dimension + 1] = example.get(dimension);
        }
        return tf.reshape(numbers, tf.constant(sizes));
    }
}
