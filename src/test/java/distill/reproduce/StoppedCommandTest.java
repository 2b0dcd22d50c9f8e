package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Mnist;
import distill.data.TinyMnist;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedCommandTest {

    private static final int TERMINATED = 128 + 15;
    private static final long SOON_NANOS = 5_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void aCommandThatIsStoppedSaysWhatIsKeptAndHowToGoOn() throws Exception {
        TinyMnist.write(
                folder.resolve("digits"),
                TinyMnist.idxFiles(
                        Mnist.generate(300, 20).train(), Mnist.generate(300, 20).test()));
        Process process = Launched.start(
                folder, "task1 q5 --temperatures 4 --alphas .5 --epochs 10000 --device cpu --jobs 1 --data-dir digits");
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.contains("  epoch  3/")) {
                line = out.readLine();
            }
            assertTrue(line != null, "no third epoch");
            long start = System.nanoTime();
            process.toHandle().destroy();
            List<String> rest = out.lines().toList();
            assertEquals(TERMINATED, process.waitFor());
            assertTrue(System.nanoTime() - start < SOON_NANOS);
            String said = rest.stream()
                    .filter(one -> one.startsWith("Stopped: "))
                    .findFirst()
                    .orElseThrow();
            assertTrue(
                    said.matches(
                            "Stopped: none of its trainings is stored yet; \\S*teacher-seed1 goes on after epoch \\d+"
                                    + " of 10000\\. The same command goes on\\."),
                    said);
        } finally {
            process.destroyForcibly();
        }
    }
}
