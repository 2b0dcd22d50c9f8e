package distill.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An .npz file of NumPy: a zip archive of .npy files. Of the types only uint8 in C order is read, which is what Keras's
 * mnist.npz holds.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The format of .npy files</a>
 */
final class NumpyArchive {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_VERSION = 3;

    /** NumPy's own readers refuse more than 10000 unless told otherwise. */
    private static final int MAX_HEADER = 10_000;

    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(((?:\\d{1,10}, ?)*(?:\\d{1,10})?)\\)");

    private NumpyArchive() {}

    /**
     * Reads one array.
     *
     * @param name as given to numpy.savez, such as x_train
     * @param ranks how many dimensions it may have
     * @throws DataException where the file cannot be read, is no archive, or does not hold such an array whole
     */
    static Idx.Array array(Path file, String name, int... ranks) throws DataException {
        String source = file + ", array " + name;
        CRC32 sum = new CRC32();
        try (ZipFile zip = open(file)) {
            ZipEntry entry = zip.getEntry(name + ".npy");
            if (entry == null) {
                throw new DataException(
                        source + " does not exist, expected x_train, y_train, x_test and y_test; fetch the file again");
            }
            InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum);
            Idx.Array array = Idx.Array.read(in, source, shape(header(in, source), source, ranks));
            if (sum.getValue() != entry.getCrc()) {
                throw new DataException("%s is damaged: its checksum is %08x, expected %08x; fetch the file again"
                        .formatted(source, sum.getValue(), entry.getCrc()));
            }
            return array;
        } catch (EOFException | ZipException e) {
            throw new DataException("%s is damaged: %s; fetch the file again".formatted(source, e.getMessage()), e);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    private static ZipFile open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new DataException(file + " is a folder, expected an .npz file");
        }
        try {
            // ZipFile does not tell apart why it cannot open a file.
            Files.newInputStream(file).close();
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new DataException(
                    "%s is truncated or no .npz archive: %s, expected a zip file; fetch it again"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static String header(InputStream in, String source) throws IOException {
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new DataException(source + " does not start as an .npy file; expected one that numpy.save wrote");
        }
        int major = in.read();
        int minor = in.read();
        if (major < 1 || major > MAX_VERSION) {
            throw new DataException("%s is of .npy version %d.%d, expected 1.0 to %d.0; save it with numpy.savez"
                    .formatted(source, major, minor, MAX_VERSION));
        }
        byte[] length = Arrays.copyOf(in.readNBytes(major == 1 ? Short.BYTES : Integer.BYTES), Integer.BYTES);
        int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (size < 0 || size > MAX_HEADER) {
            throw new DataException("%s claims a header of %d bytes, expected at most %d; fetch the file again"
                    .formatted(source, Integer.toUnsignedLong(size), MAX_HEADER));
        }
        return new String(in.readNBytes(size), StandardCharsets.UTF_8);
    }

    private static long[] shape(String header, String source, int... ranks) throws DataException {
        String type = find(TYPE, header, source);
        if (!type.equals("|u1")) {
            throw new DataException(
                    "%s is of type '%s', expected '|u1'; convert it with astype(numpy.uint8)".formatted(source, type));
        }
        if (find(ORDER, header, source).equals("True")) {
            throw new DataException(
                    source + " is in Fortran order, expected C order; save numpy.ascontiguousarray of it");
        }
        String found = find(SHAPE, header, source);
        long[] shape = Arrays.stream(found.split(", ?"))
                .filter(size -> !size.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        if (Arrays.stream(ranks).noneMatch(rank -> rank == shape.length)) {
            String expected = Arrays.stream(ranks).mapToObj(String::valueOf).collect(Collectors.joining(" or "));
            throw new DataException("%s has the shape (%s), expected %s dimensions".formatted(source, found, expected));
        }
        return shape;
    }

    private static String find(Pattern pattern, String header, String source) throws DataException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new DataException("%s has the header %s, expected descr, fortran_order and shape of an array of uint8"
                    .formatted(source, header.strip()));
        }
        return matcher.group(1);
    }
}
