package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import distill.run.EpochResult;
import distill.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

    private static List<EpochResult> losses(double... losses) {
        List<EpochResult> history = new ArrayList<>();
        for (double loss : losses) {
            history.add(Runs.epoch(history.size() + 1, 97, loss, loss, 0, 1));
        }
        return history;
    }

    /** The losses change by .5, .25, .125, .25, .0625, .03125: binary fractions, so that the changes are exact. */
    private static final List<EpochResult> HISTORY = losses(2, 1.5, 1.25, 1.125, 1.375, 1.3125, 1.28125);

    @Test
    void aTrainingStopsAfterTheFirstEpochWhoseLossChangedByLessThanTheLimit() {
        assertEquals(OptionalInt.of(2), new EarlyStopping(1, 1, 1).epoch(HISTORY), "epoch 1 has none before it");
        assertEquals(OptionalInt.of(4), new EarlyStopping(.2, 1, 1).epoch(HISTORY));
        assertEquals(OptionalInt.of(6), new EarlyStopping(.1, 1, 1).epoch(HISTORY));
    }

    @Test
    void aChangeOfTheLimitItselfIsNotLess() {
        assertEquals(OptionalInt.of(6), new EarlyStopping(.125, 1, 1).epoch(HISTORY));
    }

    @Test
    void aLossThatRisesByLittleStopsToo() {
        assertEquals(OptionalInt.of(2), new EarlyStopping(.5, 1, 1).epoch(losses(1, 1.25)));
    }

    @Test
    void patienceCountsSmallChangesInARowAndALargeOneStartsItAnew() {
        // Under .2 are the changes of the epochs 4, 6 and 7; that of 5 is not.
        assertEquals(OptionalInt.of(7), new EarlyStopping(.2, 2, 1).epoch(HISTORY));
        assertEquals(OptionalInt.empty(), new EarlyStopping(.2, 3, 1).epoch(HISTORY));
    }

    @Test
    void noTrainingStopsBeforeItsFirstEpochToStop() {
        assertEquals(OptionalInt.of(5), new EarlyStopping(1, 1, 5).epoch(HISTORY));
        assertEquals(OptionalInt.of(5), new EarlyStopping(1, 2, 5).epoch(HISTORY), "patience counts from the start");
    }

    @Test
    void aTrainingThatIsNeverFlatGoesOn() {
        assertEquals(OptionalInt.empty(), new EarlyStopping(.01, 1, 1).epoch(HISTORY));
        assertEquals(OptionalInt.empty(), new EarlyStopping(1, 1, 1).epoch(losses(1)));
        assertEquals(OptionalInt.empty(), new EarlyStopping(1, 1, 1).epoch(losses(1, Double.NaN, Double.NaN)));
    }

    @Test
    void aLimitOfNothingIsAnError() {
        assertEquals(
                "a limit over 0, a patience and a first epoch from 1 are needed, found 0.0, 1 and 1",
                assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(0, 1, 1))
                        .getMessage());
    }
}
