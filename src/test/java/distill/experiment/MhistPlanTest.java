package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Augmentation;
import distill.loss.DistillationLoss;
import distill.loss.KnowledgeDistillation;
import distill.loss.SoftTargets;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.Json;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Steps;
import distill.run.Variant;
import distill.training.Inputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What each part trains, in both readings and without single slips: facts B.5, B.10, B.12 and B.13. */
class MhistPlanTest {

    private static final String WITH_TOP = "a".repeat(64);
    private static final String WITHOUT_TOP = "b".repeat(64);
    private static final StartingWeights IMAGENET = new StartingWeights(
            "imagenet",
            Map.of(WITH_TOP, new Weights(List.of()), WITHOUT_TOP, new Weights(List.of())),
            WITH_TOP,
            WITHOUT_TOP);
    private static final List<Double> TEMPERATURES = List.of(1., 4., 64.);

    private static MhistPlan plan(Reading reading) {
        return plan(reading, IMAGENET, null);
    }

    private static MhistPlan plan(Reading reading, StartingWeights start, String teacher) {
        return plan(reading, start, teacher, new KnowledgeDistillation());
    }

    private static MhistPlan plan(Reading reading, StartingWeights start, String teacher, DistillationLoss loss) {
        return new MhistPlan(
                reading,
                BaseModel.RESNET50V2,
                start,
                start,
                new MhistPlan.Epochs(10, 25, 12),
                new Settings.Images("c".repeat(64), 2175, false, 224, true, null, null, null),
                teacher,
                loss,
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.REPORTS,
                Device.cpu(2));
    }

    private static Reading written(Slip... without) {
        return Reading.of(Settings.TASK2, Variant.AS_WRITTEN, List.of(without));
    }

    private static Reading described() {
        return Reading.of(Settings.TASK2, Variant.AS_DESCRIBED, List.of());
    }

    private static List<String> phases(Training training) {
        return PhasePlan.of(training.settings()).stream()
                .map(phase -> "%s %d %.0e%s"
                        .formatted(
                                phase.name(),
                                phase.epochs(),
                                phase.learningRate(),
                                phase.frozenBase() ? " frozen" : ""))
                .toList();
    }

    @Test
    void theTeacherHasBothPhasesAt1e4AndATenthOfItAndOnlyAsDescribedFreezesItsBase() {
        assertEquals(
                List.of("initial 10 1e-04", "fine 25 1e-05"),
                phases(plan(written()).teacher(1)));
        assertEquals(
                List.of("initial 10 1e-04 frozen", "fine 25 1e-05"),
                phases(plan(described()).teacher(1)));
        assertEquals(
                List.of("initial 10 1e-04 frozen", "fine 25 1e-05"),
                phases(plan(written(Slip.NO_FREEZING)).teacher(1)));
    }

    @Test
    void studentsStartAt1e3() {
        assertEquals(
                List.of("initial 10 1e-03", "fine 25 1e-04"),
                phases(plan(written()).sweep(TEMPERATURES, 1).get(0)));
    }

    /** With statistics of 0 and 1, which nothing trained, a base from random weights learns nothing. */
    @Test
    void asDescribedABaseFromRandomWeightsAloneTrainsItsStatistics() {
        for (Training training : plan(described()).effects(1)) {
            Settings settings = training.settings();
            boolean random = settings.startingWeights().equals(Settings.RANDOM);
            assertEquals(random ? true : null, settings.model().trainedStatistics(), settings.label());
            assertEquals(!random, ReadingGraph.of(settings).trainsInInference(), settings.label());
            assertFalse(settings.standsStill());
            Settings before = Runs.with(settings, "trainedStatistics", null);
            assertEquals(random, before.standsStill());
            assertEquals(random, !before.identity().equals(settings.identity()), "runs of before are others");
            assertTrue(ReadingGraph.of(before).trainsInInference(), "and are repeated as they were");
        }
        for (Training training : plan(written()).effects(1)) {
            assertEquals(null, training.settings().model().trainedStatistics());
        }
    }

