package distill.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A loss by which a student learns from its teacher and from the labels. To add one, write it in a file of its own and
 * name it in {@link DistillationLosses}; from then on settings can name it.
 */
public interface DistillationLoss {

    /** What settings, labels of runs and error messages call it: lower case, words joined by hyphens. */
    String name();

    /**
     * Adds the loss of one batch to a graph.
     *
     * @return the loss, whose {@link Loss#outputs} are the student's
     */
    <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters);

    /**
     * What a loss is made of. "Outputs" are probabilities where the reading's networks end in a softmax, else logits.
     *
     * @param labels (batch, classes), one-hot
     * @param outputs (batch, classes): what the student puts out
     * @param teacherOutputs (batch, classes): what its teacher puts out for the same images, which are constants
     */
    record Batch<T extends TFloating>(Operand<T> labels, Operand<T> outputs, Operand<T> teacherOutputs) {}

    /**
     * What a training sets.
     *
     * @param softTargets what the reading makes of a teacher's outputs before a cross-entropy compares with them
     * @param temperature T, over 0; null for a loss that has none
     * @param alpha the weight of the distillation, in [0, 1]; that of the labels is 1 - alpha
     */
    record Parameters(SoftTargets softTargets, Double temperature, double alpha) {}
}
