package distill.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image of three channels of 8 bits.
 *
 * @param height in pixels
 * @param width in pixels
 * @param pixels height * width * 3 values, each 0 to 255 in an unsigned byte, row by row, red, green and blue of a
 *     pixel side by side, as in Pillow's and NumPy's uint8 arrays of shape (height, width, 3)
 */
public record RgbImage(int height, int width, byte[] pixels) {

    /** Numbers of a pixel. */
    public static final int CHANNELS = 3;

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG_SIGNATURE = {(byte) 0xff, (byte) 0xd8};

    /** An image of more is no image to classify, and would fill the memory. */
    private static final int MAX_PIXELS = 1 << 26;

    /** As large as so many pixels are where nothing is compressed, with their rows' filters and some words. */
    private static final long MAX_BYTES = 4L * MAX_PIXELS;

    /** Progressive files have about ten; each costs as long as decoding the whole image once. */
    private static final int MAX_SCANS = 64;

    /** Components of a JPEG file that is made to be printed. */
    private static final int CMYK = 4;

    /**
     * Decodes a PNG or a JPEG file; the content decides which, not the name. Accepted is RGB of 8 bits per channel,
     * with an alpha channel where it is opaque throughout; colour profiles are not applied, as Pillow does not. A JPEG
     * file gives the values that Pillow gives: both decode with libjpeg's exact integer transform and smooth
     * upsampling.
     *
     * <p>The checksums of a PNG file find every damage. JPEG has none, so that only damage which breaks the format is
     * found.
     *
     * @throws DataException where the file cannot be read, is neither, is damaged, or is not RGB
     */
    public static RgbImage read(Path file) throws DataException {
        return read(file, false);
    }

    /** As {@link #read(Path)}; a file of grey values gives three equal channels. */
    public static RgbImage readGreyToo(Path file) throws DataException {
        return read(file, true);
    }

