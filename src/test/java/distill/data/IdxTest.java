package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {

    private static final byte[] SIX_PIXELS = {0, 1, 127, -128, -1, 5};

    @TempDir
    private Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("file"), content);
    }

    @Test
    void imagesComeWithTheirDimensionsAndAllTheirBytes() throws IOException {
        Idx.Array images = Idx.read(file(TinyMnist.idxImages(1, 2, 3, SIX_PIXELS)), 3);
        assertArrayEquals(new int[] {1, 2, 3}, images.shape());
        assertArrayEquals(SIX_PIXELS, images.values());
    }

    @Test
    void labelsComeInFileOrder() throws IOException {
        assertArrayEquals(
                new byte[] {9, 0, 3},
                Idx.read(file(TinyMnist.idxLabels(3, new byte[] {9, 0, 3})), 1).values());
    }

    @Test
    void theFirstBytesDecideWhetherAFileIsCompressedAndNotItsName() throws IOException {
        byte[] plain = TinyMnist.idxLabels(2, new byte[] {4, 5});
        Path plainNamedGz = Files.write(folder.resolve("plain.gz"), plain);
        Path zippedNamedPlain = Files.write(folder.resolve("zipped"), TinyMnist.gzip(plain));
        assertArrayEquals(new byte[] {4, 5}, Idx.read(plainNamedGz, 1).values());
        assertArrayEquals(new byte[] {4, 5}, Idx.read(zippedNamedPlain, 1).values());
    }

    @Test
    void imagesInPlaceOfLabelsAreNamedAsSuch() throws IOException {
        Path images = file(TinyMnist.idxImages(1, 2, 3, SIX_PIXELS));
        assertTells(() -> Idx.read(images, 1), images, "0x00000803", "expected 0x00000801", "swapped");
    }

    @Test
    void anUnknownMagicNumberIsShown() throws IOException {
        Path text = file("hello, world and more".getBytes());
        assertTells(() -> Idx.read(text, 3), text, "0x68656c6c", "expected 0x00000803", "fetch it again");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 15})
    void aHeaderCutShortIsTruncated(int length) throws IOException {
        Path cut = file(Arrays.copyOf(TinyMnist.idxImages(1, 2, 3, SIX_PIXELS), length));
        assertTells(() -> Idx.read(cut, 3), cut, "truncated", "found " + length + " bytes", "header of 16");
    }

    @Test
    void valuesCutShortAreCounted() throws IOException {
        byte[] whole = TinyMnist.idxImages(1, 2, 3, SIX_PIXELS);
        Path cut = file(Arrays.copyOf(whole, whole.length - 1));
        assertTells(
                () -> Idx.read(cut, 3), cut, "truncated", "found 5 values", "expected 6 (1 x 2 x 3)", "fetch it again");
    }

    @Test
    void gzipDataCutAnywhereAreTruncated() throws IOException {
        byte[] whole = TinyMnist.gzip(TinyMnist.idxImages(1, 2, 3, SIX_PIXELS));
        for (int length = 2; length < whole.length; length++) {
            Path cut = file(Arrays.copyOf(whole, length));
            assertTells(() -> Idx.read(cut, 3), cut, "truncated", "fetch it again");
        }
    }

    @Test
    void gzipDataWithAWrongChecksumAreDamaged() throws IOException {
        byte[] content = TinyMnist.gzip(TinyMnist.idxImages(1, 2, 3, SIX_PIXELS));
        content[content.length - 8] ^= 1;
        Path damaged = file(content);
        assertTells(() -> Idx.read(damaged, 3), damaged, "damaged", "gzip", "fetch it again");
    }

    @Test
    void surplusBytesAreRefusedCompressedOrNot() throws IOException {
        byte[] surplus = TinyMnist.idxLabels(2, new byte[] {1, 2, 3});
        Path plain = file(surplus);
        assertTells(() -> Idx.read(plain, 1), plain, "surplus", "expected 2 values");
        Path zipped = Files.write(folder.resolve("zipped"), TinyMnist.gzip(surplus));
        assertTells(() -> Idx.read(zipped, 1), zipped, "surplus", "expected 2 values");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 28, 28",
        "-1, -1, -1",
        "2147483647, 1, 1",
        "65536, 32768, 1",
        "0, 28, 28",
        "3, 0, 28",
        "65536, 65536, 0"
    })
    void dimensionsThatNoArrayCanHaveAreRefused(int count, int height, int width) throws IOException {
        Path absurd = file(TinyMnist.idxImages(count, height, width, SIX_PIXELS));
        assertTells(
                () -> Idx.read(absurd, 3),
                absurd,
                "claims " + Integer.toUnsignedString(count) + " x ",
                "expected 1 to 2147483639",
                "fetch it again");
    }

    @Test
    void aHugeClaimTakesNoMoreMemoryThanTheFileHolds() throws IOException {
        int claimed = Integer.MAX_VALUE - 8;
        Path huge = file(TinyMnist.idxLabels(claimed, new byte[] {1, 2, 3}));
        assertTells(() -> Idx.read(huge, 1), huge, "truncated", "found 3 values", "expected " + claimed);
    }

    @Test
    void aFolderInPlaceOfAFileIsNamedAsSuch() {
        assertTells(() -> Idx.read(folder, 3), folder, "is a folder", "expected an IDX file");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing");
        assertTells(() -> Idx.read(missing, 3), missing, "does not exist");
    }

    @Test
    void aFileWithoutPermissionIsNamed() throws IOException {
        Path locked = file(TinyMnist.idxLabels(1, new byte[] {1}));
        assumeFalse(
                !locked.toFile().setReadable(false) || Files.isReadable(locked),
                "this user (root?) may read every file");
        assertTells(() -> Idx.read(locked, 1), locked, "no permission", "readable");
    }

    @Test
    void aDeniedAccessIsToldAsMissingPermission() {
        assertTells(
                () -> {
                    throw DataException.unreadable(Path.of("some", "file"), new AccessDeniedException("?"));
                },
                Path.of("some", "file"),
                "no permission",
                "make it readable");
    }
}
