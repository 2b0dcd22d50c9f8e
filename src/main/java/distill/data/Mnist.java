package distill.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads handwritten digits: grey images of 28 x 28 pixels in ten classes; white ink (255) on black (0). A place that
 * holds them is a folder with the four IDX files, each compressed or not, or Keras's mnist.npz. MNIST has 60000 +
 * 10000.
 *
 * <p>Other sets in these files may have images of another size and up to 256 classes, as many as the training labels
 * say. So may sets in another {@link Layout}, which are read here, too, as they are: {@link Mhist} reads all of them
 * for Task 2.
 *
 * <p>The digest of a set is the SHA-256 over its content, in lower-case hex: of the training and then the test images,
 * their number, height and width as big-endian 32-bit numbers, then the pixels, then the labels. Files of other formats
 * with the same content have the same digest.
 */
public final class Mnist {

    private static final Logger LOG = LoggerFactory.getLogger(Mnist.class);

    /** Height and width of an image, in pixels. */
    static final int SIDE = 28;

    static final int CLASSES = 10;

    private static final String LIKE_MNIST = "a set in MNIST's layout";
    private static final String ARCHIVE = "mnist.npz";
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    private static final List<String> FILES = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);
    private static final String EXPECTED = "%s (each with or without .gz, with a hyphen or a dot before idx) or %s"
            .formatted(String.join(", ", FILES), ARCHIVE);

    /** Memory for decoded images of files. */
    private static final long CACHE_BYTES = 1L << 29;

    /** What follows the description of images that are not the report's. */
    static final String NOT_MNIST = "not the MNIST of LeCun et al.";

    /** The digest of MNIST, computed from the four original files. */
    public static final String DIGEST = "2c5f2f9840741fb2fba3494844a010c0036508612aa12e9c5f8f44978cee3963";

    private static final String HERE = "data/mnist";

    /** The usual places, in the order in which they are looked at. */
    public static final List<String> PLACES = List.of(HERE, "../shared/mnist", "~/.keras/datasets/" + ARCHIVE);

    private Mnist() {}

    /**
     * Reads a set of any layout from a place that was named, and looks at no other.
     *
     * @param place a folder or an .npz file; relative to the working directory
     * @throws DataException where it does not exist, or does not hold what it must
     */
    public static DataSet load(Path place) throws DataException {
        return read(place, place.toString());
    }

    /**
     * Reads MNIST from the first place that exists: {@code $MNIST_DIR}, if set, and no other; else {@code data/mnist},
     * {@code ../shared/mnist} and {@code ~/.keras/datasets/mnist.npz}. If none exists, MNIST is downloaded into
     * {@code data/mnist}. If that fails, {@linkplain StrokeDigits generated digits} of its size stand in, and a warning
     * is logged.
     *
     * @throws DataException where a place exists but does not hold what it must: it is not passed over; and where the
     *     variable's place does not exist
     * @throws IOException where the thread was interrupted during the download
     */
    public static DataSet load() throws IOException {
        return load(DataPlaces.ofThisProcess(), MnistDownload.ofMnist(), 60_000, 10_000);
    }

    /** As {@link #load()}, with the places, what is downloaded, and how many digits stand in. */
    static DataSet load(DataPlaces places, MnistDownload download, int standInTrain, int standInTest)
            throws IOException {
        Optional<DataSet> found = find(places);
        if (found.isPresent()) {
            return found.get();
        }
        Path downloaded = places.resolve(HERE);
        try {
            download.into(downloaded);
        } catch (DataException e) {
            LOG.warn(
                    "No MNIST in {}, and {}. GENERATED DIGITS STAND IN: the results will not be those of MNIST.",
                    String.join(", ", PLACES),
                    e.getMessage());
            return generate(standInTrain, standInTest);
        }
        return read(downloaded, HERE);
    }

    /**
     * Reads MNIST as {@link #load()} does; empty where that would download it.
     *
     * @throws DataException where a place exists but does not hold what it must
     */
    public static Optional<DataSet> find() throws DataException {
        return find(DataPlaces.ofThisProcess());
    }

    private static Optional<DataSet> find(DataPlaces places) throws DataException {
        return places.first("MNIST_DIR", PLACES, Mnist::read);
    }

    /**
     * The stand-in: {@linkplain StrokeDigits generated digits}, the same every time.
     *
     * @param train how many training images; fewer are the first of more
     * @param test how many test images
     */
    public static DataSet generate(int train, int test) {
        Images trainSet = StrokeDigits.generate(train, 1);
        Images testSet = StrokeDigits.generate(test, 2);
        String name = "generated digits";
        String description = "%s (%d + %d), not the MNIST of LeCun et al.".formatted(name, train, test);
        return new DataSet(
                trainSet, testSet, new DataSet.Origin(name, description, true, false, digest(trainSet, testSet)));
    }

    /**
     * A set with its last training images in the test images' place, to choose by, and those before them to train on.
     *
     * @throws IllegalArgumentException where no image is left on one of the two sides
     */
    public static DataSet withValidation(DataSet set, int images) {
        int all = set.train().size();
        int rest = all - images;
        if (images < 1 || rest < 1) {
            throw new IllegalArgumentException(
                    "of %d training images 1 to %d can be kept back, found %d".formatted(all, all - 1, images));
        }
        DataSet.Origin whole = set.origin();
        DataSet.Origin origin = new DataSet.Origin(
                whole.original() ? LIKE_MNIST : whole.name(),
                "%s, its last %d training images in place of the test images".formatted(whole.description(), images),
                whole.synthetic(),
                false,
                validationDigest(whole.digest(), images));
        return new DataSet(
                set.train().first(rest),
                set.train().subset(IntStream.range(rest, all).toArray()),
                origin);
    }

    /**
     * The digest of {@link #withValidation}, which is not of its content: SHA-256 of the whole set's digest, a space
     * and the number of images as text.
     */
    public static String validationDigest(String digest, int images) {
        byte[] text = "%s %d".formatted(digest, images).getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().formatHex(MnistDownload.sha256().digest(text));
    }

    /** The set that has a digest: this one, or this one {@linkplain #withValidation with validation}; else empty. */
    public static Optional<DataSet> withDigest(DataSet set, String digest) {
        String whole = set.origin().digest();
        if (whole.equals(digest)) {
            return Optional.of(set);
        }
        return IntStream.range(1, set.train().size())
                .filter(images -> validationDigest(whole, images).equals(digest))
                .mapToObj(images -> withValidation(set, images))
                .findFirst();
    }

    /** Writes a set as the four IDX files, uncompressed, which {@link #load(Path)} reads; the folder must exist. */
    public static void write(DataSet set, Path folder) throws IOException {
        write(set.train(), folder.resolve(TRAIN_IMAGES), folder.resolve(TRAIN_LABELS));
        write(set.test(), folder.resolve(TEST_IMAGES), folder.resolve(TEST_LABELS));
    }

    private static void write(Images images, Path pixels, Path labels) throws IOException {
        int count = images.size();
        byte[] bytes = images.batch(IntStream.range(0, count).toArray()).bytes();
        Files.write(pixels, Idx.bytes(bytes, count, images.height(), images.width()));
        byte[] classes = new byte[count];
        for (int i = 0; i < count; i++) {
            classes[i] = (byte) images.label(i);
        }
        Files.write(labels, Idx.bytes(classes, count));
    }

    /**
     * Reads a place in any layout, each image as it is.
     *
     * @param name what to call it for people
     */
    static DataSet read(Path place, String name) throws DataException {
        return switch (Layout.of(place)) {
            case CIFAR -> Cifar.read(place, name);
            case MHIST, CLASS_FOLDERS ->
                shuffled(Mhist.read(place, name, new Mhist.Reading(null, CACHE_BYTES, false))
                        .set());
            case MNIST, UNKNOWN -> readIdx(place, name);
        };
    }

    /** Files come class by class, and a cut takes the first images or the last: they are to be of all classes. */
    private static DataSet shuffled(DataSet set) {
        return new DataSet(shuffled(set.train()), shuffled(set.test()), set.origin());
    }

    private static Images shuffled(Images images) {
        return images.subset(new EpochOrder(1).permutation(1, images.size()));
    }

    /** Whether a folder has some of the files. */
    static boolean hasSome(Path place) {
        return Files.exists(place.resolve(ARCHIVE)) || FILES.stream().anyMatch(file -> Files.exists(find(place, file)));
    }

    private static DataSet readIdx(Path place, String name) throws DataException {
        if (Files.notExists(place)) {
            throw new DataException(
                    "%s does not exist: expected a folder with %s; name another place".formatted(place, EXPECTED));
        }
        if (!Files.isDirectory(place)) {
            return readArchive(place, name);
        }
        List<String> missing = FILES.stream()
                .filter(file -> Files.notExists(find(place, file)))
                .toList();
        Path archive = place.resolve(ARCHIVE);
        if (missing.size() == FILES.size() && Files.exists(archive)) {
            return readArchive(archive, name);
        }
        if (!missing.isEmpty()) {
            throw new DataException("%s lacks %s: expected %s; put the files there or name another folder%s"
                    .formatted(place, String.join(", ", missing), EXPECTED, Layout.OTHERS));
        }
        return of(readPart(place, TRAIN_IMAGES, TRAIN_LABELS), readPart(place, TEST_IMAGES, TEST_LABELS), name);
    }

    /**
     * The file of that name: compressed, unless there is none. Kaggle has a dot in the names, and unpacks each file
     * into a folder of its name.
     */
    private static Path find(Path folder, String file) {
        String dotted = file.replace("-idx", ".idx");
        return Stream.of(file + ".gz", file, dotted + ".gz", dotted)
                .flatMap(name ->
                        Stream.of(folder.resolve(name), folder.resolve(name).resolve(name)))
                .filter(path -> !Files.notExists(path) && !Files.isDirectory(path))
                .findFirst()
                .orElse(folder.resolve(file));
    }

    /** Images of one part and their labels, as their files have them. */
    private record Part(Idx.Array images, Idx.Array labels) {

        int height() {
            return images.shape()[1];
        }

        int width() {
            return images.shape()[2];
        }

        int channels() {
            return images.shape().length == 3 ? 1 : images.shape()[3];
        }

        String size() {
            return "%d x %d".formatted(height(), width()) + (channels() == 1 ? "" : " x " + channels());
        }

        int largestLabel() {
            byte[] values = labels.values();
            return IntStream.range(0, values.length)
                    .map(i -> Byte.toUnsignedInt(values[i]))
                    .max()
                    .orElseThrow();
        }

        Images of(int classes) {
            return Images.inMemory(height(), width(), channels(), classes, images.values(), labels.values());
        }
    }

    private static Part readPart(Path folder, String images, String labels) throws DataException {
        return new Part(Idx.read(find(folder, images), 3), Idx.read(find(folder, labels), 1));
    }

    private static DataSet readArchive(Path file, String name) throws DataException {
        return of(readPart(file, "train"), readPart(file, "test"), name);
    }

    private static Part readPart(Path archive, String part) throws DataException {
        return new Part(NumpyArchive.array(archive, "x_" + part, 3, 4), NumpyArchive.array(archive, "y_" + part, 1));
    }

    private static DataSet of(Part train, Part test, String name) throws DataException {
        for (Part part : List.of(train, test)) {
            int count = part.images.shape()[0];
            if (count != part.labels.values().length) {
                throw new DataException("%s holds %d images, but %s holds %d labels, expected as many; fetch both again"
                        .formatted(part.images.source(), count, part.labels.source(), part.labels.values().length));
            }
            if (part.channels() != 1 && part.channels() != RgbImage.CHANNELS) {
                throw new DataException("%s holds images of %d channels, expected 1 (grey) or 3 (RGB); convert them"
                        .formatted(part.images.source(), part.channels()));
            }
        }
        if (!test.size().equals(train.size())) {
            throw new DataException("%s holds images of %s pixels, expected %s as %s has; make them of one size"
                    .formatted(test.images.source(), test.size(), train.size(), train.images.source()));
        }
        int classes = Math.max(1, train.largestLabel()) + 1;
        byte[] tested = test.labels.values();
        for (int i = 0; i < tested.length; i++) {
            if (Byte.toUnsignedInt(tested[i]) >= classes) {
                throw new DataException(
                        "%s holds label %d at position %d, expected 0 to %d as the training labels have; correct one of them"
                                .formatted(test.labels.source(), Byte.toUnsignedInt(tested[i]), i, classes - 1));
            }
        }
        return set(train.of(classes), test.of(classes), LIKE_MNIST, name);
    }

    /**
     * A set of images in memory.
     *
     * @param layout what its provenance calls it, where it is not MNIST
     * @param name where it is from, for people
     */
    static DataSet set(Images train, Images test, String layout, String name) {
        String digest = digest(train, test);
        boolean original = digest.equals(DIGEST);
        String sizes = "(%d + %d) from %s".formatted(train.size(), test.size(), name);
        boolean alike = train.height() == SIDE
                && train.width() == SIDE
                && train.channels() == 1
                && train.classes().size() == CLASSES;
        String kind = alike
                ? "images"
                : "images of %s in %d classes"
                        .formatted(train.inPixels(), train.classes().size());
        String description = original ? "MNIST " + sizes : kind + " " + sizes + ", " + NOT_MNIST;
        return new DataSet(
                train, test, new DataSet.Origin(original ? "MNIST" : layout, description, false, original, digest));
    }

    private static String digest(Images train, Images test) {
        MessageDigest digest = MnistDownload.sha256();
        try {
            train.addTo(digest);
            test.addTo(digest);
        } catch (DataException e) {
            throw new IllegalStateException("images in memory can always be read", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
