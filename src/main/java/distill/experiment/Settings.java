package distill.experiment;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Everything that decides the numbers of one training. What does not apply is null and is left out of the JSON.
 *
 * @param task {@code task1} or {@code task2}
 * @param question {@code q5}, {@code q6}, {@code q7}, {@code q13} and its other forms; of Task 2 {@code q2},
 *     {@code q3}, {@code eskd} and others; a teacher's is {@code teacher}, for all questions share it, but for those of
 *     {@code q13} and {@code eskd}
 * @param variant the reading: {@code as-written} or {@code as-described}
 * @param model {@code teacher}, {@code student} (with distillation) or {@code student-plain}
 * @param temperature T of the distillation
 * @param alpha weight of the distillation
 * @param epochs how many epochs are trained
 * @param batchSize images per step
 * @param learningRate of Adam
 * @param teacher identity of the teacher's run; of a teacher that was trained elsewhere the SHA-256 of its weights
 * @param dtype {@code float32} or {@code float64}
 * @param device {@code cpu} or {@code gpu}
 * @param threads threads that compute
 * @param onednn what TF_ENABLE_ONEDNN_OPTS says: {@code on}, {@code off} or {@code default}
 * @param seed from which all chance derives
 * @param data digest of the images and labels
 * @param trainImages how many training images are used, from the first on
 * @param quick a cut that is marked and never compared with the report
 * @param computation version of the program's computation of this network: {@link #currentComputation} when it was
 *     trained
 * @param stopped what is stopped early in Task 1's question 13; its fields stand beside the others in the JSON. Null
 *     elsewhere
 * @param transfer what only Task 2 has; its fields stand beside the others in the JSON. Null in Task 1
 * @param variation what only the trainings of Task 1's theory questions have; its fields stand beside the others in the
 *     JSON. Null in all others
 */
