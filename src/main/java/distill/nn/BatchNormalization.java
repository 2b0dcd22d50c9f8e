package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code BatchNormalization} over the last axis, that of images' channels (Ioffe and Szegedy 2015, algorithm
 * 1): gamma (x - mean) / sqrt(variance + epsilon) + beta. In training mean and variance are the batch's, over images
 * and places, and the moving ones go momentum * moving + (1 - momentum) * batch; in inference, and where the layer is
 * frozen, the moving ones are used and stay.
 *
 * <p>In float32 TensorFlow's fused kernel computes it. The kernel has no float64 and takes images only; else it is
 * composed.
 *
 * @param momentum of the moving mean and variance, in [0, 1)
 * @param epsilon added to the variance
 * @param axis the last one, counted with the batch as 0, or -1
 * @param center whether there is a beta
 * @param scale whether there is a gamma
 */
public record BatchNormalization(
        double momentum, double epsilon, int axis, boolean center, boolean scale, Initializers initializers)
        implements Layer {

    /** With beta and gamma. */
    public BatchNormalization(double momentum, double epsilon) {
        this(momentum, epsilon, -1, true, true, Initializers.USUAL);
    }

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .with("momentum", momentum)
                .with("epsilon", epsilon)
                .unless(true, "center", center)
                .unless(true, "scale", scale)
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.checkLast(this, axis, input);
        return input;
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        Shape channels = Shape.of(Shapes.last(input));
        List<WeightSpec> weights =
                new ArrayList<>(LayerNormalization.gammaAndBeta(channels, center, scale, initializers));
        weights.add(new WeightSpec("moving_mean", channels, initializers.of("moving_mean", Initializer.ZEROS), false));
        weights.add(new WeightSpec(
                "moving_variance", channels, initializers.of("moving_variance", Initializer.ONES), false));
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        List<Variable<T>> moving = weights.subList(weights.size() - 2, weights.size());
        Operand<T> gamma = scale ? weights.get(0).value() : filled(tf, x, 1);
        Operand<T> beta = center ? weights.get(scale ? 1 : 0).value() : filled(tf, x, 0);
        return x.type() == TFloat32.class && x.shape().numDimensions() == 4
                ? fused(tf, x, gamma, beta, moving, phase)
                : composed(tf, x, gamma, beta, moving, phase);
    }

    /** A number for each channel. */
    private static <T extends TFloating> Operand<T> filled(Ops tf, Operand<T> x, int value) {
        return tf.fill(tf.constant(new long[] {Shapes.last(x.shape())}), tf.constant(x.type(), value));
    }

    private <T extends TFloating> Operand<T> fused(
            Ops tf, Operand<T> inputs, Operand<T> gamma, Operand<T> beta, List<Variable<T>> moving, Phase phase) {
        boolean training = phase.usesBatchStatistics();
        FusedBatchNorm<T, T> normalised = tf.nn.fusedBatchNorm(
                inputs,
                gamma,
                beta,
                training ? none(tf, inputs.type()) : moving.get(0).value(),
                training ? none(tf, inputs.type()) : moving.get(1).value(),
                FusedBatchNorm.epsilon((float) epsilon),
                FusedBatchNorm.isTraining(training));
        if (training) {
            // The kernel gives the variance with Bessel's correction.
            Operand<T> sample = normalised.batchVariance();
            Operand<T> variance = phase.bessel() ? sample : tf.math.mul(sample, populationOverSample(tf, inputs));
            update(tf, moving, normalised.batchMean(), variance, phase);
        }
        return normalised.y();
    }

    private static <T extends TFloating> Operand<T> none(Ops tf, Class<T> type) {
        return tf.zeros(tf.constant(new int[] {0}), type);
    }

    private <T extends TFloating> Operand<T> composed(
            Ops tf, Operand<T> inputs, Operand<T> gamma, Operand<T> beta, List<Variable<T>> moving, Phase phase) {
        Operand<T> mean = moving.get(0).value();
        Operand<T> variance = moving.get(1).value();
        if (phase.usesBatchStatistics()) {
            int[] axes = IntStream.range(0, inputs.shape().numDimensions() - 1).toArray();
            mean = tf.math.mean(inputs, tf.constant(axes));
            Operand<T> centred = tf.math.sub(inputs, tf.math.mean(inputs, tf.constant(axes), Mean.keepDims(true)));
            variance = tf.math.mean(tf.math.square(centred), tf.constant(axes));
            boolean bessel = phase.bessel() && inputs.shape().numDimensions() == 4;
            Operand<T> kept = bessel ? tf.math.div(variance, populationOverSample(tf, inputs)) : variance;
            update(tf, moving, mean, kept, phase);
        }
        Operand<T> factor =
                tf.math.mul(gamma, tf.math.rsqrt(tf.math.add(variance, tf.constant(inputs.type(), epsilon))));
        return tf.math.add(tf.math.mul(inputs, factor), tf.math.sub(beta, tf.math.mul(mean, factor)));
    }

    /** (n - 1) / n, where n is how many numbers of a channel the batch has. */
    private static <T extends TFloating> Operand<T> populationOverSample(Ops tf, Operand<T> inputs) {
        Operand<T> n = tf.dtypes.cast(
                tf.math.div(tf.size(inputs), tf.constant(Math.toIntExact(Shapes.last(inputs.shape())))), inputs.type());
        return tf.math.div(tf.math.sub(n, tf.constant(inputs.type(), 1)), n);
    }

    private <T extends TFloating> void update(
            Ops tf, List<Variable<T>> moving, Operand<T> mean, Operand<T> variance, Phase phase) {
        phase.updates().add(moved(tf, moving.get(0), mean));
        phase.updates().add(moved(tf, moving.get(1), variance));
    }

    private <T extends TFloating> Op moved(Ops tf, Variable<T> moving, Operand<T> batch) {
        Class<T> type = batch.type();
        return moving.assign(
                tf,
                tf.math.add(
                        tf.math.mul(moving.value(), tf.constant(type, momentum)),
                        tf.math.mul(batch, tf.constant(type, 1 - momentum))));
    }
}
