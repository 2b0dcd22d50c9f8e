package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EpochTimesTest {

    private static final Settings TEACHER = Runs.settings("teacher", Role.TEACHER, null, null, 1);
    private static final Settings STUDENT = Runs.settings("q5", Role.STUDENT, 4., .5, 1);

    private static EpochResult epoch(int epoch, double seconds) {
        return Runs.epoch(epoch, 97, 1.5, 1.5, 0, seconds);
    }

    private static Run run(Settings settings, double... seconds) {
        Run run = Runs.run(settings, 98);
        return new Run(
                run.identity(),
                settings,
                98,
                99,
                Stream.iterate(1, i -> i <= seconds.length, i -> i + 1)
                        .map(i -> epoch(i, seconds[i - 1]))
                        .toList(),
                run.weightsDigest(),
                run.provenance(),
                null);
    }

    @Test
    void anEpochTakesTheMedianOfThoseOfItsKindInProportionToItsImages() {
        EpochTimes times = EpochTimes.from(List.of(run(TEACHER, 60, 70, 500)));
        // 12 epochs of 70 s, of which 10 are left; of half as many images 35 s.
        assertEquals(12 * 70, times.estimate(TEACHER, 0).seconds(), 1e-9);
        assertEquals(2 * 70, times.estimate(TEACHER, 10).seconds(), 1e-9);
        assertEquals(
                12 * 35,
                times.estimate(Runs.with(TEACHER, "trainImages", 30_000), 0).seconds(),
                1e-9);
        assertTrue(times.estimate(TEACHER, 0).measured());
        assertFalse(times.estimate(Runs.with(TEACHER, "threads", 4), 0).measured());
    }

    @Test
    void whatIsTrainedNowCountsForMoreThanWhatIsStored() {
        EpochTimes times = EpochTimes.from(List.of(run(TEACHER, 60, 60, 60)));
        times.add(TEACHER, epoch(1, 90));
        assertEquals(11 * 90, times.estimate(TEACHER, 1).seconds(), 1e-9);
    }

    @Test
    void aKindThatWasNeverTrainedTakesItsStepsAtThePaceOfTheLastEpoch() {
        EpochTimes times = EpochTimes.from(List.of());
        // 60,000 / 256 = 234.375 steps of 11.5 ms, 12 epochs.
        double student = 12 * 234.375 * .0115;
        assertEquals(student, times.estimate(STUDENT, 0).seconds(), 1e-9);
        assertEquals(student, times.estimate(STUDENT, 0).fromSteps(), 1e-9);
        // A teacher's epoch that takes twice its steps of 78.2 ms: everything here takes twice as long.
        times.add(TEACHER, epoch(1, 2 * 234.375 * .0782));
        assertEquals(2 * student, times.estimate(STUDENT, 0).seconds(), 1e-9);
        EpochTimes.Estimate both = times.estimate(List.of(TEACHER, STUDENT));
        assertEquals(2 * student, both.fromSteps(), 1e-9);
        assertEquals(2 * student + 12 * 2 * 234.375 * .0782, both.seconds(), 1e-9);
    }
}
