package distill.loss;

import distill.metrics.Distributions;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.nn.Softmax;
import org.tensorflow.types.TFloat64;

/**
 * What the temperature does to a teacher's targets and to the gradient that they give a student, by the losses that
 * students are trained with, in float64.
 *
 * @param temperature T
 * @param targets an array for each image, the teacher's targets scaled to add up to 1: softmax(v / T) does so anyway,
 *     the as-written reading's targets do not
 * @param sums what each image's targets add up to before that
 * @param softened an array for each image: softmax of the student's outputs over T
 * @param gradients for each image the length of T^2 * d CE(targets, student / T) / dz, as training has it, with respect
 *     to the student's logits z before its last activation
 */
public record TemperatureEffect(
        double temperature, double[][] targets, double[] sums, double[][] softened, double[] gradients) {

    /**
     * Computes the effect.
     *
     * @param teacher images * classes logits, image by image: what the teacher has before its last activation
     * @param student the same of the student
     * @param temperature over 0; as written from about .0015 on: of a teacher that is certain the largest target is
     *     exp(-1 / T), which float64 has no room for under .00134, and then all targets are 0
     */
    public static TemperatureEffect of(
            LossInputs inputs, double[] teacher, double[] student, int classes, double temperature, Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Activation activation = inputs.outputActivation();
            Operand<TFloat64> z = logits(tf, student, classes);
            Operand<TFloat64> outputs = activation.call(tf, z);
            Operand<TFloat64> teacherOutputs = activation.call(tf, logits(tf, teacher, classes));
            Operand<TFloat64> t = tf.constant(temperature);
            Operand<TFloat64> soft = inputs.softTargets().of(tf, teacherOutputs, temperature);
            Softmax<TFloat64> softened = tf.nn.softmax(tf.math.div(outputs, t));
            Losses.Distillation<TFloat64> loss =
                    Losses.distillationLoss(tf, inputs.softTargets(), teacherOutputs, outputs, temperature);
            Operand<TFloat64> gradient = gradient(tf, tf.math.mul(t, loss.backprop()), outputs, z);
            try (Session session = device.open(graph);
                    Result result = session.runner()
                            .fetch(soft)
                            .fetch(softened)
                            .fetch(gradient)
                            .run()) {
                double[][] targets = rows(result.get(0));
                double[] sums = Arrays.stream(targets)
                        .mapToDouble(row -> Arrays.stream(row).sum())
                        .toArray();
                for (int i = 0; i < sums.length; i++) {
                    for (int label = 0; label < classes; label++) {
                        targets[i][label] /= sums[i];
                    }
                }
                return new TemperatureEffect(temperature, targets, sums, rows(result.get(1)), lengths(result.get(2)));
            }
        }
    }

    /**
     * The mean over the images of the length of d CE(labels, student) / dz, which does not know the temperature.
     *
     * @param student images * classes logits
     * @param labels the images' classes
     */
    public static double hardGradient(LossInputs inputs, double[] student, int[] labels, int classes, Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> oneHot =
                    tf.oneHot(tf.constant(labels), tf.constant(classes), tf.constant(1.), tf.constant(0.));
            Operand<TFloat64> z = logits(tf, student, classes);
            Operand<TFloat64> outputs = inputs.outputActivation().call(tf, z);
            Loss<TFloat64> loss = Losses.computePlainCrossEntropyLoss(tf, oneHot, outputs);
            Operand<TFloat64> gradient = gradient(tf, loss.gradient(), outputs, z);
            try (Session session = device.open(graph);
                    Result result = session.runner().fetch(gradient).run()) {
                return mean(lengths(result.get(0)));
            }
        }
    }

    /** The mean entropy of the images' targets, in nats. */
    public double entropy() {
        return mean(Distributions::entropy);
    }

    /** The mean of the images' largest target. */
    public double largest() {
        return mean(target -> Arrays.stream(target).max().orElseThrow());
    }

    /** The mean distance, from 0 to 1, to the hard targets: all on the teacher's own choice. */
    public double distanceToOneHot() {
        return 1 - largest();
    }

    /** The mean distance, from 0 to 1, to targets that are all equal. */
    public double distanceToUniform() {
        return mean(target -> {
            double[] uniform = new double[target.length];
            Arrays.fill(uniform, 1. / target.length);
            return Distributions.totalVariation(target, uniform);
        });
    }

    /** The mean of what the targets add up to. */
    public double sum() {
        return mean(sums);
    }

    /** The mean divergence of the student's softened outputs from the targets, in nats. */
    public double divergence() {
        return IntStream.range(0, targets.length)
                .mapToDouble(i -> Distributions.divergence(targets[i], softened[i]))
                .average()
                .orElseThrow();
    }

    /** The mean length of the gradient as training has it, with T^2. */
    public double gradient() {
        return mean(gradients);
    }

    /** The gradient without the factor T^2. */
    public double gradientWithoutSquare() {
        return gradient() / (temperature * temperature);
    }

    private double mean(ToDoubleFunction<double[]> measure) {
        return Arrays.stream(targets).mapToDouble(measure).average().orElseThrow();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Takes a gradient through the student's last activation. */
    private static Operand<TFloat64> gradient(
            Ops tf, Operand<TFloat64> gradient, Operand<TFloat64> outputs, Operand<TFloat64> z) {
        return outputs == z
                ? gradient
                : tf.gradients(List.of(outputs), List.of(z), Gradients.dx(List.of(gradient)))
                        .<TFloat64>dy(0);
    }

    private static Operand<TFloat64> logits(Ops tf, double[] values, int classes) {
        return tf.constant(Shape.of(values.length / classes, classes), DataBuffers.of(values));
    }

    private static double[] lengths(Tensor vectors) {
        return Arrays.stream(rows(vectors))
                .mapToDouble(row -> Math.sqrt(Arrays.stream(row).map(x -> x * x).sum()))
                .toArray();
    }

    private static double[][] rows(Tensor matrix) {
        double[] values = Tensors.doubles(matrix);
        int width = Math.toIntExact(matrix.shape().get(1));
        return IntStream.range(0, values.length / width)
                .mapToObj(i -> Arrays.copyOfRange(values, i * width, (i + 1) * width))
                .toArray(double[][]::new);
    }
}