    @Test
    void aFinePhaseOfNoEpochsIsNone() {
        MhistPlan plan = new MhistPlan(
                written(),
                BaseModel.MOBILENETV2,
                IMAGENET,
                IMAGENET,
                new MhistPlan.Epochs(3, 0, 12),
                new Settings.Images("c".repeat(64), 640, false, 96, true, null, null, null),
                null,
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.REPORTS,
                Device.cpu(2));
        assertEquals(List.of("initial 3 1e-04"), phases(plan.teacher(1)));
        assertEquals(3, plan.teacher(1).settings().epochs());
    }

    @Test
    void asWrittenAStudentStartsFromWhatTheTemperatureBeforeLeft() {
        List<Training> sweep = plan(written()).sweep(TEMPERATURES, 1);
        assertEquals(WITH_TOP, sweep.get(0).settings().startingWeights());
        for (int i = 1; i < sweep.size(); i++) {
            assertEquals(
                    sweep.get(i - 1).settings().identity(),
                    sweep.get(i).settings().startingWeights());
            assertEquals(sweep.get(i - 1), sweep.get(i).start());
        }
    }

    @Test
    void withoutCarriedStudentsAndAsDescribedEachStartsFresh() {
        for (Reading reading : List.of(written(Slip.CARRIED_STUDENTS), described())) {
            String start = reading.has(Slip.IMAGENET_HEAD) ? WITH_TOP : WITHOUT_TOP;
            for (Training training : plan(reading).sweep(TEMPERATURES, 1)) {
                assertEquals(start, training.settings().startingWeights());
                assertNull(training.start());
            }
        }
    }

    @Test
    void asWrittenTheStudentWithoutDistillationIsTrainedAtEachTemperatureAndAsDescribedOnce() {
        List<Training> written = plan(written()).scratch(TEMPERATURES, 1);
        assertEquals(
                TEMPERATURES,
                written.stream()
                        .map(training -> training.settings().temperature())
                        .toList());
        assertEquals(
                written.get(0).settings().identity(), written.get(1).settings().startingWeights());
        for (Reading reading : List.of(described(), written(Slip.SCRATCH_TEMPERATURE))) {
            List<Training> once = plan(reading).scratch(TEMPERATURES, 1);
            assertEquals(1, once.size());
            assertNull(once.get(0).settings().temperature());
        }
    }

    private static List<String> labels(List<Training> trainings) {
        return trainings.stream().map(training -> training.settings().label()).toList();
    }

    @Test
    void anotherLossIsOfTheStudentsThatItIsForAndALossWithoutATemperatureTrainsOne() {
        MhistPlan dkd = plan(written(), IMAGENET, null, DistillationLoss.named("dkd"));
        assertEquals(
                List.of(
                        "task2-as-written-q2-student-mobilenetv2-224-loss-dkd-T1-alpha0.5-seed1",
                        "task2-as-written-q2-student-mobilenetv2-224-loss-dkd-T4-alpha0.5-seed1"),
                labels(dkd.sweep(List.of(1., 4.), 1)));
        MhistPlan attention = plan(written(), IMAGENET, null, DistillationLoss.named("attention"));
        assertEquals(
                List.of("task2-as-written-q2-student-mobilenetv2-224-loss-attention-alpha0.5-seed1"),
                labels(attention.sweep(TEMPERATURES, 1)));
        MhistPlan smoothing = plan(written(), IMAGENET, null, DistillationLoss.named("label-smoothing"));
        assertEquals(
                List.of("task2-as-written-q2-student-plain-mobilenetv2-224-loss-label-smoothing-seed1"),
                labels(smoothing.scratch(TEMPERATURES, 1)));
        MhistPlan kd = plan(written());
        assertEquals(labels(kd.scratch(TEMPERATURES, 1)), labels(attention.scratch(TEMPERATURES, 1)));
        assertEquals(labels(kd.sweep(TEMPERATURES, 1)), labels(smoothing.sweep(TEMPERATURES, 1)));
        for (MhistPlan other : List.of(dkd, attention, smoothing)) {
            assertEquals(kd.teacher(1), other.teacher(1));
            assertEquals(kd.collapse(1), other.collapse(1), "the collapsed students are of the report's loss");
        }
        assertEquals(
                kd.scratch(TEMPERATURES, 1),
                plan(written(), IMAGENET, null, DistillationLoss.named("none")).scratch(TEMPERATURES, 1));
    }

