package distill.run;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the steps of trainings have otherwise than the report's, which are of Adam: what is as in the report is null.
 *
 * @param batchSize images per step; the report's are 256 in Task 1 and 32 in Task 2
 * @param learningRate of a training's first phase; the report's is .001, but .0001 for some trainings of Task 2
 * @param momentum of stochastic gradient descent (SGD), from 0 to 1; null where Adam trains
 */
public record Steps(Integer batchSize, Double learningRate, Double momentum) {

    /** The report's. */
    public static final Steps REPORTS = new Steps(null, null, null);

    private static final int MNIST_BATCH_SIZE = 256;
    private static final int MHIST_BATCH_SIZE = 32;
    private static final double LEARNING_RATE = 1e-3;
    private static final double TEACHER_RATE = 1e-4;

    /** What the steps of a training have otherwise than the report's. */
    public static Steps of(Settings settings) {
        Settings.Schedule schedule = settings.schedule();
        boolean ownRate = schedule.learningRate()
                != REPORTS.learningRate(settings.reading(), settings.role(), schedule.epochsInitial() != null);
        return new Steps(
                schedule.batchSize() == REPORTS.batchSize(settings.task()) ? null : schedule.batchSize(),
                ownRate ? schedule.learningRate() : null,
                schedule.momentum());
    }

    /** Images per step of a task's trainings. */
    public int batchSize(String task) {
        return batchSize != null ? batchSize : task.equals(Settings.TASK1) ? MNIST_BATCH_SIZE : MHIST_BATCH_SIZE;
    }

    /**
     * The rate of a training's first phase.
     *
     * @param twoPhases whether it is transfer learning in two phases; that of early-stopped teachers and their students
     *     has one
     */
    public double learningRate(Reading reading, Role role, boolean twoPhases) {
        if (learningRate != null) {
            return learningRate;
        }
        boolean slow = reading.task().equals(Settings.TASK2)
                && (twoPhases ? role == Role.TEACHER : !reading.has(Slip.ESKD_RATE));
        return slow ? TEACHER_RATE : LEARNING_RATE;
    }

    /** The form of Adam that trains; null where SGD does. */
    public AdamForm adam(AdamForm form) {
        return momentum == null ? form : null;
    }

    /** Whether a training has these steps. */
    public boolean areOf(Settings settings) {
        Settings.Schedule schedule = settings.schedule();
        return schedule.batchSize() == batchSize(settings.task())
                && schedule.learningRate()
                        == learningRate(settings.reading(), settings.role(), schedule.epochsInitial() != null)
                && Objects.equals(schedule.momentum(), momentum);
    }

    /** In names of files and trainings: {@code rate0.01}, {@code batch64}, {@code sgd0.9}; none for the report's. */
    public List<String> inName() {
        return Stream.of(
                        learningRate == null ? null : "rate" + Settings.number(learningRate),
                        batchSize == null ? null : "batch" + batchSize,
                        momentum == null ? null : "sgd" + (momentum == 0 ? "" : Settings.number(momentum)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** In words: {@code learning rate 0.01}, {@code batch size 64}, {@code SGD with momentum 0.9}. */
    public List<String> words() {
        return Stream.of(
                        learningRate == null ? null : "learning rate " + Settings.number(learningRate),
                        batchSize == null ? null : "batch size " + batchSize,
                        momentum == null
                                ? null
                                : "SGD" + (momentum == 0 ? "" : " with momentum " + Settings.number(momentum)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** As tables are marked: {@link #words} in capitals. */
    public List<String> marks() {
        return words().stream().map(word -> word.toUpperCase(Locale.ROOT)).toList();
    }
}
