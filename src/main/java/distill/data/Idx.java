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
final class Idx {

    /** What a file of unsigned bytes starts with, but for its number of dimensions in the last byte. */
    private static final int BYTES_MAGIC = 0x0800;

    private static final int IMAGES_MAGIC = BYTES_MAGIC + 3;
    private static final int LABELS_MAGIC = BYTES_MAGIC + 1;
    private static final short GZIP_MAGIC = (short) 0x1f8b;

    /** The largest array that every Java machine can make. */
    private static final long MAX_VALUES = Integer.MAX_VALUE - 8;

    private Idx() {}

    /**
     * Unsigned bytes in several dimensions, of an IDX file or an .npy file.
     *
     * @param source what to call them in an error: a file, or an array in it
     * @param shape the dimensions, each at least 1
     * @param values as many as the dimensions multiply to, the last dimension's side by side
     */
    record Array(String source, int[] shape, byte[] values) {

        /**
         * Reads as many values as the shape tells, and makes sure that nothing follows them.
         *
         * @param shape dimensions as some header claims them, not below 0
         */
        static Array read(InputStream in, String source, long[] shape) throws IOException {
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
            return new Array(
                    source, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(), values);
        }
    }

    /**
     * Reads a file of unsigned bytes.
     *
     * @param rank how many dimensions they must have: 3 in a file of images, 1 in a file of labels
     * @throws DataException where the file cannot be read, is no such file, is truncated, holds surplus bytes, or
     *     claims more values than an array can hold
     */
    static Array read(Path file, int rank) throws DataException {
        if (Files.isDirectory(file)) {
            throw new DataException(file + " is a folder, expected an IDX file; name the file in it");
        }
        int headerBytes = Integer.BYTES * (1 + rank);
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = unzipped(raw)) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(headerBytes));
            int found = header.remaining();
            if (found >= Integer.BYTES) {
                checkMagic(file, header.getInt(), BYTES_MAGIC + rank);
            }
            if (found < headerBytes) {
                throw new DataException("%s is truncated: found %d bytes, expected a header of %d; fetch it again"
                        .formatted(file, found, headerBytes));
            }
            long[] claimed = new long[rank];
            Arrays.setAll(claimed, i -> Integer.toUnsignedLong(header.getInt()));
            return Array.read(in, file.toString(), claimed);
        } catch (EOFException e) {
            throw new DataException(file + " is truncated: its gzip data break off; fetch it again", e);
        } catch (ZipException e) {
            throw new DataException(
                    "%s is damaged: expected gzip data, found: %s; fetch it again".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    /** What a file of unsigned bytes with these dimensions holds. */
    static byte[] bytes(byte[] values, int... shape) {
        ByteBuffer file = ByteBuffer.allocate(Integer.BYTES * (1 + shape.length) + values.length);
        file.putInt(BYTES_MAGIC + shape.length);
        Arrays.stream(shape).forEach(file::putInt);
        return file.put(values).array();
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        raw.mark(2);
        byte[] start = raw.readNBytes(2);
        raw.reset();
        boolean zipped = start.length == 2 && ByteBuffer.wrap(start).getShort() == GZIP_MAGIC;
        return zipped ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    private static void checkMagic(Path file, int found, int expected) throws DataException {
        if (found != expected) {
            String advice =
                    switch (found) {
                        case IMAGES_MAGIC -> "this is a file of images, are images and labels swapped?";
                        case LABELS_MAGIC -> "this is a file of labels, are images and labels swapped?";
                        default -> "this is no IDX file of bytes, fetch it again";
                    };
            throw new DataException("%s starts with 0x%08x, expected 0x%08x (%s): %s"
                    .formatted(file, found, expected, expected == IMAGES_MAGIC ? "images" : "labels", advice));
        }
    }
}