    @Test
    void asWrittenEarlyStoppedPairsTrainTheSameEpochsAt1e3() {
        List<Training> pairs = plan(written()).earlyStopped(1);
        assertEquals(24, pairs.size());
        assertEquals(List.of("only 7 1e-03"), phases(pairs.get(12)));
        assertEquals(List.of("only 7 1e-03"), phases(pairs.get(13)));
        assertEquals(pairs.get(12), pairs.get(13).teacher());
        assertEquals(4, pairs.get(13).settings().temperature());
    }

    @Test
    void asDescribedEarlyStoppedTeachersHave1To12EpochsAndTheirStudents12At1e4() {
        for (Reading reading : List.of(described(), written(Slip.ESKD_RATE))) {
            List<Training> pairs = plan(reading).earlyStopped(1);
            assertEquals(List.of("only 7 1e-04"), phases(pairs.get(12)));
            assertEquals(List.of("only 12 1e-04"), phases(pairs.get(13)));
        }
    }

    @Test
    void questionThreeHasPretrainedAndRandomStudentsWithAndWithoutDistillationAndBothTeachers() {
        List<String> trained = plan(described()).effects(1).stream()
                .map(training ->
                        training.settings().role() + " " + training.settings().pretrained())
                .toList();
        assertEquals(
                List.of(
                        "teacher true",
                        "teacher false",
                        "student true",
                        "student-plain true",
                        "student false",
                        "student-plain false"),
                trained);
        assertEquals(
                3,
                plan(described(), StartingWeights.random(), null).effects(1).size(),
                "without weights only the random half can be trained");
    }

    @Test
    void theCollapseTableSharesOneTeacherWithoutBatchStatistics() {
        List<Training> trainings = plan(written()).collapse(1);
        Training shared = trainings.get(0);
        assertEquals("batch-statistics", shared.settings().without());
        assertEquals("mobilenetv2", shared.settings().network());
        List<Training> students = trainings.stream()
                .filter(training -> training.settings().role() == Role.STUDENT)
                .toList();
        assertEquals(
                Arrays.asList(
                        null,
                        "logit-targets",
                        "imagenet-head",
                        "no-freezing",
                        "batch-statistics",
                        "raw-inputs",
                        null,
                        null,
                        null,
                        null,
                        null),
                students.stream().map(training -> training.settings().without()).toList());
        assertEquals(Variant.AS_DESCRIBED, students.get(6).settings().variant());
        assertTrue(students.subList(0, 10).stream()
                .allMatch(training -> training.teacher().equals(shared)));
        assertEquals(
                "as-written with batch statistics",
                students.get(10).teacher().settings().variant() + " with batch statistics");
        assertNull(students.get(10).teacher().settings().without());
    }

    @Test
    void noTwoTrainingsOfATableShareTheirChance() {
        MhistPlan plan = plan(written());
        List<Training> all = new ArrayList<>(plan.sweep(TEMPERATURES, 1));
        all.addAll(plan.scratch(TEMPERATURES, 1));
        all.addAll(plan.earlyStopped(1));
        all.addAll(plan.collapse(1));
        all.addAll(plan.effects(1));
        all.addAll(plan.sweep(TEMPERATURES, 2));
        List<Training> distinct = all.stream().distinct().toList();
        Set<Long> streams = new HashSet<>();
        distinct.forEach(training -> streams.add(training.settings().stream("order")));
        assertEquals(distinct.size(), streams.size());
        assertEquals(
                distinct.size(),
                distinct.stream()
                        .map(training -> training.settings().identity())
                        .collect(Collectors.toSet())
                        .size());
    }

