package distill.report;

import distill.data.Mhist;
import distill.data.Mnist;
import distill.nn.zoo.BaseModel;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What sets runs apart from the report's settings, in words for every table and file. Marked runs are never compared
 * with the report.
 *
 * @param words such as {@code QUICK}, {@code SYNTHETIC}; empty for runs like the report's
 */
public record Marks(List<String> words) {

    /** On other images than MHIST's own. */
    public static final String NOT_MHIST = "NOT MHIST";

    /** Taught by another network, reading or number of epochs than the report's. */
    public static final String ANOTHER_TEACHER = "ANOTHER TEACHER";

    /** From drawn weights. */
    public static final String RANDOM_WEIGHTS = "RANDOM WEIGHTS";

    /** Trained in the as-written reading without some of its slips. */
    public static final String SLIPS_TAKEN_AWAY = "SLIPS TAKEN AWAY";

    /** Taught by another loss than the report's. */
    public static final String ANOTHER_LOSS = "ANOTHER LOSS";

    /** What provenance calls MHIST's own images. */
    private static final String MHIST = "MHIST";

    /** Whether a run of Task 2 is on MHIST's own images. */
    public static boolean isOnMhist(Run run) {
        return !run.provenance().synthetic() && run.provenance().data().equals(MHIST);
    }

    /** The marks of some runs, all of one task. A student of Task 2 is marked where its teacher is not among them. */
    public static Marks of(Collection<Run> runs) {
        return runs.stream().anyMatch(run -> run.settings().isTransfer()) ? ofTransfer(runs) : ofTask1(runs);
    }

    private static Marks ofTask1(Collection<Run> runs) {
        List<String> words = new ArrayList<>();
        if (any(runs, run -> run.settings().quick())) {
            words.add("QUICK");
        }
        if (any(runs, run -> run.provenance().synthetic())) {
            words.add("SYNTHETIC");
        } else if (any(runs, run -> !run.settings().data().equals(Mnist.DIGEST))) {
            words.add("NOT MNIST");
        }
        if (any(runs, run -> run.settings().hasGivenTeacher())) {
            words.add(ANOTHER_TEACHER);
        }
        if (any(runs, run -> run.settings().without() != null)) {
            words.add(SLIPS_TAKEN_AWAY);
        }
        if (any(runs, run -> !run.settings().isOfReportsLoss())) {
            words.add(ANOTHER_LOSS);
        }
        TreeSet<Integer> epochs = runs.stream()
                .map(Run::settings)
                .filter(settings -> !settings.trainsEarlyStoppedTeacher())
                .map(Settings::epochs)
                .collect(Collectors.toCollection(TreeSet::new));
        epochs.remove(Published.EPOCHS);
        if (!epochs.isEmpty()) {
            words.add(epochs.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " EPOCHS");
        }
        TreeSet<Integer> images =
                runs.stream().map(run -> run.settings().trainImages()).collect(Collectors.toCollection(TreeSet::new));
        if (!words.contains("SYNTHETIC")
                && !words.contains("NOT MNIST")
                && images.stream().anyMatch(n -> n < Published.TRAIN_IMAGES)) {
            words.add(images.first() + " TRAINING IMAGES");
        }
        return new Marks(List.copyOf(words));
    }

    /**
     * The marks of some runs of Task 2. A student is marked where its teacher is not among them, too: it may be any.
     *
     * @param runs students with their teachers
     */
    private static Marks ofTransfer(Collection<Run> runs) {
        List<String> words = new ArrayList<>();
        if (any(runs, run -> run.settings().quick())) {
            words.add("QUICK");
        }
        if (any(runs, run -> run.provenance().synthetic())) {
            words.add("SYNTHETIC");
        } else if (any(runs, run -> !isOnMhist(run))) {
            words.add(NOT_MHIST);
        }
        if (any(runs, run -> hasOtherTeacher(run, runs))) {
            words.add(ANOTHER_TEACHER);
        }
        if (any(runs, run -> run.settings().startingWeights().equals(Settings.RANDOM))) {
            words.add(RANDOM_WEIGHTS);
        }
        if (any(runs, run -> run.settings().without() != null)) {
            words.add(SLIPS_TAKEN_AWAY);
        }
        if (any(runs, run -> !run.settings().isOfReportsLoss())) {
            words.add(ANOTHER_LOSS);
        }
        Set<String> epochs = new TreeSet<>();
        Set<Integer> sizes = new TreeSet<>();
        for (Run run : runs) {
            Settings.Schedule schedule = run.settings().schedule();
            if (schedule.epochsInitial() != null) {
                epochs.add(schedule.epochsInitial() + " + " + schedule.epochsFine());
            }
            sizes.add(run.settings().images().imageSize());
        }
        epochs.remove(PublishedMhist.EPOCHS_INITIAL + " + " + PublishedMhist.EPOCHS_FINE);
        sizes.remove(PublishedMhist.IMAGE_SIZE);
        epochs.forEach(phases -> words.add(phases + " EPOCHS"));
        sizes.forEach(size -> words.add(size + " x " + size));
        if (any(runs, run -> !run.settings().augmented())) {
            words.add("NO AUGMENTATION");
        }
        return new Marks(List.copyOf(words));
    }

    /**
     * The marks of trainings of Task 2 that no store has, such as a notebook's.
     *
     * @param teacher the network that teaches
     * @param pretrained whether teacher and students start from ImageNet's weights
     */
    public static Marks ofTransfer(Reading reading, boolean quick, Mhist data, BaseModel teacher, boolean pretrained) {
        List<String> words = new ArrayList<>();
        if (quick) {
            words.add("QUICK");
        }
        if (!data.origin().original()) {
            words.add(data.origin().synthetic() ? "SYNTHETIC" : NOT_MHIST);
        }
        if (teacher != BaseModel.RESNET50V2) {
            words.add(ANOTHER_TEACHER);
        }
        if (!pretrained) {
            words.add(RANDOM_WEIGHTS);
        }
        if (reading.without() != null) {
            words.add(SLIPS_TAKEN_AWAY);
        }
        int size = data.train().height();
        if (size != PublishedMhist.IMAGE_SIZE) {
            words.add(size + " x " + size);
        }
        return new Marks(List.copyOf(words));
    }

    /** Whether another network than the report's teaches, or is the teacher. */
    private static boolean hasOtherTeacher(Run run, Collection<Run> runs) {
        Settings settings = run.settings();
        if (settings.role() == Role.TEACHER) {
            return !settings.network().equals(BaseModel.RESNET50V2.toString());
        }
        return settings.teacher() != null
                && runs.stream()
                        .noneMatch(other -> other.identity().equals(settings.teacher())
                                && other.settings().role() == Role.TEACHER
                                && Objects.equals(other.settings().teacherEpochs(), settings.teacherEpochs())
                                && other.settings().variant() == settings.variant()
                                && Objects.equals(other.settings().without(), settings.without()));
    }

    /** Whether the runs can be compared with the report. */
    public boolean comparable() {
        return words.isEmpty();
    }

    /** {@code " [QUICK, 2 EPOCHS]"}, or nothing. */
    public String suffix() {
        return words.isEmpty() ? "" : " [" + String.join(", ", words) + "]";
    }

    /** The sentence that a marked table carries; none for runs like the report's. */
    public List<String> notes() {
        return words.isEmpty() ? List.of() : List.of(String.join(", ", words) + ": not compared with the report.");
    }

    private static boolean any(Collection<Run> runs, Predicate<Run> predicate) {
        return runs.stream().anyMatch(predicate);
    }
}
