package distill.experiment;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the report's program of Task 2 does and its text does not say. The as-written reading has all of them, less
 * those that are taken away; the as-described one has none.
 */
public enum Quirk {
    /** Soft targets are t / T, without a softmax. */
    LOGIT_TARGETS,
    /** Dense(2) stands on the 1000 logits of ImageNet, not on the pooled features. */
    IMAGENET_HEAD,
    /** Everything trains in the initial phase too. */
    NO_FREEZING,
    /** Training normalises by the batch and moves the statistics. */
    BATCH_STATISTICS,
    /** Pixels are in [0, 1], not in [-1, 1] as the networks' weights want them. */
    RAW_INPUTS,
    /** Students keep their weights from one temperature to the next. */
    CARRIED_STUDENTS,
    /** The student without distillation trains T^2 CE(y, s / T). */
    SCRATCH_TEMPERATURE,
    /** The classification report is made on the first images of as many batches as there are test images. */
    RESAMPLED_REPORT,
    /** Accuracy is also taken on the full batches of the shuffled test set alone. */
    PARTIAL_TEST,
    /** Alpha weights the cross-entropy (in steps 3 to 8), not the distillation. */
    ALPHA_ON_HARD,
    /** Early-stopped: the rate is 1e-3 for both, and the student trains as long as its teacher. */
    ESKD_RATE,
    /** The moving variance is n / (n - 1) times the batch's, as in Keras 2. */
    BESSEL;

    /**
     * The quirk with a name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Quirk of(String name) {
        return Arrays.stream(values())
                .filter(quirk -> quirk.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no quirk %s: the names are %s"
                        .formatted(
                                name,
                                Arrays.stream(values()).map(Quirk::toString).collect(Collectors.joining(", ")))));
    }

    /** {@code logit-targets} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
