package distill.run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished trainings, one line of JSON each: {@code FOLDER/TASK/runs.jsonl}. Lines are only ever added, whole or not at
 * all: by one thread of a process at a time, under the file's lock, which keeps other processes out (those of
 * {@code reference/runs.py} too), and flushed to the disk before the append returns. A line that a crash tore, or that
 * holds what no run has, is skipped with a warning that says what is wrong, and the next one starts on a line of its
 * own.
 *
 * @param folder the store's folder, such as {@code runs}
 */
public record RunStore(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);
    /**
     * Held by the thread that has a store's file open. A file's lock belongs to the process, not to the thread that
     * took it, and whatever thread closes the file gives it up for all. One for all files, so that links do not matter.
     */
    private static final Lock THREADS = new ReentrantLock();

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
        return Files.exists(file) ? runs(lines(file)) : List.of();
    }

    /**
     * Whether a task has a readable run that is asked for; the file is read up to the first one.
     *
     * @throws IOException where the file cannot be read
     */
    public boolean hasRun(String task, Predicate<Run> asked) throws IOException {
        Path path = file(task);
        return Files.exists(path)
                && locked(path, false, file -> texts(file).stream()
                        .map(line -> StoredRun.of(line).run())
                        .anyMatch(run -> run != null && asked.test(run)));
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
        return runs(lines);
    }

    /**
     * A line that is not blank.
     *
     * @param number from 1 on
     * @param run null where the line has no whole one
     * @param problem what is wrong with it; null where nothing is
     */
    public record Line(Path file, int number, String text, Run run, String problem) {

        private static Line of(Path file, int number, String text) {
            StoredRun stored = StoredRun.of(text);
            return new Line(file, number, text, stored.run(), stored.problem());
        }
    }

    private static List<Line> lines(Path path) throws IOException {
        return locked(path, false, file -> lines(path, file));
    }

    private static List<Line> lines(Path path, RandomAccessFile file) throws IOException {
        List<String> lines = texts(file);
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank())
                .mapToObj(i -> Line.of(path, i + 1, lines.get(i)))
                .toList();
    }

    private static List<String> texts(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(file.length())];
        file.seek(0);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }

    private static List<Run> runs(List<Line> lines) {
        return whole(lines).stream().map(Line::run).toList();
    }

    private static List<Line> whole(List<Line> lines) {
        lines.stream()
                .filter(line -> line.run() == null)
                .forEach(line -> LOG.warn("{} line {} is skipped: {}", line.file(), line.number(), line.problem()));
        return lines.stream().filter(line -> line.run() != null).toList();
    }

    /**
     * The identity of a teacher of runs of a task, by its beginning, as names of files have it.
     *
     * @param beginning at least {@link Settings#TEACHER_DIGITS} hexadecimal digits; of other words there is none
     * @throws IOException where several begin so
     */
    public Optional<String> teacher(String task, String beginning) throws IOException {
        return digest(task, beginning, "teachers", Settings::teacher);
    }

    /** As {@link #teacher}, of a student that is a network of one's own. */
    public Optional<String> student(String task, String beginning) throws IOException {
        return digest(task, beginning, "students", Settings::architecture);
    }

    private Optional<String> digest(String task, String beginning, String kind, Function<Settings, String> digest)
            throws IOException {
        if (!beginning.matches("[0-9a-f]{" + Settings.TEACHER_DIGITS + ",}")) {
            return Optional.empty();
        }
        List<String> found = runs(task).stream()
                .map(run -> digest.apply(run.settings()))
                .filter(one -> one != null && one.startsWith(beginning))
                .distinct()
                .toList();
        if (found.size() > 1) {
            throw new IOException("%s has several %s that begin with %s: %s; give more digits"
                    .formatted(file(task), kind, beginning, String.join(", ", found)));
        }
        return found.stream().findFirst();
    }

    /**
     * The digest of the weights that an own student of runs of a task started from; empty where it never kept its own.
     *
     * @throws IOException where there are several
     */
    public Optional<String> keptWeights(String task, String student) throws IOException {
        List<String> found = runs(task).stream()
                .map(Run::settings)
                .filter(settings -> student.equals(settings.architecture()) && settings.keptWeights() != null)
                .map(Settings::keptWeights)
                .distinct()
                .toList();
        if (found.size() > 1) {
            throw new IOException("%s has students %s that kept several weights (%s): name the file with --student"
                    .formatted(file(task), Settings.digits(student), String.join(", ", found)));
        }
        return found.stream().findFirst();
    }

    /** The latest run with an identity that this program trained. */
    public Optional<Run> find(String task, String identity) throws IOException {
        return latest(runs(task), identity);
    }

    private static Optional<Run> latest(List<Run> runs, String identity) {
        return runs.stream()
                .filter(run ->
                        run.identity().equals(identity) && run.provenance().isOurs())
                .reduce((earlier, later) -> later);
    }

    /**
     * Adds a run, unless the latest one with its identity has the same weights.
     *
     * @return what is stored: that one, or this
     * @throws IOException where it cannot be written; the file is then as it was
     */
    public Run appendUnlessEqual(Run run) throws IOException {
        Path path = file(run.settings().task());
        return writing(path, file -> {
            Optional<Run> stored = latest(runs(lines(path, file)), run.identity());
            if (stored.isPresent() && stored.get().weightsDigest().equals(run.weightsDigest())) {
                return stored.get();
            }
            stored.ifPresent(earlier -> LOG.warn(
                    "{}: the weights differ from those of the run stored on {} ({} and {}); both runs are kept",
                    run.settings().label(),
                    earlier.provenance().date(),
                    run.provenance().cpu(),
                    earlier.provenance().cpu()));
            add(path, file, Json.write(run));
            return run;
        });
    }

    /**
     * Adds a run.
     *
     * @throws IOException where it cannot be written; the file is then as it was
     */
    public void append(Run run) throws IOException {
        Path path = file(run.settings().task());
        writing(path, file -> {
            add(path, file, Json.write(run));
            return null;
        });
    }

    /**
     * What came of adding another store's runs.
     *
     * @param added how many were added
     * @param equal how many were there, with the same weights and numbers
     * @param conflicts what was not added, since there is another run with its identity
     */
    public record Merged(int added, int equal, List<Conflict> conflicts) {}

    /**
     * Two runs with one identity whose weights or numbers differ.
     *
     * @param kept the one that was there
     * @param left the other store's, which is not added
     */
    public record Conflict(Line kept, Line left) {}

    /**
     * Adds the runs of a task in another store that are not in this one, line by line as they are, all or none. Of an
     * identity that this store has no other run is added.
     *
     * @throws IOException where a file cannot be read or written; this store's is then as it was
     */
    public Merged merge(String task, RunStore other) throws IOException {
        Path from = other.file(task);
        if (!Files.exists(from)) {
            return new Merged(0, 0, List.of());
        }
        List<Line> offered = whole(lines(from));
        Path to = file(task);
        return writing(to, file -> {
            Map<List<Object>, List<Line>> here =
                    whole(lines(to, file)).stream().collect(Collectors.groupingBy(RunStore::origin));
            List<Line> added = new ArrayList<>();
            List<Conflict> conflicts = new ArrayList<>();
            for (Line line : offered) {
                List<Line> known = here.getOrDefault(origin(line), List.of());
                if (Stream.concat(known.stream(), added.stream())
                        .noneMatch(one -> one.run().isEqualTo(line.run()))) {
                    if (known.isEmpty()) {
                        added.add(line);
                    } else {
                        conflicts.add(new Conflict(known.get(known.size() - 1), line));
                    }
                }
            }
            if (!added.isEmpty()) {
                add(to, file, added.stream().map(Line::text).collect(Collectors.joining("\n")));
            }
            return new Merged(added.size(), offered.size() - added.size() - conflicts.size(), conflicts);
        });
    }

    /** What runs have in common that are to be the same: their identity, and which of both programs trained them. */
    private static List<Object> origin(Line line) {
        return List.of(line.run().identity(), line.run().provenance().isOurs());
    }

    /** Adds lines after the last one, whether or not a crash tore that; all or none. */
    private static void add(Path path, RandomAccessFile file, String lines) throws IOException {
        long size = file.length();
        try {
            String start = size == 0 || endsWithNewline(file, size) ? "" : "\n";
            file.seek(size);
            file.write((start + lines + "\n").getBytes(StandardCharsets.UTF_8));
            file.getFD().sync();
        } catch (IOException e) {
            file.setLength(size);
            throw new IOException("cannot add a run to " + path + ": " + e.getMessage(), e);
        }
    }

    private static boolean endsWithNewline(RandomAccessFile file, long size) throws IOException {
        file.seek(size - 1);
        return file.read() == '\n';
    }

    /** What is done with an open file. */
    @FunctionalInterface
    private interface Use<R> {
        R of(RandomAccessFile file) throws IOException;
    }

    /** As {@link #locked}, with a file that is made where it is not there. */
    private static <R> R writing(Path path, Use<R> use) throws IOException {
        Files.createDirectories(path.getParent());
        return locked(path, true, use);
    }

    /**
     * Opens a file for this thread alone, and while no other process writes to it, or where this one writes has it
     * open. Unlike a channel's, a write is not cut short when the thread is interrupted.
     */
    private static <R> R locked(Path path, boolean writes, Use<R> use) throws IOException {
        THREADS.lock();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), writes ? "rw" : "r");
                FileLock lock = file.getChannel().lock(0, Long.MAX_VALUE, !writes)) {
            return use.of(file);
        } finally {
            THREADS.unlock();
        }
    }
}
