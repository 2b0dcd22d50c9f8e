package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.run.Stopping.Monitor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a training stops, as Keras's EarlyStopping has it; EarlyStoppingParityTest asks Keras itself. */
public class StoppingTest {

    private static final Settings PLAIN = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);

    /** Epochs with these losses, or accuracies as shares, on the images that are kept back. */
    public static List<EpochResult> history(Monitor monitor, double... values) {
        List<EpochResult> history = new ArrayList<>();
        for (double value : values) {
            boolean loss = monitor == Monitor.val_loss;
            history.add(new EpochResult(
                    history.size() + 1,
                    90 + history.size(),
                    1,
                    1,
                    0,
                    1,
                    null,
                    null,
                    null,
                    null,
                    loss ? value : 1,
                    loss ? 90 : 100 * value));
        }
        return history;
    }

    private static Stopping stopping(Monitor monitor, int patience, double minDelta, boolean best) {
        return new Stopping(monitor, patience, minDelta, best, 5000);
    }

    @Test
    void itStopsAfterAsManyEpochsInARowWithoutABetterOneAsItIsPatient() {
        Stopping stopping = stopping(Monitor.val_loss, 2, 0, true);
        assertFalse(stopping.stops(history(Monitor.val_loss, .5)));
        assertFalse(stopping.stops(history(Monitor.val_loss, .5, .6)));
        assertTrue(stopping.stops(history(Monitor.val_loss, .5, .6, .5)), "an equal one is no better one");
        assertFalse(stopping.stops(history(Monitor.val_loss, .5, .6, .4)));
        assertFalse(stopping.stops(history(Monitor.val_loss, .5, .6, .4, .45)), "it waits anew");
        assertTrue(stopping.stops(history(Monitor.val_loss, .5, .6, .4, .45, .41)));
        assertEquals(3, stopping.taken(history(Monitor.val_loss, .5, .6, .4, .45, .41)));
        assertEquals(
                5,
                stopping(Monitor.val_loss, 2, 0, false).taken(history(Monitor.val_loss, .5, .6, .4, .45, .41)),
                "without restoring the last epoch's weights are taken");
    }

    @Test
    void ofTheAccuracyMoreIsBetterAndTheDeltaIsAShare() {
        Stopping stopping = stopping(Monitor.val_accuracy, 1, .01, true);
        assertFalse(stopping.stops(history(Monitor.val_accuracy, .5, .52)));
        assertTrue(stopping.stops(history(Monitor.val_accuracy, .5, .505)), "half a point is less than one");
        assertEquals(1, stopping.taken(history(Monitor.val_accuracy, .5, .505)));
        assertTrue(stopping(Monitor.val_loss, 1, .1, true).stops(history(Monitor.val_loss, .5, .45)));
    }

    @Test
    void nothingStopsWhereNothingWasAskedFor() {
        assertFalse(Stopping.NONE.stops(history(Monitor.val_loss, .5, .6, .7)));
        assertEquals(3, Stopping.NONE.taken(history(Monitor.val_loss, .5, .6, .7)));
        assertEquals(0, Stopping.NONE.keptBack());
        assertEquals(List.of(), Stopping.NONE.inName());
        assertFalse(Json.write(PLAIN).contains("patience"), Json.write(PLAIN));
    }

    @Test
    void aTrainingThatMayStopIsAnotherOneWithTheSameChance() throws JsonProcessingException {
        Settings stopped = Runs.with(PLAIN, "stopping", stopping(Monitor.val_loss, 3, 0, true));
        assertNotEquals(PLAIN.identity(), stopped.identity());
        assertNotEquals(PLAIN.condition(), stopped.condition());
        assertEquals(PLAIN.stream("order"), stopped.stream("order"));
        assertEquals("task1-as-written-q7-student-plain-patience3-best-seed1", stopped.label());
        assertEquals(stopped, Json.read(Json.write(stopped), Settings.class));
        Settings other = Runs.with(PLAIN, "stopping", new Stopping(Monitor.val_accuracy, 3, .01, false, 100));
        assertEquals("task1-as-written-q7-student-plain-patience3-accuracy-delta0.01-of100-seed1", other.label());
    }

    @Test
    void aStoredRunOfFewerEpochsIsBelievedWhereItMayStopAndNotElsewhere() {
        Settings stopped = Runs.with(PLAIN, "stopping", stopping(Monitor.val_loss, 1, 0, true));
        Run run = Runs.with(Runs.run(stopped, 97), "history", history(Monitor.val_loss, .5, .6));
        assertEquals(null, StoredRun.of(Json.write(run)).problem());
        Run whole = Runs.with(Runs.run(PLAIN, 97), "history", history(Monitor.val_loss, .5, .6));
        assertEquals(
                "history is 2 epochs where 12 were trained",
                StoredRun.of(Json.write(whole)).problem());
        assertEquals(
                "val_loss of epoch 1 is null",
                StoredRun.of(Json.write(Runs.run(stopped, 97))).problem());
        assertEquals(
                "patience is 0",
                StoredRun.of(Json.write(run).replace("\"patience\":1", "\"patience\":0"))
                        .problem());
        assertEquals(
                "monitor is val_loss",
                StoredRun.of(Json.write(run).replace("\"min_delta\":0.0,", "")).problem());
    }
}
