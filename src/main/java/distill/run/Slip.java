package distill.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the report's programs do and its text does not say. The as-written reading of a task has all of its slips, less
 * those that are taken away with {@code --without}; the as-described reading has none.
 */
public enum Slip {
    /**
     * Task 1: the networks end in a softmax, and the losses take its probabilities for logits, so that softmax is
     * applied twice. The cross-entropy then lies between ln(e + 9) - 1 = 1.4612 and 2.4612.
     */
    DOUBLE_SOFTMAX(Settings.TASK1),
    /** Task 1: the denominator of the soft targets has one term only, so that they do not sum to 1. */
    UNNORMALISED_TARGETS(Settings.TASK1),
    /** Task 2: soft targets are t / T, without a softmax. */
    LOGIT_TARGETS(Settings.TASK2),
    /** Task 2: Dense(2) stands on the 1000 logits of ImageNet, not on the pooled features. */
    IMAGENET_HEAD(Settings.TASK2),
    /** Task 2: everything trains in the initial phase too. */
    NO_FREEZING(Settings.TASK2),
    /** Task 2: training normalises by the batch and moves the statistics. */
    BATCH_STATISTICS(Settings.TASK2),
    /** Task 2: pixels are in [0, 1], not in [-1, 1] as the networks' weights want them. */
    RAW_INPUTS(Settings.TASK2),
    /** Task 2: students keep their weights from one temperature to the next. */
    CARRIED_STUDENTS(Settings.TASK2),
    /** Task 2: the student without distillation trains T^2 CE(y, s / T). */
    SCRATCH_TEMPERATURE(Settings.TASK2),
    /** Task 2: the classification report is made on the first images of as many batches as there are test images. */
    RESAMPLED_REPORT(Settings.TASK2),
    /** Task 2: accuracy is also taken on the full batches of the shuffled test set alone. */
    PARTIAL_TEST(Settings.TASK2),
    /** Task 2: alpha weights the cross-entropy (in steps 3 to 8), not the distillation. */
    ALPHA_ON_HARD(Settings.TASK2),
    /** Task 2, early-stopped: the rate is 1e-3 for both, and the student trains as long as its teacher. */
    ESKD_RATE(Settings.TASK2),
    /** Task 2: the moving variance is n / (n - 1) times the batch's, as in Keras 2. */
    BESSEL(Settings.TASK2);

    private final String task;

    Slip(String task) {
        this.task = task;
    }

    /** All slips of a task, {@link Settings#TASK1} or {@link Settings#TASK2}. */
    public static Set<Slip> of(String task) {
        return Arrays.stream(values())
                .filter(slip -> slip.task.equals(task))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Slip.class)));
    }

    /**
     * The slip with a name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Slip named(String name) {
        return Arrays.stream(values())
                .filter(slip -> slip.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no slip %s: Task 1 has %s; Task 2 has %s"
                        .formatted(name, names(of(Settings.TASK1)), names(of(Settings.TASK2)))));
    }

    /** {@code double-softmax, unnormalised-targets} */
    public static String names(Collection<Slip> slips) {
        return slips.stream().map(Slip::toString).collect(Collectors.joining(", "));
    }

    /** {@code logit-targets} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
