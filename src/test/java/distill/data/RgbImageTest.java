package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RgbImageTest {

    @TempDir
    private Path folder;

    private Path png(int type, Color... colours) throws IOException {
        BufferedImage image = new BufferedImage(colours.length, 1, type);
        for (int i = 0; i < colours.length; i++) {
            image.setRGB(i, 0, colours[i].getRGB());
        }
        Path file = folder.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void jpegIsDecodedAsPillowDoesToTheLastBit() throws IOException {
        for (JsonNode golden : KerasImages.golden("jpeg")) {
            Path file =
                    Files.write(folder.resolve("image.jpg"), golden.get("file").binaryValue());
            RgbImage image = RgbImage.read(file);
            assertEquals(23, image.height());
            assertEquals(29, image.width());
            assertArrayEquals(KerasImages.bytes(golden.get("pixels")), image.pixels(), golden.get("name")::asText);
        }
    }

    @Test
    void pngGivesRedGreenAndBlueOfEachPixel() throws IOException {
        byte[] expected = {1, 2, 3, (byte) 250, (byte) 251, (byte) 252};
        Color[] colours = {new Color(1, 2, 3), new Color(250, 251, 252)};
        assertArrayEquals(
                expected,
                RgbImage.read(png(BufferedImage.TYPE_INT_RGB, colours)).pixels());
        assertArrayEquals(
                expected,
                RgbImage.read(png(BufferedImage.TYPE_INT_ARGB, colours)).pixels());
    }

    @Test
    void whatIsNotRgbIsRefused() throws IOException {
        assertTells(
                () -> RgbImage.read(png(BufferedImage.TYPE_INT_ARGB, Color.RED, new Color(1, 2, 3, 254))),
                "image.png",
                "transparent");
        assertTells(() -> RgbImage.read(png(BufferedImage.TYPE_BYTE_GRAY, Color.RED)), "image.png", "grey values");
        assertTells(() -> RgbImage.read(png(BufferedImage.TYPE_USHORT_GRAY, Color.RED)), "image.png", "grey values");
        assertTells(() -> RgbImage.read(png(BufferedImage.TYPE_BYTE_INDEXED, Color.RED)), "image.png", "palette");
    }

    @Test
    void anyChangedByteOfAPngIsFound() throws IOException {
        byte[] good = Files.readAllBytes(png(BufferedImage.TYPE_INT_RGB, Color.RED, Color.GREEN, Color.PINK));
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 4;
            Path file = Files.write(folder.resolve("bad.png"), bad);
            assertTells(() -> RgbImage.read(file), "bad.png");
        }
    }

    @Test
    void aTruncatedFileIsFound() throws IOException {
        Path png = png(BufferedImage.TYPE_INT_RGB, Color.RED, Color.GREEN);
        byte[] jpeg = KerasImages.golden("jpeg").get(0).get("file").binaryValue();
        for (byte[] whole : new byte[][] {Files.readAllBytes(png), jpeg}) {
            for (int length = 0; length < whole.length; length += 7) {
                Path file = Files.write(folder.resolve("short"), Arrays.copyOf(whole, length));
                assertTells(() -> RgbImage.read(file), "short");
            }
        }
    }

    @Test
    void aJpegWhoseCodesAreBrokenIsFound() throws IOException {
        byte[] jpeg = KerasImages.golden("jpeg").get(0).get("file").binaryValue();
        // Some restart marker where there are none.
        jpeg[jpeg.length - 40] = (byte) 0xff;
        jpeg[jpeg.length - 39] = (byte) 0xd3;
        Path file = Files.write(folder.resolve("broken.jpg"), jpeg);
        assertTells(() -> RgbImage.read(file), "broken.jpg", "damaged");
    }

    @Test
    void aHeaderIsNotBelieved() throws IOException {
        byte[] huge = Files.readAllBytes(png(BufferedImage.TYPE_INT_RGB, Color.RED));
        // The header's data: 8 bytes of signature, 8 of the chunk's length and type, then width and height.
        ByteBuffer.wrap(huge).putInt(16, 1 << 20).putInt(20, 1 << 20);
        CRC32 crc = new CRC32();
        crc.update(huge, 12, 17);
        ByteBuffer.wrap(huge).putInt(29, (int) crc.getValue());
        Path file = Files.write(folder.resolve("huge.png"), huge);
        assertTells(() -> RgbImage.read(file), "huge.png", "1048576 x 1048576");
    }

    @Test
    void aFileThatNoImageNeedsIsNotRead() throws IOException {
        Path file = folder.resolve("large.png");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((1L << 28) + 1);
        }
        assertTells(() -> RgbImage.read(file), "large.png", "268435457 bytes");
    }

    @Test
    void aJpegOfScansWithoutEndIsNotDecoded() throws IOException {
        byte[] jpeg = KerasImages.golden("jpeg").get(0).get("file").binaryValue();
        byte[] scans = Arrays.copyOf(jpeg, jpeg.length + 800);
        // Each begins a scan of no component, in place of the end and behind it.
        byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 6, 0, 0, 63, 0};
        for (int i = jpeg.length - 2; i + scan.length <= scans.length - 2; i += scan.length) {
            System.arraycopy(scan, 0, scans, i, scan.length);
        }
        System.arraycopy(jpeg, jpeg.length - 2, scans, scans.length - 2, 2);
        Path file = Files.write(folder.resolve("scans.jpg"), scans);
        assertTells(() -> RgbImage.read(file), "scans.jpg", "101 scans");
    }

    /** libjpeg takes them for YCbCr, the JDK for RGB where no component is smaller. */
    @Test
    void aJpegWithoutAMarkerIsYCbCrHoweverItsComponentsAreNumbered() throws IOException {
        for (JsonNode golden : KerasImages.golden("jpeg")) {
            byte[] jpeg = golden.get("file").binaryValue();
            JpegHeader header = JpegHeader.of(jpeg);
            if (header.ids().length != 3) {
                continue;
            }
            byte[] bare = withoutMarker(jpeg);
            JpegHeader without = JpegHeader.of(bare);
            assertFalse(without.told());
            for (int place : without.numbered()) {
                bare[place]--;
            }
            Path file = Files.write(folder.resolve("bare.jpg"), bare);
            assertArrayEquals(
                    KerasImages.bytes(golden.get("pixels")), RgbImage.read(file).pixels(), golden.get("name")::asText);
        }
    }

    /** Without its first segment, which is JFIF's. */
    private static byte[] withoutMarker(byte[] jpeg) {
        assertEquals((byte) 0xe0, jpeg[3]);
        int length = ByteBuffer.wrap(jpeg).getShort(4);
        byte[] bare = new byte[jpeg.length - 2 - length];
        System.arraycopy(jpeg, 0, bare, 0, 2);
        System.arraycopy(jpeg, 4 + length, bare, 2, bare.length - 2);
        return bare;
    }

    @Test
    void aJpegToBePrintedIsSaidToBeCmyk() throws IOException {
        byte[] jpeg = KerasImages.golden("jpeg").get(0).get("file").binaryValue();
        int components = JpegHeader.of(jpeg).numbered()[0] - 1;
        jpeg[components] = 4;
        Path file = Files.write(folder.resolve("cmyk.jpg"), jpeg);
        assertTells(() -> RgbImage.read(file), "cmyk.jpg", "CMYK");
    }

    @Test
    void resizingTakesThePixelsThatPillowTakes() throws IOException {
        for (JsonNode golden : KerasImages.golden("resize")) {
            int source = golden.get("source").asInt();
            int target = golden.get("target").asInt();
            byte[] line = new byte[source * 3];
            for (int i = 0; i < source; i++) {
                line[i * 3] = (byte) (i / 256);
                line[i * 3 + 1] = (byte) i;
            }
            for (RgbImage image : new RgbImage[] {new RgbImage(1, source, line), new RgbImage(source, 1, line)}) {
                RgbImage resized = image.height() == 1 ? image.resize(1, target) : image.resize(target, 1);
                int[] taken = new int[target];
                Arrays.setAll(
                        taken,
                        i -> Byte.toUnsignedInt(resized.pixels()[i * 3]) * 256
                                + Byte.toUnsignedInt(resized.pixels()[i * 3 + 1]));
                int[] expected = new int[target];
                Arrays.setAll(expected, i -> golden.get("taken").get(i).asInt());
                assertArrayEquals(expected, taken, () -> source + " to " + target);
            }
        }
    }

    @Test
    void anImageOfThatSizeStaysAsItIs() {
        RgbImage image = KerasImages.formula(5);
        assertSame(image, image.resize(5, 5));
    }
}
