package distill.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.files.Contents;
import distill.files.Temporary;
import distill.run.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process trains, in a file beside the runs while it does, so that another process can tell:
 * {@code runs/.training-HOST-PID-N.json}.
 *
 * @param host the machine's name; empty where it is not known
 * @param pid the process's number on that machine
 * @param processStart when the process began, by which it is told from a later one of its number; null where that is
 *     not known
 * @param since when its first training began
 * @param written when it said this
 * @param images what accuracies are measured on, such as {@code test}
 * @param ended how many trainings have ended
 * @param all how many there are, with those to come
 * @param secondsToGo until all have ended
 * @param underway those that are being trained
 */
public record TrainingStatus(
        String host,
        long pid,
        String processStart,
        String since,
        String written,
        String images,
        int ended,
        int all,
        double secondsToGo,
        List<Underway> underway) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingStatus.class);

    /** Systems tell the start of a process a little differently each time. */
    private static final Duration SAME_START = Duration.ofSeconds(10);

    private static final String PREFIX = ".training-";
    private static final String ENDING = ".json";

    public TrainingStatus {
        Objects.requireNonNull(host, "it has no host");
        Instant.parse(since);
        Instant.parse(written);
        if (processStart != null) {
            Instant.parse(processStart);
        }
        underway = List.copyOf(underway);
    }

    /**
     * A training that is going on.
     *
     * @param label {@link distill.run.Settings#label()}
     * @param epoch the one that is trained, from 1
     * @param epochs in all
     * @param step the last one that is done, of {@code steps} in an epoch
     * @param accuracy in percent after the epoch before; null where this process has not measured it
     */
    public record Underway(String label, int epoch, int epochs, int step, int steps, Double accuracy) {}

    /**
     * What is trained in a store, the longest first. Files of processes that are certainly dead are deleted.
     *
     * @throws IOException where a file cannot be read, or is none that this program wrote
     */
    public static List<TrainingStatus> of(Path store) throws IOException {
        List<TrainingStatus> found = new ArrayList<>();
        if (!Files.isDirectory(store)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(store, PREFIX + "*" + ENDING)) {
            for (Path file : files) {
                Optional<TrainingStatus> status = read(file);
                if (status.isPresent() && status.get().certainlyDead()) {
                    Files.deleteIfExists(file);
                } else {
                    status.ifPresent(found::add);
                }
            }
        }
        found.sort(Comparator.comparing(TrainingStatus::since));
        return found;
    }

    /** Deletes the files of processes that are certainly dead, as far as they can be deleted. */
    static void deleteDead(Path store) {
        try {
            of(store);
        } catch (IOException e) {
            LOG.debug("{}: {}", store, e.toString());
        }
    }

    /** Nothing where the process has just ended, and the file with it. */
    private static Optional<TrainingStatus> read(Path file) throws IOException {
        try {
            TrainingStatus status = Json.read(Contents.text(file), TrainingStatus.class);
            if (status == null) {
                throw unknown(file, null);
            }
            return Optional.of(status);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException | CharacterCodingException e) {
            throw unknown(file, e);
        }
    }

    private static IOException unknown(Path file, IOException cause) {
        return new IOException(file + " does not say what is trained: delete it if nothing is", cause);
    }

    /** The file of this process's {@code n}-th experiment. */
    static Path file(Path store, int n) {
        String host = Temporary.machine().replaceAll("[^\\w.-]", "-");
        return store.resolve(PREFIX + host + "-" + ProcessHandle.current().pid() + "-" + n + ENDING);
    }

    /** The status of this process now. */
    static TrainingStatus ofThisProcess(
            Instant since, String images, int ended, int all, double secondsToGo, List<Underway> underway) {
        ProcessHandle process = ProcessHandle.current();
        return new TrainingStatus(
                Temporary.machine(),
                process.pid(),
                process.info().startInstant().map(Instant::toString).orElse(null),
                since.toString(),
                Instant.now().toString(),
                images,
                ended,
                all,
                secondsToGo,
                underway);
    }

    /** Whether the process is one of this machine's, which are the only ones that can be looked for. */
    public boolean onThisMachine() {
        return host.equals(Temporary.machine());
    }

    private boolean certainlyDead() {
        return onThisMachine()
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .filter(this::beganThen)
                        .isEmpty();
    }

    private boolean beganThen(ProcessHandle process) {
        return process.info()
                .startInstant()
                .filter(start -> processStart != null)
                .map(start -> Duration.between(Instant.parse(processStart), start)
                                .abs()
                                .compareTo(SAME_START)
                        < 0)
                .orElse(true);
    }
}
