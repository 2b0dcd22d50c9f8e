package distill.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * RGB images of two classes, one partition of a set: square and of one size, in the order of the file that lists them.
 * They are decoded when they are asked for, and kept as far as the cache has room. Safe for several threads.
 */
public final class ImageSet {

    private final List<String> classes;
    private final List<Annotation> annotations;
    private final int imageSize;
    private final Source source;
    private final ImageCache cache;

    /** Where images come from: a folder, or a generator. */
    @FunctionalInterface
    interface Source {
        RgbImage read(Annotation annotation) throws DataException;
    }

    ImageSet(List<String> classes, List<Annotation> annotations, int imageSize, Source source, ImageCache cache) {
        this.classes = classes;
        this.annotations = annotations;
        this.imageSize = imageSize;
        this.source = source;
        this.cache = cache;
    }

    /** How many images there are. */
    public int size() {
        return annotations.size();
    }

    /** Height and width of every image, in pixels. */
    public int imageSize() {
        return imageSize;
    }

    /** The names of both classes; the second, class 1, is the positive one. */
    public List<String> classes() {
        return classes;
    }

    /** What is known of image {@code index}: its file's name, its votes. */
    public Annotation annotation(int index) {
        return annotations.get(index);
    }

    /** The class of image {@code index}. */
    public int label(int index) {
        return classes.indexOf(annotations.get(index).label());
    }

    /** The class of every image. */
    public int[] labels() {
        return IntStream.range(0, size()).map(this::label).toArray();
    }

    /** How many images there are of each class. */
    public int[] classCounts() {
        int[] counts = new int[classes.size()];
        for (int i = 0; i < size(); i++) {
            counts[label(i)]++;
        }
        return counts;
    }

    /**
     * Image {@code index}.
     *
     * @throws DataException where its file cannot be read any more
     */
    public RgbImage image(int index) throws DataException {
        return new RgbImage(imageSize, imageSize, pixels(index).clone());
    }

    /** The images at {@code indices}, in that order, as they are. */
    public ImageBatch batch(int[] indices) throws DataException {
        float[] pixels = new float[indices.length * imageValues()];
        int to = 0;
        for (int index : indices) {
            for (byte value : pixels(index)) {
                pixels[to++] = Byte.toUnsignedInt(value);
            }
        }
        return new ImageBatch(pixels, labels(indices), indices);
    }

    /**
     * The images at {@code indices}, in that order, augmented.
     *
     * @param epoch which epoch, from 1
     * @param position of the first of them in the epoch's order, from 0
     */
    public ImageBatch batch(int[] indices, Augmentation augmentation, int epoch, int position) throws DataException {
        float[] pixels = new float[indices.length * imageValues()];
        for (int i = 0; i < indices.length; i++) {
            augmentation.apply(
                    augmentation.draw(epoch, position + i),
                    pixels(indices[i]),
                    imageSize,
                    imageSize,
                    pixels,
                    i * imageValues());
        }
        return new ImageBatch(pixels, labels(indices), indices);
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

    /**
     * A smaller set with the classes in the same proportions: of each class the first images.
     *
     * @param n how many images; each class keeps at least one
     * @throws IllegalArgumentException where there are fewer, or only one is asked for
     */
    public ImageSet first(int n) {
        if (n > size() || n < 2) {
            throw new IllegalArgumentException(
                    "asked for the first %d of %d images, expected 2 to all of them".formatted(n, size()));
        }
        int positives = (int) Math.round((double) n * classCounts()[1] / size());
        positives = Math.max(1, Math.min(n - 1, positives));
        int[] keep = {n - positives, positives};
        List<Annotation> kept = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            if (keep[label(i)]-- > 0) {
                kept.add(annotations.get(i));
            }
        }
        return new ImageSet(classes, List.copyOf(kept), imageSize, source, cache);
    }

    private int imageValues() {
        return imageSize * imageSize * RgbImage.CHANNELS;
    }

    private int[] labels(int[] indices) {
        return Arrays.stream(indices).map(this::label).toArray();
    }

    private byte[] pixels(int index) throws DataException {
        Annotation annotation = annotations.get(index);
        int key = annotation.row();
        byte[] cached = cache.get(key).orElse(null);
        if (cached != null) {
            return cached;
        }
        byte[] pixels = source.read(annotation).resize(imageSize, imageSize).pixels();
        cache.offer(key, pixels);
        return pixels;
    }
}
