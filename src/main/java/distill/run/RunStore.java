package distill.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
 * Finished trainings, one line of JSON each, in files {@code FOLDER/TASK/runs-QUESTION-READING.jsonl}. Before there was
 * a file for each question all stood in {@code FOLDER/TASK/runs.jsonl}, and what stands there still counts. Lines are
 * only ever added, whole or not at all: by one thread of a process at a time, under the lock of {@code runs.jsonl},
 * which keeps other processes out (those of {@code reference/runs.py} and of earlier versions too), and flushed to the
 * disk before the append returns. A line that a crash tore, or that holds what no run has, is skipped with a warning
 * that says what is wrong, and the next one starts on a line of its own.
 *
 * @param folder the store's folder, such as {@code runs}
 */
public record RunStore(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);

    /** A run has some kilobytes, or with many epochs, classes and test images a megabyte. */
    private static final int MOST_LINE = 1 << 26;

    /** Stands for a line that is longer than any run. */
    private static final String TOO_LONG = "more than %d bytes".formatted(MOST_LINE);

    /**
     * Held by the thread that has a store open. A file's lock belongs to the process, not to the thread that took it,
     * and whatever thread closes the file gives it up for all. One for all stores, so that links do not matter.
     */
    private static final Lock THREADS = new ReentrantLock();

    /** The file whose lock is the store's; empty where no earlier version wrote into it. */
    private static final String LOCK = "runs.jsonl";

    private static final String ENDING = ".jsonl";

    /** Bytes after which the next run begins another file, so that none becomes too long to be looked at. */
    private static final int FULL = 900_000;

    /** Where one task's runs are, and what is made of them. It need not exist. */
    public Path folder(String task) {
        return folder.resolve(task);
    }

    /** The files of one task's runs, in the order of their names; empty where there are none. */
    public List<Path> files(String task) throws IOException {
        if (!Files.isDirectory(folder(task))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder(task))) {
            return files.filter(file -> name(file).matches("runs(-.+)?\\.jsonl"))
                    .sorted(Comparator.comparing(file -> name(file).replace(ENDING, "")))
                    .toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /**
     * Every readable run of a task, in the order in which they ended, but those of a file in its order; empty where
     * there is none.
     *
     * @throws IOException where a file cannot be read
     */
    public List<Run> runs(String task) throws IOException {
        List<Line> lines = locked(folder(task), false, lock -> lines(task, lock));
        return runs(lines);
    }

    /**
     * Whether a task has a readable run that is asked for; files are read up to the first one.
     *
     * @throws IOException where the file cannot be read
     */
    public boolean hasRun(String task, Predicate<Run> asked) throws IOException {
        return locked(folder(task), false, lock -> {
            for (Path file : files(task)) {
                if (texts(file, lock).stream()
                        .map(line -> StoredRun.of(line).run())
                        .anyMatch(run -> run != null && asked.test(run))) {
                    return true;
                }
            }
            return false;
        });
    }

    /**
     * Every readable run of a file, wherever it lies, in the order of the file.
     *
     * @throws IOException where the file cannot be read, or holds no run
     */
    public static List<Run> runs(Path file) throws IOException {
        List<Line> lines = locked(file.toAbsolutePath().getParent(), false, lock -> lines(file, lock));
        if (lines.stream().allMatch(line -> line.run() == null)) {
            throw new IOException(file + " holds no run: a store's file has one finished training on each line");
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
            if (text.equals(TOO_LONG)) {
                return new Line(file, number, text, null, "it has " + TOO_LONG + ", as no run has");
            }
            StoredRun stored = StoredRun.of(text);
            return new Line(file, number, text, stored.run(), stored.problem());
        }
    }

    /** @param ended when the last run up to it ended: what stands later in a file counts as later */
    private record Dated(Line line, String ended) {}

    /** @param lock the open file that is locked; null where the store has none */
    private List<Line> lines(String task, RandomAccessFile lock) throws IOException {
        List<Dated> dated = new ArrayList<>();
        // Times are in seconds, and students rest on what ended before them.
        List<Path> teachersFirst = files(task).stream()
                .sorted(Comparator.comparing(file -> !name(file).startsWith("runs-" + Settings.SHARED_TEACHER)))
                .toList();
        for (Path file : teachersFirst) {
            String latest = "";
            for (Line line : lines(file, lock)) {
                String date =
                        line.run() == null ? null : line.run().provenance().date();
                latest = date == null || date.compareTo(latest) < 0 ? latest : date;
                dated.add(new Dated(line, latest));
            }
        }
        return dated.stream()
                .sorted(Comparator.comparing(Dated::ended))
                .map(Dated::line)
                .toList();
    }

    private static List<Line> lines(Path file, RandomAccessFile lock) throws IOException {
        List<String> lines = texts(file, lock);
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank())
                .mapToObj(i -> Line.of(file, i + 1, lines.get(i)))
                .toList();
    }

    /** To open and close the locked file once more would give up its lock. */
    private static List<String> texts(Path file, RandomAccessFile lock) throws IOException {
        if (lock != null && file.endsWith(LOCK)) {
            lock.seek(0);
            return texts(Channels.newInputStream(lock.getChannel()));
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return texts(bytes);
        }
    }

    private static List<String> texts(InputStream bytes) throws IOException {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] read = new byte[1 << 16];
        for (int count = bytes.read(read); count > 0; count = bytes.read(read)) {
            int from = 0;
            for (int i = 0; i < count; i++) {
                if (read[i] == '\n') {
                    keep(read, from, i, line);
                    lines.add(text(line));
                    line.reset();
                    from = i + 1;
                }
            }
            keep(read, from, count, line);
        }
        if (line.size() > 0) {
            lines.add(text(line));
        }
        return lines;
    }

    /** Adds bytes to a line, as many as tell that it is too long. */
    private static void keep(byte[] read, int from, int to, ByteArrayOutputStream line) {
        line.write(read, from, Math.min(to - from, MOST_LINE + 1 - line.size()));
    }

    private static String text(ByteArrayOutputStream line) {
        return line.size() > MOST_LINE ? TOO_LONG : line.toString(StandardCharsets.UTF_8);
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
                    .formatted(folder(task), kind, beginning, String.join(", ", found)));
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
                    .formatted(folder(task), Settings.digits(student), String.join(", ", found)));
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
     * Adds a run, unless the latest one with its identity has the same weights and lacks no measure.
     *
     * @return what is stored: that one, or this
     * @throws IOException where it cannot be written; the store is then as it was
     */
    public Run appendUnlessEqual(Run run) throws IOException {
        String task = run.settings().task();
        return locked(folder(task), true, lock -> {
            Optional<Run> stored = latest(runs(lines(task, lock)), run.identity());
            boolean same = stored.isPresent() && stored.get().weightsDigest().equals(run.weightsDigest());
            if (same && !run.hasMoreThan(stored.get())) {
                return stored.get();
            }
            stored.filter(earlier -> !same)
                    .ifPresent(earlier -> LOG.warn(
                            "{}: the weights differ from those of the run stored on {} ({} and {}); both runs are kept",
                            run.settings().label(),
                            earlier.provenance().date(),
                            run.provenance().cpu(),
                            earlier.provenance().cpu()));
            add(List.of(Added.of(run)));
            return run;
        });
    }

    /**
     * Adds a run.
     *
     * @throws IOException where it cannot be written; the store is then as it was
     */
    public void append(Run run) throws IOException {
        locked(folder(run.settings().task()), true, lock -> {
            add(List.of(Added.of(run)));
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
     * identity that this store has no other run is added, unless it is equal and has a measure that this store's lacks.
     *
     * @throws IOException where a file cannot be read or written; this store's is then as it was
     */
    public Merged merge(String task, RunStore other) throws IOException {
        List<Line> offered = whole(locked(other.folder(task), false, lock -> other.lines(task, lock)));
        if (offered.isEmpty()) {
            return new Merged(0, 0, List.of());
        }
        return locked(folder(task), true, lock -> {
            Map<List<Object>, List<Line>> here =
                    whole(lines(task, lock)).stream().collect(Collectors.groupingBy(RunStore::origin));
            List<Line> added = new ArrayList<>();
            List<Conflict> conflicts = new ArrayList<>();
            for (Line line : offered) {
                List<Line> known = here.getOrDefault(origin(line), List.of());
                if (Stream.concat(known.stream(), added.stream())
                        .map(Line::run)
                        .noneMatch(
                                run -> run.isEqualTo(line.run()) && !line.run().hasMoreThan(run))) {
                    if (known.stream().allMatch(one -> one.run().isEqualTo(line.run()))) {
                        added.add(line);
                    } else {
                        conflicts.add(new Conflict(known.get(known.size() - 1), line));
                    }
                }
            }
            add(added.stream()
                    .map(line -> new Added(line.run().settings(), line.text()))
                    .toList());
            return new Merged(added.size(), offered.size() - added.size() - conflicts.size(), conflicts);
        });
    }

    /** What runs have in common that are to be the same: their identity, and which of both programs trained them. */
    private static List<Object> origin(Line line) {
        return List.of(line.run().identity(), line.run().provenance().isOurs());
    }

    /** @param text its line */
    private record Added(Settings settings, String text) {

        private static Added of(Run run) {
            return new Added(run.settings(), Json.write(run));
        }
    }

    /** Adds lines, each to the file of its question and reading; all or none. */
    private void add(List<Added> lines) throws IOException {
        Map<Path, StringBuilder> texts = new LinkedHashMap<>();
        for (Added line : lines) {
            texts.computeIfAbsent(place(line.settings(), texts), file -> new StringBuilder())
                    .append(line.text())
                    .append('\n');
        }
        Map<Path, Long> sizes = new LinkedHashMap<>();
        try {
            for (Map.Entry<Path, StringBuilder> one : texts.entrySet()) {
                add(one.getKey(), one.getValue(), sizes);
            }
        } catch (IOException e) {
            for (Map.Entry<Path, Long> size : sizes.entrySet()) {
                try (RandomAccessFile file = new RandomAccessFile(size.getKey().toFile(), "rw")) {
                    file.setLength(size.getValue());
                }
            }
            throw new IOException("cannot add a run to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The file that a run is added to: the first of its question and reading that is not full. */
    private Path place(Settings run, Map<Path, StringBuilder> texts) throws IOException {
        String name = "runs-%s-%s".formatted(run.question().replaceAll("[^A-Za-z0-9-]", "_"), run.variant());
        for (int number = 1; ; number++) {
            Path file = folder(run.task()).resolve(name + (number == 1 ? "" : "-" + number) + ENDING);
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (size + texts.getOrDefault(file, new StringBuilder()).length() < FULL) {
                return file;
            }
        }
    }

    /** Adds lines after a file's last one, whether or not a crash tore that. */
    private static void add(Path path, CharSequence lines, Map<Path, Long> sizes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long size = file.length();
            sizes.put(path, size);
            String start = size == 0 || endsWithNewline(file, size) ? "" : "\n";
            file.seek(size);
            file.write((start + lines).getBytes(StandardCharsets.UTF_8));
            file.getFD().sync();
        }
    }

    private static boolean endsWithNewline(RandomAccessFile file, long size) throws IOException {
        file.seek(size - 1);
        return file.read() == '\n';
    }

    /** What is done with a store, whose open lock it is given. */
    @FunctionalInterface
    private interface Use<R> {
        R of(RandomAccessFile lock) throws IOException;
    }

    /**
     * Uses a task's folder by this thread alone, and while no other process writes into it, or where this one writes
     * uses it. Where nothing was ever added there is no lock to take, and none is made to read. Unlike a channel's, a
     * write is not cut short when the thread is interrupted.
     */
    private static <R> R locked(Path folder, boolean writes, Use<R> use) throws IOException {
        Path path = folder.resolve(LOCK);
        if (writes) {
            Files.createDirectories(folder);
        } else if (!Files.exists(path)) {
            return use.of(null);
        }
        THREADS.lock();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), writes ? "rw" : "r");
                FileLock lock = file.getChannel().lock(0, Long.MAX_VALUE, !writes)) {
            return use.of(file);
        } finally {
            THREADS.unlock();
        }
    }
}
