package distill.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryTest {

    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The number of a process that has ended. */
    private static long ended() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    private String left(String machine, long process) {
        return ".table.md.tmp-" + machine + "-" + process + "-1";
    }

    @Test
    void whatAKilledProcessLeftIsRemovedFilesAndFolders() throws Exception {
        Files.createFile(folder.resolve(left(Temporary.machine(), ended())));
        Files.createDirectories(
                folder.resolve(left(Temporary.machine(), ended())).resolve("state"));
        Temporary.beside(folder.resolve("other.csv"));
        assertEquals(List.of(), names());
    }

    @Test
    void whatALivingProcessWritesStays() throws Exception {
        Path own = Files.createFile(Temporary.beside(folder.resolve("table.md")));
        String others = left(
                Temporary.machine(),
                ProcessHandle.current().parent().orElseThrow().pid());
        Files.createFile(folder.resolve(others));
        Temporary.beside(folder.resolve("table.md"));
        assertEquals(Set.of(own.getFileName().toString(), others), Set.copyOf(names()));
    }

    /** As where a container is started again, whose processes have the numbers that they had before. */
    @Test
    void whatAKilledProcessOfThisOnesNumberLeftIsRemoved() throws Exception {
        Path own = Files.createFile(Temporary.beside(folder.resolve("table.md")));
        Matcher name = Pattern.compile("(.*-)(\\d+)").matcher(own.toString());
        assertTrue(name.matches());
        Path killed = Files.createFile(Path.of(name.group(1) + (Long.parseLong(name.group(2)) + 1_000_000)));
        Temporary.beside(folder.resolve("other.csv"));
        assertFalse(Files.exists(killed));
        assertTrue(Files.exists(own));
    }

    @Test
    void whatAnotherMachineBeganStaysForADay() throws Exception {
        String other = left("elsewhere", ended());
        Files.createFile(folder.resolve(other));
        Temporary.beside(folder.resolve("table.md"));
        assertEquals(List.of(other), names());

        Instant yesterday = Instant.now().minus(Duration.ofHours(25));
        Files.setLastModifiedTime(folder.resolve(other), FileTime.from(yesterday));
        Temporary.beside(folder.resolve("table.md"));
        assertEquals(List.of(), names());
    }

    @Test
    void filesOfOtherNamesStay() throws Exception {
        List<String> others = List.of(".notes.tmp-1", "table.md", "table.md.tmp-here-1-1");
        for (String name : others) {
            Files.createFile(folder.resolve(name));
        }
        Temporary.beside(folder.resolve("table.md"));
        assertEquals(others, names());
    }

    @Test
    void twoWritersOfOneFileHaveNamesOfTheirOwn() {
        Path file = folder.resolve("table.md");
        assertNotEquals(Temporary.beside(file), Temporary.beside(file));
    }
}
