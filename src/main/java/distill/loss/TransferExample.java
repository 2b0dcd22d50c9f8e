package distill.loss;

import distill.nn.Device;
import distill.nn.Tensors;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * Task 2's losses of one small batch, whose values can be worked out on paper: two images of two classes, labels 0 and
 * 1, at T = 2 and alpha = .5. The student's logits are (2 ln 2, 0) and (0, 2 ln 2), so that its probabilities are
 * fifths, and at T = 2 thirds; the teacher's are (2 ln 3, 0) for both, so that at T = 2 its probabilities are (3, 1) /
 * 4 and its logits over T are (ln 3, 0).
 */
public final class TransferExample {

    public static final double TEMPERATURE = 2;
    public static final double ALPHA = .5;

    private static final double LN2 = Math.log(2);
    private static final double LN3 = Math.log(3);

    private TransferExample() {}

    /** What the program computes, in float64. */
    public static List<WorkedExample.Result> compute(SoftTargets softTargets, Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> y = matrix(tf, 1, 0, 0, 1);
            Operand<TFloat64> v = matrix(tf, 2 * LN3, 0, 2 * LN3, 0);
            Operand<TFloat64> z = matrix(tf, 2 * LN2, 0, 0, 2 * LN2);
            Loss<TFloat64> teacher = Losses.computeTeacherLoss(tf, y, v);
            Loss<TFloat64> student = Losses.computeStudentLoss(tf, softTargets, y, v, z, TEMPERATURE, ALPHA);
            Loss<TFloat64> scratch = Losses.computeStudentScratchLoss(tf, y, z, TEMPERATURE);
            try (Session session = device.open(graph)) {
                return List.of(
                        result("computeTeacherLoss", session, teacher),
                        result("computeStudentLoss", session, student),
                        result("computeStudentScratchLoss", session, scratch));
            }
        }
    }

    /**
     * What comes out on paper, in the order of {@link #compute}. The distillation is T^2 times the mean of CE(targets,
     * (2, 1) / 3) and CE(targets, (1, 2) / 3). With targets (3, 1) / 4 that is 2 (3/4 ln 1.5 + 1/4 ln 3 + 3/4 ln 3 +
     * 1/4 ln 1.5) = 2 ln 4.5; with targets (ln 3, 0), which no softmax has normalised, 2 ln 3 (ln 1.5 + ln 3) = 2 ln 3
     * ln 4.5. Its gradient is T times softmax(z / T) - targets, for each image.
     */
    public static List<WorkedExample.Result> byHand(SoftTargets softTargets) {
        double[] targets = softTargets == SoftTargets.LOGITS ? new double[] {LN3, 0} : new double[] {3 / 4., 1 / 4.};
        double soft = 2 * Math.log(4.5) * (softTargets == SoftTargets.LOGITS ? LN3 : 1);
        // Both students are right with 4/5, the teacher with 9/10 and 1/10.
        double hard = Math.log(5 / 4.);
        double total = ALPHA * soft + (1 - ALPHA) * hard;
        double weight = ALPHA * TEMPERATURE;
        return List.of(
                new WorkedExample.Result(
                        "computeTeacherLoss",
                        new double[] {Math.log(10 / 9.), Math.log(10)},
                        new double[] {-1 / 10., 1 / 10., 9 / 10., -9 / 10.}),
                new WorkedExample.Result("computeStudentLoss", new double[] {total, total}, new double[] {
                    weight * (2 / 3. - targets[0]) - (1 - ALPHA) / 5,
                    weight * (1 / 3. - targets[1]) + (1 - ALPHA) / 5,
                    weight * (1 / 3. - targets[0]) + (1 - ALPHA) / 5,
                    weight * (2 / 3. - targets[1]) - (1 - ALPHA) / 5
                }),
                new WorkedExample.Result(
                        "computeStudentScratchLoss",
                        new double[] {4 * Math.log(3 / 2.), 4 * Math.log(3 / 2.)},
                        new double[] {-2 / 3., 2 / 3., 2 / 3., -2 / 3.}));
    }

    private static WorkedExample.Result result(String name, Session session, Loss<TFloat64> loss) {
        try (org.tensorflow.Result fetched =
                session.runner().fetch(loss.values()).fetch(loss.gradient()).run()) {
            return new WorkedExample.Result(name, Tensors.doubles(fetched.get(0)), Tensors.doubles(fetched.get(1)));
        }
    }

    private static Operand<TFloat64> matrix(Ops tf, double... values) {
        try (TFloat64 tensor = Tensors.of(TFloat64.class, Shape.of(2, 2), values)) {
            return tf.constantOf(tensor);
        }
    }
}
