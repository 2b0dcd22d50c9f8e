package distill.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of stained tissue in two classes, each labelled by the majority of several pathologists, in MHIST's layout: a
 * folder with {@code annotations.csv} and {@code images/}. MHIST itself has hyperplastic polyps (HP) and sessile
 * serrated adenomas (SSA) of the colon, 224 x 224 pixels; any other set in this layout will do, or in another
 * {@link Layout}, with two classes or more.
 *
 * <p>Reading it decodes every image once, in parallel, so that bad data are found before any training starts; what is
 * decoded is kept as far as the cache has room.
 *
 * @param set 2175 + 977 images, where this is MHIST
 * @param votesFor the label whose votes {@link Annotation#votes} counts; null where there are no votes
 * @param annotators how many pathologists voted on each image, 7 in MHIST; 0 where there are no votes
 * @param skipped the rows that were left out
 *     <p>MHIST is not free to share, so that there is no digest to hold it against: a set is MHIST's own where the size
 *     of its images, its classes, their counts in both parts and the first rows of each are.
 *     <p>The digest of a set is the SHA-256 over what decides numbers, in lower-case hex: for the training and then the
 *     test images, in order, the label and a zero byte, then the SHA-256 of height and width as big-endian 32-bit
 *     numbers and of the decoded pixels in their own size. Other names, or files of other formats with the same pixels,
 *     have the same digest.
 * @see <a href="https://bmirds.github.io/MHIST/">Wei et al., A Petri Dish for Histopathology Image Analysis, 2021</a>
 */
public record Mhist(DataSet set, String votesFor, int annotators, Skipped skipped) {

    private static final Logger LOG = LoggerFactory.getLogger(Mhist.class);

    /** The usual places, in the order in which they are looked at. */
    public static final List<String> PLACES = List.of("data/mhist", "../shared/histology");

    /**
     * Rows that were left out because they are bad.
     *
     * @param rows how many
     * @param reasons why, for the first few, each with the row's number
     */
    public record Skipped(int rows, List<String> reasons) {}

    /** The training images. */
    public Images train() {
        return set.train();
    }

    /** The test images. */
    public Images test() {
        return set.test();
    }

    /** Where the images are from. */
    public DataSet.Origin origin() {
        return set.origin();
    }

    /** The names of the classes in their order; of two the second is the positive one. */
    public List<String> classes() {
        return set.train().classes();
    }

    /**
     * How images are read.
     *
     * @param imageSize height and width that the images are {@linkplain RgbImage#resize resized} to; null where they
     *     are read as they are, which takes images of one size, and grey ones, too
     * @param cacheBytes how many bytes of pixels to keep in memory at most: 224 x 224 x 3 or 147 KiB an image
     * @param skipBad whether to go on without rows that are bad, each a single row's fault: an unknown label or
     *     partition, wrong votes, an image that is listed twice, is missing, damaged, not RGB, of another size than
     *     most, or whose name leads out of the folder
     */
    public record Reading(Integer imageSize, long cacheBytes, boolean skipBad) {}

    /** As {@link #load(Reading)}, with a gigabyte of pixels in memory at most; a bad row is an error. */
    public static Mhist load(int imageSize) throws DataException {
        return load(new Reading(imageSize, 1L << 30, false));
    }

    /**
     * Reads a set of any layout from a place that was named, and looks at no other.
     *
     * @param folder relative to the working directory
     * @throws DataException where it does not exist, or does not hold what it must
     */
    public static Mhist load(Path folder, Reading reading) throws DataException {
        return read(folder, folder.toString(), reading);
    }

    /**
     * Reads a place in any layout.
     *
     * @param name what to call it for people
     */
    static Mhist read(Path place, String name, Reading reading) throws DataException {
        return switch (Layout.of(place)) {
            case MNIST, CIFAR -> ofSmallImages(Mnist.read(place, name), reading.imageSize());
            case CLASS_FOLDERS -> new MhistReader(reading).classFolders(place, name);
            case MHIST, UNKNOWN -> new MhistReader(reading).folder(place, name);
        };
    }

    /** A set of Task 1 for the networks of Task 2. */
    private static Mhist ofSmallImages(DataSet set, int imageSize) {
        DataSet.Origin origin = set.origin();
        String description = origin.description().replace(", " + Mnist.NOT_MNIST, "")
                + (set.train().channels() == 1 ? ", grey, with three equal channels" : "");
        return new Mhist(
                new DataSet(
                        set.train().asRgb(imageSize, Annotation.Partition.TRAIN),
                        set.test().asRgb(imageSize, Annotation.Partition.TEST),
                        new DataSet.Origin(
                                origin.name(),
                                description + ", " + MhistReader.NOT_MHIST,
                                origin.synthetic(),
                                false,
                                origin.digest())),
                null,
                0,
                new Skipped(0, List.of()));
    }

    /**
     * Reads a set from the first place that exists: {@code $MHIST_DIR}, if set, and no other; else {@code data/mhist}
     * and {@code ../shared/histology}. If none exists, {@linkplain CryptImages drawn crypts}, 640 + 256 that take a few
     * seconds, stand in, and a warning is logged.
     *
     * @throws DataException where a place exists but does not hold what it must: it is not passed over; where the
     *     variable's place does not exist; at a bad row, unless they are skipped; where a part or a class in it is
     *     empty
     */
    public static Mhist load(Reading reading) throws DataException {
        return load(DataPlaces.ofThisProcess(), 640, 256, reading);
    }

    /** As {@link #load(Reading)}, with the places and how many images stand in. */
    static Mhist load(DataPlaces places, int standInTrain, int standInTest, Reading reading) throws DataException {
        Optional<Mhist> found = places.first("MHIST_DIR", PLACES, (place, name) -> read(place, name, reading));
        if (found.isPresent()) {
            return found.get();
        }
        LOG.warn(
                "No MHIST in {}. GENERATED CRYPTS STAND IN: the results will not be those of MHIST.",
                String.join(", ", PLACES));
        return generate(standInTrain, standInTest, reading.imageSize(), reading.cacheBytes());
    }

    /**
     * Where {@link #load(Reading)} would read a set; empty where another would stand in. Nothing is read.
     *
     * @throws DataException where the variable's place does not exist
     */
    public static Optional<String> place() throws DataException {
        return DataPlaces.ofThisProcess().first("MHIST_DIR", PLACES, Mhist::existing);
    }

    private static String existing(Path place, String name) throws DataException {
        if (Files.notExists(place)) {
            throw new DataException(place + " does not exist: name another place");
        }
        return name;
    }

    /**
     * The stand-in: {@linkplain CryptImages drawn crypts}, the same every time.
     *
     * @param train how many training images; fewer are the first of more
     * @param test how many test images
     * @throws DataException where there are so few that a class is missing
     */
    public static Mhist generate(int train, int test, int imageSize, long cacheBytes) throws DataException {
        return new MhistReader(new Reading(imageSize, cacheBytes, false)).generated(train, test);
    }
}
