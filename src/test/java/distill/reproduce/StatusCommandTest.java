package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.ConsoleProgress;
import distill.command.Program;
import distill.command.StatusFile;
import distill.experiment.EpochListener;
import distill.run.Role;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {

    private static final Settings STUDENT = Runs.settings("q5", Role.STUDENT, 4., .5, 1);

    @TempDir
    private Path store;

    private List<String> status() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(
                0,
                Program.run(
                        Reproduce.COMMANDS,
                        new PrintWriter(out),
                        new PrintWriter(err),
                        "status",
                        "--from",
                        store.toString()),
                err.toString());
        return out.toString().lines().toList();
    }

    @Test
    void whereNothingIsTrainedItSaysSoAndWhatIsStored() throws IOException {
        assertEquals(
                List.of("Nothing is being trained in " + store + ".", "Finished trainings in " + store + ": none."),
                status());
        new RunStore(store).append(Runs.student(16, .9, 1, 97.9));
        assertEquals(
                List.of(
                        "Nothing is being trained in " + store + ".",
                        "Finished trainings in " + store
                                + ": 1 of Task 1, 0 of Task 2 (./reproduce runs lists them). The" + " latest:",
                        "  task1-as-written-q5-student-T16-alpha0.9-seed1, test accuracy 97.90 %"),
                status());
    }

    @Test
    void whatIsTrainedHasALineWithItsEpochAndItsAccuracySoFar() {
        Locale locale = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        ConsoleProgress progress = ConsoleProgress.of(new PrintWriter(Writer.nullWriter()), "test");
        try (StatusFile file = new StatusFile(store, progress, "test")) {
            progress.start(STUDENT, 234, 0);
            EpochListener side = file.start(STUDENT, 234, 0);
            side.afterEpoch(Runs.epoch(1, 97.25, 1.5, 2, 1, 3.5));
            List<String> lines = status();
            assertTrue(
                    lines.get(0)
                            .matches("Being trained in \\S+ since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d"
                                    + " \\(about \\d+ s ago\\), by process "
                                    + ProcessHandle.current().pid() + ":"),
                    lines.get(0));
            assertEquals(
                    "  " + STUDENT.label() + ": epoch 2 of 12, step 0 of 234; test accuracy 97.25 % after epoch 1",
                    lines.get(1));
            assertTrue(
                    lines.get(2)
                            .matches(
                                    "  0 of 1 trainings have ended; about \\d+ (s|min) to go, as it said about \\d+ s ago"),
                    lines.get(2));
        } finally {
            Locale.setDefault(locale);
        }
    }
}
