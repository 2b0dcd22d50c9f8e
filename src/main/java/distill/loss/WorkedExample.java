package distill.loss;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * The losses of one small batch, two images of three classes at T = 2 and alpha = .5, whose values can be worked out on
 * paper. The outputs are chosen for that: multiples of 2 ln 2 and 2 ln 3 as logits, tenths as probabilities.
 *
 * @param inputs what the losses are given
 * @param labels the images' classes
 * @param teacher the teacher's outputs, image by image
 * @param student the student's outputs
 */
public record WorkedExample(LossInputs inputs, int[] labels, double[] teacher, double[] student) {

    public static final double TEMPERATURE = 2;
    public static final double ALPHA = .5;

    private static final int CLASSES = 3;
    private static final double LN2 = Math.log(2);
    private static final double LN3 = Math.log(3);

    /**
     * What one of the losses gives.
     *
     * @param name of the method of {@link Losses}
     * @param values one for each image, or for the distillation one for the batch
     * @param gradient of the sum of the values with respect to the outputs that are trained, image by image
     */
    public record Result(String name, double[] values, double[] gradient) {}

    /** The example of probabilities, where the inputs are these, or else of logits. */
    public static WorkedExample of(LossInputs inputs) {
        int[] labels = {0, 2};
        return isOfProbabilities(inputs)
                ? new WorkedExample(
                        inputs, labels, new double[] {1, 0, 0, .5, .25, .25}, new double[] {1, 0, 0, .5, .5, 0})
                : new WorkedExample(inputs, labels, new double[] {2 * LN3, 0, 0, 0, 0, 2 * LN3}, new double[] {
                    2 * LN2, 0, 0, 0, 2 * LN2, 0
                });
    }

    private static boolean isOfProbabilities(LossInputs inputs) {
        return inputs.outputActivation() == Activation.SOFTMAX;
    }

