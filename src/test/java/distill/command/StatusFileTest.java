package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.EpochListener;
import distill.run.Json;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {

    private static final Settings ONE = Runs.settings("q5", Role.STUDENT, 4., .5, 1);
    private static final Settings TWO = Runs.settings("q5", Role.STUDENT, 16., .5, 1);

    @TempDir
    private Path store;

    private final ConsoleProgress progress = ConsoleProgress.quiet(new PrintWriter(Writer.nullWriter()), "test");

    private TrainingStatus only() throws IOException {
        List<TrainingStatus> found = TrainingStatus.of(store);
        assertEquals(1, found.size(), found.toString());
        return found.get(0);
    }

    @Test
    void anotherProcessSeesHowFarTrainingsAreUntilTheyEnd() throws IOException {
        // Runs of these settings have taken 3.5 s for each of 12 epochs.
        Run stored = Runs.run(Runs.settings("q5", Role.STUDENT, 1., .5, 1), 98);
        progress.expect(List.of(ONE, TWO), List.of(stored));
        try (StatusFile file = new StatusFile(store, progress, "test")) {
            assertEquals(List.of(), TrainingStatus.of(store), "nothing is trained yet");
            EpochListener told = progress.start(ONE, 234, 0);
            EpochListener side = file.start(ONE, 234, 0);
            assertEquals(List.of(new TrainingStatus.Underway(ONE.label(), 1, 12, 0, 234, null)), only().underway());
            assertTrue(only().onThisMachine());
            assertEquals(List.of(0, 2), List.of(only().ended(), only().all()));
            assertEquals(84, only().secondsToGo(), 3);

            told.afterEpoch(Runs.epoch(1, 97.5, 1.5, 2, 1, 3.5));
            side.afterEpoch(Runs.epoch(1, 97.5, 1.5, 2, 1, 3.5));
            assertEquals(List.of(new TrainingStatus.Underway(ONE.label(), 2, 12, 0, 234, 97.5)), only().underway());
            assertEquals(80.5, only().secondsToGo(), 3);

            told.afterEpoch(Runs.epoch(12, 97.75, 1.5, 2, 1, 3.5));
            side.afterEpoch(Runs.epoch(12, 97.75, 1.5, 2, 1, 3.5));
            assertEquals(List.of(), only().underway());
            assertEquals(1, only().ended());
        }
        assertEquals(List.of(), TrainingStatus.of(store));
        try (var files = Files.list(store)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void whatGoesOnAfterTheEndIsNotWritten() throws IOException {
        StatusFile file = new StatusFile(store, progress, "test");
        EpochListener side = file.start(ONE, 234, 0);
        file.close();
        side.afterEpoch(Runs.epoch(1, 97.5, 1.5, 2, 1, 3.5));
        assertEquals(List.of(), TrainingStatus.of(store));
    }

    private Path write(TrainingStatus status, int n) throws IOException {
        return Files.writeString(TrainingStatus.file(store, n), Json.write(status));
    }

    private static TrainingStatus ofThisProcess() {
        return TrainingStatus.ofThisProcess(Instant.now(), "test", 0, 1, 60, List.of());
    }

    @Test
    void whatADeadProcessLeftIsDeletedAndAnotherMachinesIsKept() throws Exception {
        Process ended = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--version")
                .redirectErrorStream(true)
                .start();
        ended.getInputStream().readAllBytes();
        ended.waitFor();
        Path dead = write(Runs.with(ofThisProcess(), "pid", ended.pid()), 1);
        // The number of a process that began later than the one that wrote the file.
        Path reused = write(Runs.with(ofThisProcess(), "processStart", "2001-01-01T00:00:00Z"), 2);
        Path elsewhere = write(Runs.with(Runs.with(ofThisProcess(), "pid", ended.pid()), "host", "node-7"), 3);
        assertEquals("node-7", only().host());
        assertFalse(only().onThisMachine());
        assertFalse(Files.exists(dead) || Files.exists(reused));
        assertTrue(Files.exists(elsewhere));
    }

    @Test
    void whatAKilledProcessLeftIsDeletedByTheNextThatTrains() throws IOException {
        Path killed = write(Runs.with(ofThisProcess(), "processStart", "2001-01-01T00:00:00Z"), 2);
        new StatusFile(store, progress, "test").close();
        assertFalse(Files.exists(killed));
    }

    @Test
    void aFileThatIsNoStatusIsNamed() throws IOException {
        Path file = Files.writeString(TrainingStatus.file(store, 1), "{");
        IOException error = assertThrows(IOException.class, () -> TrainingStatus.of(store));
        assertEquals(file + " does not say what is trained: delete it if nothing is", error.getMessage());
    }

    @Test
    void aStoreThatCannotBeWrittenToStopsNoTraining() {
        StatusFile file = new StatusFile(store.resolve("none"), progress, "test");
        file.start(ONE, 234, 0).afterEpoch(Runs.epoch(1, 97.5, 1.5, 2, 1, 3.5));
        file.close();
        assertFalse(Files.exists(store.resolve("none")));
    }
}
