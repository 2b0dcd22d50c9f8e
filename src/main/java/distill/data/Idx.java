package distill.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The files of MNIST: a magic number that tells the type and the number of dimensions, the dimensions, and then the
 * values, all big-endian. Files may be compressed with gzip; their first two bytes decide that, not their names.
 * Nothing is believed of a header: memory is taken as the values arrive.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">The format, at the end of the page</a>
 */
public final class Idx {

    private static final int IMAGES_MAGIC = 0x00000803;
    private static final int LABELS_MAGIC = 0x00000801;
    private static final int GZIP_MAGIC = 0x1f8b;

    /** The largest array that every Java machine can make. */
    private static final long MAX_VALUES = Integer.MAX_VALUE - 8;

    private static final int MAX_LABEL = 9;

    private Idx() {}

    /**
     * Grey images.
     *
     * @param count how many, at least 1
     * @param height of each, in pixels
     * @param width of each, in pixels
     * @param pixels count * height * width values, image by image and row by row, each 0 to 255 in an unsigned byte
     */
    public record Images(int count, int height, int width, byte[] pixels) {}

    /**
     * Reads a file of images: unsigned bytes in three dimensions.
     *
     * @throws DataException where the file cannot be read, is no such file, is truncated, holds surplus bytes, or
     *     claims more values than an array can hold
     */
    public static Images images(Path file) throws DataException {
        Content content = read(file, IMAGES_MAGIC, 3);
        int[] shape = content.shape;
        return new Images(shape[0], shape[1], shape[2], content.values);
    }

    /**
     * Reads a file of labels: unsigned bytes in one dimension.
     *
     * @return the labels, each 0 to 9
     * @throws DataException as for {@link #images}, and where a label is over 9
     */
    public static byte[] labels(Path file) throws DataException {
        byte[] labels = read(file, LABELS_MAGIC, 1).values;
        checkLabels(file.toString(), labels);
        return labels;
    }

    private record Content(int[] shape, byte[] values) {}

    private static Content read(Path file, int magic, int rank) throws DataException {
        if (Files.isDirectory(file)) {
            throw new DataException(file + " is a folder, expected an IDX file; name the file in it");
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = unzipped(raw)) {
            byte[] header = in.readNBytes(Integer.BYTES * (1 + rank));
            ByteBuffer buffer = ByteBuffer.wrap(header);
            if (header.length >= Integer.BYTES && buffer.getInt() != magic) {
                throw wrongMagic(file, buffer.getInt(0), magic);
            }
            if (header.length < Integer.BYTES * (1 + rank)) {
                throw new DataException("%s is truncated: found %d bytes, expected a header of %d; fetch it again"
                        .formatted(file, header.length, Integer.BYTES * (1 + rank)));
            }
            long[] claimed = new long[rank];
            Arrays.setAll(claimed, i -> Integer.toUnsignedLong(buffer.getInt()));
            byte[] values = values(in, file.toString(), claimed);
            return new Content(Arrays.stream(claimed).mapToInt(Math::toIntExact).toArray(), values);
        } catch (EOFException e) {
            throw new DataException(file + " is truncated: its gzip data break off; fetch it again", e);
        } catch (ZipException e) {
            throw new DataException(
                    "%s is damaged: expected gzip data, found: %s; fetch it again".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        raw.mark(2);
        byte[] start = raw.readNBytes(2);
        raw.reset();
        boolean zipped = start.length == 2 && ByteBuffer.wrap(start).getShort() == (short) GZIP_MAGIC;
        return zipped ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    private static DataException wrongMagic(Path file, int found, int expected) {
        String advice =
                switch (found) {
                    case IMAGES_MAGIC -> "this is a file of images, are images and labels swapped?";
                    case LABELS_MAGIC -> "this is a file of labels, are images and labels swapped?";
                    default -> "this is no IDX file of bytes, fetch it again";
                };
        return new DataException("%s starts with 0x%08x, expected 0x%08x (%s): %s"
                .formatted(file, found, expected, expected == IMAGES_MAGIC ? "images" : "labels", advice));
    }

    /**
     * Reads as many values as the shape tells, and makes sure that nothing follows them.
     *
     * @param source what to call the data in an error
     * @param shape dimensions as some header claims them, not below 0
     */
    static byte[] values(InputStream in, String source, long[] shape) throws IOException {
        String claim = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
        long count = 1;
        for (long dimension : shape) {
            if (dimension < 1 || dimension > MAX_VALUES / count) {
                throw new DataException("%s claims %s values, expected 1 to %d; it is damaged, fetch it again"
                        .formatted(source, claim, MAX_VALUES));
            }
            count *= dimension;
        }
        byte[] values = in.readNBytes((int) count);
        if (values.length < count) {
            throw new DataException("%s is truncated: found %d values, expected %d (%s); fetch it again"
                    .formatted(source, values.length, count, claim));
        }
        if (in.read() >= 0) {
            throw new DataException("%s holds surplus bytes, expected %d values (%s) and no more; fetch it again"
                    .formatted(source, count, claim));
        }
        return values;
    }

    /** Throws where a label is over 9. */
    static void checkLabels(String source, byte[] labels) throws DataException {
        for (int i = 0; i < labels.length; i++) {
            if (Byte.toUnsignedInt(labels[i]) > MAX_LABEL) {
                throw new DataException("%s holds label %d at position %d, expected 0 to %d; use a set of ten classes"
                        .formatted(source, Byte.toUnsignedInt(labels[i]), i, MAX_LABEL));
            }
        }
    }
}
