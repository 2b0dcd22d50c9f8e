package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {

    @TempDir
    private Path folder;

    private static Run run(long seed) {
        return Runs.student(4, .5, seed, 97.5);
    }

    @Test
    void aRunOfThePythonProgramIsReadButNotTakenForOurs() throws IOException {
        Run ours = Runs.student(4, .5, 1, 97.7);
        new RunStore(folder).append(ours);
        Path file = new RunStore(folder).file("task1");
        Files.writeString(
                file, Files.readString(file).replace("\"tensorflow_java\":\"1.1.0\",", "\"keras\":\"3.15.1\","));
        assertEquals(1, new RunStore(folder).runs("task1").size());
        assertEquals(Optional.empty(), new RunStore(folder).find("task1", ours.identity()));
    }

    @Test
    void aTeacherIsFoundByTheBeginningOfItsDigest() throws IOException {
        RunStore store = new RunStore(folder);
        String digest = "89abcdef01234567".repeat(4);
        String other = "89abcdefffffffff".repeat(4);
        store.append(run(1));
        store.append(Runs.run(Runs.with(run(1).settings(), "teacher", digest), 97.5));
        store.append(Runs.run(Runs.with(run(2).settings(), "teacher", digest), 97.5));
        assertEquals(Optional.of(digest), store.teacher("task1", "89abcdef"));
        assertEquals(Optional.empty(), store.teacher("task1", "89abcde"), "too short");
        assertEquals(Optional.empty(), store.teacher("task1", "my-teacher"));
        store.append(Runs.run(Runs.with(run(3).settings(), "teacher", other), 97.5));
        assertEquals(Optional.of(other), store.teacher("task1", "89abcdeff"));
        String said = assertThrows(IOException.class, () -> store.teacher("task1", "89abcdef"))
                .getMessage();
        assertTrue(said.contains(digest) && said.contains(other) && said.contains("more digits"), said);
    }

    @Test
    void aStoreThatIsNotThereHasNoRuns() throws IOException {
        assertEquals(List.of(), new RunStore(folder.resolve("nothing")).runs("task1"));
    }

    @Test
    void whatIsAppendedIsReadBack() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        store.append(run(2));
        assertEquals(List.of(run(1), run(2)), store.runs("task1"));
        assertEquals(Optional.of(run(2)), store.find("task1", run(2).identity()));
        assertEquals(Optional.empty(), store.find("task1", "not there"));
    }

    @Test
    void ofTwoRunsWithOneIdentityTheLatestIsFound() throws IOException {
        RunStore store = new RunStore(folder);
        Run later = Runs.student(4, .5, 1, 97.7);
        store.append(run(1));
        store.append(later);
        assertEquals(Optional.of(later), store.find("task1", later.identity()));
    }

    @Test
    void aLineHasTheFieldsThatTheSchemaNames() throws IOException {
        new RunStore(folder).append(run(1));
        JsonNode line = new ObjectMapper().readTree(Files.readString(folder.resolve("task1/runs.jsonl")));
        assertEquals("q5", line.get("question").asText());
        assertEquals("as-written", line.get("variant").asText());
        assertEquals("student", line.get("model").asText());
        assertEquals(4, line.get("temperature").asDouble());
        assertEquals(.5, line.get("alpha").asDouble());
        assertEquals(1, line.get("seed").asLong());
        assertTrue(line.get("quick").isBoolean());
        assertEquals(97.5, line.get("test_accuracy").asDouble());
        assertEquals(98.5, line.get("train_accuracy").asDouble());
        assertEquals(12, line.get("history").size());
        for (String field : List.of("test_accuracy", "loss", "hard", "soft", "seconds")) {
            assertTrue(line.get("history").get(0).get(field).isNumber(), field);
        }
        assertEquals(64, line.get("weights_digest").asText().length());
        assertEquals(run(1).identity(), line.get("identity").asText());
        for (String field : List.of("commit", "tensorflow", "tensorflow_java", "java", "os", "cpu", "date")) {
            assertTrue(line.get("provenance").get(field).isTextual(), field);
        }
        for (String field : List.of("data", "threads", "onednn", "device")) {
            assertTrue(line.has(field), field);
        }
    }

    @Test
    void aTornLastLineIsSkippedAndTheNextRunStartsOnALineOfItsOwn() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        String line = Files.readString(store.file("task1"));
        Files.writeString(store.file("task1"), line.substring(0, line.length() / 2), StandardOpenOption.APPEND);
        assertEquals(List.of(run(1)), store.runs("task1"));
        store.append(run(2));
        assertEquals(List.of(run(1), run(2)), store.runs("task1"));
    }

    @Test
    void linesThatAreNoRunsAreSkipped() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.writeString(store.file("task1"), "{}\nnull\n[1]\nnonsense\n", StandardOpenOption.APPEND);
        store.append(run(2));
        assertEquals(List.of(run(1), run(2)), store.runs("task1"));
    }

    @Test
    void aFileIsReadByItself() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.writeString(store.file("task1"), "nonsense\n", StandardOpenOption.APPEND);
        Path moved = Files.move(store.file("task1"), folder.resolve("others.jsonl"));
        assertEquals(List.of(run(1)), RunStore.runs(moved));
    }

    @Test
    void aFileWithoutARunIsAnErrorWhenReadByItself() throws IOException {
        Path file = Files.writeString(folder.resolve("others.jsonl"), "{}\nnonsense\n");
        IOException error = assertThrows(IOException.class, () -> RunStore.runs(file));
        assertTrue(error.getMessage().contains("others.jsonl holds no run"), error.getMessage());
    }

    @Test
    void fieldsOfALaterVersionAreIgnored() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.writeString(
                store.file("task1"),
                Files.readString(store.file("task1")).replaceFirst("\\{", "{\"invented_later\":[1,2],"));
        assertEquals(List.of(run(1)), store.runs("task1"));
    }

    @Test
    void threadsOfOneProcessNeitherLoseNorMixLines() throws IOException {
        RunStore store = new RunStore(folder);
        IntStream.range(0, 200).parallel().forEach(i -> {
            try {
                store.append(run(i));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertEquals(IntStream.range(0, 200).mapToObj(i -> (long) i).toList(), seeds(store));
    }

    /**
     * Appends runs with seeds from {@code args[1]} on until it is killed, and prints each seed once its run is stored.
     */
    public static final class Appender {

        public static void main(String[] args) throws IOException {
            RunStore store = new RunStore(Path.of(args[0]));
            for (long seed = Long.parseLong(args[1]); ; seed++) {
                store.append(run(seed));
                System.out.println(seed);
            }
        }
    }

    private Process start(Class<?> program, long from, int... numbers) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                folder.toString(),
                Long.toString(from)));
        Arrays.stream(numbers).mapToObj(Integer::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out-" + from).toFile())
                .start();
    }

    /**
     * With a lock of the file for each thread, and none of the process's own, a line was lost in every fourth trial.
     */
    @Test
    void threadsOfTwoProcessesNeitherLoseNorMixLines() throws Exception {
        RunStore store = new RunStore(folder);
        int threads = 16;
        int count = 500;
        Process other = start(Appends.class, 1_000_000, count, threads);
        try {
            while (store.runs("task1").isEmpty() && other.isAlive()) {
                Thread.sleep(5);
            }
            Appends.append(store, 0, count, threads);
            assertEquals(0, other.waitFor(), Files.readString(folder.resolve("out-1000000")));
        } finally {
            other.destroyForcibly();
        }
        List<Long> expected = LongStream.concat(
                        LongStream.range(0, count), LongStream.range(1_000_000, 1_000_000 + count))
                .boxed()
                .toList();
        assertEquals(expected, seeds(store));
        assertEquals(expected.size(), Files.readAllLines(store.file("task1")).size(), "each line is whole");
    }

    private static List<Long> seeds(RunStore store) throws IOException {
        return store.runs("task1").stream()
                .map(run -> run.settings().seed())
                .sorted()
                .toList();
    }

    @Test
    void twoProcessesThatAreKilledWhileTheyWriteLoseNothingThatTheyHadStored() throws Exception {
        Process first = start(Appender.class, 1_000_000);
        Process second = start(Appender.class, 2_000_000);
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (lines(1_000_000).size() < 50 || lines(2_000_000).size() < 50) {
                assertTrue(
                        System.nanoTime() < deadline && first.isAlive() && second.isAlive(),
                        "both write: " + lines(1_000_000));
                Thread.sleep(20);
            }
        } finally {
            first.destroyForcibly().waitFor();
            second.destroyForcibly().waitFor();
        }
        RunStore store = new RunStore(folder);
        store.append(run(7));
        List<Long> stored =
                store.runs("task1").stream().map(run -> run.settings().seed()).toList();
        List<Long> said = new ArrayList<>(lines(1_000_000));
        said.addAll(lines(2_000_000));
        assertTrue(stored.containsAll(said), "every run that a process had stored is there");
        assertEquals(7, stored.get(stored.size() - 1));
        assertEquals(stored.size(), stored.stream().distinct().count(), "none is there twice");
        assertTrue(stored.size() <= said.size() + 3, "at most one of each process was stored and not yet said");
    }

    private List<Long> lines(long from) throws IOException {
        String text = Files.readString(folder.resolve("out-" + from));
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Long::valueOf)
                .toList();
    }
}
