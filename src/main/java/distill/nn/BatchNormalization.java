package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code BatchNormalization} over the last axis of images (Ioffe and Szegedy 2015, algorithm 1): gamma (x -
 * mean) / sqrt(variance + epsilon) + beta. In training mean and variance are the batch's, over images and places, and
 * the moving ones go momentum * moving + (1 - momentum) * batch; in inference, and where the layer is frozen, the
 * moving ones are used and stay.
 *
 * <p>In float32 TensorFlow's fused kernel computes it. The kernel has no float64, where it is composed.
 *
 * @param momentum of the moving mean and variance, in [0, 1)
 * @param epsilon added to the variance
 */
public record BatchNormalization(double momentum, double epsilon) implements Layer {

    /** With Keras's defaults: momentum .99, epsilon .001. */
    public BatchNormalization() {
        this(.99, 1e-3);
    }

    @Override
    public Map<String, Object> config() {
        return Map.of("momentum", momentum, "epsilon", epsilon);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        Shape channels = Shape.of(input.get(input.numDimensions() - 1));
        return List.of(
                new WeightSpec("gamma", channels, Initializer.ONES),
                new WeightSpec("beta", channels, Initializer.ZEROS),
                new WeightSpec("moving_mean", channels, Initializer.ZEROS, false),
                new WeightSpec("moving_variance", channels, Initializer.ONES, false));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return inputs.get(0).type() == TFloat32.class
                ? fused(tf, inputs.get(0), weights, phase)
                : composed(tf, inputs.get(0), weights, phase);
    }

    private <T extends TFloating> Operand<T> fused(Ops tf, Operand<T> inputs, List<Variable<T>> weights, Phase phase) {
        boolean training = phase.usesBatchStatistics();
        FusedBatchNorm<T, T> normalised = tf.nn.fusedBatchNorm(
                inputs,
                weights.get(0).value(),
                weights.get(1).value(),
                training ? none(tf, inputs.type()) : weights.get(2).value(),
                training ? none(tf, inputs.type()) : weights.get(3).value(),
                FusedBatchNorm.epsilon((float) epsilon),
                FusedBatchNorm.isTraining(training));
        if (training) {
            // The kernel gives the variance with Bessel's correction.
            Operand<T> sample = normalised.batchVariance();
            Operand<T> variance = phase.bessel() ? sample : tf.math.mul(sample, populationOverSample(tf, inputs));
            update(tf, weights, normalised.batchMean(), variance, phase);
        }
        return normalised.y();
    }

    private static <T extends TFloating> Operand<T> none(Ops tf, Class<T> type) {
        return tf.zeros(tf.constant(new int[] {0}), type);
    }

    private <T extends TFloating> Operand<T> composed(
            Ops tf, Operand<T> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> mean = weights.get(2).value();
        Operand<T> variance = weights.get(3).value();
        if (phase.usesBatchStatistics()) {
            int[] axes = {0, 1, 2};
            mean = tf.math.mean(inputs, tf.constant(axes));
            Operand<T> centred = tf.math.sub(inputs, tf.math.mean(inputs, tf.constant(axes), Mean.keepDims(true)));
            variance = tf.math.mean(tf.math.square(centred), tf.constant(axes));
            Operand<T> kept = phase.bessel() ? tf.math.div(variance, populationOverSample(tf, inputs)) : variance;
            update(tf, weights, mean, kept, phase);
        }
        Operand<T> scale = tf.math.mul(
                weights.get(0).value(), tf.math.rsqrt(tf.math.add(variance, tf.constant(inputs.type(), epsilon))));
        return tf.math.add(
                tf.math.mul(inputs, scale), tf.math.sub(weights.get(1).value(), tf.math.mul(mean, scale)));
    }

    /** (n - 1) / n, where n is how many numbers of a channel the batch has. */
    private static <T extends TFloating> Operand<T> populationOverSample(Ops tf, Operand<T> inputs) {
        Operand<T> n = tf.dtypes.cast(
                tf.math.div(
                        tf.size(inputs),
                        tf.constant(Math.toIntExact(inputs.shape().get(3)))),
                inputs.type());
        return tf.math.div(tf.math.sub(n, tf.constant(inputs.type(), 1)), n);
    }

    private <T extends TFloating> void update(
            Ops tf, List<Variable<T>> weights, Operand<T> mean, Operand<T> variance, Phase phase) {
        phase.updates().add(moved(tf, weights.get(2), mean));
        phase.updates().add(moved(tf, weights.get(3), variance));
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
