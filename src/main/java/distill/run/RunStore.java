package distill.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished trainings, one line of JSON each: {@code FOLDER/TASK/runs.jsonl}. Lines are only ever added. An append holds
 * the file's lock, is flushed to the disk before it returns, and starts on a line of its own, so that processes that
 * share a store neither lose nor mix lines, and a line that a crash tore is skipped with a warning.
 *
 * @param folder the store's folder, such as {@code runs}
 */
public record RunStore(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);
    private static final List<String> NEEDED = List.of(
            "identity",
            "task",
            "question",
            "variant",
            "model",
            "epochs",
            "seed",
            "data",
            "test_accuracy",
            "history",
            "weights_digest",
            "provenance");
    private static final long RETRY_NANOS = 5_000_000;

    /** The file of one task's runs. It need not exist. */
    public Path file(String task) {
        return folder.resolve(task).resolve("runs.jsonl");
    }

    /**
     * Every readable run of a task, in the order of the file; empty where there is no file.
     *
     * @throws IOException where the file cannot be read
     */
    public List<Run> runs(String task) throws IOException {
        Path file = file(task);
        return Files.exists(file) ? whole(file, lines(file)) : List.of();
    }

    /**
     * Whether a task has a readable run.
     *
     * @throws IOException where the file cannot be read
     */
    public boolean hasRuns(String task) throws IOException {
        Path file = file(task);
        return Files.exists(file) && read(file).lines().anyMatch(line -> parse(line) != null);
    }

    /**
     * Every readable run of a file, wherever it lies, in the order of the file.
     *
     * @throws IOException where the file cannot be read, or holds no run
     */
    public static List<Run> runs(Path file) throws IOException {
        List<Line> lines = lines(file);
        if (lines.stream().allMatch(line -> line.run() == null)) {
            throw new IOException(file + " holds no run: a store's runs.jsonl has one finished training on each line");
        }
        return whole(file, lines);
    }

    /** A line that is not blank; its number counts from 1, and its run is null where it has no whole one. */
    private record Line(int number, Run run) {}

    private static List<Line> lines(Path file) throws IOException {
        List<String> lines = read(file).lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank())
                .mapToObj(i -> new Line(i + 1, parse(lines.get(i))))
                .toList();
    }

    private static List<Run> whole(Path file, List<Line> lines) {
        lines.stream()
                .filter(line -> line.run() == null)
                .forEach(line -> LOG.warn(
                        "{} line {} is not a whole run (a crash may have torn it): skipped", file, line.number()));
        return lines.stream().map(Line::run).filter(Objects::nonNull).toList();
    }

    private static Run parse(String line) {
        try {
            return Json.readWhole(line, Run.class, NEEDED);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /**
     * The identity of a teacher of runs of a task, by its beginning, as names of files have it.
     *
     * @param beginning at least {@link Settings#TEACHER_DIGITS} hexadecimal digits; of other words there is none
     * @throws IOException where several begin so
     */
    public Optional<String> teacher(String task, String beginning) throws IOException {
        if (!beginning.matches("[0-9a-f]{" + Settings.TEACHER_DIGITS + ",}")) {
            return Optional.empty();
        }
        List<String> found = runs(task).stream()
                .map(run -> run.settings().teacher())
                .filter(teacher -> teacher != null && teacher.startsWith(beginning))
                .distinct()
                .toList();
        if (found.size() > 1) {
            throw new IOException("%s has several teachers that begin with %s: %s; give more digits"
                    .formatted(file(task), beginning, String.join(", ", found)));
        }
        return found.stream().findFirst();
    }

    /** The latest run with an identity that this program trained. */
    public Optional<Run> find(String task, String identity) throws IOException {
        return runs(task).stream()
                .filter(run ->
                        run.identity().equals(identity) && run.provenance().isOurs())
                .reduce((earlier, later) -> later);
    }

    /**
     * Adds a run, unless the latest one with its identity has the same weights.
     *
     * @return what is stored: that one, or this
     */
    public Run appendUnlessEqual(Run run) throws IOException {
        Optional<Run> stored = find(run.settings().task(), run.identity());
        if (stored.isPresent() && stored.get().weightsDigest().equals(run.weightsDigest())) {
            return stored.get();
        }
        stored.ifPresent(earlier -> LOG.warn(
                "{}: the weights differ from those of the run stored on {} ({} and {}); both runs are kept",
                run.settings().label(),
                earlier.provenance().date(),
                run.provenance().cpu(),
                earlier.provenance().cpu()));
        append(run);
        return run;
    }

    /**
     * Adds a run.
     *
     * @throws IOException where it cannot be written; the file is then as it was
     */
    public void append(Run run) throws IOException {
        Path file = file(run.settings().task());
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, false)) {
            long size = channel.size();
            String start = size == 0 || endsWithNewline(channel, size) ? "" : "\n";
            ByteBuffer bytes = ByteBuffer.wrap((start + Json.write(run) + "\n").getBytes(StandardCharsets.UTF_8));
            try {
                long position = size;
                while (bytes.hasRemaining()) {
                    position += channel.write(bytes, position);
                }
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(size);
                throw new IOException("cannot add a run to " + file + ": " + e.getMessage(), e);
            }
        }
    }

    private static boolean endsWithNewline(FileChannel channel, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, size - 1);
        return last.get(0) == '\n';
    }

    private static String read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = lock(channel, true)) {
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Waits for other processes, as locks do, and for other threads of this one, which they do not. */
    private static FileLock lock(FileChannel channel, boolean shared) throws IOException {
        while (true) {
            try {
                return channel.lock(0, Long.MAX_VALUE, shared);
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }
}
