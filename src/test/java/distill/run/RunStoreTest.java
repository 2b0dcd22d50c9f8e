package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
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
        Path file = Runs.file(new RunStore(folder), "task1");
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

    /** Zeros that take no room on the disk; 2^26 bytes are the most that a line may have. */
    @Test
    void aLineThatIsLongerThanAnyRunIsSkippedAndNotKeptInMemory() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        try (RandomAccessFile file =
                new RandomAccessFile(Runs.file(store, "task1").toFile(), "rw")) {
            file.setLength(file.length() + (1 << 26) + 1);
        }
        store.append(run(2));
        assertEquals(List.of(run(1), run(2)), store.runs("task1"));
        assertTrue(store.hasRun("task1", run(2)::equals));
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

    /** As it is trained again with --fresh, or comes from another store. */
    @Test
    void aRunWithAMeasureThatTheStoredOneLacksIsAddedThoughItsWeightsAreTheSame() throws IOException {
        Run earlier = Runs.student(4, .5, 1, 97.5);
        Run measured = Runs.with(earlier, "teacherAgreement", 98.25);
        RunStore store = new RunStore(folder.resolve("mine"));
        assertEquals(earlier, store.appendUnlessEqual(earlier));
        assertEquals(measured, store.appendUnlessEqual(measured));
        assertEquals(measured, store.appendUnlessEqual(earlier), "what is there has more");
        assertEquals(List.of(earlier, measured), store.runs("task1"));

        RunStore other = new RunStore(folder.resolve("other"));
        other.append(earlier);
        assertEquals(1, other.merge("task1", store).added());
        assertEquals(0, store.merge("task1", other).added());
        assertEquals(measured, other.find("task1", earlier.identity()).orElseThrow());
    }

    @Test
    void aLineHasTheFieldsThatTheSchemaNames() throws IOException {
        new RunStore(folder).append(run(1));
        JsonNode line = new ObjectMapper().readTree(Files.readString(folder.resolve("task1/runs-q5-as-written.jsonl")));
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
        String line = Files.readString(Runs.file(store, "task1"));
        Files.writeString(Runs.file(store, "task1"), line.substring(0, line.length() / 2), StandardOpenOption.APPEND);
        assertEquals(List.of(run(1)), store.runs("task1"));
        store.append(run(2));
        assertEquals(List.of(run(1), run(2)), store.runs("task1"));
    }

    @Test
    void linesThatAreNoRunsAreSkipped() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.writeString(Runs.file(store, "task1"), "{}\nnull\n[1]\nnonsense\n", StandardOpenOption.APPEND);
        store.append(run(2));
        assertEquals(List.of(run(1), run(2)), store.runs("task1"));
    }

    @Test
    void aFileIsReadByItself() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.writeString(Runs.file(store, "task1"), "nonsense\n", StandardOpenOption.APPEND);
        Path moved = Files.move(Runs.file(store, "task1"), folder.resolve("others.jsonl"));
        assertEquals(List.of(run(1)), RunStore.runs(moved));
    }

    @Test
    void aFileWithoutARunIsAnErrorWhenReadByItself() throws IOException {
        Path file = Files.writeString(folder.resolve("others.jsonl"), "{}\nnonsense\n");
        IOException error = assertThrows(IOException.class, () -> RunStore.runs(file));
        assertTrue(error.getMessage().contains("others.jsonl holds no run"), error.getMessage());
    }

    @Test
    void eachQuestionAndReadingHasAFileAndAFullOneIsFollowedByAnother() throws IOException {
        RunStore store = new RunStore(folder);
        Run described = Runs.run(Runs.with(run(1).settings(), "variant", Variant.AS_DESCRIBED), 97.5);
        Run odd = Runs.run(Runs.with(run(1).settings(), "question", "../q5"), 97.5);
        store.append(described);
        store.append(odd);
        int inAFile = 900_000 / Json.write(run(1)).length() + 1;
        RunStore other = new RunStore(folder.resolve("other"));
        for (long seed = 1; seed <= inAFile + 1; seed++) {
            other.append(run(seed));
        }
        assertEquals(inAFile + 1, store.merge("task1", other).added());
        List<String> names = List.of("", "-___q5-as-written", "-q5-as-described", "-q5-as-written", "-q5-as-written-2");
        assertEquals(
                names.stream()
                        .map(name -> folder.resolve("task1/runs" + name + ".jsonl"))
                        .toList(),
                store.files("task1"));
        Path full = store.files("task1").get(3);
        int lines = Files.readAllLines(full).size();
        assertTrue(Files.size(full) >= 900_000 && Files.size(full) < 905_000, Files.size(full) + " bytes");
        assertEquals(inAFile + 3, lines(store), "each line is whole");
        assertEquals(
                inAFile + 1 - lines,
                Files.readAllLines(store.files("task1").get(4)).size());
        assertEquals(inAFile + 3, store.runs("task1").size());
        assertEquals(0, store.merge("task1", other).added(), "again nothing is added");
    }

    /** Until 30 November 2026 all runs of a task stood in {@code runs.jsonl}. */
    @Test
    void aStoreOfOneFileIsReadAndAddedToAndWhatItHasIsNotStoredTwice() throws IOException {
        RunStore store = new RunStore(folder);
        Path all = folder.resolve("task1/runs.jsonl");
        Files.createDirectories(all.getParent());
        Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);
        Files.writeString(
                all,
                Json.write(run(2)) + "\n" + Json.write(teacher) + "\n"
                        + Json.write(run(1)).substring(9));
        assertEquals(List.of(run(2), teacher), store.runs("task1"), "in the order of the file");
        assertEquals(run(2), store.appendUnlessEqual(run(2)));
        Run later = Runs.with(Runs.student(4, .5, 2, 97.7), "weightsDigest", "cd".repeat(32));
        assertEquals(later, store.appendUnlessEqual(later));
        assertEquals(Optional.of(later), store.find("task1", later.identity()));
        assertEquals(List.of(run(2), teacher, later), store.runs("task1"));
        assertEquals(3, Files.readAllLines(all).size(), "nothing more is written there");

        RunStore split = new RunStore(folder.resolve("split"));
        assertEquals(3, split.merge("task1", store).added());
        assertEquals(Optional.of(later), split.find("task1", later.identity()));
        assertEquals(0, Files.size(split.folder("task1").resolve("runs.jsonl")));
    }

    @Test
    void runsOfSeveralFilesComeInTheOrderInWhichTheyEndedAndThoseOfOneFileInItsOrder() throws IOException {
        RunStore store = new RunStore(folder);
        Run first = Runs.with(run(1), "date", "2026-01-02T00:00:00Z");
        Run early = Runs.with(run(2), "date", "2026-01-01T00:00:00Z");
        Run last = Runs.with(run(3), "date", "2026-01-04T00:00:00Z");
        Run plain = Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.4);
        Run between = Runs.with(plain, "date", "2026-01-03T00:00:00Z");
        Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);
        Run sameSecond = Runs.with(teacher, "date", "2026-01-03T00:00:00Z");
        for (Run run : List.of(between, first, sameSecond, early, last)) {
            store.append(run);
        }
        assertEquals(List.of(first, early, sameSecond, between, last), store.runs("task1"));
    }

    @Test
    void aStoreWithoutALockIsReadAndNoneIsMade() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.delete(folder.resolve("task1/runs.jsonl"));
        assertEquals(List.of(run(1)), store.runs("task1"));
        assertEquals(1, store.files("task1").size());
    }

    @Test
    void fieldsOfALaterVersionAreIgnored() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(run(1));
        Files.writeString(
                Runs.file(store, "task1"),
                Files.readString(Runs.file(store, "task1")).replaceFirst("\\{", "{\"invented_later\":[1,2],"));
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
        assertEquals(expected.size(), lines(store), "each line is whole");
    }

    private static int lines(RunStore store) throws IOException {
        int lines = 0;
        for (Path file : store.files("task1")) {
            lines += Files.readAllLines(file).size();
        }
        return lines;
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
