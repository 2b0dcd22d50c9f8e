package distill.report;

import static distill.run.Settings.number;

import distill.data.Mnist;
import distill.nn.zoo.MnistStudent;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Stopping;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was trained, and how: runs of one condition differ in their seed alone, or in what only rounds differently
 * (device, threads, versions). Only numbers of equal conditions are compared.
 *
 * @param settings of a run, as {@link Settings#condition()} has them
 * @param marks what sets it apart from the report's settings
 */
public record Condition(Settings settings, Marks marks) {

    /** The report's teacher first, then its questions in their order. */
    static final Comparator<Condition> ORDER =
            Comparator.comparing(Condition::settings, cells()).thenComparing(Condition::suffix);

    /** The reading that the published numbers came from. */
    static final Variant PUBLISHED_VARIANT = Variant.AS_WRITTEN;

    private static Comparator<Settings> cells() {
        return Comparator.comparing(Settings::task)
                .thenComparing(settings -> settings.variant().toString(), Comparator.reverseOrder())
                .thenComparing(settings -> settings.role() != Role.TEACHER)
                .thenComparing(Settings::question)
                .thenComparing(settings -> settings.role().toString())
                .thenComparing(
                        settings -> settings.distillation().loss(), Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Settings::temperature, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Settings::alpha, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Condition::teacherEpochs, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Settings::distilEpochs, Comparator.nullsFirst(Comparator.naturalOrder()));
    }

    static Condition of(Run run) {
        return new Condition(run.settings().condition(), Marks.of(List.of(run)));
    }

    /**
     * The condition of a run, with the marks of its teacher, too, where that is stored.
     *
     * @param stored runs by their identity
     */
    static Condition of(Run run, Map<String, Run> stored) {
        Run teacher = stored.get(run.settings().teacher());
        return teacher == null ? of(run) : new Condition(run.settings().condition(), Marks.of(List.of(run, teacher)));
    }

    /** A cell of Task 1 as the report's authors trained it, with an early-stopped teacher where there is one. */
    static Condition published(String question, Role role, Double temperature, Double alpha, Integer teacherEpochs) {
        Settings settings = new Settings(
                Settings.TASK1,
                question,
                PUBLISHED_VARIANT,
                null,
                Settings.Model.of(role, null, null, null),
                Settings.Distillation.kd(temperature, alpha, null),
                new Settings.Schedule(
                        Published.EPOCHS,
                        Steps.REPORTS.batchSize(Settings.TASK1),
                        Steps.REPORTS.learningRate(Reading.of(Settings.TASK1, PUBLISHED_VARIANT), role, false),
                        null,
                        null,
                        teacherEpochs,
                        null,
                        null),
                new Settings.Images(Mnist.DIGEST, Published.TRAIN_IMAGES, false, null, null, null, null, null),
                Stopping.NONE,
                new Settings.Computation(null, null, 0, null, 0, null),
                0);
        return new Condition(settings.condition(), new Marks(List.of()));
    }

    /** Epochs of an early-stopped teacher of Task 1, by which its tables have cells; null elsewhere. */
    static Integer teacherEpochs(Settings settings) {
        return settings.isTransfer() ? null : settings.teacherEpochs();
    }

    /** {@code teacher}, {@code q5 student, T = 16, alpha = 0.9}. */
    String label() {
        return settings.trained()
                + loss(settings)
                + (settings.temperature() == null ? "" : ", T = " + number(settings.temperature()))
                + (settings.alpha() == null ? "" : ", alpha = " + number(settings.alpha()))
                + stopped();
    }

    /** {@code ", loss = dkd"}; nothing where it is the report's. */
    static String loss(Settings settings) {
        return settings.isOfReportsLoss() ? "" : ", loss = " + settings.lossInWords();
    }

    /** {@code task1 q13 student, teacher's epochs = 4, as-written}. */
    String kind() {
        return settings.task() + " " + settings.trained() + stopped() + ", " + settings.variant();
    }

    /** {@code ", teacher's epochs = 4"}; nothing where teacher and distillation went on to the end. */
    private String stopped() {
        return (teacherEpochs(settings) == null ? "" : ", teacher's epochs = " + teacherEpochs(settings))
                + (settings.distilEpochs() == null ? "" : ", KD until epoch " + settings.distilEpochs());
    }

    /** What is not as in the report, such as {@code QUICK}, {@code 2 EPOCHS}. */
    List<String> words() {
        List<String> words = new ArrayList<>(marks.words());
        if (settings.isTransfer()) {
            words.add(transfer());
            return words;
        }
        if (settings.without() != null) {
            words.add("without " + settings.without().replace(",", ", "));
        }
        if (!settings.data().equals(Mnist.DIGEST)) {
            words.add(String.format(Locale.ROOT, "data %.8s", settings.data()));
        }
        if (settings.hasGivenTeacher()) {
            words.add(String.format(Locale.ROOT, "teacher %.8s", settings.teacher()));
        }
        if (settings.width() != null && settings.width() != MnistStudent.WIDTH && !settings.isOfAskedWidth()) {
            words.add("width " + settings.width());
        }
        if (settings.rareClass() != null) {
            words.add("class " + settings.rareClass() + " rare");
        }
        return words;
    }

    private String transfer() {
        return "%s%s, %s%s%s"
                .formatted(
                        settings.network(),
                        settings.without() == null ? "" : " without " + settings.without(),
                        settings.start(),
                        settings.teacherEpochs() == null
                                ? ""
                                : ", teacher of %d epochs".formatted(settings.teacherEpochs()),
                        settings.augmented() ? "" : ", no augmentation");
    }

    /** {@code " [QUICK, 2 EPOCHS]"}, or nothing where all is as in the report. */
    String suffix() {
        return new Marks(words()).suffix();
    }
}
