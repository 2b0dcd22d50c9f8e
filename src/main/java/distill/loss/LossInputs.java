package distill.loss;

import distill.nn.Activation;

/**
 * What the losses of Task 1 are given.
 *
 * @param outputActivation what stands at the end of the networks
 * @param softTargets what the teacher's outputs become before the distillation loss compares the student with them
 */
public record LossInputs(Activation outputActivation, SoftTargets softTargets) {

    /**
     * Probabilities, which the losses take as logits, and targets that do not sum to 1: what the report's programs do.
     */
    public static final LossInputs PROBABILITIES = new LossInputs(Activation.SOFTMAX, SoftTargets.UNNORMALISED);

    /** Logits, and the targets softmax(v / T): what the report's formulas say. */
    public static final LossInputs LOGITS = new LossInputs(Activation.LINEAR, SoftTargets.SOFTMAX);
}
