package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyArchiveTest {

    private static final byte[] SIX = {0, 1, 127, -128, -1, 5};

    @TempDir
    private Path folder;

    private Path npz(byte[] npy) throws IOException {
        return TinyMnist.writeNpz(folder.resolve("a.npz"), Map.of("x", npy));
    }

    private static Idx.Array read(Path file, int rank) throws IOException {
        return NumpyArchive.array(file, "x", rank);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void eachVersionOfTheFormatIsRead(int version) throws IOException {
        Path file = npz(TinyMnist.npy(version, TinyMnist.dictionary("1, 2, 3"), SIX));
        Idx.Array array = read(file, 3);
        assertArrayEquals(new int[] {1, 2, 3}, array.shape());
        assertArrayEquals(SIX, array.values());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void otherVersionsAreRefused(int version) throws IOException {
        Path file = npz(TinyMnist.npy(version, TinyMnist.dictionary("6,"), SIX));
        assertTells(() -> read(file, 1), file, "array x", "version " + version + ".0", "expected 1.0 to 3.0");
    }

    @Test
    void otherTypesAreRefused() throws IOException {
        Path file = npz(TinyMnist.npy(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (6,), }", SIX));
        assertTells(() -> read(file, 1), file, "array x", "'<i8'", "expected '|u1'", "astype");
    }

    @Test
    void fortranOrderIsRefused() throws IOException {
        Path file = npz(TinyMnist.npy(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", SIX));
        assertTells(() -> read(file, 2), file, "array x", "Fortran", "expected C order");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"6,; 3", "1, 2, 3; 1", "''; 1"})
    void anotherNumberOfDimensionsIsRefused(String shape, int rank) throws IOException {
        Path file = npz(TinyMnist.npy(1, TinyMnist.dictionary(shape), SIX));
        assertTells(() -> read(file, rank), file, "(" + shape + ")", "expected " + rank + " dimensions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "7,; truncated; found 6 values",
                "5,; surplus; expected 5 values",
                "0,; claims 0 values; expected 1 to",
                "9999999999, 2147483648; claims 9999999999 x 2147483648; expected 1 to",
                "2000000000,; truncated; found 6 values",
            })
    void aShapeThatDoesNotFitTheValuesIsRefused(String shape, String what, String detail) throws IOException {
        int rank = shape.endsWith(",") ? 1 : 2;
        Path file = npz(TinyMnist.npy(1, TinyMnist.dictionary(shape), SIX));
        assertTells(() -> read(file, rank), file, "array x", what, detail);
    }

    @Test
    void aHeaderWithoutAShapeIsShown() throws IOException {
        Path file = npz(TinyMnist.npy(1, "{'descr': '|u1', 'fortran_order': False}", SIX));
        assertTells(() -> read(file, 1), file, "'fortran_order': False}", "expected descr, fortran_order and shape");
    }

    @Test
    void somethingElseThanAnNpyFileIsRefused() throws IOException {
        Path file = npz("something else".getBytes(StandardCharsets.UTF_8));
        assertTells(() -> read(file, 1), file, "array x", "does not start as an .npy file");
    }

    @Test
    void aMissingArrayIsNamed() throws IOException {
        Path file = TinyMnist.writeNpz(folder.resolve("a.npz"), Map.of("other", SIX));
        assertTells(
                () -> read(file, 1), file, "array x does not exist", "expected x_train, y_train, x_test and y_test");
    }

    @Test
    void aTruncatedArchiveIsRefused() throws IOException {
        Path file = npz(TinyMnist.npy(1, TinyMnist.dictionary("6,"), SIX));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 10));
        assertTells(() -> read(file, 1), file, "truncated", "expected a zip file", "fetch it again");
    }

    @Test
    void aFolderOrNothingInPlaceOfTheArchiveIsNamedAsSuch() {
        assertTells(() -> read(folder, 1), folder, "is a folder", "expected an .npz file");
        Path missing = folder.resolve("missing.npz");
        assertTells(() -> read(missing, 1), missing, "does not exist");
    }

    @Test
    void aFlippedBitIsFound() throws IOException {
        byte[] values = TinyMnist.pixels(3);
        Path file = npz(TinyMnist.npy(1, TinyMnist.dictionary("3, 28, 28"), values));
        byte[] content = Files.readAllBytes(file);
        content[content.length / 3] ^= 0x10;
        Files.write(file, content);
        assertTells(() -> read(file, 3), file, "array x", "damaged", "checksum", "fetch the file again");
    }
}
