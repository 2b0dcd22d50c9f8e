package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tells a training's steps from the report's. */
class StepsTest {

    private static final Settings STUDENT = Runs.settings("q5", Role.STUDENT, 4., .5, 1);
    private static final Reading DESCRIBED = Reading.of(Settings.TASK2, Variant.AS_DESCRIBED);
    private static final Reading WRITTEN = Reading.of(Settings.TASK2, Variant.AS_WRITTEN);
    private static final Steps ALL = new Steps(64, .01, .9);

    private static Settings with(Steps steps) {
        Settings own = STUDENT;
        own = steps.batchSize() == null ? own : Runs.with(own, "batchSize", steps.batchSize());
        own = steps.learningRate() == null ? own : Runs.with(own, "learningRate", steps.learningRate());
        return Runs.with(own, "momentum", steps.momentum());
    }

    @Test
    void theReportsRatesAreThoseOfItsPrograms() {
        Reading digits = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
        for (Role role : Role.values()) {
            assertEquals(1e-3, Steps.REPORTS.learningRate(digits, role, false));
            // The program of Task 2 trains early-stopped teachers and their students at the student's rate.
            assertEquals(1e-3, Steps.REPORTS.learningRate(WRITTEN, role, false));
            assertEquals(1e-4, Steps.REPORTS.learningRate(DESCRIBED, role, false));
        }
        assertEquals(1e-4, Steps.REPORTS.learningRate(WRITTEN, Role.TEACHER, true));
        assertEquals(1e-3, Steps.REPORTS.learningRate(WRITTEN, Role.STUDENT, true));
        assertEquals(256, Steps.REPORTS.batchSize(Settings.TASK1));
        assertEquals(32, Steps.REPORTS.batchSize(Settings.TASK2));
    }

    @Test
    void aRunLikeTheReportsHasItsStepsAndNamesNone() {
        assertEquals(Steps.REPORTS, Steps.of(STUDENT));
        assertEquals(List.of(), Steps.REPORTS.inName());
        assertEquals(List.of(), Steps.REPORTS.words());
        assertEquals("task1-as-written-q5-student-T4-alpha0.5-seed1", STUDENT.label());
    }

    /** The report's value, though it is given, is the report's: it makes no other training. */
    @Test
    void theReportsOwnValuesAreNoOtherSteps() {
        assertTrue(new Steps(256, 1e-3, null).areOf(STUDENT));
        assertEquals(Steps.REPORTS, Steps.of(with(new Steps(256, 1e-3, null))));
    }

    @Test
    void eachPartIsAnotherTrainingWithANameOfItsOwnAndTheSameChance() throws JsonProcessingException {
        for (Steps steps : List.of(
                new Steps(64, null, null),
                new Steps(null, .01, null),
                new Steps(null, null, 0.),
                new Steps(null, null, .9),
                ALL)) {
            Settings other = with(steps);
            assertEquals(steps, Steps.of(other));
            assertTrue(steps.areOf(other));
            assertFalse(steps.areOf(STUDENT));
            assertFalse(Steps.REPORTS.areOf(other));
            assertNotEquals(STUDENT.identity(), other.identity());
            assertNotEquals(STUDENT.label(), other.label());
            assertNotEquals(STUDENT.condition(), other.condition());
            assertEquals(STUDENT.stream("order"), other.stream("order"));
            assertEquals(other, Json.read(Json.write(other), Settings.class));
        }
        assertEquals(
                "task1-as-written-q5-student-rate0.01-batch64-sgd0.9-T4-alpha0.5-seed1",
                with(ALL).label());
        assertEquals(List.of("sgd"), new Steps(null, null, 0.).inName(), "plain SGD has no momentum to name");
        assertEquals(List.of("LEARNING RATE 0.01", "BATCH SIZE 64", "SGD WITH MOMENTUM 0.9"), ALL.marks());
    }

    @Test
    void ofStepsOfSgdNoFormOfAdamIsNamed() {
        assertEquals(null, ALL.adam(AdamForm.KERAS2));
        assertEquals(AdamForm.KERAS2, Steps.REPORTS.adam(AdamForm.KERAS2));
    }

    @Test
    void aMomentumThatCannotBeIsNotBelieved() {
        String line = Json.write(Runs.run(with(ALL), 97));
        assertEquals(null, StoredRun.of(line).problem());
        assertEquals(
                "momentum is 1.5",
                StoredRun.of(line.replace("\"momentum\":0.9", "\"momentum\":1.5"))
                        .problem());
    }
}
