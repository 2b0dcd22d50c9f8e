package distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderFileTest {

    @TempDir
    private Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("order.csv"), content);
    }

    @Test
    void aFileOfMoreRowsThanAnySetHasIsNotRead() throws IOException {
        Path file = file("");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength((1 << 26) + 1);
        }
        assertEquals(
                file + " has 67108865 bytes, expected at most 67108864, which are rows of half a million images",
                assertThrows(DataException.class, () -> OrderFile.read(file, 10))
                        .getMessage());
    }

    @Test
    void eachLineIsABatchWhateverItsLength() throws IOException {
        List<int[]> batches = OrderFile.read(file("3,0,2\n 1, 1\n9\n"), 10);
        assertEquals(3, batches.size());
        assertArrayEquals(new int[] {3, 0, 2}, batches.get(0));
        assertArrayEquals(new int[] {1, 1}, batches.get(1));
        assertArrayEquals(new int[] {9}, batches.get(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'0,1\n2,x\n'   | line 2 has 'x', expected the indices of images",
                "'0,1\n\n2,3\n' | line 2 has '', expected the indices of images",
                "'0,1.5\n'      | line 1 has '1.5'",
                "'0,10\n'       | line 1 has the index 10, expected 0 to 9",
                "'-1\n'         | line 1 has the index -1, expected 0 to 9",
                "''             | has no line",
                "'0,1\n\"2,3'     | is not as expected, CSV in UTF-8"
            })
    void aBadLineIsNamedWithWhatItHas(String content, String message) throws IOException {
        Path file = file(content);
        String found = assertThrows(DataException.class, () -> OrderFile.read(file, 10))
                .getMessage();
        assertTrue(found.startsWith(file.toString()) && found.contains(message), found);
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.csv");
        assertEquals(
                missing + " does not exist; check the name",
                assertThrows(DataException.class, () -> OrderFile.read(missing, 10))
                        .getMessage());
    }
}