public record Settings(
        String task,
        String question,
        String variant,
        String model,
        Double temperature,
        Double alpha,
        int epochs,
        int batchSize,
        double learningRate,
        String teacher,
        String dtype,
        String device,
        int threads,
        String onednn,
        long seed,
        String data,
        int trainImages,
        boolean quick,
        int computation,
        @JsonUnwrapped Stopped stopped,
        @JsonUnwrapped Transfer transfer,
        @JsonUnwrapped Variation variation) {

    /** What {@link #model} calls the three roles. */
    public static final String TEACHER = "teacher";

    public static final String STUDENT = "student";
    public static final String STUDENT_PLAIN = "student-plain";

    /**
     * What a training of Task 1's theory questions has otherwise than the report's. What is as in the report is null.
     *
     * @param width units of each of the student's two hidden layers; the report's have 784
     * @param rareClass the class of which only every {@link #RARE_EVERY}th training image is used
     */
    public record Variation(Integer width, Integer rareClass) {

        private String cell() {
            return String.join("/", String.valueOf(width), String.valueOf(rareClass));
        }
    }

    /** Of a rare class one image of so many is used. */
    public static final int RARE_EVERY = 100;

    /**
     * What question 13 of Task 1 stops early (Cho and Hariharan, On the efficacy of knowledge distillation, ICCV 2019).
     *
     * @param teacherEpochs epochs that the teacher has behind it; null where it is not stopped early
     * @param distilEpochs epochs of the student with distillation, after which it learns from the labels alone; null
     *     where all are
     */
    public record Stopped(Integer teacherEpochs, Integer distilEpochs) {

        private String cell() {
            return String.join("/", String.valueOf(teacherEpochs), String.valueOf(distilEpochs));
        }
    }

    /**
     * The settings of transfer learning: what Task 2 has beside Task 1's.
     *
     * @param without the quirks that are taken away from the as-written reading, in alphabetical order with commas
     *     between them; null without any
     * @param network the base: {@code resnet50v2} or {@code mobilenetv2}
     * @param epochsInitial epochs of the initial phase; null where there is one phase only
     * @param epochsFine epochs of the fine phase, at a tenth of the rate; null where there is one phase only
     * @param imageSize height and width in pixels
     * @param augmentation whether training images are augmented
     * @param startingWeights {@code none} where they are drawn; the SHA-256 of those that the base starts from; or the
     *     identity of the run that left them behind
     * @param teacherEpochs epochs of the early-stopped teacher; null in other questions
     */
    public record Transfer(
            String without,
            String network,
            Integer epochsInitial,
            Integer epochsFine,
            int imageSize,
            boolean augmentation,
            String startingWeights,
            Integer teacherEpochs) {

        /** The starting weights of a base that is drawn at random. */
        public static final String RANDOM = "none";

        /** Whether the weights are those that an earlier training left behind. */
        public boolean carried() {
            return startingWeights.length() == 2 * IDENTITY_BYTES;
        }

        /** Whether the base starts from pre-trained weights; {@code imagenet} is what Keras's runs call its own. */
        public boolean pretrained() {
            return !startingWeights.equals(RANDOM) && !carried();
        }

        /** {@code pre-trained}, {@code random}, or {@code carried} from an earlier training. */
        public String start() {
            return carried() ? "carried" : pretrained() ? "pre-trained" : "random";
        }

        private String cell() {
            return String.join("/", String.valueOf(without), network, start(), String.valueOf(teacherEpochs));
        }
    }

    /**
     * JSON without the fields of Task 2 gives a record of nulls for them, and so do those of question 13, of which Task
     * 2 has one by the same name.
     */
    public Settings {
        if (transfer != null && transfer.network() == null) {
            transfer = null;
        }
        if (stopped != null && (transfer != null || stopped.equals(new Stopped(null, null)))) {
            stopped = null;
        }
        if (new Variation(null, null).equals(variation)) {
            variation = null;
        }
    }

    /** The version of the program's computation of a network without max pooling. */
    private static final int COMPUTATION = 1;

    /** Of one with it: version 1 took TensorFlow's MaxPoolV2, which rounds gradients otherwise than Keras's MaxPool. */
    private static final int MAX_POOLING_COMPUTATION = 2;

    /**
     * The version of this program's computation of what is trained, which a change that alters its numbers raises. So
     * far versions differ in rounding alone, as processors do, and their runs stand in one table.
     *
     * @param model as in a run's settings
     * @param transfer as in a run's settings; null in Task 1
     */
    public static int currentComputation(String model, Transfer transfer) {
        boolean maxPooling =
                transfer == null ? model.equals(TEACHER) : transfer.network().equals(BaseModel.RESNET50V2.toString());
        return maxPooling ? MAX_POOLING_COMPUTATION : COMPUTATION;
    }

    /** How much of a given teacher's digest names of files show. */
    public static final int TEACHER_DIGITS = 8;

    private static final int IDENTITY_BYTES = 8;

    /** 16 hexadecimal digits that two trainings share when they must give the same numbers. */
    public String identity() {
        return HexFormat.of().formatHex(sha256(Json.canonical(this)), 0, IDENTITY_BYTES);
    }

    /** Which network of Task 1 is trained. */
    public Architecture architecture() {
        return model.equals(TEACHER) ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
    }

    /** Whether the teacher was trained elsewhere. */
    public boolean hasGivenTeacher() {
        return teacher != null && teacher.length() > 2 * IDENTITY_BYTES;
    }

    /** Epochs that an early-stopped teacher has behind it: a student's, or this one; null without one. */
    public Integer teacherEpochs() {
        return transfer != null ? transfer.teacherEpochs() : stopped == null ? null : stopped.teacherEpochs();
    }

    /** Epochs of a student with distillation where the rest are without; else null. */
    public Integer distilEpochs() {
        return stopped == null ? null : stopped.distilEpochs();
    }

    /** Whether this is a teacher that was trained to be stopped early, and is no other question's. */
    public boolean trainsEarlyStoppedTeacher() {
        return model.equals(TEACHER) && teacherEpochs() != null;
    }

    /**
     * The seed of one of this training's random streams. It derives from the seed and from all that tells two cells of
     * one question apart, but not from device, threads, dtype or length, so no two cells of a table share their chance.
     *
     * @param purpose {@code weights}, {@code order}, {@code dropout} or {@code augmentation}
     */
    public long stream(String purpose) {
        String cell = String.join(
                "/",
                Long.toString(seed),
                task,
                question,
                variant,
                model,
                String.valueOf(temperature),
                String.valueOf(alpha),
                transfer != null
                        ? transfer.cell() + "/" + purpose
                        : (stopped == null ? "" : stopped.cell() + "/")
                                + (variation == null ? "" : "variation/" + variation.cell() + "/")
                                + purpose);
        return ByteBuffer.wrap(sha256(cell)).getLong();
    }

    /** What a person calls this training: {@code task1-as-written-q5-student-T4-alpha0.5-seed1}. */
    public String label() {
        StringBuilder label =
                new StringBuilder(task).append('-').append(variant).append('-');
        if (transfer != null && transfer.without() != null) {
            label.append("without-")
                    .append(transfer.without().replace(',', '-'))
                    .append('-');
        }
        if (!question.equals(model)) {
            label.append(question).append('-');
        }
        label.append(model);
        if (transfer != null) {
            label.append('-').append(transfer.network()).append('-').append(transfer.imageSize());
            if (!transfer.pretrained() && !transfer.carried()) {
                label.append("-random");
            }
        }
        if (variation != null && variation.width() != null) {
            label.append("-width").append(variation.width());
        }
        if (variation != null && variation.rareClass() != null) {
            label.append("-rare").append(variation.rareClass());
        }
        if (temperature != null) {
            label.append("-T").append(number(temperature));
        }
        if (alpha != null) {
            label.append("-alpha").append(number(alpha));
        }
        if (teacherEpochs() != null) {
            label.append("-epochs").append(teacherEpochs());
        }
        if (distilEpochs() != null) {
            label.append("-until").append(distilEpochs());
        }
        if (hasGivenTeacher()) {
            label.append("-teacher").append(teacher, 0, TEACHER_DIGITS);
        }
        label.append("-seed").append(seed);
        return quick ? label.append("-quick").toString() : label.toString();
    }

    /** A number without a needless ".0". */
    public static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
