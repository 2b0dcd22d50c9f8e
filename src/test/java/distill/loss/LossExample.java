package distill.loss;

import distill.nn.Device;
import distill.nn.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat64;

/**
 * A batch whose losses can be worked out by hand, computed in float64.
 *
 * @param labels (batch, classes), one-hot
 * @param outputs (batch, classes): the student's
 * @param teacher (batch, classes): the teacher's
 * @param features of the student's layers, each with its shape
 * @param teacherFeatures the same of the teacher's
 */
record LossExample(
        double[][] labels,
        double[][] outputs,
        double[][] teacher,
        List<Features> features,
        List<Features> teacherFeatures) {

    /** What a layer puts out for a batch. */
    record Features(Shape shape, double... values) {}

    /**
     * What a loss gives.
     *
     * @param gradient of the sum of the values with respect to the outputs
     * @param atFeatures the same with respect to each of the features
     */
    record Found(double[] values, double[] hard, double soft, double[] gradient, List<double[]> atFeatures) {}

    static LossExample of(double[][] labels, double[][] outputs, double[][] teacher) {
        return new LossExample(labels, outputs, teacher, List.of(), List.of());
    }

    Found compute(DistillationLoss loss, Double temperature, Double alpha) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> z = tf.constant(outputs);
            List<Operand<TFloat64>> student = constants(tf, features);
            DistillationLoss.Batch<TFloat64> batch = new DistillationLoss.Batch<>(
                    tf.constant(labels), z, tf.constant(teacher), student, constants(tf, teacherFeatures));
            Loss<TFloat64> made =
                    loss.of(tf, batch, new DistillationLoss.Parameters(SoftTargets.SOFTMAX, temperature, alpha));
            List<Operand<TFloat64>> fetched = Stream.concat(
                            Stream.of(
                                    made.values(),
                                    made.hard(),
                                    made.soft(),
                                    made.derived().isEmpty() || !student.isEmpty()
                                            ? made.gradient()
                                            : tf.math.add(made.gradient(), derivative(tf, made, z))),
                            student.stream().map(layer -> derivative(tf, made, layer)))
                    .toList();
            try (Session session = Device.cpu(2).open(graph)) {
                made.variables()
                        .forEach(variable -> variable.assign(
                                session,
                                Tensors.of(
                                        TFloat64.class,
                                        variable.value().shape(),
                                        new double
                                                [Math.toIntExact(
                                                        variable.value().shape().size())])));
                Session.Runner runner = session.runner();
                // Values and hard may be one output, which cannot be fetched twice.
                fetched.forEach(value -> runner.fetch(tf.identity(value)));
                try (Result result = runner.run()) {
                    List<double[]> all = Stream.iterate(0, i -> i + 1)
                            .limit(fetched.size())
                            .map(i -> Tensors.doubles(result.get(i)))
                            .toList();
                    return new Found(all.get(0), all.get(1), all.get(2)[0], all.get(3), all.subList(4, all.size()));
                }
            }
        }
    }

    private static Operand<TFloat64> derivative(Ops tf, Loss<TFloat64> loss, Operand<TFloat64> with) {
        Gradients gradients = tf.gradients(loss.derived().get(0), List.of(with));
        return gradients.dy(0);
    }

    private static List<Operand<TFloat64>> constants(Ops tf, List<Features> features) {
        return features.stream()
                .<Operand<TFloat64>>map(layer -> tf.constant(layer.shape(), DataBuffers.of(layer.values())))
                .toList();
    }

    /** The derivative of the sum of the values with respect to the outputs, by differences. */
    double[] differences(DistillationLoss loss, Double temperature, Double alpha) {
        double h = 1e-6;
        int classes = outputs[0].length;
        double[] derivative = new double[outputs.length * classes];
        for (int i = 0; i < derivative.length; i++) {
            derivative[i] = (sum(loss, temperature, alpha, i, h) - sum(loss, temperature, alpha, i, -h)) / (2 * h);
        }
        return derivative;
    }

    private double sum(DistillationLoss loss, Double temperature, Double alpha, int entry, double change) {
        double[][] changed = Arrays.stream(outputs).map(double[]::clone).toArray(double[][]::new);
        changed[entry / outputs[0].length][entry % outputs[0].length] += change;
        LossExample other = new LossExample(labels, changed, teacher, features, teacherFeatures);
        return Arrays.stream(other.compute(loss, temperature, alpha).values()).sum();
    }
}
