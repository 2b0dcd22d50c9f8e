package distill.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handwritten digits: grey images of 28 x 28 pixels in ten classes; white ink (255) on black (0). A place that holds
 * them is a folder with the four IDX files, each compressed or not, or Keras's mnist.npz.
 *
 * @param train 60000 images, where this is MNIST
 * @param test 10000 images, where this is MNIST
 * @param origin where they are from
 */
public record Mnist(LabelledImages train, LabelledImages test, Origin origin) {

    static final int TRAIN_SIZE = 60_000;
    static final int TEST_SIZE = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Mnist.class);

    private static final int SIDE = 28;
    private static final int CLASSES = 10;
    private static final String ARCHIVE = "mnist.npz";
    private static final String VARIABLE = "MNIST_DIR";
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    private static final List<String> FILES = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);
    private static final String EXPECTED =
            "%s (each with or without .gz) or %s".formatted(String.join(", ", FILES), ARCHIVE);

    /** The {@link Origin#digest} of MNIST, computed from the four original files. */
    public static final String DIGEST = "2c5f2f9840741fb2fba3494844a010c0036508612aa12e9c5f8f44978cee3963";

    /**
     * Where a set is from.
     *
     * @param description for people, such as "MNIST (60000 + 10000) from data/mnist"; says so where it is not MNIST
     * @param synthetic whether the images were generated
     * @param digest SHA-256 over the content, in lower-case hex: of the training and then the test images, their
     *     number, height and width as big-endian 32-bit numbers, then the pixels, then the labels. Files of other
     *     formats with the same content have the same digest.
     */
    public record Origin(String description, boolean synthetic, String digest) {

        /** Whether the content is that of the MNIST of LeCun et al., to the last bit. */
        public boolean isMnist() {
            return digest.equals(DIGEST);
        }
    }

    /** As {@link #load(Optional, MnistSources)}, with no folder given and the places of this process. */
    public static Mnist load() throws IOException {
        return load(Optional.empty());
    }

    /** As {@link #load(Optional, MnistSources)}, with the places of this process. */
    public static Mnist load(Optional<Path> dataDir) throws IOException {
        return load(dataDir, MnistSources.ofThisProcess());
    }

    /**
     * Reads MNIST from the first place that exists: {@code dataDir}, if given, and no other; else {@code $MNIST_DIR},
     * if set, and no other; else {@code data/mnist}, {@code ../shared/mnist} and {@code ~/.keras/datasets/mnist.npz}.
     * If none exists, MNIST is downloaded into {@code data/mnist}. If that fails, {@linkplain StrokeDigits generated
     * digits} stand in, and a warning is logged.
     *
     * @param dataDir a folder or an .npz file; relative to the working directory
     * @throws DataException where a place exists but does not hold what it must: it is not passed over; and where a
     *     place that was named does not exist
     * @throws IOException where the thread was interrupted during the download
     */
    public static Mnist load(Optional<Path> dataDir, MnistSources sources) throws IOException {
        Path here = sources.workingDirectory();
        if (dataDir.isPresent()) {
            return read(here.resolve(dataDir.get()), dataDir.get().toString());
        }
        String variable = sources.environment().apply(VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            try {
                return read(here.resolve(variable), variable);
            } catch (DataException e) {
                throw new DataException("$%s: %s".formatted(VARIABLE, e.getMessage()), e);
            }
        }
        Place downloaded = new Place("data/mnist", here.resolve("data/mnist"));
        List<Place> places = List.of(
                downloaded,
                new Place("../shared/mnist", here.resolve("../shared/mnist")),
                new Place(
                        "~/.keras/datasets/" + ARCHIVE,
                        sources.home().resolve(".keras/datasets").resolve(ARCHIVE)));
        for (Place place : places) {
            if (!Files.notExists(place.path, LinkOption.NOFOLLOW_LINKS)) {
                return read(place.path, place.name);
            }
        }
        try {
            sources.download().into(downloaded.path);
        } catch (DataException e) {
            LOG.warn(
                    "No MNIST in {}, and {}. GENERATED DIGITS STAND IN: the results will not be those of MNIST.",
                    String.join(", ", places.stream().map(Place::name).toList()),
                    e.getMessage());
            return generate(sources.standInTrain(), sources.standInTest());
        }
        return read(downloaded.path, downloaded.name);
    }

    /**
     * The stand-in: {@linkplain StrokeDigits generated digits}, the same every time.
     *
     * @param train how many training images; fewer are the first of more
     * @param test how many test images
     */
    public static Mnist generate(int train, int test) {
        LabelledImages trainSet = StrokeDigits.generate(train, 1);
        LabelledImages testSet = StrokeDigits.generate(test, 2);
        return new Mnist(
                trainSet,
                testSet,
                new Origin(
                        "generated digits (%d + %d), not the MNIST of LeCun et al.".formatted(train, test),
                        true,
                        digest(trainSet, testSet)));
    }

    /**
     * The same with the last training images in the test images' place, to choose by, and those before them to train
     * on.
     *
     * @throws IllegalArgumentException where no image is left on one of the two sides
     */
    public Mnist withValidation(int images) {
        int rest = train.size() - images;
        if (images < 1 || rest < 1) {
            throw new IllegalArgumentException("of %d training images 1 to %d can be kept back, found %d"
                    .formatted(train.size(), train.size() - 1, images));
        }
        return new Mnist(
                train.first(rest),
                train.subset(IntStream.range(rest, train.size()).toArray()),
                new Origin(
                        "%s, its last %d training images in place of the test images"
                                .formatted(origin.description(), images),
                        origin.synthetic(),
                        validationDigest(origin.digest(), images)));
    }

    /**
     * The {@link Origin#digest} of {@link #withValidation}, which is not of its content: SHA-256 of the whole set's
     * digest, a space and the number of images as text.
     */
    public static String validationDigest(String digest, int images) {
        byte[] text = "%s %d".formatted(digest, images).getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().formatHex(MnistDownload.sha256().digest(text));
    }

    private record Place(String name, Path path) {}

    private static Mnist read(Path place, String name) throws DataException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(place, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new DataException(
                    "%s does not exist: expected a folder with %s; name another place".formatted(place, EXPECTED), e);
        } catch (IOException e) {
            throw DataException.unreadable(place, e);
        }
        if (!attributes.isDirectory()) {
            return readArchive(place, name);
        }
        List<String> missing =
                FILES.stream().filter(file -> find(place, file).isEmpty()).toList();
        Path archive = place.resolve(ARCHIVE);
        if (missing.size() == FILES.size() && Files.exists(archive)) {
            return readArchive(archive, name);
        }
        if (!missing.isEmpty()) {
            throw new DataException("%s lacks %s: expected %s; put the files there or name another folder"
                    .formatted(place, String.join(", ", missing), EXPECTED));
        }
        return of(readPart(place, TRAIN_IMAGES, TRAIN_LABELS), readPart(place, TEST_IMAGES, TEST_LABELS), name);
    }

    /** The file of that name, compressed or not; also one of which it is not known whether it exists. */
    private static Optional<Path> find(Path folder, String file) {
        return Stream.of(folder.resolve(file + ".gz"), folder.resolve(file))
                .filter(path -> !Files.notExists(path))
                .findFirst();
    }

    private static LabelledImages readPart(Path folder, String imagesFile, String labelsFile) throws DataException {
        Path imagesPath = find(folder, imagesFile).orElseThrow();
        Path labelsPath = find(folder, labelsFile).orElseThrow();
        Idx.Images images = Idx.images(imagesPath);
        byte[] labels = Idx.labels(labelsPath);
        return part(imagesPath.toString(), images, labelsPath.toString(), labels);
    }

    private static Mnist readArchive(Path file, String name) throws DataException {
        try (NumpyArchive archive = NumpyArchive.open(file)) {
            return of(readPart(archive, file, "train"), readPart(archive, file, "test"), name);
        }
    }

    private static LabelledImages readPart(NumpyArchive archive, Path file, String part) throws DataException {
        NumpyArchive.Array images = archive.array("x_" + part, 3);
        byte[] labels = archive.array("y_" + part, 1).values();
        int[] shape = images.shape();
        String labelsName = file + ", array y_" + part;
        Idx.checkLabels(labelsName, labels);
        return part(
                file + ", array x_" + part,
                new Idx.Images(shape[0], shape[1], shape[2], images.values()),
                labelsName,
                labels);
    }

    private static LabelledImages part(String imagesName, Idx.Images images, String labelsName, byte[] labels)
            throws DataException {
        if (images.height() != SIDE || images.width() != SIDE) {
            throw new DataException("%s holds images of %d x %d pixels, expected %d x %d; use a set like MNIST"
                    .formatted(imagesName, images.height(), images.width(), SIDE, SIDE));
        }
        if (images.count() != labels.length) {
            throw new DataException("%s holds %d images, but %s holds %d labels, expected as many; fetch both again"
                    .formatted(imagesName, images.count(), labelsName, labels.length));
        }
        return new LabelledImages(SIDE, SIDE, 1, CLASSES, images.pixels(), labels);
    }

    private static Mnist of(LabelledImages train, LabelledImages test, String name) {
        String digest = digest(train, test);
        String sizes = "(%d + %d) from %s".formatted(train.size(), test.size(), name);
        String description =
                digest.equals(DIGEST) ? "MNIST " + sizes : "images " + sizes + ", not the MNIST of LeCun et al.";
        return new Mnist(train, test, new Origin(description, false, digest));
    }

    private static String digest(LabelledImages train, LabelledImages test) {
        MessageDigest digest = MnistDownload.sha256();
        train.addTo(digest);
        test.addTo(digest);
        return HexFormat.of().formatHex(digest.digest());
    }
}
