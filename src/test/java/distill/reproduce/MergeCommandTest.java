package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --shard} and {@code merge}. */
class MergeCommandTest {

    private static final Run STUDENT = Runs.student(4, .5, 1, 97.5);
    private static final Run OTHER = Runs.student(16, .5, 1, 97.6);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int merge(String... stores) {
        List<String> line =
                new ArrayList<>(List.of("merge", "--out", folder.resolve("all").toString()));
        for (String store : stores) {
            line.add(folder.resolve(store).toString());
        }
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), line.toArray(String[]::new));
    }

    private RunStore store(String name, Run... runs) throws IOException {
        RunStore store = new RunStore(folder.resolve(name));
        for (Run run : runs) {
            store.append(run);
        }
        return store;
    }

    private List<Run> merged(String task) throws IOException {
        return new RunStore(folder.resolve("all")).runs(task);
    }

    @Test
    void storesAreJoinedAndARunThatBothHaveIsThereOnce() throws IOException {
        RunStore a = store("a", STUDENT);
        RunStore b = store("b", slower(STUDENT), OTHER);
        Run transfer =
                Runs.run(Runs.transfer(Runs.settings("q2", Role.TEACHER, null, null, 1), "mobilenetv2", "none"), 80);
        b.append(transfer);
        List<String> before = Files.readAllLines(Runs.file(b, "task1"));
        assertEquals(0, merge("a", "b"), err.toString());
        assertEquals(List.of(STUDENT, OTHER), merged("task1"));
        assertEquals(List.of(transfer), merged("task2"));
        assertTrue(out.toString().contains(a.folder() + ", task1: 1 added, 0 there already, 0 in conflict"));
        assertTrue(out.toString().contains(b.folder() + ", task1: 1 added, 1 there already, 0 in conflict"));
        assertTrue(out.toString().contains("page --from " + folder.resolve("all")), out.toString());
        assertEquals(before, Files.readAllLines(Runs.file(b, "task1")), "the sources are as they were");
        assertEquals(0, merge("b", "a", "all"));
        assertEquals(List.of(STUDENT, OTHER), merged("task1"), "again nothing is added");
    }

    @Test
    void theFilesOfOptionsThatRunsWereTrainedByComeAlong() throws IOException {
        Path kept = Path.of("task1/config-0a1b2c3d.yaml");
        Path source = store("a", STUDENT).folder().resolve(kept);
        Files.writeString(source, "epochs: 3\n");
        assertEquals(0, merge("a"), err.toString());
        assertEquals("epochs: 3\n", Files.readString(folder.resolve("all").resolve(kept)));
    }

    /** The same run from a machine that took longer. */
    private static Run slower(Run run) {
        return new Run(
                run.identity(),
                run.settings(),
                run.testAccuracy(),
                run.trainAccuracy(),
                run.teacherAgreement(),
                run.history().stream()
                        .map(epoch -> Runs.with(epoch, "seconds", epoch.seconds() * 2))
                        .toList(),
                run.weightsDigest(),
                Runs.with(run.provenance(), "cpu", "a slower CPU"),
                null);
    }

    @Test
    void linesAreCopiedAsTheyAreSoThatNoFieldOfAnotherProgramIsLost() throws IOException {
        RunStore a = store("a", STUDENT);
        String line = Files.readString(Runs.file(a, "task1"))
                .replace("\"tensorflow_java\":\"1.1.0\",", "\"program\":\"task1.py\",\"keras\":\"3.15.1\",");
        // Not even a newline follows the last line of a store that was copied by hand.
        Files.writeString(Runs.file(a, "task1"), line.strip());
        store("b", STUDENT);
        assertEquals(0, merge("a", "b"), err.toString());
        assertEquals(
                List.of(
                        line.strip(),
                        Files.readString(folder.resolve("b/task1/runs-q5-as-written.jsonl"))
                                .strip()),
                Files.readAllLines(folder.resolve("all/task1/runs-q5-as-written.jsonl")),
                "Keras's run and ours are two, though their settings are the same");
    }

    @Test
    void ofTwoRunsThatDifferTheFirstStaysAndBothAreNamed() throws IOException {
        RunStore a = store("a", OTHER, STUDENT);
        Run differs = Runs.with(STUDENT, "weightsDigest", "cd".repeat(32));
        RunStore b = store("b", differs, Runs.student(64, .5, 1, 97.1));
        assertEquals(1, merge("a", "b"));
        assertEquals(
                List.of(OTHER, STUDENT, Runs.student(64, .5, 1, 97.1)),
                merged("task1"),
                "what is no conflict is added");
        assertTrue(
                out.toString().contains(folder.resolve("all/task1/runs-q5-as-written.jsonl") + " line 2: "),
                out.toString());
        assertTrue(out.toString().contains(Runs.file(b, "task1") + " line 1: "), out.toString());
        assertTrue(err.toString().startsWith("error: 1 run is in conflict"), err.toString());
        assertEquals(List.of(differs, Runs.student(64, .5, 1, 97.1)), b.runs("task1"));
        assertEquals(List.of(OTHER, STUDENT), a.runs("task1"));
    }

    @Test
    void aStoresOwnSeveralRunsOfOneIdentityAreAllTakenSoThatTheLatestStaysTheLatest() throws IOException {
        Run later = Runs.with(STUDENT, "weightsDigest", "cd".repeat(32));
        store("a", STUDENT, later);
        assertEquals(0, merge("a"), err.toString());
        assertEquals(List.of(STUDENT, later), merged("task1"));
    }

    @Test
    void whatIsNoStoreIsRefusedBeforeAnythingIsMerged() throws IOException {
        store("a", STUDENT);
        Files.createDirectories(folder.resolve("empty"));
        for (String wrong : List.of("empty", "nowhere")) {
            assertEquals(1, merge("a", wrong));
            assertTrue(err.toString().contains(folder.resolve(wrong) + " is no store"), err.toString());
            assertFalse(Files.exists(folder.resolve("all")));
        }
    }

    @Test
    void shardsThatAreMergedAreTheRunsOfTheWholeCommand() throws Exception {
        TinyMnist.write(
                folder.resolve("digits"),
                TinyMnist.idxFiles(
                        Mnist.generate(300, 20).train(), Mnist.generate(300, 20).test()));
        String line = "task1 q5 --temperatures 1,4,16 --alphas .5 --epochs 1 --device cpu --threads 1"
                + " --data-dir ../digits --out runs";
        String printed = Launched.reproduce(folder.resolve("a"), line + " --shard 1/2");
        assertTrue(printed.contains("Shard 1/2: 3 trainings") && printed.contains("./reproduce merge"), printed);
        try (var files = Files.list(folder.resolve("a/runs/task1"))) {
            assertTrue(
                    files.allMatch(file -> file.toString().endsWith(".jsonl")), "no tables, which would be of a part");
        }
        Launched.reproduce(folder.resolve("b"), line + " --shard 2/2");
        Launched.reproduce(folder.resolve("whole"), line);
        assertEquals(0, merge("a/runs", "b/runs"), err.toString());
        assertEquals(digests(new RunStore(folder.resolve("whole/runs")).runs("task1")), digests(merged("task1")));
        assertEquals(1 + 3, merged("task1").size());
    }

    private static Set<List<String>> digests(List<Run> runs) {
        return runs.stream()
                .map(run -> List.of(run.identity(), run.weightsDigest()))
                .collect(Collectors.toSet());
    }
}