    @Test
    void aGivenTeacherTakesThePlaceOfTheSeedsOwn() {
        Training student =
                plan(written(), IMAGENET, "d".repeat(64)).sweep(TEMPERATURES, 1).get(0);
        assertEquals("d".repeat(64), student.settings().teacher());
        assertNull(student.teacher());
    }

    @Test
    void aGivenTeacherLeavesQuestionThreeWithoutTeachersOfItsOwn() {
        assertEquals(
                List.of("student", "student-plain", "student", "student-plain"),
                plan(described(), IMAGENET, "d".repeat(64)).effects(1).stream()
                        .map(training -> training.settings().role().toString())
                        .toList());
    }

    @Test
    void aCarriedStudentRestsOnItsTeacherAndOnTheTemperaturesBefore() {
        MhistPlan plan = plan(written());
        List<Training> sweep = plan.sweep(TEMPERATURES, 1);
        assertEquals(
                List.of(plan.teacher(1), sweep.get(0), sweep.get(1), sweep.get(2)),
                sweep.get(2).withWhatItRestsOn());
    }

    @Test
    void theImagenetHeadNeedsWeightsWithTheThousandClasses() {
        StartingWeights noTop =
                new StartingWeights("x.h5", Map.of(WITHOUT_TOP, new Weights(List.of())), null, WITHOUT_TOP);
        String message = assertThrows(IllegalStateException.class, () -> plan(written(), noTop, null)
                        .teacher(1))
                .getMessage();
        assertTrue(message.startsWith("x.h5 has not the 1000 classes of ImageNet"), message);
        assertEquals(
                WITHOUT_TOP,
                plan(described(), noTop, null).teacher(1).settings().startingWeights());
    }

    @Test
    void readingsDifferInTargetsInputsHeadAndAugmentation() {
        assertEquals(SoftTargets.LOGITS, new ReadingGraph(written()).softTargets());
        assertEquals(SoftTargets.SOFTMAX, new ReadingGraph(written(Slip.LOGIT_TARGETS)).softTargets());
        assertEquals(SoftTargets.SOFTMAX, new ReadingGraph(described()).softTargets());
        assertEquals(Inputs.GREY_LEVELS, new ReadingGraph(written()).inputs());
        assertEquals(Inputs.GREY_LEVELS_SYMMETRIC, new ReadingGraph(written(Slip.RAW_INPUTS)).inputs());
        assertEquals(Inputs.GREY_LEVELS_SYMMETRIC, new ReadingGraph(described()).inputs());
        assertEquals(
                Augmentation.Convention.KERAS_PREPROCESSING, new ReadingGraph(written(Slip.RAW_INPUTS)).augmentation());
        assertEquals(Augmentation.Convention.KERAS_3, new ReadingGraph(described()).augmentation());
        assertEquals(
                3_540_986,
                TrainedNetwork.of(plan(written()).sweep(TEMPERATURES, 1).get(0).settings())
                        .whole()
                        .parameters());
        assertEquals(
                2_260_546,
                TrainedNetwork.of(plan(written(Slip.IMAGENET_HEAD))
                                .sweep(TEMPERATURES, 1)
                                .get(0)
                                .settings())
                        .whole()
                        .parameters());
        assertEquals(
                23_568_898,
                TrainedNetwork.of(plan(described()).teacher(1).settings())
                        .whole()
                        .parameters());
    }

    @Test
    void aStudentsSettingsSurviveTheStore() throws Exception {
        Settings settings =
                plan(written(Slip.BESSEL)).sweep(TEMPERATURES, 1).get(1).settings();
        assertEquals(settings, Json.read(Json.write(settings), Settings.class));
    }
}
