package distill.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;

/**
 * Where a run's numbers come from, beside its settings.
 *
 * @param commit our git commit when the program was built, with {@code -dirty} where files had been changed since;
 *     {@code unknown} where it was built outside a checkout
 * @param data which data, in words
 * @param synthetic whether the data are generated
 * @param tensorflow version of the TensorFlow runtime
 * @param tensorflowJava version of TensorFlow-Java; null in runs of {@code reference/task1.py}
 * @param java version and maker of the Java virtual machine
 * @param os operating system, version and architecture
 * @param cpu the processor's name
 * @param date when the training ended, UTC
 * @param config SHA-256 of the file that options were taken from; null where all stood on the command line
 */
public record Provenance(
        String commit,
        String data,
        boolean synthetic,
        String tensorflow,
        String tensorflowJava,
        String java,
        String os,
        String cpu,
        String date,
        String config) {

    /**
     * The provenance of what this process trains, to be given its {@link #at date}. Read once, so that it names the
     * build that started.
     */
    public static Provenance of(String data, boolean synthetic) {
        Properties build = properties("/distill/build.properties");
        Properties git = properties("/distill/git.properties");
        String commit = git.getProperty("git.commit.id.full", "unknown")
                + (Boolean.parseBoolean(git.getProperty("git.dirty")) ? "-dirty" : "");
        return new Provenance(
                commit,
                data,
                synthetic,
                TensorFlow.version(),
                build.getProperty("tensorflow-java"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                String.join(
                        " ",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                processor(),
                null,
                null);
    }

    /** Whether this program trained the run, and not its counterpart in Python. */
    public boolean isOurs() {
        return tensorflowJava != null;
    }

    /** This provenance with a file that options were taken from, by its SHA-256; null for none. */
    public Provenance withConfig(String file) {
        return new Provenance(commit, data, synthetic, tensorflow, tensorflowJava, java, os, cpu, date, file);
    }

    /** This provenance with a date. */
    public Provenance at(Instant end) {
        return new Provenance(
                commit,
                data,
                synthetic,
                tensorflow,
                tensorflowJava,
                java,
                os,
                cpu,
                end.truncatedTo(ChronoUnit.SECONDS).toString(),
                config);
    }

    private static Properties properties(String resource) {
        Properties properties = new Properties();
        try (InputStream in = Provenance.class.getResourceAsStream(resource)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of this program", e);
        }
        return properties;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException | UncheckedIOException e) {
            return System.getProperty("os.arch");
        }
    }
}
