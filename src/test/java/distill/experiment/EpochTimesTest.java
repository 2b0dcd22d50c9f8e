package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.run.AdamForm;
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
                null,
                Stream.iterate(1, i -> i <= seconds.length, i -> i + 1)
                        .map(i -> epoch(i, seconds[i - 1]))
                        .toList(),
                run.weightsDigest(),
                run.provenance(),
                null);
    }

    /**
     * Steps of an epoch, and of its test and of all training images a third each, of the teacher as the table has it.
     */
    private static final double TEACHERS_EPOCH = (234.375 + 39.0625 / 3) * .0782;

    private static final double TEACHERS_END = 234.375 / 3 * .0782;
    private static final double STUDENTS_EPOCH = (234.375 + 39.0625 / 3) * .0115;
    private static final double STUDENTS_END = 234.375 / 3 * .0115;

    private static EpochTimes.Estimate together(EpochTimes times, Settings... settings) {
        return times.estimate(Stream.of(settings).map(EpochTimes.Left::whole).toList(), 1, one -> 1);
    }

    @Test
    void anEpochTakesTheMedianOfThoseOfItsKindAndTheEndAsMuchLonger() {
        EpochTimes times = EpochTimes.from(List.of(run(TEACHER, 60, 70, 500)));
        double end = 70 / TEACHERS_EPOCH * TEACHERS_END;
        assertEquals(12 * 70 + end, times.estimate(TEACHER).seconds(), 1e-9);
        assertEquals(
                2 * 70 + end,
                times.estimate(List.of(new EpochTimes.Left(TEACHER, 10, 0, 0)), 1, one -> 1)
                        .seconds(),
                1e-9);
        // Half of an epoch's steps are done, and its test is to come.
        double test = 70 / TEACHERS_EPOCH * 39.0625 / 3 * .0782;
        assertEquals(
                (70 + test) / 2 + end,
                times.estimate(List.of(new EpochTimes.Left(TEACHER, 11, .5, 0)), 1, one -> 1)
                        .seconds(),
                1e-9);
        assertTrue(times.estimate(TEACHER).measured());
        assertFalse(times.estimate(Runs.with(TEACHER, "threads", 4)).measured());
        assertFalse(times.estimate(Runs.with(TEACHER, "adam", AdamForm.KERAS2)).measured());
    }

    @Test
    void aNarrowerStudentTakesLess() {
        EpochTimes times = EpochTimes.from(List.of());
        // 784 x 196 + 196 x 196 of twice 784 x 784 products are .156.
        assertEquals(
                (.1 + .9 * .15625) * times.estimate(STUDENT).seconds(),
                times.estimate(Runs.with(STUDENT, "width", 196)).seconds(),
                1e-9);
    }

    @Test
    void whatIsTrainedNowCountsForMoreThanWhatIsStored() {
        EpochTimes times = EpochTimes.from(List.of(run(TEACHER, 60, 60, 60)));
        times.addSteps(TEACHER, 1, .2);
        assertEquals(
                12 * TEACHERS_EPOCH / .0782 * .2 + TEACHERS_END / .0782 * .2,
                times.estimate(TEACHER).seconds(),
                1e-9);
        times.add(TEACHER, epoch(1, 90));
        assertEquals(
                12 * 90 + 90 / TEACHERS_EPOCH * TEACHERS_END,
                times.estimate(TEACHER).seconds(),
                1e-9);
    }

    @Test
    void aKindThatWasNeverTrainedTakesItsStepsAtThePaceOfTheOthersHere() {
        EpochTimes times = EpochTimes.from(List.of());
        double student = 12 * STUDENTS_EPOCH + STUDENTS_END;
        assertEquals(student, times.estimate(STUDENT).seconds(), 1e-9);
        assertEquals(student, times.estimate(STUDENT).fromSteps(), 1e-9);
        // A teacher's epoch that takes twice as long as the table says: everything here takes twice as long.
        times.add(TEACHER, epoch(1, 2 * TEACHERS_EPOCH));
        assertEquals(2 * student, times.estimate(STUDENT).seconds(), 1e-9);
        EpochTimes.Estimate both = together(times, TEACHER, STUDENT);
        assertEquals(2 * student, both.fromSteps(), 1e-9);
        assertEquals(2 * student + 2 * (12 * TEACHERS_EPOCH + TEACHERS_END), both.seconds(), 1e-9);
    }

    @Test
    void storedTimesOfAnotherMachineAreTakenAsFarAsThisOneIsSlower() {
        EpochTimes times = EpochTimes.from(List.of(run(TEACHER, 60), run(STUDENT, 1)));
        times.add(TEACHER, epoch(1, 180));
        assertEquals(
                3 * (12 + STUDENTS_END / STUDENTS_EPOCH),
                times.estimate(STUDENT).seconds(),
                1e-9);
    }

    @Test
    void severalAtATimeTakeAsLongAsTheLastOfThem() {
        EpochTimes times = EpochTimes.from(List.of());
        double student = 12 * STUDENTS_EPOCH + STUDENTS_END;
        double teacher = 12 * TEACHERS_EPOCH + TEACHERS_END;
        Settings taught = Runs.with(STUDENT, "teacher", TEACHER.identity());
        List<EpochTimes.Left> all = Stream.concat(
                        Stream.of(TEACHER), Stream.of(1L, 2L, 3L).map(seed -> Runs.with(taught, "seed", seed)))
                .map(EpochTimes.Left::whole)
                .toList();
        // Three students take two rounds, whether the teacher takes both places or leaves one empty.
        for (int places : new int[] {1, 2}) {
            assertEquals(
                    teacher + 2 * student,
                    times.estimate(all, 2, one -> one.role() == Role.TEACHER ? places : 1)
                            .seconds(),
                    1e-9);
        }
    }

    @Test
    void whatTrainingsTookBesideTheirEpochsHereIsAddedToThoseToCome() {
        EpochTimes times = EpochTimes.from(List.of());
        times.addRest(TEACHER, TEACHERS_END + 5);
        times.addRest(STUDENT, STUDENTS_END + 7);
        double student = 12 * STUDENTS_EPOCH + STUDENTS_END;
        assertEquals(student + 6, times.estimate(STUDENT).seconds(), 1e-9);
        assertEquals(
                student / 2 + STUDENTS_END / 2 + 3,
                times.estimate(List.of(new EpochTimes.Left(STUDENT, 6, 0, 0)), 1, one -> 1)
                        .seconds(),
                1e-9);
    }

    @Test
    void aTeacherThatWasTakenEarlyIsAskedOnceForAllItsStudents() {
        EpochTimes times = EpochTimes.from(List.of());
        Settings early = Runs.with(Runs.with(STUDENT, "teacher", TEACHER.identity()), "teacherEpochs", 3);
        Settings another = Runs.with(early, "temperature", 8.);
        double student = 12 * STUDENTS_EPOCH + STUDENTS_END;
        double teacher = 12 * TEACHERS_EPOCH + TEACHERS_END;
        double asking = TEACHERS_END;
        assertEquals(
                teacher + asking + 2 * student,
                together(times, TEACHER, early, another).seconds(),
                1e-9);
        times.start(early);
        assertEquals(student, together(times, another).seconds(), 1e-9);
    }

    /**
     * Four times the pixels: four times the teacher's time. Of the student's, nine tenths go with the products, 3136 *
     * 784 + 784^2 for 2 * 784^2, which is 2.5: .1 + .9 * 2.5.
     */
    @Test
    void largerImagesOfOnesOwnTakeLongerByTheirPixels() {
        EpochTimes times = EpochTimes.from(List.of());
        for (Role role : List.of(Role.TEACHER, Role.STUDENT_PLAIN)) {
            Settings digits = Runs.settings("q7", role, null, null, 1);
            Settings larger = Runs.with(digits, "inputShape", List.of(56, 56, 1));
            assertEquals(
                    role == Role.TEACHER ? 4 : 2.35,
                    times.estimate(larger).seconds() / times.estimate(digits).seconds(),
                    1e-9);
        }
    }
}
