package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.data.Mnist;
import distill.experiment.MhistPlan;
import distill.loss.KnowledgeDistillation;
import distill.nn.zoo.BaseModel;
import distill.run.Evaluation;
import distill.run.Provenance;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What {@code --from} takes from a store that has more than one experiment. */
class RunQueryTest {

    private static final String PRETRAINED = "a".repeat(64);
    private static final Predicate<Settings> SWEEP =
            settings -> settings.question().equals(MhistPlan.SWEEP) && settings.role() == Role.STUDENT;

    private final List<Run> store = new ArrayList<>();

    private Run add(String question, Role role, Double temperature, String network, String teacher, String start) {
        return add(question, role, temperature, network, teacher, start, "MHIST", 1);
    }

    private Run add(
            String question,
            Role role,
            Double temperature,
            String network,
            String teacher,
            String start,
            String data,
            long seed) {
        Settings like = Runs.settings(question, role, temperature, null, seed);
        Settings settings = Runs.with(Runs.with(Runs.transfer(like, network, start), "teacher", teacher), "data", data);
        Run run = new Run(
                settings.identity(),
                settings,
                80,
                80,
                null,
                List.of(),
                "ab".repeat(32),
                new Provenance("c0ffee", data, false, "2.18.0", "1.1.0", "a JVM", "an OS", "a CPU", "2026-01-01", null),
                new Evaluation(List.of("HP", "SSA"), List.of(List.of(1, 0), List.of(0, 1)), null, null, null, null));
        store.add(run);
        return run;
    }

    private Run teacher(String network, String start) {
        return add("teacher", Role.TEACHER, null, network, null, start);
    }

    private Run student(double temperature, Run teacher, String start) {
        return add("q2", Role.STUDENT, temperature, "mobilenetv2", teacher.identity(), start);
    }

    private List<Run> found(Predicate<Settings> part, List<Double> temperatures, BaseModel network, String given) {
        RunQuery query = new RunQuery(
                Reading.of(Settings.TASK2, Variant.AS_WRITTEN),
                false,
                List.of(),
                temperatures,
                settings -> true,
                network.toString(),
                given,
                new KnowledgeDistillation(),
                0);
        return query.find(store, part);
    }

    private List<Run> found(Predicate<Settings> part) {
        return found(part, List.of(), BaseModel.RESNET50V2, null);
    }

    /** What a command line of Task 1 without options finds in a store. */
    private static List<Run> ofTask1(List<Run> store, String question, int validationImages) {
        RunQuery query = new RunQuery(
                Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
                false,
                List.of(),
                List.of(),
                settings -> true,
                null,
                null,
                new KnowledgeDistillation(),
                validationImages);
        return query.find(store, settings -> settings.question().equals(question));
    }

