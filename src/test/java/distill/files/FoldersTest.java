package distill.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aFolderIsThereOnceAllOfItIsWritten() throws IOException {
        Path target = folder.resolve("model");
        assertTrue(Folders.make(target, made -> {
            Files.writeString(made.resolve("weights"), "1");
            assertFalse(Files.exists(target));
        }));
        assertEquals("1", Files.readString(target.resolve("weights")));
        assertEquals(List.of("model"), names());
    }

    @Test
    void nothingIsLeftOfAFolderThatCannotBeWritten() throws IOException {
        IOException full = new IOException("no space left on the disk");
        IOException thrown = assertThrows(
                IOException.class,
                () -> Folders.make(folder.resolve("model"), made -> {
                    Files.writeString(made.resolve("weights"), "1");
                    throw full;
                }));
        assertEquals(full, thrown);
        assertEquals(List.of(), names());
    }

    @Test
    void theFolderOfAFasterProcessStays() throws IOException {
        Path target = folder.resolve("model");
        assertFalse(Folders.make(target, made -> {
            Files.writeString(made.resolve("weights"), "slower");
            Files.writeString(Files.createDirectory(target).resolve("weights"), "faster");
        }));
        assertEquals("faster", Files.readString(target.resolve("weights")));
        assertEquals(List.of("model"), names());
    }
}
