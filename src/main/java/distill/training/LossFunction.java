package distill.training;

import distill.loss.Loss;
import distill.loss.Losses;
import distill.loss.SoftTargets;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Builds a training loss: the notebook's {@code compute_loss_fn}. A loss of your own is a lambda that ends in
 * {@link Loss#of}, which leaves the gradient to TensorFlow.
 */
@FunctionalInterface
public interface LossFunction<T extends TFloating> {

    /**
     * Adds the loss of one batch to a graph.
     *
     * @param labels (batch, classes), one-hot
     * @param outputs (batch, classes): what the trained network puts out
     * @param teacherOutputs (batch, classes): what its teacher puts out for the same images; a loss without a teacher
     *     leaves it alone
     */
    Loss<T> of(Ops tf, Operand<T> labels, Operand<T> outputs, Operand<T> teacherOutputs);

    /** {@link Losses#computeTeacherLoss}. */
    static <T extends TFloating> LossFunction<T> teacher() {
        return (tf, labels, outputs, teacher) -> Losses.computeTeacherLoss(tf, labels, outputs);
    }

    /** {@link Losses#computePlainCrossEntropyLoss}. */
    static <T extends TFloating> LossFunction<T> plainStudent() {
        return (tf, labels, outputs, teacher) -> Losses.computePlainCrossEntropyLoss(tf, labels, outputs);
    }

    /** {@link Losses#computeStudentScratchLoss}. */
    static <T extends TFloating> LossFunction<T> scratchStudent(double temperature) {
        return (tf, labels, outputs, teacher) -> Losses.computeStudentScratchLoss(tf, labels, outputs, temperature);
    }

    /** {@link Losses#computeStudentLoss}. */
    static <T extends TFloating> LossFunction<T> student(SoftTargets softTargets, double temperature, double alpha) {
        return (tf, labels, outputs, teacher) ->
                Losses.computeStudentLoss(tf, softTargets, labels, teacher, outputs, temperature, alpha);
    }
}
