package distill.report;

import static distill.experiment.Settings.number;

import distill.data.Mnist;
import distill.experiment.Run;
import distill.experiment.Settings;
import distill.loss.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What was trained, and how: runs of one condition differ in their seed alone, or in what only rounds differently
 * (device, threads, versions). Only numbers of equal conditions are compared.
 *
 * @param cell which cell of the tables
 * @param epochs how many epochs
 * @param batchSize images per step
 * @param learningRate of Adam
 * @param data digest of the images and labels
 * @param trainImages how many training images
 * @param givenTeacher SHA-256 of the weights of a teacher that was trained elsewhere; null without one
 * @param transfer what Task 2 has beside that, in words; null in Task 1
 * @param variation what only the theory questions' trainings have; null in all others
 * @param marks what sets it apart from the report's settings
 */
public record Condition(
        CellName cell,
        int epochs,
        int batchSize,
        double learningRate,
        String data,
        int trainImages,
        String givenTeacher,
        String transfer,
        Settings.Variation variation,
        Marks marks) {

    /** The report's teacher first, then its questions in their order. */
    static final Comparator<Condition> ORDER =
            Comparator.comparing(Condition::cell, CellName.ORDER).thenComparing(Condition::suffix);

    /** The reading that the published numbers came from. */
    static final String PUBLISHED_VARIANT = Reading.AS_WRITTEN.toString();

    private static final int BATCH_SIZE = 256;
    private static final double LEARNING_RATE = 1e-3;

    /**
     * A cell of the tables, however it was trained.
     *
     * @param temperature null without distillation
     * @param alpha null without distillation
     * @param teacherEpochs of an early-stopped teacher of Task 1; null without one
     * @param distilEpochs of a student that distils for its first epochs only; else null
     */
    public record CellName(
            String task,
            String variant,
            String question,
            String model,
            Double temperature,
            Double alpha,
            Integer teacherEpochs,
            Integer distilEpochs) {

        static final Comparator<CellName> ORDER = Comparator.comparing(CellName::task)
                .thenComparing(CellName::variant, Comparator.reverseOrder())
                .thenComparing(name -> !name.model().equals(Settings.TEACHER))
                .thenComparing(CellName::question)
                .thenComparing(CellName::model)
                .thenComparing(CellName::temperature, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(CellName::alpha, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(CellName::teacherEpochs, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(CellName::distilEpochs, Comparator.nullsFirst(Comparator.naturalOrder()));

        /** {@code teacher}, {@code q5 student}. */
        String trained() {
            return question.equals(model) ? model : question + " " + model;
        }

        /** {@code teacher}, {@code q5 student, T = 16, alpha = 0.9}. */
        String label() {
            return trained()
                    + (temperature == null ? "" : ", T = " + number(temperature))
                    + (alpha == null ? "" : ", alpha = " + number(alpha))
                    + (teacherEpochs == null ? "" : ", teacher's epochs = " + teacherEpochs)
                    + (distilEpochs == null ? "" : ", KD until epoch " + distilEpochs);
        }
    }

    static Condition of(Run run) {
        Settings s = run.settings();
        return new Condition(
                new CellName(
                        s.task(),
                        s.variant(),
                        s.question(),
                        s.model(),
                        s.temperature(),
                        s.alpha(),
                        s.stopped() == null ? null : s.stopped().teacherEpochs(),
                        s.distilEpochs()),
                s.epochs(),
                s.batchSize(),
                s.learningRate(),
                s.data(),
                s.trainImages(),
                s.hasGivenTeacher() ? s.teacher() : null,
                s.transfer() == null ? null : words(s.transfer()),
                s.variation(),
                s.transfer() == null ? Marks.of(List.of(run)) : Marks.ofTransfer(List.of(run)));
    }

    /** The identities of teachers and starting weights are left out: Keras's are others than ours. */
    private static String words(Settings.Transfer transfer) {
        return "%s%s, %s%s%s"
                .formatted(
                        transfer.network(),
                        transfer.without() == null ? "" : " without " + transfer.without(),
                        transfer.start(),
                        transfer.teacherEpochs() == null
                                ? ""
                                : ", teacher of %d epochs".formatted(transfer.teacherEpochs()),
                        transfer.augmentation() ? "" : ", no augmentation");
    }

    /** A cell of Task 1 as the report's authors trained it. */
    static Condition published(String question, String model, Double temperature, Double alpha) {
        return published(question, model, temperature, alpha, null);
    }

    /** The same with an early-stopped teacher. */
    static Condition published(String question, String model, Double temperature, Double alpha, Integer teacherEpochs) {
        return new Condition(
                new CellName("task1", PUBLISHED_VARIANT, question, model, temperature, alpha, teacherEpochs, null),
                Published.EPOCHS,
                BATCH_SIZE,
                LEARNING_RATE,
                Mnist.DIGEST,
                Published.TRAIN_IMAGES,
                null,
                null,
                null,
                new Marks(List.of()));
    }

    /** What is not as in the report, such as {@code QUICK}, {@code 2 EPOCHS}. */
    List<String> words() {
        List<String> words = new ArrayList<>(marks.words());
        if (transfer != null) {
            words.add(transfer);
            return words;
        }
        if (!data.equals(Mnist.DIGEST)) {
            words.add(String.format(Locale.ROOT, "data %.8s", data));
        }
        if (givenTeacher != null) {
            words.add(String.format(Locale.ROOT, "teacher %.8s", givenTeacher));
        }
        if (variation != null && variation.width() != null) {
            words.add("width " + variation.width());
        }
        if (variation != null && variation.rareClass() != null) {
            words.add("class " + variation.rareClass() + " rare");
        }
        if (batchSize != BATCH_SIZE) {
            words.add("batch size " + batchSize);
        }
        if (learningRate != LEARNING_RATE) {
            words.add("learning rate " + learningRate);
        }
        return words;
    }

    /** {@code " [QUICK, 2 EPOCHS]"}, or nothing where all is as in the report. */
    String suffix() {
        return new Marks(words()).suffix();
    }
}
