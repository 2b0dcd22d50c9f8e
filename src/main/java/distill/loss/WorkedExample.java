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
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * The losses of one small batch of two images at T = 2 and alpha = .5, whose values can be worked out on paper. The
 * outputs are chosen for that: multiples of 2 ln 2 and 2 ln 3 as logits, quarters as probabilities.
 *
 * @param losses the names of the methods of {@link Losses} that are shown
 * @param softTargets what the teacher's outputs become
 * @param labels the images' classes
 * @param teacher the teacher's outputs, image by image
 * @param student the student's outputs
 * @param onPaper what becomes of the outputs
 */
public record WorkedExample(
        List<String> losses,
        SoftTargets softTargets,
        int[] labels,
        double[] teacher,
        double[] student,
        OnPaper onPaper) {

    private static final double T = 2;
    private static final double ALPHA = .5;
    private static final double LN2 = Math.log(2);
    private static final double LN3 = Math.log(3);
    private static final List<String> TASK1 =
            List.of("computeTeacherLoss", "computePlainCrossEntropyLoss", "distillationLoss", "computeStudentLoss");
    private static final List<String> TASK2 =
            List.of("computeTeacherLoss", "computeStudentLoss", "computeStudentScratchLoss");

    /**
     * What is worked out on paper, image by image; all losses and gradients follow from it.
     *
     * @param teacher softmax of the teacher's outputs
     * @param student softmax of the student's outputs
     * @param softened softmax of the student's outputs over T
     * @param targets what the student is compared with, whatever they add up to
     */
    public record OnPaper(double[] teacher, double[] student, double[] softened, double[] targets) {}

    /**
     * What one of the losses gives.
     *
     * @param name of the method of {@link Losses}
     * @param values one for each image, or for the distillation one for the batch
     * @param gradient of the sum of the values with respect to the outputs that are trained, image by image
     */
    public record Result(String name, double[] values, double[] gradient) {}

    /** Task 1's example of probabilities, where the inputs are these, or else of logits: images of three classes. */
    public static WorkedExample of(LossInputs inputs) {
        return inputs.outputActivation() == Activation.SOFTMAX
                ? ofProbabilities(inputs.softTargets())
                : ofLogits(inputs.softTargets());
    }

    /**
     * With logits of 2 ln 2 and 0 the student's probabilities are sixths, and at T = 2 fourths: softmax((2 ln 2, 0, 0)
     * / 2) = (2, 1, 1) / 4. Likewise the teacher's are elevenths, and at T = 2 fifths.
     */
    private static WorkedExample ofLogits(SoftTargets softTargets) {
        return new WorkedExample(
                TASK1,
                softTargets,
                new int[] {0, 2},
                new double[] {2 * LN3, 0, 0, 0, 0, 2 * LN3},
                new double[] {2 * LN2, 0, 0, 0, 2 * LN2, 0},
                new OnPaper(
                        new double[] {9 / 11., 1 / 11., 1 / 11., 1 / 11., 1 / 11., 9 / 11.},
                        new double[] {4 / 6., 1 / 6., 1 / 6., 1 / 6., 4 / 6., 1 / 6.},
                        new double[] {2 / 4., 1 / 4., 1 / 4., 1 / 4., 2 / 4., 1 / 4.},
                        softTargets == SoftTargets.UNNORMALISED
                                // exp((v - 2 max v) / 2): of 2 ln 3 exp(-ln 3), of 0 exp(-2 ln 3).
                                ? new double[] {1 / 3., 1 / 9., 1 / 9., 1 / 9., 1 / 9., 1 / 3.}
                                : new double[] {3 / 5., 1 / 5., 1 / 5., 1 / 5., 1 / 5., 3 / 5.}));
    }

    /**
     * The networks' outputs are probabilities, which the losses take as logits: each softmax is one of numbers in [0,
     * 1].
     */
    private static WorkedExample ofProbabilities(SoftTargets softTargets) {
        double e = Math.E;
        double root = Math.exp(1 / 2.);
        double fourth = Math.exp(1 / 4.);
        double eighth = Math.exp(1 / 8.);
        return new WorkedExample(
                TASK1,
                softTargets,
                new int[] {0, 2},
                new double[] {1, 0, 0, .5, .25, .25},
                new double[] {1, 0, 0, .5, .5, 0},
                new OnPaper(
                        shares(e, 1, 1, root, fourth, fourth),
                        shares(e, 1, 1, root, root, 1),
                        shares(root, 1, 1, fourth, fourth, 1),
                        softTargets == SoftTargets.UNNORMALISED
                                // exp((t - 2 max t) / T): (1 - 2) / 2, (0 - 2) / 2; (.5 - 1) / 2, (.25 - 1) / 2.
                                ? IntStream.of(-4, -8, -8, -2, -3, -3)
                                        .mapToDouble(eighths -> Math.exp(eighths / 8.))
                                        .toArray()
                                : shares(root, 1, 1, fourth, eighth, eighth)));
    }

    /** Each number in parts of its image's three. */
    private static double[] shares(double... numbers) {
        return IntStream.range(0, numbers.length)
                .mapToDouble(i -> numbers[i]
                        / Arrays.stream(numbers, i / 3 * 3, i / 3 * 3 + 3).sum())
                .toArray();
    }

    /**
     * Task 2's example: images of two classes. The student's logits are (2 ln 2, 0) and (0, 2 ln 2), so that its
     * probabilities are fifths, and at T = 2 thirds; the teacher's are (2 ln 3, 0) for both, so that at T = 2 its
     * probabilities are (3, 1) / 4 and its logits over T are (ln 3, 0).
     */
    public static WorkedExample ofTransfer(SoftTargets softTargets) {
        return new WorkedExample(
                TASK2,
                softTargets,
                new int[] {0, 1},
                new double[] {2 * LN3, 0, 2 * LN3, 0},
                new double[] {2 * LN2, 0, 0, 2 * LN2},
                new OnPaper(
                        new double[] {9 / 10., 1 / 10., 9 / 10., 1 / 10.},
                        new double[] {4 / 5., 1 / 5., 1 / 5., 4 / 5.},
                        new double[] {2 / 3., 1 / 3., 1 / 3., 2 / 3.},
                        softTargets == SoftTargets.LOGITS
                                ? new double[] {LN3, 0, LN3, 0}
                                : new double[] {3 / 4., 1 / 4., 3 / 4., 1 / 4.}));
    }

    /** What the program computes, in float64. */
    public List<Result> compute(Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            int classes = teacher.length / labels.length;
            Shape shape = Shape.of(labels.length, classes);
            Operand<TFloat64> y =
                    tf.oneHot(tf.constant(labels), tf.constant(classes), tf.constant(1.), tf.constant(0.));
            Operand<TFloat64> v = tf.constant(shape, DataBuffers.of(teacher));
            Operand<TFloat64> z = tf.constant(shape, DataBuffers.of(student));
            Loss<TFloat64> teacherLoss = Losses.computeTeacherLoss(tf, y, v);
            Loss<TFloat64> plain = Losses.computePlainCrossEntropyLoss(tf, y, z);
            Losses.Distillation<TFloat64> soft = Losses.distillationLoss(tf, softTargets, v, z, T);
            Operand<TFloat64> softGradient = tf.math.mul(tf.constant(T / labels.length), soft.backprop());
            Loss<TFloat64> studentLoss = Losses.computeStudentLoss(tf, softTargets, y, v, z, T, ALPHA);
            Loss<TFloat64> scratch = Losses.computeStudentScratchLoss(tf, y, z, T);
            try (Session session = device.open(graph)) {
                return shown(List.of(
                        result("computeTeacherLoss", session, teacherLoss.values(), teacherLoss.gradient()),
                        result("computePlainCrossEntropyLoss", session, plain.values(), plain.gradient()),
                        result("distillationLoss", session, soft.value(), softGradient),
                        result("computeStudentLoss", session, studentLoss.values(), studentLoss.gradient()),
                        result("computeStudentScratchLoss", session, scratch.values(), scratch.gradient())));
            }
        }
    }

    private static Result result(String name, Session session, Operand<TFloat64> values, Operand<TFloat64> gradient) {
        try (org.tensorflow.Result fetched =
                session.runner().fetch(values).fetch(gradient).run()) {
            return new Result(name, Tensors.doubles(fetched.get(0)), Tensors.doubles(fetched.get(1)));
        }
    }

    /**
     * What comes out on paper, in the order of {@link #compute}: with targets q and the student's softened
     * probabilities p the distillation is T^2 times the mean of -sum(q ln p) over the images, and its gradient the
     * fused operation's T / batch times p - q, whatever q sums to. In the sum over the batch the student's loss has the
     * distillation once for each image.
     */
    public List<Result> byHand() {
        double[] y = new double[teacher.length];
        for (int i = 0; i < labels.length; i++) {
            y[i * y.length / labels.length + labels[i]] = 1;
        }
        double[] p = onPaper.softened();
        double[] q = onPaper.targets();
        double soft = T * T * Arrays.stream(crossEntropies(q, p)).average().orElseThrow();
        double[] softGradient = sum(T / labels.length, p, -T / labels.length, q);
        double[] hard = crossEntropies(y, onPaper.student());
        double[] hardGradient = sum(1, onPaper.student(), -1, y);
        return shown(List.of(
                new Result(
                        "computeTeacherLoss", crossEntropies(y, onPaper.teacher()), sum(1, onPaper.teacher(), -1, y)),
                new Result("computePlainCrossEntropyLoss", hard, hardGradient),
                new Result("distillationLoss", new double[] {soft}, softGradient),
                new Result(
                        "computeStudentLoss",
                        Arrays.stream(hard)
                                .map(value -> ALPHA * soft + (1 - ALPHA) * value)
                                .toArray(),
                        sum(ALPHA * labels.length, softGradient, 1 - ALPHA, hardGradient)),
                new Result(
                        "computeStudentScratchLoss",
                        Arrays.stream(crossEntropies(y, p))
                                .map(value -> T * T * value)
                                .toArray(),
                        sum(T, p, -T, y))));
    }

    /** -sum(q ln p) of each image. */
    private double[] crossEntropies(double[] q, double[] p) {
        double[] values = new double[labels.length];
        for (int i = 0; i < q.length; i++) {
            values[i * labels.length / q.length] -= q[i] * Math.log(p[i]);
        }
        return values;
    }

    /** a x + b y. */
    private static double[] sum(double a, double[] x, double b, double[] y) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> a * x[i] + b * y[i])
                .toArray();
    }

    private List<Result> shown(List<Result> all) {
        return all.stream().filter(result -> losses.contains(result.name())).toList();
    }
}