    /** What the program computes, in float64. */
    public List<Result> compute(Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            double[] oneHot = new double[labels.length * CLASSES];
            for (int i = 0; i < labels.length; i++) {
                oneHot[i * CLASSES + labels[i]] = 1;
            }
            Operand<TFloat64> y = matrix(tf, oneHot);
            Operand<TFloat64> v = matrix(tf, teacher);
            Operand<TFloat64> z = matrix(tf, student);
            Loss<TFloat64> teacherLoss = Losses.computeTeacherLoss(tf, y, v);
            Loss<TFloat64> plain = Losses.computePlainCrossEntropyLoss(tf, y, z);
            Losses.Distillation<TFloat64> soft = Losses.distillationLoss(tf, inputs.softTargets(), v, z, TEMPERATURE);
            Operand<TFloat64> softGradient = tf.math.mul(tf.constant(TEMPERATURE / labels.length), soft.backprop());
            Loss<TFloat64> studentLoss =
                    Losses.computeStudentLoss(tf, inputs.softTargets(), y, v, z, TEMPERATURE, ALPHA);
            try (Session session = device.open(graph)) {
                return List.of(
                        result("computeTeacherLoss", session, teacherLoss.values(), teacherLoss.gradient()),
                        result("computePlainCrossEntropyLoss", session, plain.values(), plain.gradient()),
                        result("distillationLoss", session, soft.value(), softGradient),
                        result("computeStudentLoss", session, studentLoss.values(), studentLoss.gradient()));
            }
        }
    }

    private static Result result(String name, Session session, Operand<TFloat64> values, Operand<TFloat64> gradient) {
        try (org.tensorflow.Result fetched =
                session.runner().fetch(values).fetch(gradient).run()) {
            return new Result(name, Tensors.doubles(fetched.get(0)), Tensors.doubles(fetched.get(1)));
        }
    }

    /** What comes out on paper, in the order of {@link #compute}. */
    public List<Result> byHand() {
        return isOfProbabilities(inputs) ? ofProbabilities() : ofLogits();
    }

    /**
     * With logits of 2 ln 2 and 0 the student's probabilities are sixths, and at T = 2 fourths: softmax((2 ln 2, 0, 0)
     * / 2) = (2, 1, 1) / 4. Likewise the teacher's are elevenths.
     */
    private List<Result> ofLogits() {
        double[] softened = {1 / 2., 1 / 4., 1 / 4., 1 / 4., 1 / 2., 1 / 4.};
        double[] hard = {Math.log(6 / 4.), Math.log(6)};
        double[] hardGradient = {-1 / 3., 1 / 6., 1 / 6., 1 / 6., 2 / 3., -5 / 6.};
        return results(
                new Result("computeTeacherLoss", new double[] {Math.log(11 / 9.), Math.log(11 / 9.)}, new double[] {
                    -2 / 11., 1 / 11., 1 / 11., 1 / 11., 1 / 11., -2 / 11.
                }),
                new Result("computePlainCrossEntropyLoss", hard, hardGradient),
                targetsOfLogits(),
                softened);
    }

    private double[] targetsOfLogits() {
        return inputs.softTargets() == SoftTargets.UNNORMALISED
                // exp((v - 2 max v) / 2): of 2 ln 3 exp(-ln 3), of 0 exp(-2 ln 3).
                ? new double[] {1 / 3., 1 / 9., 1 / 9., 1 / 9., 1 / 9., 1 / 3.}
                // softmax((2 ln 3, 0, 0) / 2) = (3, 1, 1) / 5.
                : new double[] {3 / 5., 1 / 5., 1 / 5., 1 / 5., 1 / 5., 3 / 5.};
    }

    /**
     * The networks' outputs are probabilities, which the losses take as logits: each softmax is one of numbers in [0,
     * 1].
     */
    private List<Result> ofProbabilities() {
        double e = Math.E;
        double root = Math.exp(1 / 2.);
        double fourth = Math.exp(1 / 4.);
        // Softmax denominators: of the student's outputs (1, 0, 0) and (.5, .5, 0), of these over T, of the teacher's
        // (.5, .25, .25).
        double first = e + 2;
        double second = 2 * root + 1;
        double firstSoftened = root + 2;
        double secondSoftened = 2 * fourth + 1;
        double teacher = root + 2 * fourth;
        double[] softened = {
            root / firstSoftened, 1 / firstSoftened, 1 / firstSoftened,
            fourth / secondSoftened, fourth / secondSoftened, 1 / secondSoftened
        };
        double[] hard = {Math.log(first) - 1, Math.log(second)};
        double[] hardGradient = {e / first - 1, 1 / first, 1 / first, root / second, root / second, 1 / second - 1};
        return results(
                new Result(
                        "computeTeacherLoss",
                        new double[] {Math.log(first) - 1, Math.log(teacher) - 1 / 4.},
                        new double[] {
                            e / first - 1, 1 / first, 1 / first, root / teacher, fourth / teacher, fourth / teacher - 1
                        }),
                new Result("computePlainCrossEntropyLoss", hard, hardGradient),
                targetsOfProbabilities(),
                softened);
    }

    private double[] targetsOfProbabilities() {
        if (inputs.softTargets() == SoftTargets.UNNORMALISED) {
            // exp((t - 2 max t) / T): (1 - 2) / 2, (0 - 2) / 2; (.5 - 1) / 2, (.25 - 1) / 2.
            return new double[] {
                Math.exp(-1 / 2.), Math.exp(-1), Math.exp(-1), Math.exp(-1 / 4.), Math.exp(-3 / 8.), Math.exp(-3 / 8.)
            };
        }
        // softmax((1, 0, 0) / 2) and softmax((.5, .25, .25) / 2).
        double root = Math.exp(1 / 2.);
        double fourth = Math.exp(1 / 4.);
        double eighth = Math.exp(1 / 8.);
        double first = root + 2;
        double second = fourth + 2 * eighth;
        return new double[] {root / first, 1 / first, 1 / first, fourth / second, eighth / second, eighth / second};
    }

    /**
     * All four, with the distillation from its targets q and the student's softened probabilities p: T^2 times the mean
     * of -sum(q ln p) over the two images. Its gradient, of which T / batch = 1 times p - q is what the fused operation
     * returns, whatever q sums to.
     */
    private static List<Result> results(Result teacher, Result hard, double[] q, double[] p) {
        double soft = TEMPERATURE
                * TEMPERATURE
                / 2
                * IntStream.range(0, q.length)
                        .mapToDouble(i -> -q[i] * Math.log(p[i]))
                        .sum();
        double[] softGradient = new double[q.length];
        Arrays.setAll(softGradient, i -> p[i] - q[i]);
        return List.of(
                teacher,
                hard,
                new Result("distillationLoss", new double[] {soft}, softGradient),
                studentLoss(soft, softGradient, hard.values(), hard.gradient()));
    }

    /** Half the distillation and half the cross-entropy; in the sum over the batch the distillation stands twice. */
    private static Result studentLoss(double soft, double[] softGradient, double[] hard, double[] hardGradient) {
        double[] gradient = new double[hardGradient.length];
        Arrays.setAll(gradient, i -> ALPHA * 2 * softGradient[i] + (1 - ALPHA) * hardGradient[i]);
        return new Result(
                "computeStudentLoss",
                Arrays.stream(hard)
                        .map(value -> ALPHA * soft + (1 - ALPHA) * value)
                        .toArray(),
                gradient);
    }

    private static Operand<TFloat64> matrix(Ops tf, double[] values) {
        try (TFloat64 tensor = Tensors.of(TFloat64.class, Shape.of(values.length / CLASSES, CLASSES), values)) {
            return tf.constantOf(tensor);
        }
    }
}
