package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import java.util.List;
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
    void whereOneOfThemIsMissingThereIsWhatThereIs() {
        assertEquals("Test accuracy: 98.90 % (1 teacher).", Finding.of(List.of(TEACHER)));
        assertEquals(
                "Test accuracy: 97.75 % on average, from 97.50 to 98.00 % (2 students with distillation).",
                Finding.of(List.of(TEACHER, Runs.student(4, .5, 1, 97.5), Runs.student(16, .5, 1, 98))));
    }
}
