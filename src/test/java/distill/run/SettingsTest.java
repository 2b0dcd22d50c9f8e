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
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Settings STUDENT = Runs.settings("q5", "student", 4., .5, 1);
    private static final Settings.Transfer TRANSFER =
            new Settings.Transfer("bessel", "mobilenetv2", 10, 25, 224, true, "none", 3);

    /** Changing this loses every stored run: only with a new version of the computation. */
    @Test
    void anIdentityIsTheOneOfTheFirstVersion() {
        assertEquals("8ba3836d56376a4b", STUDENT.identity());
    }

    /** Version 2 took TensorFlow's MaxPool in place of MaxPoolV2, which only these two networks have. */
    @Test
    void onlyNetworksWithMaxPoolingAreOfTheSecondVersion() {
        assertEquals(2, Settings.currentComputation("teacher", null));
        assertEquals(1, Settings.currentComputation("student", null));
        assertEquals(2, Settings.currentComputation("teacher", Runs.with(TRANSFER, "network", "resnet50v2")));
        assertEquals(1, Settings.currentComputation("teacher", TRANSFER));
    }

    /** Changes one component after the other; those whose fields stand beside the others, field by field. */
    @Test
    void everyComponentDecidesTheIdentity() throws ReflectiveOperationException {
        Settings transferred = Runs.with(STUDENT, "transfer", TRANSFER);
        Set<String> identities = new HashSet<>(Set.of(STUDENT.identity(), transferred.identity()));
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            if (!component.getType().isRecord()) {
                Object other = changed(component.getAccessor().invoke(STUDENT));
                assertTrue(
                        identities.add(
                                Runs.with(STUDENT, component.getName(), other).identity()),
                        component.getName());
            }
        }
        for (RecordComponent component : Settings.Transfer.class.getRecordComponents()) {
            Object other = changed(component.getAccessor().invoke(TRANSFER));
            assertTrue(
                    identities.add(Runs.with(STUDENT, "transfer", Runs.with(TRANSFER, component.getName(), other))
                            .identity()),
                    component.getName());
        }
        for (Settings.Stopped stopped :
                new Settings.Stopped[] {new Settings.Stopped(4, null), new Settings.Stopped(null, 4)}) {
            assertTrue(identities.add(Runs.with(STUDENT, "stopped", stopped).identity()), stopped.toString());
        }
    }

    @Test
    void whatStopsEarlyComesBackFromTheJsonOfEitherTask() throws JsonProcessingException {
        Settings early = Runs.with(STUDENT, "stopped", new Settings.Stopped(4, null));
        assertTrue(Json.write(early).contains("\"teacher_epochs\":4"), Json.write(early));
        assertEquals(early, Json.read(Json.write(early), Settings.class));
        Settings until = Runs.with(STUDENT, "stopped", new Settings.Stopped(null, 6));
        assertEquals(until, Json.read(Json.write(until), Settings.class));
        Settings.Transfer transfer =
                new Settings.Transfer(null, "mobilenetv2", null, null, 224, true, Settings.RANDOM, 4);
        Settings task2 = Runs.with(STUDENT, "transfer", transfer);
        assertEquals(task2, Json.read(Json.write(task2), Settings.class));
        assertEquals(4, task2.teacherEpochs());
        assertEquals(STUDENT, Json.read(Json.write(STUDENT), Settings.class));
    }

    private static Object changed(Object value) {
        return value instanceof Integer number
                ? number + 1
                : value instanceof Long number
                        ? number + 1
                        : value instanceof Double number
                                ? number + 1
                                : value instanceof Boolean bool ? !bool : value + "x";
    }

    @Test
    void twoCellsOfATableShareNoRandomStream() {
        Set<Long> streams = new HashSet<>();
        for (String question : new String[] {"q5", "q6"}) {
            for (double temperature : new double[] {1, 2}) {
                for (double alpha : new double[] {.1, .5}) {
                    for (String purpose : new String[] {"weights", "order", "dropout"}) {
                        streams.add(Runs.settings(question, "student", temperature, alpha, 1).stream(purpose));
                    }
                }
            }
        }
        for (int epochs : new int[] {4, 6}) {
            for (Settings.Stopped stopped :
                    List.of(new Settings.Stopped(epochs, null), new Settings.Stopped(null, epochs))) {
                streams.add(Runs.with(STUDENT, "stopped", stopped).stream("order"));
            }
        }
        assertEquals(28, streams.size());
        assertNotEquals(
                STUDENT.stream("order"), Runs.settings("q5", "student", 4., .5, 2).stream("order"), "another seed");
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
                Runs.settings("teacher", "teacher", null, null, 3).label());
        assertEquals(
                "task1-as-written-q7-student-plain-seed1-quick",
                Runs.quick(Runs.settings("q7", "student-plain", null, null, 1)).label());
    }
}
