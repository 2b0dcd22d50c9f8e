package distill.experiment;

import distill.nn.zoo.Architecture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Everything that decides the numbers of one training. What does not apply is null and is left out of the JSON.
 *
 * @param task {@code task1}
 * @param question {@code q5}, {@code q6}, {@code q7}; a teacher's is always {@code teacher}, for all questions share it
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
 * @param computation raised when a change of the program changes numbers
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
        int computation) {

    /** The version of this program's computation. */
    public static final int COMPUTATION = 1;

    /** How much of a given teacher's digest names of files show. */
    public static final int TEACHER_DIGITS = 8;

    private static final int IDENTITY_BYTES = 8;

    /** 16 hexadecimal digits that two trainings share when they must give the same numbers. */
    public String identity() {
        return HexFormat.of().formatHex(sha256(Json.canonical(this)), 0, IDENTITY_BYTES);
    }

    /** Which network is trained. */
    public Architecture architecture() {
        return model.equals("teacher") ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
    }

    /** Whether the teacher was trained elsewhere. */
    public boolean hasGivenTeacher() {
        return teacher != null && teacher.length() > 2 * IDENTITY_BYTES;
    }

    /**
     * The seed of one of this training's random streams. It derives from the seed and from all that tells two cells of
     * one question apart, but not from device, threads, dtype or length, so no two cells of a table share their chance.
     *
     * @param purpose {@code weights}, {@code order} or {@code dropout}
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
                purpose);
        return ByteBuffer.wrap(sha256(cell)).getLong();
    }

    /** What a person calls this training: {@code task1-as-written-q5-student-T4-alpha0.5-seed1}. */
    public String label() {
        StringBuilder label =
                new StringBuilder(task).append('-').append(variant).append('-');
        if (!question.equals(model)) {
            label.append(question).append('-');
        }
        label.append(model);
        if (temperature != null) {
            label.append("-T").append(number(temperature)).append("-alpha").append(number(alpha));
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
