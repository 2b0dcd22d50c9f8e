package distill.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The inputs that the fuzzer found, which stay, and what it begins with. */
class ForeignFileTest {

    /** A folder for each file, in which is what once broke its reader. */
    private static final Path FOUND = Path.of("src/test/resources/fuzz");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<JsonNode> OTHERS = List.of(
            NullNode.instance,
            JSON.createArrayNode(),
            JSON.createObjectNode(),
            TextNode.valueOf("x"),
            IntNode.valueOf(-1),
            DoubleNode.valueOf(1e300));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void whatTheFuzzerFoundIsReadOrRefusedInASentenceThatNamesTheFile(ForeignFile file) throws IOException {
        Path found = FOUND.resolve(file.label());
        if (!Files.isDirectory(found)) {
            return;
        }
        try (Stream<Path> inputs = Files.list(found)) {
            for (Path input : inputs.sorted().toList()) {
                Fuzz.check(file, folder, Files.readAllBytes(input));
            }
        }
    }

    /** JSON of a hundred thousand levels among them. */
    @ParameterizedTest
    @EnumSource
    void whatIsNoSuchFileAtAllIsReadOrRefusedInASentenceThatNamesTheFile(ForeignFile file) throws IOException {
        List<String> contents = List.of(
                "", "\n", "\ufeff", "null", "{}", "[]", "0", "\"", "[".repeat(100_000), "{\"a\":".repeat(100_000));
        for (String content : contents) {
            Fuzz.check(file, folder, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void jsonOneOfWhoseFieldsHoldsSomethingElseIsReadOrRefusedInASentenceThatNamesTheFile(ForeignFile file)
            throws IOException {
        for (byte[] seed : file.seeds(Files.createDirectories(folder.resolve("seeds")))) {
            JsonNode json;
            try {
                json = JSON.readTree(seed);
            } catch (JsonProcessingException e) {
                continue;
            }
            if (json.isObject()) {
                changeEach(json, () -> Fuzz.check(file, folder, JSON.writeValueAsBytes(json)));
            }
        }
    }

    /** Replaces each value in a tree, one at a time. */
    private static void changeEach(JsonNode node, ThrowingRunnable check) throws IOException {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                for (JsonNode other : OTHERS) {
                    object.set(field.getKey(), other);
                    check.run();
                }
                object.set(field.getKey(), field.getValue());
                changeEach(field.getValue(), check);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                for (JsonNode other : OTHERS) {
                    array.set(i, other);
                    check.run();
                }
                array.set(i, value);
                changeEach(value, check);
            }
        }
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws IOException;
    }

    /** The networks of the configurations here are not the one that they are held against. */
    @ParameterizedTest
    @EnumSource
    void aGoodFileIsReadAndItsHalfIsReadOrRefusedInASentence(ForeignFile file) throws IOException {
        List<byte[]> seeds = file.seeds(Files.createDirectories(folder.resolve("seeds")));
        if (file != ForeignFile.KERAS_CONFIGURATION) {
            assertDoesNotThrow(() -> file.read(Files.createTempDirectory(folder, "good"), seeds.get(0)));
        }
        for (byte[] seed : seeds) {
            Fuzz.check(file, Files.createTempDirectory(folder, "half"), Arrays.copyOf(seed, seed.length / 2));
        }
    }
}
