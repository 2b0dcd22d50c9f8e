package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.run.Provenance;
import distill.run.Role;
import distill.run.Runs;
import org.junit.jupiter.api.Test;

/** What is promised of a repeated run. */
class RerunTest {

    private static final Provenance HERE = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9)
            .provenance();

    @Test
    void theSameWeightsArePromisedOnTheSameProcessorWithTheSameTensorFlow() {
        Provenance then = Runs.with(Runs.with(HERE, "os", "another kernel"), "commit", "0ther");
        assertEquals(
                new Rerun.Promise(
                        true,
                        "The same weights are to come out, bit for bit: the run was made on a CPU with TensorFlow 2.18.0, as here."),
                Rerun.Promise.of(then, HERE, false));
    }

    @Test
    void onAnotherProcessorOrWithAnotherTensorFlowTheyAreNotAndItSaysWhichDiffer() {
        Provenance then = Runs.with(Runs.with(HERE, "cpu", "another CPU"), "tensorflow", "2.20.0");
        Rerun.Promise promise = Rerun.Promise.of(then, HERE, false);
        assertFalse(promise.sameWeights());
        assertTrue(
                promise.text()
                        .startsWith("The same weights cannot be promised: the run was made on another CPU (here: a CPU)"
                                + " and with TensorFlow 2.20.0 (here: 2.18.0). "),
                promise.text());
    }

    @Test
    void onAGpuTheyAreNotForTheStoreDoesNotSayWhich() {
        assertFalse(Rerun.Promise.of(HERE, HERE, true).sameWeights());
    }
}
