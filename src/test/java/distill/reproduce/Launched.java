package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands in processes of their own, each in a folder that has its own {@code saved-models/}. */
public final class Launched {

    private Launched() {}

    /** What a command prints that ends with 0. */
    public static String reproduce(Path folder, String line) throws Exception {
        return reproduce(0, folder, line);
    }

    /** What a command prints that ends with some exit code. */
    static String reproduce(int code, Path folder, String line) throws Exception {
        Process process = start(folder, line);
        String printed = new String(process.getInputStream().readAllBytes());
        assertEquals(code, process.waitFor(), printed);
        return printed;
    }

    /** A command that has begun; what it says of errors is among what it prints. */
    static Process start(Path folder, String line) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                "distill.reproduce.Reproduce"));
        command.addAll(List.of(line.split(" ")));
        return new ProcessBuilder(command)
                .directory(Files.createDirectories(folder).toFile())
                .redirectErrorStream(true)
                .start();
    }
}
