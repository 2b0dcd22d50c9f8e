package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.data.DataSet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** The Python that has Keras: {@code $DISTILL_PYTHON}, or {@code .venv} as reference/README.md makes it. */
public final class Python {

    private static final String VARIABLE = "DISTILL_PYTHON";
    private static final Path TABLES = Path.of("target/parity.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Python() {}

    /** Skips the test where there is no Python with Keras; one that was named must have it. */
    public static void assume() {
        boolean there = Files.isExecutable(Path.of(interpreter())) || System.getenv(VARIABLE) != null;
        assumeTrue(
                there,
                "SKIPPED: no Python with Keras here; make .venv as reference/README.md says, or set DISTILL_PYTHON");
    }

    /**
     * Skips the test where there is no MNIST; where a Python was named, which asks for these tests, it must be there.
     */
    static void assumeMnist(DataSet data) {
        assertTrue(data.origin().original() || System.getenv(VARIABLE) == null, "no MNIST here");
        assumeTrue(data.origin().original(), "SKIPPED: no MNIST here");
    }

    private static String interpreter() {
        String named = System.getenv(VARIABLE);
        return named == null ? ".venv/bin/python" : named;
    }

    /** Runs a program in the project's folder; the test fails where it does. Returns what it printed. */
    public static String run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    /** The same with some variables in its environment. */
    static String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return run(Path.of(""), environment, arguments);
    }

    /** The same in another folder. */
    static String run(Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        String python = interpreter();
        List<String> command = new ArrayList<>(
                List.of(python.contains("/") ? Path.of(python).toAbsolutePath().toString() : python));
        command.addAll(Arrays.asList(arguments));
        File errors = File.createTempFile("python", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toAbsolutePath().toFile())
                .redirectError(errors);
        // With it TensorFlow's Python has another cross-entropy: docs/parity.md.
        builder.environment().remove("TF_DETERMINISTIC_OPS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes());
        int exitCode = process.waitFor();
        String said = Files.readString(errors.toPath());
        Files.delete(errors.toPath());
        assertEquals(0, exitCode, () -> String.join(" ", command) + "\n" + printed + said);
        return printed;
    }

    /**
     * Adds a table to target/parity.md, which holds what runs of the tests measured.
     *
     * @param header the table's, as a line of Markdown
     */
    static void record(String header, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of("", header, header.replaceAll("[^|]+", " --- ")));
        lines.addAll(rows);
        Files.write(TABLES, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            return Assertions.fail(e);
        }
    }

    /** Numbers that NumPy or our own program wrote, row by row; a first line of names is left out. */
    static List<double[]> csv(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("step,"))
                .map(line -> Arrays.stream(line.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }
}
