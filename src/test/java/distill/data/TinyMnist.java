package distill.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A set of MNIST's form with 30 + 20 images, as files of each format. */
public final class TinyMnist {

    static final int TRAIN = 30;
    static final int TEST = 20;

    private TinyMnist() {}

    static byte[] pixels(int images) {
        byte[] pixels = new byte[images * 28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 7 + i / 784);
        }
        return pixels;
    }

    static byte[] labels(int n) {
        byte[] labels = new byte[n];
        for (int i = 0; i < n; i++) {
            labels[i] = (byte) (i % 10);
        }
        return labels;
    }

    static byte[] idxImages(int count, int height, int width, byte[] pixels) {
        return ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(height)
                .putInt(width)
                .put(pixels)
                .array();
    }

    static byte[] idxLabels(int count, byte[] labels) {
        return ByteBuffer.allocate(8 + labels.length)
                .putInt(0x801)
                .putInt(count)
                .put(labels)
                .array();
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The four IDX files by name, uncompressed. */
    public static Map<String, byte[]> idxFiles() {
        return idxFiles(TRAIN, TEST);
    }

    /** The same with other numbers of images. */
    public static Map<String, byte[]> idxFiles(int train, int test) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("train-images-idx3-ubyte", idxImages(train, 28, 28, pixels(train)));
        files.put("train-labels-idx1-ubyte", idxLabels(train, labels(train)));
        files.put("t10k-images-idx3-ubyte", idxImages(test, 28, 28, pixels(test)));
        files.put("t10k-labels-idx1-ubyte", idxLabels(test, labels(test)));
        return files;
    }

    /** The indices from {@code from} (inclusive) to {@code to} (exclusive). */
    public static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    /** The four IDX files by name, uncompressed, of images of 28 x 28 pixels. */
    public static Map<String, byte[]> idxFiles(Images train, Images test) throws DataException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String part : List.of("train", "t10k")) {
            Images set = part.equals("train") ? train : test;
            byte[] labels = new byte[set.size()];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (byte) set.label(i);
            }
            byte[] pixels = set.batch(range(0, set.size())).bytes();
            files.put(part + "-images-idx3-ubyte", idxImages(set.size(), 28, 28, pixels));
            files.put(part + "-labels-idx1-ubyte", idxLabels(set.size(), labels));
        }
        return files;
    }

    /** The four IDX files by name, compressed. */
    static Map<String, byte[]> gzFiles() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        idxFiles().forEach((name, content) -> files.put(name + ".gz", gzip(content)));
        return files;
    }

    /** Makes the folder and writes the files into it. */
    public static Path write(Path folder, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        return folder;
    }

    static byte[] npy(int version, String dictionary, byte[] values) {
        byte[] header = (dictionary + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + (version == 1 ? 2 : 4) + header.length + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            out.putShort((short) header.length);
        } else {
            out.putInt(header.length);
        }
        return out.put(header).put(values).array();
    }

    static String dictionary(String shape) {
        return "{'descr': '|u1', 'fortran_order': False, 'shape': (" + shape + "), }";
    }

    /** The arrays of Keras's mnist.npz as .npy files, by name. */
    public static Map<String, byte[]> npyFiles(int version) {
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        arrays.put("x_train", npy(version, dictionary(TRAIN + ", 28, 28"), pixels(TRAIN)));
        arrays.put("y_train", npy(version, dictionary(TRAIN + ","), labels(TRAIN)));
        arrays.put("x_test", npy(version, dictionary(TEST + ", 28, 28"), pixels(TEST)));
        arrays.put("y_test", npy(version, dictionary(TEST + ","), labels(TEST)));
        return arrays;
    }

    /** Without compression, as numpy.savez does it. */
    public static Path writeNpz(Path file, Map<String, byte[]> arrays) throws IOException {
        Files.createDirectories(file.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
            }
        }
        return file;
    }
}
