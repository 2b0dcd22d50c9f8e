package distill.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Labelled 8-bit images of one size, kept in one block of memory: image {@code i} is the bytes from {@code i *
 * imageBytes()} on, row by row, the channels of a pixel side by side, as in the IDX files and in NumPy's uint8 arrays
 * of shape (n, height, width, channels).
 */
public final class LabelledImages {

    private final int height;
    private final int width;
    private final int channels;
    private final int classes;
    private final byte[] pixels;
    private final byte[] labels;

    /**
     * Takes the arrays as they are, without a copy.
     *
     * @param classes how many classes there are; every label lies in [0, classes)
     * @param pixels n * height * width * channels values, each 0 to 255 in an unsigned byte
     * @param labels n values
     * @throws IllegalArgumentException where the sizes do not agree or a label is out of range
     */
    public LabelledImages(int height, int width, int channels, int classes, byte[] pixels, byte[] labels) {
        long expected = (long) labels.length * height * width * channels;
        if (pixels.length != expected) {
            throw new IllegalArgumentException("%d labels of %d x %d x %d images need %d pixel values, found %d"
                    .formatted(labels.length, height, width, channels, expected, pixels.length));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("label %d of image %d is not one of the classes 0 to %d"
                        .formatted(Byte.toUnsignedInt(labels[i]), i, classes - 1));
            }
        }
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.classes = classes;
        this.pixels = pixels;
        this.labels = labels;
    }

    public int size() {
        return labels.length;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    public int channels() {
        return channels;
    }

    public int classes() {
        return classes;
    }

    /** How many bytes one image has. */
    public int imageBytes() {
        return height * width * channels;
    }

    /** The class of image {@code index}. */
    public int label(int index) {
        return labels[index];
    }

    /** A copy of the pixels of image {@code index}. */
    public byte[] image(int index) {
        return Arrays.copyOfRange(pixels, index * imageBytes(), (index + 1) * imageBytes());
    }

    /**
     * The first {@code n} images.
     *
     * @throws IllegalArgumentException where there are fewer
     */
    public LabelledImages first(int n) {
        if (n > size()) {
            throw new IllegalArgumentException("asked for the first %d of %d images".formatted(n, size()));
        }
        return new LabelledImages(
                height, width, channels, classes, Arrays.copyOf(pixels, n * imageBytes()), Arrays.copyOf(labels, n));
    }

    /**
     * The indices of these images without most of one class: of it, only each {@code every}th is among them, from its
     * first on.
     *
     * @throws IllegalArgumentException where there is no such class
     */
    public int[] thinned(int rareClass, int every) {
        if (rareClass < 0 || rareClass >= classes) {
            throw new IllegalArgumentException("the classes are 0 to %d, found %d".formatted(classes - 1, rareClass));
        }
        int[] kept = new int[size()];
        int n = 0;
        int seen = 0;
        for (int i = 0; i < size(); i++) {
            if (label(i) != rareClass || seen++ % every == 0) {
                kept[n++] = i;
            }
        }
        return Arrays.copyOf(kept, n);
    }

    /** A set of the images at {@code indices}, in that order. */
    public LabelledImages subset(int[] indices) {
        byte[] subset = new byte[indices.length];
        for (int i = 0; i < indices.length; i++) {
            subset[i] = labels[indices[i]];
        }
        return new LabelledImages(
                height, width, channels, classes, batch(indices).pixels(), subset);
    }

    /** The images at {@code indices}, in that order. */
    public Batch batch(int[] indices) {
        int bytes = imageBytes();
        byte[] batchPixels = new byte[indices.length * bytes];
        int[] batchLabels = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, indices[i] * bytes, batchPixels, i * bytes, bytes);
            batchLabels[i] = labels[indices[i]];
        }
        return new Batch(indices, batchPixels, batchLabels);
    }

    /** The images from {@code from} (inclusive) to {@code to} (exclusive), in file order. */
    public Batch batch(int from, int to) {
        int[] indices = new int[to - from];
        Arrays.setAll(indices, i -> from + i);
        return batch(indices);
    }

    /**
     * The full batches of one epoch, made as they are asked for: {@code for images, labels in mnist_train}.
     *
     * @param epoch which epoch, from 1
     */
    public Iterable<Batch> batches(EpochOrder order, int epoch, int batchSize) {
        return () -> order.batches(epoch, size(), batchSize).stream()
                .map(this::batch)
                .iterator();
    }

    /** Adds the number of images, their height and width as big-endian 32-bit numbers, the pixels and the labels. */
    void addTo(MessageDigest digest) {
        digest.update(ByteBuffer.allocate(3 * Integer.BYTES)
                .putInt(size())
                .putInt(height)
                .putInt(width)
                .flip());
        digest.update(pixels);
        digest.update(labels);
    }

    /**
     * Some images of a set.
     *
     * @param indices which images of the set these are
     * @param pixels their pixels, laid out as in {@link LabelledImages}
     * @param labels their classes
     */
    public record Batch(int[] indices, byte[] pixels, int[] labels) {

        public int size() {
            return labels.length;
        }
    }
}
