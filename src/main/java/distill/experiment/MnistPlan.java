package distill.experiment;

import distill.data.Images;
import distill.loss.DistillationLoss;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.DataSpec;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Settings.Distillation;
import distill.run.Settings.Model;
import distill.run.Settings.Schedule;
import distill.run.Steps;
import distill.run.Stopping;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;

/**
 * All trainings that the questions of Task 1 need. Nothing is trained here.
 *
 * @param reading how the report is read
 * @param epochs of each training; the report's are 12
 * @param trainImages how many training images are used, from the first on; the report's are 60,000
 * @param quick whether this is a cut that is marked QUICK
 * @param givenTeacher identity of a teacher that takes the place of each seed's own; null without one
 * @param data digest of the images
 * @param spec what the networks are built for
 * @param loss what students with distillation learn by, or where it has no teacher those without
 * @param adam the form of Adam; null as in runs from before version 3 of the computation, which name none
 * @param steps what its trainings' steps have otherwise than the report's
 * @param student its students' network, where a question has none of its own
 * @param stopping whether its trainings may stop before their last epoch
 * @param device where to compute
 */
public record MnistPlan(
        Reading reading,
        int epochs,
        int trainImages,
        boolean quick,
        String givenTeacher,
        String data,
        DataSpec spec,
        DistillationLoss loss,
        AdamForm adam,
        Steps steps,
        Student student,
        Stopping stopping,
        Device device) {

    /**
     * The network of students; what is as in the report is null.
     *
     * @param width units of each of the two hidden layers; the report's have 784
     * @param architecture of a network of one's own the digest: {@link Settings.Model#architecture}
     * @param startingWeights of these the digest, where they are not drawn
     */
    public record Student(Integer width, String architecture, String startingWeights) {

        /** The report's. */
        public static final Student REPORTS = new Student(null, null, null);

        /** Whether a training is of this network, where it is of one that may be chosen. */
        public boolean isOf(Settings settings) {
            return !settings.isOfAskedWidth()
                    || Objects.equals(settings.width(), width)
                            && Objects.equals(settings.architecture(), architecture)
                            && Objects.equals(settings.startingWeights(), startingWeights);
        }

        private Model model(Role role) {
            return new Model(role, null, width, startingWeights, architecture, null);
        }
    }

    /** Question 13 as the report does it: a new teacher for each number of epochs. */
    public static final String EARLY_STOPPED = "q13";

    /** Question 13 with the teachers that each seed's own was after each of its epochs. */
    public static final String SINGLE_TRAJECTORY = "q13-single-trajectory";

    /** Question 13 with a student that distils for its first epochs only. */
    public static final String DISTIL_UNTIL = "q13-distil-until";

    /**
     * What students on images with a rare class are filed under, where the teacher saw it rarely, too (Question 1e).
     */
    public static final String TEACHER_OF_THE_SAME_IMAGES = "q1-same-images";

    /** What students are filed under that the teacher of the seed after their own taught (Question 7). */
    public static final String ANOTHER_TEACHER = "q7-another-teacher";

    /** The teacher of a seed, which all questions share (Question 5, Fig. 4). */
    public Training teacher(long seed) {
        return teacher(Settings.SHARED_TEACHER, Change.NONE, epochs, seed);
    }

    private Training teacher(String question, Change change, int length, long seed) {
        return Training.of(settings(question, Role.TEACHER, Distillation.NONE, change, length, seed));
    }

    /**
     * A student taught by the given teacher, or by the seed's (Questions 5 and 6).
     *
     * @param temperature of no use, and so of no meaning, to a loss that has none
     */
    public Training student(String question, Double temperature, double alpha, long seed) {
        return student(question, temperature, alpha, seed, Change.NONE);
    }

    private Training student(String question, Double temperature, double alpha, long seed, Change change) {
        return givenTeacher == null
                ? taught(teacher(seed), question, temperature, alpha, seed, change)
                : Training.of(studentSettings(givenTeacher, question, temperature, alpha, seed, change));
    }

    private Training taught(
            Training teacher, String question, Double temperature, double alpha, long seed, Change change) {
        String identity = teacher.settings().identity();
        return Training.taught(studentSettings(identity, question, temperature, alpha, seed, change), teacher);
    }

    private Settings studentSettings(
            String teacher, String question, Double temperature, double alpha, long seed, Change change) {
        Distillation distillation = ChosenLoss.distillation(loss, temperature, alpha, teacher);
        return settings(question, Role.STUDENT, distillation, change, epochs, seed);
    }

    /** Students of a question at each temperature, where the loss has one, and alpha. */
    public List<Training> students(String question, List<Double> temperatures, List<Double> alphas, long seed) {
        return temperatures.stream()
                .flatMap(temperature -> alphas.stream().map(alpha -> student(question, temperature, alpha, seed)))
                .distinct()
                .toList();
    }

    /** A student without distillation (Question 7). */
    public Training plainStudent(String question, long seed) {
        return plainStudent(question, seed, Change.NONE);
    }

    private Training plainStudent(String question, long seed, Change change) {
        Distillation none = ChosenLoss.withoutDistillation(loss, null);
        return Training.of(settings(question, Role.STUDENT_PLAIN, none, change, epochs, seed));
    }

    /**
     * A student of the next seed's teacher, which is as good as its own and another (Question 7).
     *
     * @throws IllegalStateException where a teacher was given
     */
    public Training studentOfAnotherTeacher(double temperature, double alpha, long seed) {
        checkOwnTeacher();
        return taught(teacher(seed + 1), ANOTHER_TEACHER, temperature, alpha, seed, Change.NONE);
    }

    /** The same trainings of students that learn by another loss. */
    public MnistPlan withLoss(DistillationLoss other) {
        return new MnistPlan(
                reading,
                epochs,
                trainImages,
                quick,
                givenTeacher,
                data,
                spec,
                other,
                adam,
                steps,
                student,
                stopping,
                device);
    }

    /** A new teacher that is trained for {@code length} epochs (Question 13 as the report does it). */
    public Training earlyStoppedTeacher(int length, long seed) {
        return teacher(EARLY_STOPPED, Change.teacherStoppedAfter(length), length, seed);
    }

    /** New teachers of 1 epoch to all. */
    public List<Training> earlyStoppedTeachers(long seed) {
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
    public Training earlyStoppedStudent(
            String question, int teacherEpochs, double temperature, double alpha, long seed) {
        checkOwnTeacher();
        Training teacher = question.equals(EARLY_STOPPED) ? earlyStoppedTeacher(teacherEpochs, seed) : teacher(seed);
        return taught(teacher, question, temperature, alpha, seed, Change.teacherStoppedAfter(teacherEpochs));
    }

    /**
     * Students of teachers of all epochs to 1. The longest taught comes first: what the whole teacher puts out is known
     * from question 5.
     */
    public List<Training> earlyStoppedStudents(String question, double temperature, double alpha, long seed) {
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
    public Training studentDistilledUntil(int epoch, double temperature, double alpha, long seed) {
        return student(DISTIL_UNTIL, temperature, alpha, seed, new Change(null, epoch, null, null));
    }

    /** A student on images of which one class is rare (Question 1e), or of whose teacher's images it is, too. */
    public Training rareStudent(String question, int rareClass, double temperature, double alpha, long seed) {
        Change change = Change.rare(rareClass);
        return question.equals(TEACHER_OF_THE_SAME_IMAGES)
                ? taught(rareTeacher(rareClass, seed), question, temperature, alpha, seed, change)
                : student(question, temperature, alpha, seed, change);
    }

    /** A student without distillation on images of which one class is rare. */
    public Training rarePlainStudent(int rareClass, long seed) {
        return plainStudent("q1", seed, Change.rare(rareClass));
    }

    /** A teacher of images of which one class is rare. */
    public Training rareTeacher(int rareClass, long seed) {
        return teacher("q1", Change.rare(rareClass), epochs, seed);
    }

    /**
     * Question 10's students of several widths, each under the seed's teacher as it was after each epoch, the longest
     * taught first.
     *
     * @throws IllegalStateException where a teacher was given
     */
    public List<Training> studentsByWidth(List<Integer> widths, double temperature, double alpha, long seed) {
        return longestFirst()
                .flatMap(
                        length -> widths.stream().map(width -> studentOfWidth(width, length, temperature, alpha, seed)))
                .toList();
    }

    Training studentOfWidth(int width, int teacherEpochs, double temperature, double alpha, long seed) {
        checkOwnTeacher();
        return student("q10", temperature, alpha, seed, new Change(teacherEpochs, null, width, null));
    }

    /** Students of several widths without distillation. */
    public List<Training> plainStudentsByWidth(List<Integer> widths, long seed) {
        return widths.stream()
                .map(width -> plainStudent("q10", seed, new Change(null, null, width, null)))
                .toList();
    }

    /** The training that a run's settings are of, where each seed has its own teacher unless one was given. */
    static Training of(Settings run, Device device) {
        if (run.teacher() == null || run.hasGivenTeacher()) {
            return Training.of(run);
        }
        MnistPlan plan = new MnistPlan(
                run.reading(),
                run.epochs(),
                run.trainImages(),
                run.quick(),
                null,
                run.data(),
                spec(run),
                new KnowledgeDistillation(),
                run.computation().adam(),
                Steps.of(run),
                Student.REPORTS,
                run.stopping(),
                device);
        Training teacher =
                switch (run.question()) {
                    case EARLY_STOPPED -> plan.earlyStoppedTeacher(run.teacherEpochs(), run.seed());
                    case ANOTHER_TEACHER -> plan.teacher(run.seed() + 1);
                    case TEACHER_OF_THE_SAME_IMAGES -> plan.rareTeacher(run.rareClass(), run.seed());
                    default -> plan.teacher(run.seed());
                };
        return Training.taught(run, teacher);
    }

    private void checkOwnTeacher() {
        if (givenTeacher != null) {
            throw new IllegalStateException("of a given teacher neither earlier epochs nor other seeds are known");
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
            String question, Role role, Distillation distillation, Change change, int length, long seed) {
        Model model = role == Role.TEACHER
                ? Model.of(role, null, null, null)
                : change.width() == null ? student.model(role) : Model.of(role, null, change.width(), null);
        return new Settings(
                Settings.TASK1,
                question,
                reading.variant(),
                reading.without(),
                model,
                distillation,
                new Schedule(
                        length,
                        steps.batchSize(Settings.TASK1),
                        steps.learningRate(reading, role, false),
                        null,
                        null,
                        change.teacherEpochs(),
                        change.distilEpochs(),
                        steps.momentum()),
                images(change.rareClass()),
                stopping,
                TrainedNetwork.computation(model, steps.adam(adam), device),
                seed);
    }

    /** What the networks of a run of Task 1 are built for. */
    public static DataSpec spec(Settings run) {
        List<Integer> shape = run.images().inputShape();
        return new DataSpec(
                shape == null
                        ? DataSpec.MNIST.input()
                        : Shape.of(shape.stream().mapToLong(Integer::longValue).toArray()),
                Objects.requireNonNullElse(run.images().classCount(), DataSpec.MNIST.classes()));
    }

    /** What the networks are built for that are trained on some images. */
    public static DataSpec spec(Images images) {
        return new DataSpec(
                Shape.of(images.height(), images.width(), images.channels()),
                images.classes().size());
    }

    /** Shape and classes stand in the settings where they are not MNIST's. */
    private Settings.Images images(Integer rareClass) {
        List<Integer> shape = spec.input().equals(DataSpec.MNIST.input())
                ? null
                : LongStream.of(spec.input().asArray())
                        .mapToObj(Math::toIntExact)
                        .toList();
        Integer classes = spec.classes() == DataSpec.MNIST.classes() ? null : spec.classes();
        return new Settings.Images(data, trainImages, quick, null, null, rareClass, shape, classes);
    }
}
