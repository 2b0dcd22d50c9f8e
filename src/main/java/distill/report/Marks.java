package distill.report;

import distill.data.Mhist;
import distill.data.Mnist;
import distill.nn.zoo.BaseModel;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Stopping;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
        boolean transfer = any(runs, Settings::isTransfer);
        boolean synthetic = runs.stream().anyMatch(run -> run.provenance().synthetic());
        boolean otherImages = !synthetic
                && (transfer
                        ? !runs.stream().allMatch(Marks::isOnMhist)
                        : any(runs, settings -> !settings.data().equals(Mnist.DIGEST)));
        boolean otherTeacher = transfer
                ? runs.stream().anyMatch(run -> hasOtherTeacher(run, runs))
                : any(runs, Settings::hasGivenTeacher);
        return of(
                word("QUICK", any(runs, Settings::quick)),
                word("SYNTHETIC", synthetic),
                word(transfer ? NOT_MHIST : "NOT MNIST", otherImages),
                word(ANOTHER_TEACHER, otherTeacher),
                word(RANDOM_WEIGHTS, any(runs, settings -> Settings.RANDOM.equals(settings.startingWeights()))),
                word(SLIPS_TAKEN_AWAY, any(runs, settings -> settings.without() != null)),
                word(ANOTHER_LOSS, any(runs, settings -> !settings.isOfReportsLoss())),
                runs.stream()
                        .flatMap(run -> Steps.of(run.settings()).marks().stream())
                        .distinct(),
                runs.stream()
                        .map(run -> run.settings().stopping())
                        .filter(Stopping::applies)
                        .map(stopping -> "EARLY STOPPING WITH PATIENCE " + stopping.patience())
                        .distinct(),
                transfer ? wordsOfTask2(runs) : wordsOfTask1(runs, synthetic || otherImages));
    }

    /** Epochs and training images where they are not the report's; the number of other images is their own. */
    private static Stream<String> wordsOfTask1(Collection<Run> runs, boolean onOtherImages) {
        List<Integer> epochs = runs.stream()
                .map(Run::settings)
                .filter(settings -> !settings.trainsEarlyStoppedTeacher())
                .map(Settings::epochs)
                .filter(number -> number != Published.EPOCHS)
                .distinct()
                .sorted()
                .toList();
        int images = runs.stream()
                .mapToInt(run -> run.settings().trainImages())
                .min()
                .orElse(Published.TRAIN_IMAGES);
        return Stream.concat(
                Stream.concat(
                        word(
                                Cells.list(epochs) + (epochs.equals(List.of(1)) ? " EPOCH" : " EPOCHS"),
                                !epochs.isEmpty()),
                        students(runs)),
                word(images + " TRAINING IMAGES", !onOtherImages && images < Published.TRAIN_IMAGES));
    }

    /** Widths and networks of students where a command line asked for others than the report's. */
    private static Stream<String> students(Collection<Run> runs) {
        List<Settings> students = runs.stream()
                .map(Run::settings)
                .filter(Settings::isOfAskedWidth)
                .toList();
        Stream<String> widths = students.stream()
                .filter(settings -> settings.width() != null)
                .map(settings -> "WIDTH " + settings.width());
        return Stream.concat(widths.distinct(), ownStudents(runs));
    }

    private static Stream<String> ownStudents(Collection<Run> runs) {
        return runs.stream()
                .map(Run::settings)
                .filter(Settings::isOfOwnStudent)
                .map(Marks::ownStudent)
                .distinct();
    }

    /** {@code OWN STUDENT 1a2b3c4d}, and where it kept its weights {@code FROM WEIGHTS} with their digest, too. */
    private static String ownStudent(Settings settings) {
        return "OWN STUDENT " + Settings.digits(settings.architecture())
                + (settings.keptWeights() == null ? "" : " FROM WEIGHTS " + Settings.digits(settings.keptWeights()));
    }

    /** Epochs, image sizes and augmentation where they are not the report's. */
    private static Stream<String> wordsOfTask2(Collection<Run> runs) {
        Stream<String> epochs = runs.stream()
                .map(run -> run.settings().schedule())
                .filter(schedule -> schedule.epochsInitial() != null)
                .map(schedule -> schedule.epochsInitial() + " + " + schedule.epochsFine())
                .filter(phases -> !phases.equals(PublishedMhist.EPOCHS_INITIAL + " + " + PublishedMhist.EPOCHS_FINE))
                .distinct()
                .sorted()
                .map(phases -> phases + " EPOCHS");
        Stream<String> sizes = runs.stream()
                .map(run -> run.settings().images().imageSize())
                .filter(size -> size != PublishedMhist.IMAGE_SIZE)
                .distinct()
                .sorted()
                .map(size -> size + " x " + size);
        return Stream.of(
                        ownStudents(runs),
                        epochs,
                        sizes,
                        word("NO AUGMENTATION", any(runs, settings -> !settings.augmented())))
                .flatMap(Function.identity());
    }

    /**
     * The marks of trainings of Task 2 that no store has, such as a notebook's.
     *
     * @param teacher the network that teaches
     * @param pretrained whether teacher and students start from ImageNet's weights
     */
    public static Marks ofTransfer(Reading reading, boolean quick, Mhist data, BaseModel teacher, boolean pretrained) {
        boolean synthetic = data.origin().synthetic();
        int size = data.train().height();
        return of(
                word("QUICK", quick),
                word("SYNTHETIC", synthetic),
                word(NOT_MHIST, !synthetic && !data.origin().original()),
                word(ANOTHER_TEACHER, teacher != BaseModel.RESNET50V2),
                word(RANDOM_WEIGHTS, !pretrained),
                word(SLIPS_TAKEN_AWAY, reading.without() != null),
                word(size + " x " + size, size != PublishedMhist.IMAGE_SIZE));
    }

    @SafeVarargs
    private static Marks of(Stream<String>... words) {
        return new Marks(Stream.of(words).flatMap(Function.identity()).toList());
    }

    /** A word, where it applies. */
    private static Stream<String> word(String word, boolean applies) {
        return applies ? Stream.of(word) : Stream.empty();
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

    private static boolean any(Collection<Run> runs, Predicate<Settings> predicate) {
        return runs.stream().map(Run::settings).anyMatch(predicate);
    }
}
