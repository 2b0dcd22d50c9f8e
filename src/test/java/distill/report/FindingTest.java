package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FindingTest {

    private static final Run TEACHER = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);

    private static Run plain(long seed, double accuracy) {
        return Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed), accuracy);
    }

    @Test
    void distillationGainsOrLosesTheDifferenceOfTheMeans() {
        Run one = Runs.student(4, .5, 1, 97.5);
        Run other = Runs.student(16, .5, 1, 98);
        assertEquals(
                "Distillation gained 0.50 points: 97.75 % right with it (mean of 2 students), 97.25 % without (1).",
                Finding.of(List.of(TEACHER, one, other, plain(1, 97.25))));
        assertEquals(
                "Distillation lost 0.10 points: 97.50 % right with it (1 student), 97.60 % without (2).",
                Finding.of(List.of(one, plain(1, 97.5), plain(2, 97.7))));
        assertEquals(
                "Distillation made no difference: 97.50 % right with it (1 student), 97.50 % without (1).",
                Finding.of(List.of(one, plain(1, 97.504))));
    }

    @Test
    void anEffectIsADifferenceWithItsIntervalAndWhereThatHasZeroInItNoneIsSeen() {
        List<Run> with =
                List.of(Runs.student(16, .9, 1, 97.5), Runs.student(16, .9, 2, 97.7), Runs.student(4, .5, 1, 90));
        Map<String, List<Run>> students = Map.of("as-written", with);
        String trained = "Trained as its programs do (`as-written`), with two slips in the loss, ";
        // Both have the standard error .1414 / sqrt 2 = .1, their difference .1414 with 2 degrees of freedom, of which
        // the quantile is 4.303: .61 to either side.
        assertEquals(
                List.of(trained
                        + "we see no effect of distillation: +0.50 points (95 % interval -0.11 to +1.11); 97.60 % of the test"
                        + " images are right with it, 97.10 % without, 2 seeds each. A gain above 1.11 is ruled out."),
                Finding.ofReadings(Map.of("as-written", List.of(plain(1, 97), plain(2, 97.2))), students));
        assertEquals(
                List.of(trained
                        + "the student gains 2.50 points by distillation (95 % interval +1.89 to +3.11): 97.60 % of the test"
                        + " images are right with it, 95.10 % without, 2 seeds each."),
                Finding.ofReadings(Map.of("as-written", List.of(plain(1, 95), plain(2, 95.2))), students));
        assertEquals(
                List.of(trained
                        + "distillation changes the student's accuracy by 0.00 points: 97.60 % of the test images are right"
                        + " with it, 97.60 % without. So few runs give no interval."),
                Finding.ofReadings(Map.of("as-written", List.of(plain(1, 97.6))), students));
        assertEquals(List.of(), Finding.ofReadings(Map.of("as-described", List.of(plain(1, 97.6))), students));
    }

    @Test
    void overARangeItsEndsAreSaidAndTheLowestAndHighestMean() {
        List<Run> students =
                List.of(Runs.student(1, .5, 1, 97), Runs.student(4, .5, 1, 98), Runs.student(64, .5, 1, 97.5));
        assertEquals(
                "As-written: 97.00 % at T = 1, 97.50 % at T = 64, all means from 97.00 to 98.00 %.",
                Finding.overRange(Map.of("as-written", students), Settings::temperature, "at T ="));
    }

    @Test
    void whereOneOfThemIsMissingThereIsWhatThereIs() {
        assertEquals("Test accuracy: 98.90 % (1 teacher).", Finding.of(List.of(TEACHER)));
        assertEquals(
                "Test accuracy: 97.75 % on average, from 97.50 to 98.00 % (2 students with distillation).",
                Finding.of(List.of(TEACHER, Runs.student(4, .5, 1, 97.5), Runs.student(16, .5, 1, 98))));
    }
}
