package distill.data;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of stained tissue in two classes, each labelled by the majority of several pathologists, in MHIST's layout: a
 * folder with {@code annotations.csv} and {@code images/}. MHIST itself has hyperplastic polyps (HP) and sessile
 * serrated adenomas (SSA) of the colon, 224 x 224 pixels; any other set of two classes in this layout will do.
 *
 * <p>Reading it decodes every image once, in parallel, so that bad data are found before any training starts; what is
 * decoded is kept as far as the cache has room.
 *
 * @param train 2175 images, where this is MHIST
 * @param test 977 images, where this is MHIST
 * @param votesFor the label whose votes {@link Annotation#votes} counts
 * @param annotators how many pathologists voted on each image, 7 in MHIST
 * @param skipped the rows that were left out
 * @param origin where they are from
 * @see <a href="https://bmirds.github.io/MHIST/">Wei et al., A Petri Dish for Histopathology Image Analysis, 2021</a>
 */
public record Mhist(ImageSet train, ImageSet test, String votesFor, int annotators, Skipped skipped, Origin origin) {

    private static final Logger LOG = LoggerFactory.getLogger(Mhist.class);

    private static final String VARIABLE = "MHIST_DIR";

    /**
     * Where a set is from.
     *
     * @param description for people, such as "MHIST (2175 + 977) from data/mhist"; says so where it is not MHIST
     * @param synthetic whether the images were generated
     * @param isMhist whether these are MHIST's own 2175 + 977 rows, so that numbers may be compared with the report's:
     *     size of the images, classes, their counts in both parts, and the first rows of each. MHIST is not free to
     *     share, so that there is no digest to hold it against.
     * @param digest SHA-256 over what decides numbers, in lower-case hex: for the training and then the test images, in
     *     order, the label and a zero byte, then the SHA-256 of height and width as big-endian 32-bit numbers and of
     *     the decoded pixels in their own size. Other names, or files of other formats with the same pixels, have the
     *     same digest.
     */
    public record Origin(String description, boolean synthetic, boolean isMhist, String digest) {}

    /**
     * Rows that were left out because they are bad.
     *
     * @param rows how many
     * @param reasons why, for the first few, each with the row's number
     */
    public record Skipped(int rows, List<String> reasons) {}

    /** The names of both classes in sorted order; the second is the positive one. */
    public List<String> classes() {
        return train.classes();
    }

    /**
     * As {@link #load(Optional, MhistSources, int, long, boolean)}, with the places of this process, and a gigabyte of
     * pixels in memory at most. A bad row is an error.
     */
    public static Mhist load(int imageSize) throws DataException {
        return load(Optional.empty(), imageSize, 1L << 30, false);
    }

    /** As {@link #load(Optional, MhistSources, int, long, boolean)}, with the places of this process. */
    public static Mhist load(Optional<Path> dataDir, int imageSize, long cacheBytes, boolean skipBad)
            throws DataException {
        return load(dataDir, MhistSources.ofThisProcess(), imageSize, cacheBytes, skipBad);
    }

    /**
     * Reads a set from the first place that exists: {@code dataDir}, if given, and no other; else {@code $MHIST_DIR},
     * if set, and no other; else {@code data/mhist} and {@code ../shared/histology}. If none exists,
     * {@linkplain CryptImages drawn crypts} stand in, and a warning is logged.
     *
     * @param dataDir relative to the working directory
     * @param imageSize height and width that the images are {@linkplain RgbImage#resize resized} to
     * @param cacheBytes how many bytes of pixels to keep in memory at most: 224 x 224 x 3 or 147 KiB an image
     * @param skipBad whether to go on without rows that are bad, each a single row's fault: an unknown label or
     *     partition, wrong votes, an image that is listed twice, is missing, damaged, not RGB, of another size than
     *     most, or whose name leads out of the folder
     * @throws DataException where a place exists but does not hold what it must: it is not passed over; where a place
     *     that was named does not exist; at a bad row, unless they are skipped; where a part or a class in it is empty
     */
    public static Mhist load(
            Optional<Path> dataDir, MhistSources sources, int imageSize, long cacheBytes, boolean skipBad)
            throws DataException {
        Path here = sources.workingDirectory();
        MhistReader reader = new MhistReader(imageSize, new ImageCache(cacheBytes), skipBad);
        if (dataDir.isPresent()) {
            return reader.folder(here.resolve(dataDir.get()), dataDir.get().toString());
        }
        String variable = sources.environment().apply(VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            try {
                return reader.folder(here.resolve(variable), variable);
            } catch (DataException e) {
                throw new DataException("$%s: %s".formatted(VARIABLE, e.getMessage()), e);
            }
        }
        List<String> places = List.of("data/mhist", "../shared/histology");
        for (String place : places) {
            if (!Files.notExists(here.resolve(place), LinkOption.NOFOLLOW_LINKS)) {
                return reader.folder(here.resolve(place), place);
            }
        }
        LOG.warn(
                "No MHIST in {}. GENERATED CRYPTS STAND IN: the results will not be those of MHIST.",
                String.join(", ", places));
        return generate(sources.standInTrain(), sources.standInTest(), imageSize, cacheBytes);
    }

    /**
     * The stand-in: {@linkplain CryptImages drawn crypts}, the same every time.
     *
     * @param train how many training images; fewer are the first of more
     * @param test how many test images
     * @throws DataException where there are so few that a class is missing
     */
    public static Mhist generate(int train, int test, int imageSize, long cacheBytes) throws DataException {
        return new MhistReader(imageSize, new ImageCache(cacheBytes), false).generated(train, test);
    }
}
