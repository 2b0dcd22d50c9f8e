package distill.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    @TempDir
    private Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aFileIsReplacedAndNothingIsLeftBesideIt() throws IOException {
        Path file = folder.resolve("figure.svg");
        WholeFile.replace(file, "older");
        WholeFile.replace(file, out -> out.write("newer".getBytes(StandardCharsets.UTF_8)));
        assertEquals("newer", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void whereWhatIsToBeWrittenCannotBeMadeTheOldFileStays() throws IOException {
        Path file = folder.resolve("figure.svg");
        WholeFile.replace(file, "older");
        assertThrows(
                IOException.class,
                () -> WholeFile.replace(file, out -> {
                    out.write('n');
                    throw new IOException("no more");
                }));
        assertEquals("older", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void whereItCannotBeWrittenTheFileAndTheReasonAreNamed() throws IOException {
        Path file = folder.resolve("none/figure.svg");
        IOException missing = assertThrows(IOException.class, () -> WholeFile.replace(file, "newer"));
        assertEquals("cannot write " + file + ": its folder is not there", missing.getMessage());
        Path full = Files.createDirectories(folder.resolve("figure.svg/inner")).getParent();
        IOException occupied = assertThrows(IOException.class, () -> WholeFile.replace(full, "newer"));
        assertEquals("cannot write " + full + ": a folder stands in its place", occupied.getMessage());
        assertEquals(List.of(full), files());
    }
}
