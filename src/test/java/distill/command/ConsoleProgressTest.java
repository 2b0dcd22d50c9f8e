package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.EpochListener;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleProgressTest {

    private final StringWriter out = new StringWriter();
    private final ConsoleProgress progress = new ConsoleProgress(new PrintWriter(out), "test", false);

    /** Runs of these settings have taken 3.5 s for each epoch. */
    private static final Settings ONE = Runs.settings("q5", Role.STUDENT, 4., .5, 1);

    private static final Settings TWO = Runs.settings("q5", Role.STUDENT, 16., .5, 1);

    private static EpochResult epoch(int epoch, double seconds) {
        return Runs.epoch(epoch, 97.5, 1.5, 2, 1, seconds);
    }

    @Test
    void linesTellWhichTrainingOfHowManyRunsAndHowLongAllToComeWillTake() {
        Run stored = Runs.run(Runs.settings("q5", Role.STUDENT, 1., .5, 1), 98);
        progress.expect(List.of(ONE, TWO), List.of(stored));
        EpochListener first = progress.start(ONE, 234, 0);
        first.afterStep(1, 1, 234);
        first.afterEpoch(epoch(1, 7), () -> 99);
        progress.start(TWO, 234, 10);
        // 2 x 12 epochs of 3.5 s are 84 s; then 2 epochs of the 7 s that one has taken now.
        assertEquals(
                """
                Training %s (1 of 2): 12 epochs of 234 steps; about 84 s to go
                  epoch  1/12: test accuracy 97.50 %%, loss 1.5000 (hard 2.0000, soft 1.0000), 7.0 s
                Training %s (2 of 2): 12 epochs of 234 steps, going on after epoch 10; about 14 s to go
                """
                        .formatted(ONE.label(), TWO.label()),
                out.toString());
    }

    @Test
    void ofSeveralAtATimeEachHasALineWhenItHasEndedAndTheRestIsSharedOut() {
        Run stored = Runs.run(Runs.settings("q5", Role.STUDENT, 1., .5, 1), 98);
        progress.expect(List.of(ONE, TWO), List.of(stored));
        progress.several(settings -> .5);
        EpochListener first = progress.start(ONE, 234, 0);
        EpochListener second = progress.start(TWO, 234, 10);
        second.afterStep(11, 117, 234);
        first.afterEpoch(epoch(1, 3.5), () -> 99);
        first.afterEpoch(epoch(12, 3.5), () -> 99);
        // 2 x 12 epochs of 3.5 s on half a machine each are 42 s; of the second, 1.5 epochs are left, half of 5.25 s.
        List<String> lines = out.toString().lines().toList();
        assertEquals("2 to train; about 42 s to go", lines.get(0));
        assertEquals(
                "Trained %s (1 of 2): test accuracy 97.50 %%, loss 1.5000 (hard 2.0000, soft 1.0000) after 12 epochs, 0.0 s; about 3 s to go"
                        .formatted(ONE.label()),
                lines.get(1).replaceFirst("epochs, \\d+\\.\\d s", "epochs, 0.0 s"));
        assertEquals(2, lines.size());
        second.afterEpoch(epoch(12, 3.5), () -> 99);
        assertTrue(out.toString().contains("after 12 epochs, 10 of them before, "), out.toString());
    }

    @Test
    void accuraciesOnImagesThatAreKeptBackAreNotCalledTestAccuracies() {
        ConsoleProgress kept = new ConsoleProgress(new PrintWriter(out), "validation", false);
        kept.start(ONE, 234, 0).afterEpoch(epoch(1, 7), () -> 99);
        assertTrue(out.toString().contains("  epoch  1/12: validation accuracy 97.50 %"), out.toString());
    }

    @Test
    void whatIsWrongWithATrainingIsToldByLabelInEveryForm() {
        String warning = "WARNING: " + ONE.label() + " predicts class 1 for all\n";
        progress.start(ONE, 234, 0).warn("predicts class 1 for all");
        assertTrue(out.toString().endsWith(warning), out.toString());
        out.getBuffer().setLength(0);
        progress.several(settings -> .5);
        progress.start(ONE, 234, 0).warn("predicts class 1 for all");
        assertEquals(warning, out.toString());
    }

    @Test
    void whoWantsResultsAloneHearsOfWarningsAndOfNothingElse() throws IOException {
        EpochListener quiet = progress.warnings().start(ONE, 234, 0);
        quiet.afterEpoch(epoch(1, 7), () -> 99);
        quiet.warn("predicts class 1 for all");
        assertEquals("WARNING: " + ONE.label() + " predicts class 1 for all\n", out.toString());
    }

    @Test
    void aTrainingThatWasNotExpectedIsCountedOnceItStarts() {
        progress.expect(List.of(ONE), List.of(Runs.run(ONE, 98)));
        progress.start(TWO, 234, 0);
        progress.start(ONE, 234, 0);
        assertEquals(
                List.of("(1 of 2)", "(2 of 2)"),
                out.toString()
                        .lines()
                        .map(line -> line.replaceAll(".*(\\(.*\\)).*", "$1"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "0, about 0 s",
        "89.4, about 89 s",
        "90, about 2 min",
        "3599, about 1 h 0 min",
        "11_999, about 3 h 20 min",
        "100_000, about 27 h 47 min"
    })
    void durationsAreToldInTheUnitsThatAPersonWouldUse(String seconds, String told) {
        assertEquals(told, ConsoleProgress.duration(Double.parseDouble(seconds.replace("_", ""))));
    }
}