    private static RgbImage read(Path file, boolean greyToo) throws DataException {
        byte[] content;
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new DataException(
                        "%s has %d bytes, expected at most %d; scale the image down".formatted(file, size, MAX_BYTES));
            }
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw e instanceof DataException told ? told : DataException.unreadable(file, e);
        }
        if (startsWith(content, PNG_SIGNATURE)) {
            checkChunks(file, content);
            return decode(file, content, "png", greyToo);
        }
        if (startsWith(content, JPEG_SIGNATURE)) {
            return decode(file, asPillowReadsIt(file, content), "jpeg", greyToo);
        }
        throw new DataException(file + " is neither PNG nor JPEG; convert it to PNG");
    }

    private static boolean startsWith(byte[] content, byte[] signature) {
        return Arrays.equals(Arrays.copyOf(content, signature.length), signature);
    }

    /** The checksum of each PNG chunk, which ImageIO passes over. */
    private static void checkChunks(Path file, byte[] content) throws DataException {
        ByteBuffer chunks = ByteBuffer.wrap(content).position(PNG_SIGNATURE.length);
        String type = "";
        while (!type.equals("IEND")) {
            int start = chunks.position();
            int length = chunks.remaining() < Integer.BYTES ? -1 : chunks.getInt();
            if (length < 0 || length > chunks.remaining() - 2 * Integer.BYTES) {
                throw damaged(file, "it ends within the chunk at byte " + start, null);
            }
            type = new String(content, chunks.position(), Integer.BYTES, StandardCharsets.US_ASCII);
            CRC32 crc = new CRC32();
            crc.update(content, chunks.position(), Integer.BYTES + length);
            chunks.position(chunks.position() + Integer.BYTES + length);
            if (chunks.getInt() != (int) crc.getValue()) {
                throw damaged(file, "the checksum of the chunk at byte %d is wrong".formatted(start), null);
            }
        }
    }

    /** A JPEG file whose colours the JDK decodes as Pillow does, which takes them from more than its marker. */
    private static byte[] asPillowReadsIt(Path file, byte[] content) throws DataException {
        JpegHeader header;
        try {
            header = JpegHeader.of(content);
        } catch (IOException e) {
            throw damaged(file, e.getMessage(), e);
        }
        if (header.ids().length == CMYK) {
            throw notRgb(file, "CMYK colours");
        }
        if (header.scans() > MAX_SCANS) {
            throw new DataException("%s is made of %d scans, expected at most %d; save it again as PNG"
                    .formatted(file, header.scans(), MAX_SCANS));
        }
        return header.numberedAsYCbCr(content);
    }

    private static RgbImage decode(Path file, byte[] content, String format, boolean greyToo) throws DataException {
        List<String> warnings = new ArrayList<>();
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            long claimed = (long) reader.getWidth(0) * reader.getHeight(0);
            if (claimed > MAX_PIXELS) {
                throw new DataException("%s claims %d x %d pixels, expected at most %d; scale it down"
                        .formatted(file, reader.getHeight(0), reader.getWidth(0), MAX_PIXELS));
            }
            BufferedImage image = reader.read(0);
            // What is not of a profile or thumbnail that is ignored is libjpeg's word on damage that it papered over.
            warnings.removeIf(warning -> warning.endsWith("ignored"));
            if (!warnings.isEmpty()) {
                throw damaged(file, warnings.get(0), null);
            }
            return of(file, image, greyToo);
        } catch (IOException | RuntimeException e) {
            // The readers of the JDK wrap what says that the memory is full, which is no fault of the file's.
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof OutOfMemoryError full) {
                    throw full;
                }
            }
            // They meet some damage with exceptions of no declared type.
            throw e instanceof DataException told ? told : damaged(file, String.valueOf(e.getMessage()), e);
        } finally {
            reader.dispose();
        }
    }

    private static DataException damaged(Path file, String found, Exception cause) {
        return new DataException(
                "%s is damaged or of a kind that cannot be decoded: %s; fetch it again"
                        .formatted(file, found.replaceAll("\\s+", " ")),
                cause);
    }

    private static RgbImage of(Path file, BufferedImage image, boolean greyToo) throws DataException {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        if (image.getColorModel() instanceof IndexColorModel) {
            throw notRgb(file, "a palette");
        }
        if (bands < CHANNELS && !(greyToo && bands == 1)) {
            throw notRgb(file, bands == 1 ? "grey values" : "grey values and transparency");
        }
        if (raster.getTransferType() != DataBuffer.TYPE_BYTE) {
            throw notRgb(file, "channels of more than 8 bits");
        }
        byte[] values = (byte[]) raster.getDataElements(0, 0, image.getWidth(), image.getHeight(), null);
        if (bands == 1) {
            return new RgbImage(image.getHeight(), image.getWidth(), ofGrey(values));
        }
        if (bands == CHANNELS) {
            return new RgbImage(image.getHeight(), image.getWidth(), values);
        }
        byte[] pixels = new byte[values.length / bands * CHANNELS];
        for (int from = 0, to = 0; from < values.length; from += bands, to += CHANNELS) {
            if (values[from + CHANNELS] != (byte) 255) {
                throw notRgb(file, "transparent pixels");
            }
            System.arraycopy(values, from, pixels, to, CHANNELS);
        }
        return new RgbImage(image.getHeight(), image.getWidth(), pixels);
    }

    /** The pixels of an image whose three channels all have these grey values. */
    static byte[] ofGrey(byte[] values) {
        byte[] pixels = new byte[values.length * CHANNELS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = values[i / CHANNELS];
        }
        return pixels;
    }

    /**
     * The image in grey: height * width values, as Pillow's {@code convert("L")} makes them: ITU-R 601-2 luma, (19595 R
     * + 38470 G + 7471 B) / 65536, rounded.
     */
    public byte[] grey() {
        byte[] grey = new byte[height * width];
        for (int i = 0; i < grey.length; i++) {
            int red = Byte.toUnsignedInt(pixels[i * CHANNELS]);
            int green = Byte.toUnsignedInt(pixels[i * CHANNELS + 1]);
            int blue = Byte.toUnsignedInt(pixels[i * CHANNELS + 2]);
            grey[i] = (byte) (19595 * red + 38470 * green + 7471 * blue + 0x8000 >> 16);
        }
        return grey;
    }

    /** Whether the three channels are equal everywhere. */
    boolean isGrey() {
        for (int i = 0; i < pixels.length; i += CHANNELS) {
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) {
                return false;
            }
        }
        return true;
    }

    private static DataException notRgb(Path file, String found) {
        return new DataException("%s has %s, expected RGB of 8 bits per channel; convert it".formatted(file, found));
    }

    /**
     * The image in another size by nearest neighbour, as Keras's loader resizes by default: Pillow's
     * {@code resize((width, height), NEAREST)}. Target pixel x takes source pixel floor((x + .5) * source / target),
     * where the position is added up from step to step, as Pillow adds it.
     *
     * @return this image where it has that size
     */
    public RgbImage resize(int newHeight, int newWidth) {
        if (newHeight == height && newWidth == width) {
            return this;
        }
        int[] rows = nearest(height, newHeight);
        int[] columns = nearest(width, newWidth);
        byte[] resized = new byte[newHeight * newWidth * CHANNELS];
        int to = 0;
        for (int row : rows) {
            for (int column : columns) {
                System.arraycopy(pixels, (row * width + column) * CHANNELS, resized, to, CHANNELS);
                to += CHANNELS;
            }
        }
        return new RgbImage(newHeight, newWidth, resized);
    }

    private static int[] nearest(int source, int target) {
        double step = (double) source / target;
        double position = step / 2;
        int[] taken = new int[target];
        for (int i = 0; i < target; i++) {
            taken[i] = (int) position;
            position += step;
        }
        return taken;
    }
}
