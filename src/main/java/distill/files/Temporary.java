package distill.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a file or a folder is written before it is moved to its own name as a whole. The names,
 * {@code .NAME.tmp-MACHINE-PROCESS-NUMBER}, say who writes there, so that what a killed process left can be removed.
 */
public final class Temporary {

    private static final Logger LOG = LoggerFactory.getLogger(Temporary.class);

    private static final String MARK = ".tmp-";
    private static final Pattern NAME = Pattern.compile("\\..+\\.tmp-(.*)-(\\d{1,18})-(\\d{1,18})");

    /** What another machine began, of whose processes nothing is known here, is left alone for so long. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final AtomicLong NUMBERS = new AtomicLong();

    private Temporary() {}

    /**
     * A name beside {@code target} that no other thread or process has. Removes first what killed processes left in
     * that folder, as far as it can be removed: of this machine where the process is no more, of others after a day. A
     * container that is started again gives its processes the numbers that they had before.
     */
    public static Path beside(Path target) {
        Path absolute = target.toAbsolutePath();
        removeLeftOvers(absolute.getParent());
        return absolute.resolveSibling("." + absolute.getFileName() + MARK + inName() + "-"
                + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet());
    }

    private static void removeLeftOvers(Path folder) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, ".*" + MARK + "*")) {
            for (Path file : found) {
                if (isLeftOver(file)) {
                    Folders.delete(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // There is no such folder yet, or it may not be changed, as whoever writes there will hear.
            LOG.debug("{}: {}", folder, e.toString());
        }
    }

    private static boolean isLeftOver(Path file) throws IOException {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        if (name.group(1).equals(inName())) {
            long process = Long.parseLong(name.group(2));
            return process == ProcessHandle.current().pid()
                    ? Long.parseLong(name.group(3)) > NUMBERS.get()
                    : ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty();
        }
        return Files.exists(file)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(PATIENCE));
    }

    /** The machine's name, with hyphens for what may not stand in the name of a file. */
    private static String inName() {
        return machine().replaceAll("[^\\w.-]", "-");
    }

    /** This machine's name; empty where it is not known. */
    public static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return Objects.requireNonNullElse(System.getenv("COMPUTERNAME"), "");
        }
    }
}
