package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.HashSet;
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

    /** Changes one component after the other. */
    @Test
    void everyComponentDecidesTheIdentity() throws ReflectiveOperationException {
        Settings transferred = Runs.with(STUDENT, "transfer", TRANSFER);
        Set<String> identities = new HashSet<>(Set.of(STUDENT.identity(), transferred.identity()));
        for (RecordComponent component : Settings.class.getRecordComponents()) {
            if (!component.getName().equals("transfer")) {
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
        assertEquals(24, streams.size());
        assertNotEquals(
                STUDENT.stream("order"), Runs.settings("q5", "student", 4., .5, 2).stream("order"), "another seed");
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
                "task1-as-written-teacher-seed3",
                Runs.settings("teacher", "teacher", null, null, 3).label());
        assertEquals(
                "task1-as-written-q7-student-plain-seed1-quick",
                Runs.quick(Runs.settings("q7", "student-plain", null, null, 1)).label());
    }
}
