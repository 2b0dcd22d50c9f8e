package distill.task2;

import distill.command.PageAnswers;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.nn.zoo.BaseModel;
import distill.report.PublishedMhist;
import distill.report.RunQuery;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Variant;
import distill.task2.Task2Experiment.Options;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What sets the runs of a store apart, so that the page shows them apart.
 *
 * @param all the store's runs
 * @param quick whether those of a quick cut are meant
 */
record StoredSetups(Path store, List<Run> all, boolean quick) {

    /** What is common to the runs of a table; a teacher that was trained elsewhere is named by its identity. */
    private record Setup(Reading reading, Options options) {

        static Setup of(Reading reading, Settings settings, String given, BaseModel teacher) {
            Settings.Schedule schedule = settings.schedule();
            Options options = new Options(
                    Objects.requireNonNullElse(schedule.epochsInitial(), PublishedMhist.EPOCHS_INITIAL),
                    Objects.requireNonNullElse(schedule.epochsFine(), PublishedMhist.EPOCHS_FINE),
                    settings.images().imageSize(),
                    settings.augmented(),
                    null,
                    given,
                    null,
                    teacher,
                    Task2Experiment.Files.NONE);
            return new Setup(reading, options);
        }

        String name() {
            String teacher = options.teacher() != null
                    ? options.teacher().substring(0, Settings.TEACHER_DIGITS)
                    : options.teacherModel().toString();
            int size = options.imageSize();
            return "%s, %d x %d".formatted(reading, size, size)
                    + (teacher.equals(BaseModel.RESNET50V2.toString()) ? "" : ", teacher " + teacher);
        }
    }

    /** The set-ups of a store's runs. */
    static StoredSetups of(Path store, List<Run> all) {
        boolean quick =
                !all.isEmpty() && all.stream().allMatch(run -> run.settings().quick());
        return new StoredSetups(store, all, quick);
    }

    /** As-written first, then whole readings before those without slips, large images first. */
    Stored<Task2Experiment> trained() {
        return stored(all.stream()
                .filter(run -> isShown(run.settings()) && !RunQuery.isOfCollapse(run.settings()))
                .filter(run -> run.settings().schedule().epochsInitial() != null || isOnlyPhase(run.settings()))
                .map(this::setup)
                .distinct()
                .sorted(Comparator.comparing((Setup setup) -> setup.reading().variant())
                        .thenComparing(
                                setup -> setup.reading().without(), Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(setup -> setup.options().imageSize(), Comparator.reverseOrder())));
    }

    /** Runs of other steps, or of another student, than the report's stand among all runs of the store alone. */
    private boolean isShown(Settings settings) {
        return settings.quick() == quick && Steps.of(settings).equals(Steps.REPORTS) && !settings.isOfOwnStudent();
    }

    private Setup setup(Run run) {
        Settings s = run.settings();
        return s.hasGivenTeacher()
                ? Setup.of(s.reading(), s, s.teacher(), BaseModel.RESNET50V2)
                : Setup.of(s.reading(), s, null, BaseModel.of(teacherNetwork(run)));
    }

    /** The set-ups of the collapsed students, whose table has rows of several readings. */
    Stored<Task2Experiment> collapsed() {
        return stored(all.stream()
                .map(Run::settings)
                .filter(s -> RunQuery.isOfCollapse(s) && isShown(s))
                .map(s -> Setup.of(Reading.of(Settings.TASK2, Variant.AS_WRITTEN), s, null, BaseModel.RESNET50V2))
                .distinct());
    }

    private Stored<Task2Experiment> stored(Stream<Setup> setups) {
        return new Stored<>(setups.map(this::experiment).toList(), answers());
    }

    private PageAnswers answers() {
        return new PageAnswers(store.resolve(Settings.TASK2), quick);
    }

    private Stored.Setup<Task2Experiment> experiment(Setup setup) {
        PageAnswers answers = answers();
        Task2Experiment experiment = new Task2Experiment(
                RunOptions.Choices.stored(setup.reading(), quick, store), setup.options(), answers, all);
        return new Stored.Setup<>(setup.reading().variant().toString(), setup.name(), experiment, answers);
    }

    /** Whether the store has early-stopped teachers of a reading and size, but nothing in two phases. */
    private boolean isOnlyPhase(Settings settings) {
        return all.stream()
                .map(Run::settings)
                .noneMatch(s -> s.variant() == settings.variant()
                        && s.images().imageSize().equals(settings.images().imageSize())
                        && s.schedule().epochsInitial() != null);
    }

    /** Which network teaches a run, or is trained in it; a student without distillation goes with the report's. */
    private String teacherNetwork(Run run) {
        Settings s = run.settings();
        if (s.role() == Role.TEACHER) {
            return s.network();
        }
        return all.stream()
                .filter(other -> other.settings().role() == Role.TEACHER
                        && (s.teacher() == null
                                ? isAlike(other.settings(), s)
                                : other.identity().equals(s.teacher())))
                .map(other -> other.settings().network())
                .findFirst()
                .orElse(BaseModel.RESNET50V2.toString());
    }

    private static boolean isAlike(Settings one, Settings other) {
        return one.variant() == other.variant()
                && one.data().equals(other.data())
                && one.quick() == other.quick()
                && one.images().imageSize().equals(other.images().imageSize());
    }
}
