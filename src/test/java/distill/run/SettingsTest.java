package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Settings STUDENT = Runs.settings("q5", Role.STUDENT, 4., .5, 1);
    private static final Settings TRANSFER = Runs.with(
            Runs.with(Runs.transfer(STUDENT, "mobilenetv2", Settings.RANDOM), "without", "bessel"), "teacherEpochs", 3);

    /** Changing this loses every stored run: only with a new version of the computation. */
    @Test
    void anIdentityIsTheOneOfTheFirstVersion() {
        assertEquals("8ba3836d56376a4b", STUDENT.identity());
    }

    /** Version 2 took TensorFlow's MaxPool in place of MaxPoolV2. */
    @Test
    void everyRunThatNamesItsAdamIsOfTheThirdVersionAndOfTheOthersOnlyNetworksWithMaxPoolingOfTheSecond() {
        assertEquals(2, Settings.Computation.currentVersion(true, null));
        assertEquals(1, Settings.Computation.currentVersion(false, null));
        for (AdamForm adam : AdamForm.values()) {
            assertEquals(3, Settings.Computation.currentVersion(true, adam));
            assertEquals(3, Settings.Computation.currentVersion(false, adam));
        }
    }

    @Test
    void theFormOfAdamIsPartOfTheIdentityAloneAndARunThatNamesNoneHasKeras3s() throws JsonProcessingException {
        assertEquals(AdamForm.KERAS3, STUDENT.adam());
        assertFalse(Json.write(STUDENT).contains("adam"), Json.write(STUDENT));
        for (AdamForm adam : AdamForm.values()) {
            Settings named = Runs.with(STUDENT, "adam", adam);
            assertEquals(adam, named.adam());
            assertTrue(Json.write(named).contains("\"adam\":\"" + adam + "\""), Json.write(named));
            assertEquals(named, Json.read(Json.write(named), Settings.class));
            assertNotEquals(STUDENT.identity(), named.identity());
            assertEquals(STUDENT.condition(), named.condition());
            assertEquals(STUDENT.label(), named.label());
            assertEquals(STUDENT.stream("order"), named.stream("order"));
        }
    }

    /** Changes one component after the other, those of the parts too. */
    @Test
    void everyComponentDecidesTheIdentity() throws ReflectiveOperationException {
        Settings whole = Runs.with(
                Runs.with(
                        Runs.with(Runs.with(Runs.with(TRANSFER, "width", 49), "rareClass", 3), "distilEpochs", 4),
                        "momentum",
                        .5),
                "stopping",
                new Stopping(Stopping.Monitor.val_loss, 3, 0., true, 5000));
        whole = Runs.with(whole, "adam", AdamForm.KERAS3);
        whole = Runs.with(whole, "architecture", "ab".repeat(32));
        whole = Runs.with(whole, "trainedStatistics", true);
        whole = Runs.with(Runs.with(whole, "inputShape", List.of(32, 32, 3)), "classCount", 5);
        Set<String> identities = new HashSet<>(Set.of(whole.identity()));
        int components = 0;
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            if (component.getType().isRecord()) {
                Record part = (Record) component.getAccessor().invoke(whole);
                for (RecordComponent inner : component.getType().getRecordComponents()) {
                    components++;
                    assertTrue(
                            identities.add(Runs.with(
                                            whole,
                                            component.getName(),
                                            Runs.with(
                                                    part,
                                                    inner.getName(),
                                                    changed(inner.getAccessor().invoke(part))))
                                    .identity()),
                            inner.getName());
                }
            } else {
                components++;
                Object other = changed(component.getAccessor().invoke(whole));
                assertTrue(
                        identities.add(
                                Runs.with(whole, component.getName(), other).identity()),
                        component.getName());
            }
        }
        assertEquals(components + 1, identities.size());
    }

    @Test
    void settingsOfEitherTaskComeBackFromTheirJson() throws JsonProcessingException {
        Settings early = Runs.with(STUDENT, "teacherEpochs", 4);
        assertTrue(Json.write(early).contains("\"teacher_epochs\":4"), Json.write(early));
        Settings until = Runs.with(STUDENT, "distilEpochs", 6);
        for (Settings settings : List.of(STUDENT, early, until, TRANSFER)) {
            assertEquals(settings, Json.read(Json.write(settings), Settings.class));
        }
        assertFalse(Json.write(STUDENT).contains("null"), Json.write(STUDENT));
    }

    /** Each seed has the same condition; device, threads and the own teacher's identity have no part in it. */
    @Test
    void repetitionsOfATrainingAreOfOneConditionAndOneCell() {
        Settings other = Runs.with(
                Runs.with(Runs.with(Runs.with(STUDENT, "seed", 2L), "device", "gpu"), "threads", 16),
                "teacher",
                "fedcba9876543210");
        assertEquals(STUDENT.condition(), other.condition());
        assertEquals(STUDENT.cell(), other.cell());
        Settings longer = Runs.with(STUDENT, "epochs", 13);
        assertNotEquals(STUDENT.condition(), longer.condition());
        assertEquals(STUDENT.cell(), longer.cell(), "another length is no cell of its own");
        Settings given = Runs.with(STUDENT, "teacher", "ab".repeat(32));
        assertNotEquals(STUDENT.condition(), given.condition());
        assertNotEquals(
                STUDENT.cell(), Runs.with(STUDENT, "without", "double-softmax").cell());
    }

    @Test
    void theReportsLossHasNoNameInJsonSoThatRunsFromBeforeLossesHadNamesAreItsRuns() throws JsonProcessingException {
        Settings named = Runs.with(STUDENT, "loss", "kd");
        assertEquals(STUDENT, named);
        assertEquals("8ba3836d56376a4b", named.identity());
        assertEquals("kd", STUDENT.loss());
        assertFalse(Json.write(named).contains("loss"), Json.write(named));
    }

    @Test
    void anotherLossHasItsOwnIdentityCellConditionStreamsAndLabelAndComesBackFromJson() throws JsonProcessingException {
        for (Settings kd : List.of(STUDENT, TRANSFER)) {
            Settings other = Runs.with(kd, "loss", "logit-mse");
            assertTrue(Json.write(other).contains("\"loss\":\"logit-mse\""), Json.write(other));
            assertEquals(other, Json.read(Json.write(other), Settings.class));
            assertNotEquals(kd.identity(), other.identity());
            assertNotEquals(kd.cell(), other.cell());
            assertNotEquals(kd.condition(), other.condition());
            assertEquals(other.cell(), other.condition().cell());
            for (String purpose : List.of("weights", "order", "dropout", "augmentation")) {
                assertNotEquals(kd.stream(purpose), other.stream(purpose), purpose);
            }
        }
        assertEquals(
                "task1-as-written-q5-student-loss-logit-mse-T4-alpha0.5-seed1",
                Runs.with(STUDENT, "loss", "logit-mse").label());
    }

    private static Object changed(Object value) {
        return value instanceof Integer number
                ? number + 1
                : value instanceof Long number
                        ? number + 1
                        : value instanceof Double number
                                ? number + 1
                                : value instanceof Boolean bool
                                        ? !bool
                                        : value instanceof Variant
                                                ? Variant.AS_DESCRIBED
                                                : value instanceof AdamForm
                                                        ? AdamForm.KERAS2
                                                        : value instanceof Role
                                                                ? Role.TEACHER
                                                                : value instanceof Stopping.Monitor
                                                                        ? Stopping.Monitor.val_accuracy
                                                                        : value instanceof List<?>
                                                                                ? List.of(7, 7, 1)
                                                                                : value + "x";
    }

    @Test
    void twoCellsOfATableShareNoRandomStream() {
        Set<Long> streams = new HashSet<>();
        for (String question : new String[] {"q5", "q6"}) {
            for (double temperature : new double[] {1, 2}) {
                for (double alpha : new double[] {.1, .5}) {
                    for (String purpose : new String[] {"weights", "order", "dropout"}) {
                        streams.add(Runs.settings(question, Role.STUDENT, temperature, alpha, 1).stream(purpose));
                    }
                }
            }
        }
        for (int epochs : new int[] {4, 6}) {
            streams.add(Runs.with(STUDENT, "teacherEpochs", epochs).stream("order"));
            streams.add(Runs.with(STUDENT, "distilEpochs", epochs).stream("order"));
        }
        assertEquals(28, streams.size());
        assertNotEquals(
                STUDENT.stream("order"), Runs.settings("q5", Role.STUDENT, 4., .5, 2).stream("order"), "another seed");
    }

    private static Settings varied(Integer width, Integer rareClass, Integer teacherEpochs) {
        return Runs.varied(STUDENT, width, rareClass, teacherEpochs);
    }

    @Test
    void aVariationWithNothingInItIsNone() {
        assertEquals(STUDENT, varied(null, null, null));
        assertEquals(STUDENT.identity(), varied(null, null, null).identity());
    }

    @Test
    void eachPartOfAVariationTellsIdentitiesStreamsAndLabelsApart() {
        Set<String> identities = new HashSet<>();
        Set<String> labels = new HashSet<>();
        Set<Long> streams = new HashSet<>();
        for (Settings settings : List.of(
                STUDENT,
                varied(49, null, null),
                varied(196, null, null),
                varied(null, 3, null),
                varied(null, null, 4),
                varied(null, null, 5),
                varied(49, null, 4))) {
            identities.add(settings.identity());
            labels.add(settings.label());
            streams.add(settings.stream("order"));
        }
        assertEquals(7, identities.size());
        assertEquals(7, labels.size());
        assertEquals(7, streams.size());
    }

    @Test
    void aVariationIsReadAsItWasWritten() throws JsonProcessingException {
        for (Settings settings : List.of(STUDENT, varied(49, 3, 4), varied(null, null, 4))) {
            assertEquals(settings, Json.read(Json.write(settings), Settings.class));
        }
        assertFalse(Json.write(STUDENT).contains("width"));
        assertTrue(Json.write(varied(49, null, null)).contains("\"width\":49"));
    }

    @Test
    void anOwnStudentAndTheWeightsThatItKeptHaveIdentityConditionStreamsAndLabelOfTheirOwn()
            throws JsonProcessingException {
        Settings own = Runs.with(STUDENT, "architecture", "ab".repeat(32));
        Settings other = Runs.with(STUDENT, "architecture", "ba".repeat(32));
        Settings kept = Runs.with(own, "startingWeights", "cd".repeat(32));
        Settings keptOthers = Runs.with(own, "startingWeights", "dc".repeat(32));
        List<Settings> all = List.of(STUDENT, own, other, kept, keptOthers);
        for (Function<Settings, Object> what : List.<Function<Settings, Object>>of(
                Settings::identity, Settings::condition, Settings::cell, Settings::label, s -> s.stream("order"))) {
            assertEquals(all.size(), all.stream().map(what).distinct().count());
        }
        for (Settings settings : all) {
            assertEquals(settings, Json.read(Json.write(settings), Settings.class));
            assertFalse(settings.pretrained(), "that is of transfer learning");
        }
        assertFalse(Json.write(STUDENT).contains("architecture"), Json.write(STUDENT));
        assertEquals("task1-as-written-q5-student-networkabababab-T4-alpha0.5-seed1", own.label());
        assertEquals("task1-as-written-q5-student-networkabababab-keptcdcdcdcd-T4-alpha0.5-seed1", kept.label());
    }

    @Test
    void deviceThreadsLengthAndQuickLeaveTheStreamsAlone() {
        assertEquals(
                STUDENT.stream("weights"),
                Runs.with(Runs.with(Runs.with(STUDENT, "device", "gpu"), "threads", 16), "epochs", 3).stream(
                        "weights"));
        assertEquals(STUDENT.stream("order"), Runs.quick(STUDENT).stream("order"));
    }

    @Test
    void aLabelSaysWhatIsTrained() {
        assertEquals("task1-as-written-q5-student-T4-alpha0.5-seed1", STUDENT.label());
        assertEquals(
                "task1-as-written-q5-student-width49-rare3-T4-alpha0.5-epochs4-seed1",
                varied(49, 3, 4).label());
        assertEquals(
                "task1-as-written-teacher-seed3",
                Runs.settings("teacher", Role.TEACHER, null, null, 3).label());
        assertEquals(
                "task1-as-written-q7-student-plain-seed1-quick",
                Runs.quick(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1))
                        .label());
    }
}
