package distill.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Device;
import distill.weights.KerasFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The golden files are what {@code reference/export_fixtures.py}, {@code export_layers.py} and
 * {@code export_metrics.py} make.
 */
@Tag("python")
class FixturesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
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
        Python.run("reference/export_layers.py", folder.toString());
        List<String> compared;
        try (Stream<Path> files = Files.list(GOLDEN)) {
            compared = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") || name.endsWith(".h5") || name.endsWith(".txt"))
                    .toList();
        }
        for (String name : compared) {
            if (name.endsWith(".json")) {
                // Answers of networks in float32 are rounded as the processor does it, those in float64 nearly so.
                double tolerance = name.startsWith("training") ? 1e-12 : 1e-6;
                JsonNode golden = JSON.readTree(GOLDEN.resolve(name).toFile());
                assertNear(golden, JSON.readTree(folder.resolve(name).toFile()), tolerance, name);
            } else {
                assertArrayEquals(
                        Files.readAllBytes(GOLDEN.resolve(name)), Files.readAllBytes(folder.resolve(name)), name);
            }
        }
        // Archives hold their date, and SavedModels an order of nodes that changes: their weights are compared.
        for (String name : names(GOLDEN)) {
            if (name.endsWith(".keras") || name.endsWith("saved-model")) {
                assertEquals(digests(GOLDEN.resolve(name)), digests(folder.resolve(name)), name);
            }
        }
        assertEquals(names(GOLDEN), names(folder));
    }

    @Test
    void measuringAgainGivesTheSameScores() throws Exception {
        Python.assume();
        Path again = folder.resolve("metrics.json");
        Python.run("reference/export_metrics.py", again.toString());
        JsonNode golden = JSON.readTree(GOLDEN.resolveSibling("metrics.json").toFile());
        assertNear(golden, JSON.readTree(again.toFile()), 1e-12, "metrics.json");
    }

    private static List<String> digests(Path file) throws IOException {
        return KerasFile.read(file, Device.cpu(2)).layers().stream()
                .flatMap(layer -> layer.weights().stream().map(weight -> layer.path(weight) + layer.digest(weight)))
                .toList();
    }

    private static void assertNear(JsonNode golden, JsonNode found, double tolerance, String place) {
        if (golden.isNumber()) {
            assertEquals(
                    golden.asDouble(), found.asDouble(), tolerance * Math.max(1, Math.abs(golden.asDouble())), place);
        } else if (golden.isContainerNode()) {
            assertEquals(golden.size(), found.size(), place);
            if (golden.isArray()) {
                for (int i = 0; i < golden.size(); i++) {
                    assertNear(golden.get(i), found.get(i), tolerance, place + "/" + i);
                }
            } else {
                golden.properties()
                        .forEach(field -> assertNear(
                                field.getValue(), found.path(field.getKey()), tolerance, place + "/" + field.getKey()));
            }
        } else {
            assertEquals(golden, found, place);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
