package distill.loss;

import distill.nn.Activation;
import java.util.Arrays;

/**
 * The two readings of the report's Task 1. They differ in what the networks put out and in what becomes of the
 * teacher's outputs; data, order, optimiser and epochs are the same.
 */
public enum Reading {

    /**
     * What the programs do: the networks end in a softmax whose probabilities the losses take as logits, so that
     * softmax is applied twice and the cross-entropy lies between ln(e + 9) - 1 = 1.4612 and 2.4612; the soft targets
     * are not normalised. The report's numbers came from this.
     */
    AS_WRITTEN("as-written", Activation.SOFTMAX, SoftTargets.UNNORMALISED),

    /** What the report's formulas say: the networks put out logits, the targets are softmax(v / T). */
    AS_DESCRIBED("as-described", Activation.LINEAR, SoftTargets.SOFTMAX);

    private final String label;
    private final Activation outputActivation;
    private final SoftTargets softTargets;

    Reading(String label, Activation outputActivation, SoftTargets softTargets) {
        this.label = label;
        this.outputActivation = outputActivation;
        this.softTargets = softTargets;
    }

    /**
     * The reading with a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Reading of(String label) {
        return Arrays.stream(values())
                .filter(reading -> reading.label.equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("the readings are as-written and as-described, found " + label));
    }

    /** The activation of the networks' last layer. */
    public Activation outputActivation() {
        return outputActivation;
    }

    /** What the distillation loss compares the student with. */
    public SoftTargets softTargets() {
        return softTargets;
    }

    /** {@code as-written} or {@code as-described}. */
    @Override
    public String toString() {
        return label;
    }
}
