package distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java and dependencies in the documents are those of {@code examples/}, which {@code .ci/run} compiles and runs. */
class LibraryDocumentsTest {

    private static final Path EXAMPLES = Path.of("examples/src/main/java/examples");
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern COORDINATES = Pattern.compile(
            "<groupId>([\\w.-]*distill[\\w.-]*)</groupId>\\s*<artifactId>(\\S+)</artifactId>\\s*<version>(\\S+)</version>");

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.sorted().toList();
        }
    }

    /** Without the indentation, which is another in a document. */
    private static String lines(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    @Test
    void theDocumentsJavaStandsInAnExample() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path example : examples()) {
            sources.add(lines(Files.readString(example)));
        }
        for (String document : List.of("README.md", "CONTRIBUTING.md", "docs/library.md")) {
            List<String> blocks = JAVA.matcher(Files.readString(Path.of(document)))
                    .results()
                    .map(match -> lines(match.group(1)))
                    .toList();
            assertTrue(!blocks.isEmpty(), document + " has no Java");
            for (String block : blocks) {
                assertTrue(
                        sources.stream().anyMatch(source -> source.contains(block)),
                        document + " has Java that no example has:\n" + block);
            }
        }
    }

    @Test
    void theDocumentsAndTheExamplesDependOnWhatThePomBuilds() throws IOException {
        String expected = coordinates("pom.xml");
        for (String file : List.of("README.md", "docs/library.md", "examples/pom.xml")) {
            assertEquals(expected, coordinates(file), file);
        }
    }

    private static String coordinates(String file) throws IOException {
        return COORDINATES
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map(match -> match.group(1) + ":" + match.group(2) + ":" + match.group(3))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyExampleHasAtMostThirtyLinesAndIsInItsReadmeAndRunByItsScript() throws IOException {
        String readme = Files.readString(Path.of("examples/README.md"));
        String script = Files.readString(Path.of("examples/run"));
        for (Path example : examples()) {
            assertTrue(Files.readAllLines(example).size() <= 30, example + " has more than 30 lines");
            String name = example.getFileName().toString().replace(".java", "");
            if (!name.equals("Digits")) {
                assertTrue(readme.contains("[" + name + "]"), "examples/README.md does not have " + name);
                assertTrue(script.contains(" " + name), "examples/run does not run " + name);
            }
        }
    }
}
