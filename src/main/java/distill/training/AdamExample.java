package distill.training;

import distill.nn.Device;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.run.AdamForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * An optimiser, above all Adam, on a problem with a known gradient: three weights w, each with the loss a (w - 1)^2 /
 * 2, whose gradient is a (w - 1). The curvatures a = 100, 1 and 1e-4 show the large step, the usual one, and one where
 * epsilon matters.
 */
public final class AdamExample {

    /** The curvature of each weight's loss. */
    public static final double[] CURVATURES = {100, 1, 1e-4};

    private AdamExample() {}

    /** The weights after each of {@code steps} steps from 0, in float32: a row of three weights for each step. */
    public static List<double[]> float32(Optimizer optimizer, int steps, Device device) {
        return run(optimizer, TFloat32.class, steps, device);
    }

    /** The weights after each of {@code steps} steps from 0, in float64: a row of three weights for each step. */
    public static List<double[]> float64(Optimizer optimizer, int steps, Device device) {
        return run(optimizer, TFloat64.class, steps, device);
    }

    private static <T extends TFloating> List<double[]> run(
            Optimizer optimizer, Class<T> dtype, int steps, Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Variable<T> w = Variable.create(tf, "w", Shape.of(CURVATURES.length), dtype);
            Operand<T> a = tf.dtypes.cast(tf.constant(CURVATURES), dtype);
            Operand<T> gradient = tf.math.mul(a, tf.math.sub(w.value(), tf.constant(dtype, 1)));
            Optimizer.Update<T> update = optimizer.applyGradients(tf, List.of(gradient), List.of(w));
            List<Variable<T>> variables = new ArrayList<>(update.state());
            variables.add(w);
            List<double[]> rows = new ArrayList<>();
            try (Session session = device.open(graph)) {
                for (Variable<T> variable : variables) {
                    Shape shape = variable.value().shape();
                    try (T zero = Tensors.of(dtype, shape, new double[Math.toIntExact(shape.size())])) {
                        variable.assign(session, zero);
                    }
                }
                for (int step = 1; step <= steps; step++) {
                    session.runner().addTarget(update.step()).run().close();
                    try (Result result = session.runner().fetch(w.value()).run()) {
                        rows.add(Tensors.doubles(result.get(0)));
                    }
                }
            }
            return rows;
        }
    }

    /** The weights by the form's formula in plain double arithmetic, with its constants rounded to float32. */
    public static List<double[]> formula(Adam adam, int steps) {
        double beta1 = (float) adam.beta1();
        double beta2 = (float) adam.beta2();
        boolean keras2 = adam.form() == AdamForm.KERAS2;
        double rate = keras2 ? (float) adam.learningRate() : adam.learningRate();
        double rest1 = 1 - (keras2 ? beta1 : adam.beta1());
        double rest2 = 1 - (keras2 ? beta2 : adam.beta2());
        double[] w = new double[CURVATURES.length];
        double[] m = new double[w.length];
        double[] v = new double[w.length];
        List<double[]> rows = new ArrayList<>();
        for (int t = 1; t <= steps; t++) {
            double alpha = rate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
            for (int i = 0; i < w.length; i++) {
                double g = CURVATURES[i] * (w[i] - 1);
                m[i] += (g - m[i]) * rest1;
                v[i] += (g * g - v[i]) * rest2;
                w[i] -= m[i] * alpha / (Math.sqrt(v[i]) + adam.epsilon());
            }
            rows.add(Arrays.copyOf(w, w.length));
        }
        return rows;
    }
}
