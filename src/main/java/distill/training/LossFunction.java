package distill.training;

import distill.loss.Loss;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Builds a training loss: the notebook's {@code compute_loss_fn}. */
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
}