    @Test
    void runsThatWereTestedOnTrainingImagesAreFoundWhereTheseAreAskedForAlone() {
        Run plain = Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.5);
        Settings whole = Runs.student(16, .9, 1, 0).settings();
        Run validated = Runs.run(
                Runs.with(Runs.with(whole, "data", Mnist.validationDigest(Mnist.DIGEST, 5000)), "trainImages", 55_000),
                98);
        List<Run> store = List.of(plain, validated);
        assertEquals(List.of(), ofTask1(store, "q5", 0), "question 7's run is on the test images");
        assertEquals(List.of(validated), ofTask1(store, "q5", 5000));
        assertEquals(List.of(plain), ofTask1(store, "q7", 0));
    }

    @Test
    void aStudentWhoseTeacherIsNotStoredIsFoundBesideOneWhoseTeacherIs() {
        Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 2), 98.9);
        Run orphan = Runs.student(16, .9, 1, 97.9);
        Run taught = Runs.run(Runs.with(Runs.student(16, .9, 2, 0).settings(), "teacher", teacher.identity()), 98);
        assertEquals(List.of(orphan, taught), ofTask1(List.of(teacher, orphan, taught), "q5", 0));
    }

    /** Without trained statistics, as-described, a base from random weights can learn nothing. */
    @Test
    void runsThatStandStillAreTakenOnlyWhereNoneThatLearnsIsStored() {
        Run still = Runs.with(
                add("q3", Role.STUDENT_PLAIN, null, "mobilenetv2", null, Settings.RANDOM),
                "variant",
                Variant.AS_DESCRIBED);
        Run learns = Runs.with(still, "trainedStatistics", true);
        RunQuery query = new RunQuery(
                Reading.of(Settings.TASK2, Variant.AS_DESCRIBED),
                false,
                List.of(),
                List.of(),
                settings -> true,
                "resnet50v2",
                null,
                new KnowledgeDistillation(),
                0);
        assertEquals(List.of(still), query.find(List.of(still), settings -> true));
        assertEquals(List.of(learns), query.find(List.of(still, learns), settings -> true));
        assertEquals(List.of(learns), query.find(List.of(learns, still), settings -> true));
        assertEquals(
                "student without KD, random, with training=False",
                MhistTables.effects(List.of(still), List.of(still))
                        .texts()
                        .get(0)
                        .get(0));
    }

    @Test
    void teachersAreThoseOfTheStudentsThatAreStoredEachOnce() {
        Run teacher = teacher("resnet50v2", PRETRAINED);
        teacher("resnet50v2", "random");
        List<Run> students = List.of(
                student(1, teacher, PRETRAINED),
                student(4, teacher, PRETRAINED),
                add("q2", Role.STUDENT, 4., "mobilenetv2", "e".repeat(64), PRETRAINED),
                add("q3", Role.STUDENT_PLAIN, null, "mobilenetv2", null, PRETRAINED));
        assertEquals(List.of(teacher), RunQuery.teachersOf(students, store));
    }

    @Test
    void studentsOfAnotherNetworkOrOfAGivenTeacherAreTakenOnlyWhereThatIsAskedFor() {
        Run own = student(4, teacher("resnet50v2", PRETRAINED), PRETRAINED);
        Run small = student(4, teacher("mobilenetv2", PRETRAINED), PRETRAINED);
        Run given = add("q2", Role.STUDENT, 4., "mobilenetv2", "e".repeat(64), PRETRAINED);
        assertEquals(List.of(own), found(SWEEP));
        assertEquals(List.of(small), found(SWEEP, List.of(), BaseModel.MOBILENETV2, null));
        assertEquals(List.of(given), found(SWEEP, List.of(), BaseModel.RESNET50V2, "e".repeat(64)));
    }

    @Test
    void randomAndPretrainedStudentsOfOneTemperatureAreNotTakenForTwoSeeds() {
        Run teacher = teacher("resnet50v2", PRETRAINED);
        student(4, teacher, PRETRAINED);
        Run random = student(4, teacher, "none");
        assertEquals(List.of(random), found(SWEEP), "like the latest");
    }

    @Test
    void questionThreeHasBothPretrainedAndRandomStudents() {
        Run teacher = teacher("resnet50v2", PRETRAINED);
        Run pretrained = add("q3", Role.STUDENT, 4., "mobilenetv2", teacher.identity(), PRETRAINED);
        Run random = add("q3", Role.STUDENT, 4., "mobilenetv2", teacher.identity(), "none");
        assertEquals(List.of(pretrained, random), found(settings -> settings.question()
                .equals(MhistPlan.Q3)));
    }

    @Test
    void carriedStudentsAreOfOneChain() {
        Run teacher = teacher("resnet50v2", PRETRAINED);
        Run one = student(1, teacher, PRETRAINED);
        Run two = student(2, teacher, one.identity());
        Run four = student(4, teacher, two.identity());
        Run straightToFour = student(4, teacher, one.identity());
        assertEquals(List.of(one, two, four), found(SWEEP), "the longest");
        assertEquals(List.of(one, straightToFour), found(SWEEP, List.of(1., 4.), BaseModel.RESNET50V2, null));
        assertEquals(List.of(), found(SWEEP, List.of(4.), BaseModel.RESNET50V2, null));
    }

    @Test
    void aCarriedStudentIsAsRandomAsTheFirstOfItsChain() {
        Run teacher = teacher("resnet50v2", PRETRAINED);
        Run random = student(1, teacher, "none");
        student(2, teacher, random.identity());
        Run pretrained = student(1, teacher, PRETRAINED);
        Run carried = student(2, teacher, pretrained.identity());
        assertEquals(List.of(pretrained, carried), found(SWEEP));
    }

    @Test
    void runsOnMhistComeBeforeLaterOnesOnOtherImages() {
        Run mhist = teacher("resnet50v2", PRETRAINED);
        Run other = add("teacher", Role.TEACHER, null, "resnet50v2", null, PRETRAINED, "others", 1);
        Predicate<Settings> teachers = settings -> settings.role() == Role.TEACHER;
        assertEquals(List.of(mhist), found(teachers));
        store.remove(mhist);
        assertEquals(List.of(other), found(teachers));
    }

    @Test
    void ofSeveralRunsOfACellAndSeedTheLatestIsTaken() {
        Run teacher = teacher("resnet50v2", PRETRAINED);
        Run seed2 = add("teacher", Role.TEACHER, null, "resnet50v2", null, PRETRAINED, "MHIST", 2);
        Run again = Runs.with(teacher, "testAccuracy", 81.);
        store.add(again);
        assertEquals(List.of(again, seed2), found(settings -> settings.role() == Role.TEACHER));
    }

    @Test
    void runsOfKerasAreNotMixedWithOurs() {
        Run ours = teacher("resnet50v2", PRETRAINED);
        Run seed2 = add("teacher", Role.TEACHER, null, "resnet50v2", null, PRETRAINED, "MHIST", 2);
        Predicate<Settings> teachers = settings -> settings.role() == Role.TEACHER;
        assertEquals(List.of(ours, seed2), found(teachers));
        Run keras = Runs.with(ours, "provenance", Runs.with(ours.provenance(), "tensorflowJava", null));
        store.add(keras);
        assertEquals(List.of(keras), found(teachers), "like the latest");
    }
}
