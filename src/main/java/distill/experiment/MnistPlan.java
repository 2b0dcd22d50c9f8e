package distill.experiment;

import distill.nn.Device;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The settings of all trainings that the questions of Task 1 need. Nothing is trained here.
 *
 * @param reading how the report is read
 * @param epochs of each training; the report's are 12
 * @param trainImages how many training images are used, from the first on; the report's are 60,000
 * @param quick whether this is a cut that is marked QUICK
 * @param givenTeacher identity of a teacher that takes the place of each seed's own
 * @param data digest of the images
 * @param device where to compute
 */
public record MnistPlan(
        Reading reading,
        int epochs,
        int trainImages,
        boolean quick,
        Optional<String> givenTeacher,
        String data,
        Device device) {

    /** Question 13 as the report does it: a new teacher for each number of epochs. */
    public static final String EARLY_STOPPED = "q13";

    /** Question 13 with the teachers that each seed's own was after each of its epochs. */
    public static final String SINGLE_TRAJECTORY = "q13-single-trajectory";

    /** Question 13 with a student that distils for its first epochs only. */
    public static final String DISTIL_UNTIL = "q13-distil-until";

    /** Of students on images with a rare class that the teacher saw rarely, too (Question 1e). */
    public static final String TEACHER_OF_THE_SAME_IMAGES = "q1-same-images";

    /** Images per step: the report's. */
    static final int BATCH_SIZE = 256;

    private static final double LEARNING_RATE = 1e-3;

    /** The teacher of a seed, which all questions share (Question 5, Fig. 4). */
    public Settings teacher(long seed) {
        return teacher(epochs, seed);
    }

    /** The same, trained for so many epochs. */
    Settings teacher(int length, long seed) {
        return settings(Settings.SHARED_TEACHER, Role.TEACHER, null, null, length, null, seed, Change.NONE);
    }

    /** A student taught by the given teacher, or by the seed's (Questions 5 and 6). */
    public Settings student(String question, double temperature, double alpha, long seed) {
        return settings(question, Role.STUDENT, temperature, alpha, epochs, teacherIdentity(seed), seed, Change.NONE);
    }

    /** The same for each temperature and alpha. */
    public List<Settings> students(String question, List<Double> temperatures, List<Double> alphas, long seed) {
        return temperatures.stream()
                .flatMap(temperature -> alphas.stream().map(alpha -> student(question, temperature, alpha, seed)))
                .toList();
    }

    /** A student without distillation (Question 7). */
    public Settings plainStudent(String question, long seed) {
        return plainStudent(question, seed, Change.NONE);
    }

    private Settings plainStudent(String question, long seed, Change change) {
        return settings(question, Role.STUDENT_PLAIN, null, null, epochs, null, seed, change);
    }

    /** A new teacher that is trained for {@code length} epochs (Question 13 as the report does it). */
    public Settings earlyStoppedTeacher(int length, long seed) {
        return settings(
                EARLY_STOPPED, Role.TEACHER, null, null, length, null, seed, Change.teacherStoppedAfter(length));
    }

    /** Those of 1 epoch to all. */
    public List<Settings> earlyStoppedTeachers(long seed) {
        return IntStream.rangeClosed(1, epochs)
                .mapToObj(length -> earlyStoppedTeacher(length, seed))
                .toList();
    }

    /**
     * A student of an early-stopped teacher (Question 13).
     *
     * @param question {@link #EARLY_STOPPED}, where {@link #earlyStoppedTeacher} teaches, or
     *     {@link #SINGLE_TRAJECTORY}, where {@link #teacher} does as it was after that epoch
     * @param teacherEpochs from 1 to the plan's epochs
     * @throws IllegalStateException where a teacher was given
     */
    public Settings earlyStoppedStudent(
            String question, int teacherEpochs, double temperature, double alpha, long seed) {
        checkOwnTeacher();
        Settings teacher = question.equals(EARLY_STOPPED) ? earlyStoppedTeacher(teacherEpochs, seed) : teacher(seed);
        return settings(
                question,
                Role.STUDENT,
                temperature,
                alpha,
                epochs,
                teacher.identity(),
                seed,
                Change.teacherStoppedAfter(teacherEpochs));
    }

    /**
     * Those of teachers of all epochs to 1. The longest taught comes first: what the whole teacher puts out is known
     * from question 5.
     */
    public List<Settings> earlyStoppedStudents(String question, double temperature, double alpha, long seed) {
        return longestFirst()
                .map(length -> earlyStoppedStudent(question, length, temperature, alpha, seed))
                .toList();
    }

    /**
     * A student that the seed's teacher teaches for its first epochs, after which the loss is the cross-entropy alone
     * and the optimiser goes on as it is (Question 13; Cho and Hariharan 2019).
     *
     * @param epoch the last with distillation, from 1 to under the plan's epochs
     */
    public Settings studentDistilledUntil(int epoch, double temperature, double alpha, long seed) {
        return settings(
                DISTIL_UNTIL,
                Role.STUDENT,
                temperature,
                alpha,
                epochs,
                teacherIdentity(seed),
                seed,
                new Change(null, epoch, null, null));
    }

    /** A student on images of which one class is rare (Question 1e), or of whose teacher's images it is, too. */
    public Settings rareStudent(String question, int rareClass, double temperature, double alpha, long seed) {
        String teacher = question.equals(TEACHER_OF_THE_SAME_IMAGES)
                ? rareTeacher(rareClass, seed).identity()
                : teacherIdentity(seed);
        return settings(question, Role.STUDENT, temperature, alpha, epochs, teacher, seed, Change.rare(rareClass));
    }

    /** The same without distillation. */
    public Settings rarePlainStudent(int rareClass, long seed) {
        return plainStudent("q1", seed, Change.rare(rareClass));
    }

    /** A teacher of such images. */
    public Settings rareTeacher(int rareClass, long seed) {
        return settings("q1", Role.TEACHER, null, null, epochs, null, seed, Change.rare(rareClass));
    }

    /**
     * Question 10's students of several widths, each under the seed's teacher as it was after each epoch, the longest
     * taught first.
     *
     * @throws IllegalStateException where a teacher was given
     */
    public List<Settings> studentsByWidth(List<Integer> widths, double temperature, double alpha, long seed) {
        return longestFirst()
                .flatMap(
                        length -> widths.stream().map(width -> studentOfWidth(width, length, temperature, alpha, seed)))
                .toList();
    }

    /** One of them. */
    Settings studentOfWidth(int width, int teacherEpochs, double temperature, double alpha, long seed) {
        checkOwnTeacher();
        return settings(
                "q10",
                Role.STUDENT,
                temperature,
                alpha,
                epochs,
                teacherIdentity(seed),
                seed,
                new Change(teacherEpochs, null, width, null));
    }

    /** The same widths without distillation. */
    public List<Settings> plainStudentsByWidth(List<Integer> widths, long seed) {
        return widths.stream()
                .map(width -> plainStudent("q10", seed, new Change(null, null, width, null)))
                .toList();
    }

    /** Trainings, each after the one that gives it its teacher, where none was given. */
    public List<Settings> withTeachers(List<Settings> trainings) {
        List<Settings> all = new ArrayList<>();
        for (Settings training : trainings) {
            if (training.teacher() != null && !training.hasGivenTeacher()) {
                all.add(teacherOf(training));
            }
            all.add(training);
        }
        return all.stream().distinct().toList();
    }

    /** The training that gives a student its teacher, where none was given. */
    Settings teacherOf(Settings student) {
        return switch (student.question()) {
            case EARLY_STOPPED -> earlyStoppedTeacher(student.teacherEpochs(), student.seed());
            case TEACHER_OF_THE_SAME_IMAGES -> rareTeacher(student.rareClass(), student.seed());
            default -> teacher(student.seed());
        };
    }

    /** What a student's settings call its teacher here. */
    String teacherIdentity(Settings student) {
        return givenTeacher.orElseGet(() -> teacherOf(student).identity());
    }

    private String teacherIdentity(long seed) {
        return givenTeacher.orElseGet(() -> teacher(seed).identity());
    }

    private void checkOwnTeacher() {
        if (givenTeacher.isPresent()) {
            throw new IllegalStateException("of a given teacher no earlier epochs are known");
        }
    }

    private Stream<Integer> longestFirst() {
        return IntStream.rangeClosed(1, epochs).mapToObj(i -> epochs + 1 - i);
    }

    /**
     * What a training has otherwise than the report's; what is as in the report is null.
     *
     * @param teacherEpochs epochs of an early-stopped teacher
     * @param distilEpochs epochs with distillation
     * @param width units of each of the student's hidden layers
     * @param rareClass the class of which few images are used
     */
    private record Change(Integer teacherEpochs, Integer distilEpochs, Integer width, Integer rareClass) {

        static final Change NONE = new Change(null, null, null, null);

        static Change teacherStoppedAfter(int epochs) {
            return new Change(epochs, null, null, null);
        }

        static Change rare(int rareClass) {
            return new Change(null, null, null, rareClass);
        }
    }

    private Settings settings(
            String question,
            Role role,
            Double temperature,
            Double alpha,
            int length,
            String teacher,
            long seed,
            Change change) {
        return new Settings(
                Settings.TASK1,
                question,
                reading.variant(),
                reading.without(),
                new Settings.Model(role, null, change.width(), null),
                new Settings.Distillation(temperature, alpha, teacher),
                new Settings.Schedule(
                        length, BATCH_SIZE, LEARNING_RATE, null, null, change.teacherEpochs(), change.distilEpochs()),
                new Settings.Images(data, trainImages, quick, null, null, change.rareClass()),
                new Settings.Computation(
                        "float32",
                        device.kind(),
                        device.threads(),
                        MnistExperiment.oneDnn(),
                        Settings.Computation.currentVersion(role == Role.TEACHER)),
                seed);
    }
}
