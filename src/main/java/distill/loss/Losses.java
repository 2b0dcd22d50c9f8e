package distill.loss;

import java.util.List;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The loss functions of the report's Question 3 under its names. "Logits" are the networks' outputs: probabilities in
 * the as-written reading, logits in the as-described one. All logits and labels are (batch, classes), labels are
 * one-hot.
 */
public final class Losses {

    private Losses() {}

    /**
     * The distillation part of a loss.
     *
     * @param value scalar: T^2 * mean over the batch of CE(targets, student / T)
     * @param backprop (batch, classes): softmax(student / T) - targets, so that the value's gradient with respect to
     *     the student's logits is (T / batch) * backprop
     */
    public record Distillation<T extends TFloating>(Operand<T> value, Operand<T> backprop) {}

    /** The report's {@code compute_teacher_loss}: CE(labels, teacher), a vector of one value per image. */
    public static <T extends TFloating> Loss<T> computeTeacherLoss(
            Ops tf, Operand<T> labels, Operand<T> teacherLogits) {
        return computePlainCrossEntropyLoss(tf, labels, teacherLogits);
    }

    /**
     * The report's {@code compute_plain_cross_entropy_loss} (Question 7), the student without distillation: CE(labels,
     * student).
     */
    public static <T extends TFloating> Loss<T> computePlainCrossEntropyLoss(
            Ops tf, Operand<T> labels, Operand<T> studentLogits) {
        var crossEntropy =
                onCpu(tf).nn.sparseSoftmaxCrossEntropyWithLogits(studentLogits, tf.math.argMax(labels, tf.constant(1)));
        Operand<T> none = tf.constant(studentLogits.type(), 0);
        return new Loss<>(crossEntropy.loss(), crossEntropy.loss(), none, studentLogits, crossEntropy.backprop());
    }

    /**
     * The report's {@code compute_student_scratch_loss} of Task 2, the student without distillation: T^2 * CE(labels,
     * student / T). Its gradient with respect to the student's logits is T * (softmax(student / T) - labels).
     *
     * @param temperature T, over 0
     */
    public static <T extends TFloating> Loss<T> computeStudentScratchLoss(
            Ops tf, Operand<T> labels, Operand<T> studentLogits, double temperature) {
        Class<T> type = studentLogits.type();
        Loss<T> softened =
                computePlainCrossEntropyLoss(tf, labels, tf.math.div(studentLogits, tf.constant(type, temperature)));
        Operand<T> values = tf.math.mul(tf.constant(type, temperature * temperature), softened.values());
        Operand<T> gradient = tf.math.mul(tf.constant(type, temperature), softened.gradient());
        return new Loss<>(values, values, softened.soft(), studentLogits, gradient);
    }

    /**
     * The report's {@code distillation_loss}: T^2 * mean CE(targets, student / T) (Hinton, Vinyals and Dean 2015,
     * section 2).
     *
     * @param temperature T, over 0
     */
    public static <T extends TFloating> Distillation<T> distillationLoss(
            Ops tf, SoftTargets softTargets, Operand<T> teacherLogits, Operand<T> studentLogits, double temperature) {
        Operand<T> targets = softTargets.of(tf, teacherLogits, temperature);
        Operand<T> softened = tf.math.div(studentLogits, tf.constant(studentLogits.type(), temperature));
        var crossEntropy = onCpu(tf).nn.softmaxCrossEntropyWithLogits(softened, targets);
        Operand<T> squared = tf.constant(studentLogits.type(), temperature * temperature);
        return new Distillation<>(
                tf.math.mul(tf.math.mean(crossEntropy.loss(), tf.constant(0)), squared), crossEntropy.backprop());
    }

