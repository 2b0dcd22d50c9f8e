package distill.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Objects;

/**
 * One finished training: a line of the run store.
 *
 * @param identity {@link Settings#identity()}
 * @param settings what was trained; its fields stand beside the others in the JSON
 * @param testAccuracy in percent of all test images, after the epoch whose weights are taken: the last one, unless
 *     early stopping restored better ones
 * @param trainAccuracy in percent of the training images, with these weights, without dropout
 * @param teacherAgreement in percent, on how many of all test images the student of Task 1 predicts the class that its
 *     teacher predicts: Stanton et al. 2021, Does Knowledge Distillation Really Work?, section 3.1. Null in all others,
 *     and in runs of before it was measured
 * @param history what each epoch gave
 * @param weightsDigest SHA-256 of the final weights
 * @param provenance where the numbers come from
 * @param evaluation what only Task 2 measures, and of a training of Task 1 with a rare class the confusion matrix; its
 *     fields stand beside the others in the JSON. Null in all others
 */
public record Run(
        String identity,
        @JsonUnwrapped Settings settings,
        double testAccuracy,
        double trainAccuracy,
        Double teacherAgreement,
        List<EpochResult> history,
        String weightsDigest,
        Provenance provenance,
        @JsonUnwrapped Evaluation evaluation) {

    /** JSON without the fields of Task 2 gives a record of nulls for them. */
    public Run {
        if (evaluation != null && evaluation.confusion() == null) {
            evaluation = null;
        }
    }

    /** Whether another run has the same settings and ended with the same weights and numbers. */
    boolean isEqualTo(Run other) {
        return identity.equals(other.identity)
                && weightsDigest.equals(other.weightsDigest)
                && testAccuracy == other.testAccuracy
                && trainAccuracy == other.trainAccuracy
                && Objects.equals(evaluation, other.evaluation);
    }

    /** Whether this run has a measure that the other one lacks, which is of before it was taken. */
    boolean hasMoreThan(Run other) {
        return teacherAgreement != null && other.teacherAgreement == null;
    }
}
