package distill.experiment;

import distill.data.Images;
import distill.loss.DistillationLoss;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Settings.Distillation;
import distill.run.Settings.Model;
import distill.run.Settings.Schedule;
import distill.run.Slip;
import distill.run.Steps;
import distill.run.Stopping;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Which trainings each part of Task 2 needs, in their order: the report's steps 5, 6, 7 and 13 for MHIST, its Question
 * 3, and what became of the authors' students. Nothing is trained here.
 *
 * @param reading how the report is read
 * @param teacherNetwork the report's is ResNet50V2
 * @param teacherStart what the teacher's base starts from
 * @param studentStart what the students' starts from, where they have the report's network
 * @param epochs for how long
 * @param images what all are trained on
 * @param givenTeacher identity of a teacher that takes the place of each seed's own; null without one
 * @param loss what students with distillation learn by, or where it has no teacher those without; the collapsed ones
 *     learn by the report's
 * @param adam the form of Adam; null as in runs from before version 3 of the computation, which name none
 * @param steps what its trainings' steps have otherwise than the report's
 * @param student its students' network; the collapsed ones have the report's
 * @param device where to compute
 */
public record MhistPlan(
        Reading reading,
        BaseModel teacherNetwork,
        StartingWeights teacherStart,
        StartingWeights studentStart,
        Epochs epochs,
        Settings.Images images,
        String givenTeacher,
        DistillationLoss loss,
        AdamForm adam,
        Steps steps,
        Student student,
        Device device) {

    /**
     * The network of students: the report's MobileNetV2, or one's own.
     *
     * @param architecture of a network of one's own the digest: {@link Settings.Model#architecture}; null for the
     *     report's
     * @param startingWeights of a network of one's own the digest of those that it keeps, or {@link Settings#RANDOM};
     *     null for the report's, whose a plan names
     */
    public record Student(String architecture, String startingWeights) {

        /** The report's. */
        public static final Student REPORTS = new Student(null, null);

        /**
         * A network of one's own.
         *
         * @param keptWeights the digest of the weights that it keeps; null where they are drawn
         */
        public static Student of(String architecture, String keptWeights) {
            return new Student(architecture, Objects.requireNonNullElse(keptWeights, Settings.RANDOM));
        }

        /**
         * Whether a training is of this network, where it is of one that may be chosen, and starts as this one may:
         * question 3 has students with drawn weights, too.
         */
        public boolean isOf(Settings settings) {
            if (settings.role() == Role.TEACHER || settings.question().startsWith(COLLAPSE)) {
                return true;
            }
            return Objects.equals(settings.architecture(), architecture)
                    && (architecture == null
                            || settings.carried()
                            || settings.startingWeights().equals(startingWeights)
                            || settings.question().equals(Q3) && Settings.RANDOM.equals(settings.startingWeights()));
        }

        private boolean isReports() {
            return architecture == null;
        }

        private Model model(Role role, String start, Boolean trainedStatistics) {
            String network = isReports() ? BaseModel.MOBILENETV2.toString() : Settings.OWN;
            return new Model(role, network, null, start, architecture, trainedStatistics);
        }
    }

    /**
     * For how long trainings go on.
     *
     * @param initial epochs of the initial phase; the report's are 10
     * @param fine epochs of the fine phase, at a tenth of the rate; the report's are 25; 0 is none
     * @param stopped early-stopped teachers have 1 to this many; the report's 12
     */
    public record Epochs(int initial, int fine, int stopped) {}

    /** What {@link Settings#question} calls the parts. */
    public static final String SWEEP = "q2";

    public static final String ESKD = "eskd";
    public static final String Q3 = "q3";
    public static final String COLLAPSE = "collapse";

    /** What is added to {@link #COLLAPSE} for students that are carried from one temperature to the next. */
    public static final String CARRIED = "-carried";

    /** What is added to the name of collapsed students whose teacher is as-written, too. */
    public static final String OWN_TEACHER = "-own-teacher";

    /** The report's weight of both parts of the student's loss. */
    public static final double ALPHA = .5;

    /** The report's temperature of early-stopped teachers. */
    public static final double TEMPERATURE = 4;

    private static final int QUICK_IMAGES = 64;
    private static final List<Double> COLLAPSE_TEMPERATURES = List.of(1., 2., 4.);
    private static final List<Slip> COLLAPSE_SUSPECTS =
            List.of(Slip.LOGIT_TARGETS, Slip.IMAGENET_HEAD, Slip.NO_FREEZING, Slip.BATCH_STATISTICS, Slip.RAW_INPUTS);

    /** The teacher of a seed, which teaches in all parts but early stopping. */
    public Training teacher(long seed) {
        return teacher(seed, start(teacherStart));
    }

    private Training teacher(long seed, String start) {
        return Training.of(settings(Settings.SHARED_TEACHER, Role.TEACHER, Distillation.NONE, start, seed));
    }

    /** Students with distillation at each temperature; one where the loss has none. */
    public List<Training> sweep(List<Double> temperatures, long seed) {
        return loss.hasTeacher() && !loss.hasTemperature()
                ? List.of(student(SWEEP, null, studentsStart(), seed))
                : chain(temperatures, (t, start) -> student(SWEEP, t, start, seed));
    }

    /**
     * Students without distillation: one for each temperature where that is in their loss (slip
     * {@code scratch-temperature}, unless another was chosen), else one.
     */
    public List<Training> scratch(List<Double> temperatures, long seed) {
        if (!plainHasTemperature()) {
            return List.of(plainStudent(SWEEP, null, studentsStart(), seed));
        }
        return chain(temperatures, (t, start) -> plainStudent(SWEEP, t, start, seed));
    }

    private boolean plainHasTemperature() {
        return reading.has(Slip.SCRATCH_TEMPERATURE) && !ChosenLoss.isOfPlainStudents(loss);
    }

    /**
     * With the slip {@code carried-students} each starts from what the one before left.
     *
     * @param student of a temperature and the identity of its starting weights
     */
    private List<Training> chain(List<Double> temperatures, BiFunction<Double, String, Training> student) {
        List<Training> chain = new ArrayList<>();
        for (double temperature : temperatures) {
            if (chain.isEmpty() || !reading.has(Slip.CARRIED_STUDENTS)) {
                chain.add(student.apply(temperature, studentsStart()));
            } else {
                Training before = chain.get(chain.size() - 1);
                Training next = student.apply(temperature, before.settings().identity());
                chain.add(next.startingFrom(before));
            }
        }
        return List.copyOf(chain);
    }

    /** For i = 1, 2, ... a teacher of i epochs and its student, in one phase each with everything trained. */
    public List<Training> earlyStopped(long seed) {
        boolean asProgrammed = reading.has(Slip.ESKD_RATE);
        List<Training> trainings = new ArrayList<>();
        for (int i = 1; i <= epochs.stopped(); i++) {
            Training teacher = Training.of(settings(
                    ESKD, Role.TEACHER, Distillation.NONE, start(teacherStart), onePhase(Role.TEACHER, i, i), seed));
            Distillation distillation =
                    distillation(TEMPERATURE, teacher.settings().identity());
            Schedule schedule = onePhase(Role.STUDENT, asProgrammed ? i : epochs.stopped(), i);
            trainings.add(teacher);
            trainings.add(Training.taught(
                    settings(ESKD, Role.STUDENT, distillation, studentsStart(), schedule, seed), teacher));
        }
        return List.copyOf(trainings);
    }

    private Schedule onePhase(Role role, int length, int teacherEpochs) {
        double rate = steps.learningRate(reading, role, false);
        return new Schedule(
                length, steps.batchSize(Settings.TASK2), rate, null, null, teacherEpochs, null, steps.momentum());
    }

    /**
     * Question 3: the student with and without distillation, from pre-trained weights where they are given and from
     * random ones, at T = 4. The teacher with and without pre-training comes first, unless another was given.
     */
    public List<Training> effects(long seed) {
        List<Training> trainings = new ArrayList<>();
        if (givenTeacher == null) {
            trainings.add(teacher(seed));
            if (teacherStart.pretrained()) {
                trainings.add(teacher(seed, Settings.RANDOM));
            }
        }
        Double temperature = plainHasTemperature() ? TEMPERATURE : null;
        Stream.of(studentsStart(), Settings.RANDOM).distinct().forEach(start -> {
            trainings.add(student(Q3, TEMPERATURE, start, seed));
            trainings.add(plainStudent(Q3, temperature, start, seed));
        });
        return List.copyOf(trainings);
    }

    /**
     * The authors' students with distillation ended in one class at every temperature. Students at T = 4 from fresh
     * weights: as-written; as-written without each slip that could be why; as-described. All learn from the same
     * teacher, a MobileNetV2 as-written without {@code batch-statistics}, for an as-written one is near chance on so
     * few images. Then a student that is carried through T = 1, 2, 4, and one of an as-written teacher. Teachers come
     * first.
     */
    public List<Training> collapse(long seed) {
        MhistPlan written = asWrittenWithout(Set.of());
        Training teacher = asWrittenWithout(Set.of(Slip.BATCH_STATISTICS)).teacher(seed);
        Training ownTeacher = written.teacher(seed);
        List<Training> trainings = new ArrayList<>(List.of(teacher, written.collapsed(COLLAPSE, teacher, seed)));
        for (Slip slip : COLLAPSE_SUSPECTS) {
            trainings.add(asWrittenWithout(Set.of(slip)).collapsed(COLLAPSE, teacher, seed));
        }
        trainings.add(with(Reading.of(Settings.TASK2, Variant.AS_DESCRIBED)).collapsed(COLLAPSE, teacher, seed));
        trainings.addAll(written.chain(
                COLLAPSE_TEMPERATURES, (t, start) -> written.student(COLLAPSE + CARRIED, t, teacher, start, seed)));
        trainings.add(ownTeacher);
        trainings.add(written.collapsed(COLLAPSE + OWN_TEACHER, ownTeacher, seed));
        return List.copyOf(trainings);
    }

    private Training collapsed(String question, Training teacher, long seed) {
        return student(question, TEMPERATURE, teacher, studentsStart(), seed);
    }

    private MhistPlan asWrittenWithout(Set<Slip> slips) {
        return with(Reading.of(Settings.TASK2, Variant.AS_WRITTEN, slips));
    }

    /** This plan in another reading, with a MobileNetV2 that teaches, and the report's loss. */
    private MhistPlan with(Reading otherReading) {
        return new MhistPlan(
                otherReading,
                BaseModel.MOBILENETV2,
                studentStart,
                studentStart,
                epochs,
                images,
                null,
                new KnowledgeDistillation(),
                adam,
                steps,
                Student.REPORTS,
                device);
    }

    /**
     * The images of a quick cut: {@value #QUICK_IMAGES} of a set, or one of each of more classes, where it has so many;
     * else all.
     */
    public static Images cut(Images images, boolean quick) {
        int cut = Math.max(QUICK_IMAGES, images.classes().size());
        return quick && images.size() > cut ? images.firstOfEachClass(cut) : images;
    }

    /** A student of the seed's teacher, unless another was given. */
    private Training student(String question, Double temperature, String start, long seed) {
        return givenTeacher == null
                ? student(question, temperature, teacher(seed), start, seed)
                : Training.of(settings(question, Role.STUDENT, distillation(temperature, givenTeacher), start, seed));
    }

    private Training student(String question, Double temperature, Training teacher, String start, long seed) {
        Distillation distillation = distillation(temperature, teacher.settings().identity());
        return Training.taught(settings(question, Role.STUDENT, distillation, start, seed), teacher);
    }

    private Distillation distillation(Double temperature, String teacher) {
        return ChosenLoss.distillation(loss, temperature, ALPHA, teacher);
    }

    private Training plainStudent(String question, Double temperature, String start, long seed) {
        Distillation none = ChosenLoss.withoutDistillation(loss, temperature);
        return Training.of(settings(question, Role.STUDENT_PLAIN, none, start, seed));
    }

    private String studentsStart() {
        return student.isReports() ? start(studentStart) : student.startingWeights();
    }

    private String start(StartingWeights weights) {
        return weights.identity(reading.has(Slip.IMAGENET_HEAD));
    }

    /** The settings of a training in both phases. */
    private Settings settings(String question, Role role, Distillation distillation, String start, long seed) {
        int all = epochs.initial() + epochs.fine();
        Schedule bothPhases = new Schedule(
                all,
                steps.batchSize(Settings.TASK2),
                steps.learningRate(reading, role, true),
                epochs.initial(),
                epochs.fine(),
                null,
                null,
                steps.momentum());
        return settings(question, role, distillation, start, bothPhases, seed);
    }

    private Settings settings(
            String question, Role role, Distillation distillation, String start, Schedule schedule, long seed) {
        Boolean trained = start.equals(Settings.RANDOM) && reading.variant() == Variant.AS_DESCRIBED ? true : null;
        Model model = role == Role.TEACHER
                ? new Model(role, teacherNetwork.toString(), null, start, null, trained)
                : student.model(role, start, trained);
        return new Settings(
                Settings.TASK2,
                question,
                reading.variant(),
                reading.without(),
                model,
                distillation,
                schedule,
                images,
                Stopping.NONE,
                TrainedNetwork.computation(model, steps.adam(adam), device),
                seed);
    }
}
