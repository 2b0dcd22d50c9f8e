package distill.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Labelled 8-bit images of one size: one partition of a data set. The pixels of an image lie row by row, the channels
 * of a pixel side by side, as in the IDX files and in NumPy's uint8 arrays of shape (n, height, width, channels). They
 * are in memory, or decoded when they are asked for. Safe for several threads.
 *
 * @param height of every image in pixels
 * @param width of every image in pixels
 * @param channels numbers of a pixel: 1 of a grey image, 3 of an RGB image
 * @param classes the names of the classes; of two the second, class 1, is the positive one
 * @param labels the class of every image
 * @param annotations what is known of every image: its file's name, its votes; empty where images have no names
 * @param pixels where the pixels come from
 */
public record Images(
        int height,
        int width,
        int channels,
        List<String> classes,
        int[] labels,
        List<Annotation> annotations,
        Pixels pixels) {

    /** Where the pixels of image {@code index} come from: they are written to {@code to} from {@code at} on. */
    @FunctionalInterface
    public interface Pixels {
        /** Throws where the image's file cannot be read any more. */
        void copy(int index, byte[] to, int at) throws DataException;
    }

    /** Where images that are decoded come from: a folder, or a generator. */
    @FunctionalInterface
    interface Source {
        RgbImage read(Annotation annotation) throws DataException;
    }

    /**
     * Images in memory. The pixels are taken as they are, without a copy.
     *
     * @param classes how many classes there are, which are called 0, 1 and so on; every label lies in [0, classes)
     * @param pixels n * height * width * channels values, each 0 to 255 in an unsigned byte
     * @param labels n values
     * @throws IllegalArgumentException where the sizes do not agree or a label is out of range
     */
    public static Images inMemory(int height, int width, int channels, int classes, byte[] pixels, byte[] labels) {
        long expected = (long) labels.length * height * width * channels;
        if (pixels.length != expected) {
            throw new IllegalArgumentException("%d labels of %d x %d x %d images need %d pixel values, found %d"
                    .formatted(labels.length, height, width, channels, expected, pixels.length));
        }
        List<String> names =
                IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        return inMemory(height, width, channels, names, pixels, labels);
    }

    /** Images in memory, whose classes have names. */
    static Images inMemory(int height, int width, int channels, List<String> classes, byte[] pixels, byte[] labels) {
        int[] values = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = Byte.toUnsignedInt(labels[i]);
            if (values[i] >= classes.size()) {
                throw new IllegalArgumentException("label %d of image %d is not one of the classes 0 to %d"
                        .formatted(values[i], i, classes.size() - 1));
            }
        }
        int bytes = height * width * channels;
        return new Images(
                height,
                width,
                channels,
                classes,
                values,
                List.of(),
                (index, to, at) -> System.arraycopy(pixels, index * bytes, to, at, bytes));
    }

    /**
     * Images that are decoded when they are asked for, and kept as far as the cache has room.
     *
     * @param classes the names of the classes
     * @param annotations a row for each image
     * @param height in pixels, that images are resized to
     * @param width in pixels, that images are resized to
     * @param channels 3, or 1 where all images are grey
     */
    static Images decoded(
            List<String> classes,
            List<Annotation> annotations,
            int height,
            int width,
            int channels,
            Source source,
            ImageCache cache) {
        Map<String, Integer> indices = new HashMap<>();
        classes.forEach(name -> indices.put(name, indices.size()));
        int[] labels = annotations.stream()
                .mapToInt(annotation -> indices.get(annotation.label()))
                .toArray();
        int step = RgbImage.CHANNELS / channels;
        return new Images(height, width, channels, classes, labels, annotations, (index, to, at) -> {
            Annotation row = annotations.get(index);
            byte[] image = cache.get(row.row());
            if (image == null) {
                image = source.read(row).resize(height, width).pixels();
                cache.offer(row.row(), image);
            }
            for (int from = 0, next = at; from < image.length; from += step, next++) {
                to[next] = image[from];
            }
        });
    }

    /**
     * These images as RGB images of another size, each with a row as annotated files have: the channels of a grey image
     * are three times the same.
     *
     * @param side height and width in pixels, that images are resized to by {@link RgbImage#resize}
     * @param partition what part of their set these are
     */
    Images asRgb(int side, Annotation.Partition partition) {
        List<Annotation> rows = IntStream.range(0, size())
                .mapToObj(i -> new Annotation(i + 1, partition + " " + i, classes.get(labels[i]), null, partition))
                .toList();
        return new Images(side, side, RgbImage.CHANNELS, classes, labels, rows, (index, to, at) -> {
            byte[] own = new byte[imageBytes()];
            pixels.copy(index, own, 0);
            byte[] rgb = new RgbImage(height, width, channels == 1 ? RgbImage.ofGrey(own) : own)
                    .resize(side, side)
                    .pixels();
            System.arraycopy(rgb, 0, to, at, rgb.length);
        });
    }

    /** How many images there are. */
    public int size() {
        return labels.length;
    }

    /** The size of an image for people: {@code 28 x 28 pixels}, {@code 32 x 32 x 3 pixels}. */
    public String inPixels() {
        return "%d x %d%s pixels".formatted(height, width, channels == 1 ? "" : " x " + channels);
    }

    /** How many bytes one image has. */
    public int imageBytes() {
        return height * width * channels;
    }

    /** The class of image {@code index}. */
    public int label(int index) {
        return labels[index];
    }

    /** How many images there are of each class. */
    public int[] classCounts() {
        int[] counts = new int[classes.size()];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** What a person calls image {@code index}: its file's name where it has one, else its index. */
    public String name(int index) {
        return annotations.isEmpty()
                ? String.valueOf(index)
                : annotations.get(index).image();
    }

    /** A copy of the pixels of image {@code index}. */
    public byte[] image(int index) throws DataException {
        return batch(new int[] {index}).bytes();
    }

    /** The images at {@code indices}, in that order, as they are. */
    public ImageBatch batch(int[] indices) throws DataException {
        byte[] bytes = new byte[indices.length * imageBytes()];
        for (int i = 0; i < indices.length; i++) {
            pixels.copy(indices[i], bytes, i * imageBytes());
        }
        return new ImageBatch(indices, labels(indices), bytes, null);
    }

    /**
     * The images at {@code indices}, in that order, augmented.
     *
     * @param epoch which epoch, from 1
     * @param position of the first of them in the epoch's order, from 0
     */
    public ImageBatch batch(int[] indices, Augmentation augmentation, int epoch, int position) throws DataException {
        float[] levels = new float[indices.length * imageBytes()];
        byte[] image = new byte[imageBytes()];
        for (int i = 0; i < indices.length; i++) {
            pixels.copy(indices[i], image, 0);
            augmentation.apply(augmentation.draw(epoch, position + i), image, height, width, levels, i * imageBytes());
        }
        return new ImageBatch(indices, labels(indices), null, levels);
    }

    private int[] labels(int[] indices) {
        return Arrays.stream(indices).map(index -> labels[index]).toArray();
    }

    /**
     * The full batches of one epoch, made as they are asked for: {@code for images, labels in mnist_train}. A file that
     * cannot be read any more is an {@link UncheckedIOException}.
     *
     * @param epoch which epoch, from 1
     */
    public Iterable<ImageBatch> batches(EpochOrder order, int epoch, int batchSize) {
        return () -> order.batches(epoch, size(), batchSize).stream()
                .map(indices -> {
                    try {
                        return batch(indices);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .iterator();
    }

    /**
     * One epoch's batches of all images, augmented, the last one smaller where it has to be; made ahead on a thread for
     * each processor.
     *
     * @param epoch which epoch, from 1
     */
    public ImageBatches batches(EpochOrder order, int epoch, int batchSize, Augmentation augmentation) {
        return ImageBatches.augmented(
                this,
                order.allBatches(epoch, size(), batchSize),
                augmentation,
                epoch,
                Runtime.getRuntime().availableProcessors());
    }

    /** The images at {@code indices}, in that order. */
    public Images subset(int[] indices) {
        return new Images(
                height,
                width,
                channels,
                classes,
                labels(indices),
                annotations.isEmpty()
                        ? annotations
                        : Arrays.stream(indices).mapToObj(annotations::get).toList(),
                (index, to, at) -> pixels.copy(indices[index], to, at));
    }

    /**
     * The first {@code n} images.
     *
     * @throws IllegalArgumentException where there are fewer
     */
    public Images first(int n) {
        if (n > size()) {
            throw new IllegalArgumentException("asked for the first %d of %d images".formatted(n, size()));
        }
        return n == size() ? this : subset(IntStream.range(0, n).toArray());
    }

    /**
     * A smaller set with the classes in the same proportions: of each class the first images.
     *
     * @param n how many images; each class keeps at least one
     * @throws IllegalArgumentException where there are fewer, or not one for each class is asked for
     */
    public Images firstOfEachClass(int n) {
        int count = classes.size();
        if (n > size() || n < count) {
            throw new IllegalArgumentException(
                    "asked for the first %d of %d images, expected %d to all of them".formatted(n, size(), count));
        }
        int[] keep = inProportion(n);
        return subset(
                IntStream.range(0, size()).filter(i -> keep[labels[i]]-- > 0).toArray());
    }

    /**
     * How many of n images are of each class: one at least, then by the largest remainders, the later of equal ones.
     */
    private int[] inProportion(int n) {
        int[] counts = classCounts();
        long size = size();
        int[] keep = IntStream.of(counts)
                .map(images -> Math.max(1, Math.toIntExact(n * (long) images / size)))
                .toArray();
        List<Integer> byRemainder = IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.comparing((Integer label) -> n * (long) counts[label] - size * keep[label])
                        .thenComparing(Comparator.naturalOrder())
                        .reversed())
                .toList();
        int left = n - IntStream.of(keep).sum();
        for (int i = 0; i < left; i++) {
            keep[byRemainder.get(i)]++;
        }
        for (; left < 0; left++) {
            keep[
                    IntStream.range(0, keep.length)
                            .boxed()
                            .max(Comparator.comparing(label -> keep[label]))
                            .orElseThrow()]--;
        }
        return keep;
    }

    /**
     * The indices of these images without most of one class: of it, only each {@code every}th is among them, from its
     * first on.
     *
     * @throws IllegalArgumentException where there is no such class
     */
    public int[] thinned(int rareClass, int every) {
        if (rareClass < 0 || rareClass >= classes.size()) {
            throw new IllegalArgumentException(
                    "the classes are 0 to %d, found %d".formatted(classes.size() - 1, rareClass));
        }
        int[] seen = {0};
        return IntStream.range(0, size())
                .filter(i -> labels[i] != rareClass || seen[0]++ % every == 0)
                .toArray();
    }

    /**
     * Adds the number of images, their height and width as big-endian 32-bit numbers, the pixels and the labels, each
     * of these in a byte.
     */
    void addTo(MessageDigest digest) throws DataException {
        digest.update(ByteBuffer.allocate(3 * Integer.BYTES)
                .putInt(size())
                .putInt(height)
                .putInt(width)
                .flip());
        byte[] image = new byte[imageBytes()];
        for (int i = 0; i < size(); i++) {
            pixels.copy(i, image, 0);
            digest.update(image);
        }
        for (int label : labels) {
            digest.update((byte) label);
        }
    }
}
