package distill.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What Jazzer calls, with bytes of its own: the {@link ForeignFile} that the property {@code foreign.file} names reads
 * them, within two seconds of a processor's time, and fails as it may. {@code src/test/fuzz} starts it.
 */
public final class Fuzz {

    private static final long NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static ForeignFile file;
    private static Path folder;

    private Fuzz() {}

    /** Called by Jazzer before the first input. */
    public static void fuzzerInitialize() throws IOException {
        file = ForeignFile.labelled(System.getProperty("foreign.file"));
        Path memory = Path.of("/dev/shm");
        folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "fuzz")
                : Files.createTempDirectory("fuzz");
    }

    /** Called by Jazzer with each input. */
    public static void fuzzerTestOneInput(byte[] content) {
        check(file, folder, content);
    }

    /** Called by Jazzer at the end. */
    public static void fuzzerTearDown() throws IOException {
        distill.files.Folders.delete(folder);
    }

    /**
     * Reads.
     *
     * @throws AssertionError where it takes too long, or the error does not say which file it is about
     */
    static void check(ForeignFile file, Path folder, byte[] content) {
        long start = THREADS.getCurrentThreadCpuTime();
        try {
            file.read(folder, content);
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains(folder.toString())) {
                throw new AssertionError("this does not name its file: " + e.getMessage(), e);
            }
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        if (nanos > NANOS) {
            throw new AssertionError(content.length + " bytes took " + nanos / 1_000_000 + " ms");
        }
    }

    /** Writes the seeds of every file below a folder, each file's into a folder of its own. */
    public static void main(String... args) throws IOException {
        for (ForeignFile one : ForeignFile.values()) {
            Path target = Files.createDirectories(Path.of(args[0], one.label()));
            int number = 0;
            for (byte[] seed : one.seeds(Files.createTempDirectory("seeds"))) {
                Files.write(target.resolve("seed-" + number++), seed);
            }
            System.out.println(one.label());
        }
    }
}
