package distill.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden files are what {@code reference/export_fixtures.py} makes. */
@Tag("python")
class FixturesTest {

    private static final Path GOLDEN = Path.of("src/test/resources/keras");

    @TempDir
    private Path folder;

    /**
     * Archives hold their date, and SavedModels an order of nodes that changes: their weights are in the JSON files
     * too.
     */
    @Test
    void makingTheGoldenFilesAgainGivesTheSameNumbers() throws Exception {
        Python.assume();
        Python.run("reference/export_fixtures.py", folder.toString());
        List<String> compared;
        try (Stream<Path> files = Files.list(GOLDEN)) {
            compared = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") || name.endsWith(".h5"))
                    .toList();
        }
        for (String name : compared) {
            assertArrayEquals(Files.readAllBytes(GOLDEN.resolve(name)), Files.readAllBytes(folder.resolve(name)), name);
        }
        assertEquals(names(GOLDEN), names(folder));
    }

    private static List<String> names(Path folder) throws java.io.IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
