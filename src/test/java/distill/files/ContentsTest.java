package distill.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentsTest {

    @TempDir
    private Path folder;

    @Test
    void aTextIsReadAsItIs() throws IOException {
        assertEquals("ä\r\nb\n", Contents.text(Files.writeString(folder.resolve("a.json"), "ä\r\nb\n")));
    }

    @Test
    void aFileLargerThanAnyTextIsNotReadToItsEnd() throws IOException {
        Path file = folder.resolve("large.json");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(1L << 32);
        }
        assertEquals(
                file + " has more than 16777216 bytes, which no file of its kind has",
                assertThrows(IOException.class, () -> Contents.text(file)).getMessage());
    }

    @Test
    void whatIsNotInUtf8IsRefusedByName() throws IOException {
        Path file = Files.write(folder.resolve("a.json"), new byte[] {'a', (byte) 0xe4, 'b'});
        assertEquals(
                file + " is no text in UTF-8",
                assertThrows(CharacterCodingException.class, () -> Contents.text(file))
                        .getMessage());
    }
}