    /**
     * The report's {@code compute_student_loss}: alpha * distillation + (1 - alpha) * CE(labels, student). The
     * distillation is a scalar that is added to every image's cross-entropy, so the sum over the batch, whose gradient
     * is taken, has it batch times: the gradient with respect to the student's logits is alpha * T * (softmax(student /
     * T) - targets) + (1 - alpha) * (softmax(student) - labels).
     *
     * @param temperature T, over 0
     * @param alpha the weight of the distillation, in [0, 1]
     */
    public static <T extends TFloating> Loss<T> computeStudentLoss(
            Ops tf,
            SoftTargets softTargets,
            Operand<T> labels,
            Operand<T> teacherLogits,
            Operand<T> studentLogits,
            double temperature,
            double alpha) {
        Distillation<T> soft = distillationLoss(tf, softTargets, teacherLogits, studentLogits, temperature);
        Operand<T> factor = tf.constant(studentLogits.type(), alpha * temperature);
        return withCrossEntropy(tf, labels, studentLogits, alpha, soft.value(), tf.math.mul(factor, soft.backprop()));
    }

    /**
     * alpha * soft + (1 - alpha) * CE(labels, student), where the scalar {@code soft} is added to every image's
     * cross-entropy, so that the sum over the batch, whose gradient is taken, has it batch times.
     *
     * @param softGradient (batch, classes): the gradient of alpha * batch * {@code soft} with respect to the student's
     *     logits
     */
    static <T extends TFloating> Loss<T> withCrossEntropy(
            Ops tf,
            Operand<T> labels,
            Operand<T> studentLogits,
            double alpha,
            Operand<T> soft,
            Operand<T> softGradient) {
        Loss<T> hard = computePlainCrossEntropyLoss(tf, labels, studentLogits);
        Operand<T> softWeight = tf.constant(studentLogits.type(), alpha);
        Operand<T> hardWeight = tf.constant(studentLogits.type(), 1 - alpha);
        return new Loss<>(
                tf.math.add(tf.math.mul(softWeight, soft), tf.math.mul(hardWeight, hard.values())),
                hard.values(),
                soft,
                studentLogits,
                tf.math.add(tf.math.mul(hardWeight, hard.gradient()), softGradient));
    }

    /**
     * A loss whose distillation TensorFlow differentiates: alpha * soft + (1 - alpha) * CE(labels, student). As in
     * {@link #computeStudentLoss} the scalar is added to every image's cross-entropy, so that the sum over the batch,
     * whose gradient is taken, has it batch times.
     *
     * @param soft scalar: made of the batch's outputs or features by operations that TensorFlow-Java has gradients of
     * @param alpha the weight of the distillation, in [0, 1]
     */
    public static <T extends TFloating> Loss<T> computeDerivedLoss(
            Ops tf, DistillationLoss.Batch<T> batch, Operand<T> soft, double alpha) {
        Class<T> type = batch.outputs().type();
        Loss<T> hard = computePlainCrossEntropyLoss(tf, batch.labels(), batch.outputs());
        Operand<T> softWeight = tf.constant(type, alpha);
        Operand<T> hardWeight = tf.constant(type, 1 - alpha);
        Operand<T> images = tf.dtypes.cast(tf.size(hard.values()), type);
        return new Loss<>(
                tf.math.add(tf.math.mul(softWeight, soft), tf.math.mul(hardWeight, hard.values())),
                hard.values(),
                soft,
                batch.outputs(),
                tf.math.mul(hardWeight, hard.gradient()),
                List.of(tf.math.mul(tf.math.mul(softWeight, images), soft)),
                List.of());
    }

    /**
     * TensorFlow's GPU kernels of the softmax cross-entropies are not deterministic and refuse to run where
     * {@code TF_DETERMINISTIC_OPS} asks for results that repeat. A batch's logits are small enough to go to the CPU and
     * back.
     */
    static Ops onCpu(Ops tf) {
        return tf.withDevice(DeviceSpec.newBuilder()
                .deviceType(DeviceType.CPU)
                .deviceIndex(0)
                .build());
    }
}
