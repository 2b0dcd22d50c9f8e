package distill.data;

import distill.data.Annotation.Partition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads or generates a set for {@link Mhist}: finds every image's file, decodes it, and judges the rows. */
final class MhistReader {

    static final String ANNOTATIONS = "annotations.csv";
    private static final String IMAGES = "images";
    private static final String EXPECTED = "a folder with " + ANNOTATIONS + " and " + IMAGES + "/";

    /** What follows the description of images that are not the report's. */
    static final String NOT_MHIST = "not MHIST";

    private static final String PREFIX = "MHIST_";
    private static final String SUFFIX = ".png";

    private static final List<String> CLASSES = List.of("HP", "SSA");
    private static final int ANNOTATORS = 7;
    private static final Size SIZE = new Size(224, 224);

    /** What MHIST's parts begin with, as the report's notebook shows them: image, label, votes for SSA. */
    private static final List<String> FIRST_TRAIN =
            List.of("aaa SSA 6", "aab HP 0", "aac SSA 5", "aae HP 1", "aaf SSA 5");

    private static final List<String> FIRST_TEST = List.of("aag HP 2", "aah HP 2", "aaq SSA 5", "aar HP 0", "aay HP 1");

    private final Mhist.Reading reading;
    private final ImageCache cache;

    MhistReader(Mhist.Reading reading) {
        this.reading = reading;
        cache = new ImageCache(reading.cacheBytes());
    }

    private record Size(int height, int width) {

        @Override
        public String toString() {
            return height + " x " + width;
        }
    }

    /** What is kept of an image that was decoded. */
    private record Content(Size size, boolean grey, byte[] digest) {}

    /**
     * Reads a folder.
     *
     * @param name what to call it for people
     */
    Mhist folder(Path place, String name) throws DataException {
        Path file = place.resolve(ANNOTATIONS);
        Path images = place.resolve(IMAGES);
        if (!Files.isDirectory(place)) {
            throw new DataException("%s is no folder: expected %s; name another place".formatted(place, EXPECTED));
        }
        if (Files.notExists(file) || !Files.isDirectory(images)) {
            throw new DataException("%s lacks %s: expected %s; put the data there or name another folder%s"
                    .formatted(place, Files.notExists(file) ? ANNOTATIONS : IMAGES + "/", EXPECTED, Layout.OTHERS));
        }
        BadRows bad = new BadRows(file);
        Annotations annotations = Annotations.read(file, bad);
        Map<Integer, Path> files = files(annotations.rows(), images, bad);
        Images.Source source = asTheyAre()
                ? row -> RgbImage.readGreyToo(files.get(row.row()))
                : row -> RgbImage.read(files.get(row.row()));
        Parts parts = parts(annotations, source, file.toString(), bad, true);
        boolean isMhist = bad.skipped().rows() == 0 && isMhist(annotations, parts.size.height, parts.size.width);
        return mhist(annotations, parts, "a set in MHIST's layout", name, isMhist && !asTheyAre(), "", bad);
    }

    /**
     * Reads a tree of folders, one for each class.
     *
     * @param name what to call it for people
     */
    Mhist classFolders(Path place, String name) throws DataException {
        ClassFolders tree = ClassFolders.of(place);
        BadRows bad = BadRows.ofImages(place);
        Images.Source source = row -> RgbImage.readGreyToo(tree.files().get(row.row()));
        Parts parts = parts(tree.annotations(), source, place.toString(), bad, asTheyAre());
        return mhist(tree.annotations(), parts, "a folder for each class", name, false, tree.split(), bad);
    }

    /** Whether images are read in their own size and colours, for Task 1. */
    private boolean asTheyAre() {
        return reading.imageSize() == null;
    }

    private Mhist mhist(
            Annotations annotations,
            Parts parts,
            String layout,
            String name,
            boolean isMhist,
            String split,
            BadRows bad) {
        String classes = ClassNames.inWords(annotations.classes());
        String sizes = "(%d + %d) from %s".formatted(parts.train.size(), parts.test.size(), name);
        String grey = parts.grey == 0 || parts.train.channels() == 1
                ? ""
                : ", %d of them grey, with three equal channels".formatted(parts.grey);
        DataSet.Origin origin = new DataSet.Origin(
                isMhist ? "MHIST" : layout + ", " + classes,
                isMhist
                        ? "MHIST " + sizes
                        : "images of %s%s %s%s%s, %s%s"
                                .formatted(
                                        classes,
                                        asTheyAre() ? ", " + parts.train.inPixels() : "",
                                        sizes,
                                        split,
                                        grey,
                                        asTheyAre() ? Mnist.NOT_MNIST : NOT_MHIST,
                                        bad.leftOut()),
                false,
                isMhist,
                parts.digest);
        return new Mhist(
                new DataSet(parts.train, parts.test, origin),
                annotations.votesFor(),
                annotations.annotators(),
                bad.skipped());
    }

    /** Draws a set. */
    Mhist generated(int train, int test) throws DataException {
        List<Annotation> rows = new ArrayList<>(CryptImages.annotations(Partition.TRAIN, train, 2));
        rows.addAll(CryptImages.annotations(Partition.TEST, test, 2 + train));
        Annotations annotations = new Annotations(rows, CLASSES, CLASSES.get(1), ANNOTATORS);
        String name = "generated crypts (%d + %d)".formatted(train, test);
        BadRows none = new BadRows(Path.of(ANNOTATIONS));
        Parts parts = parts(annotations, CryptImages::read, name, none, true);
        DataSet.Origin origin =
                new DataSet.Origin("generated crypts", name + ", " + NOT_MHIST, true, false, parts.digest);
        return new Mhist(new DataSet(parts.train, parts.test, origin), CLASSES.get(1), ANNOTATORS, none.skipped());
    }

    /** The file of each row's image. */
    private static Map<Integer, Path> files(List<Annotation> rows, Path images, BadRows bad) {
        Map<Integer, Path> files = new HashMap<>();
        Map<Path, Integer> rowOf = new HashMap<>();
        for (Annotation row : rows) {
            Optional<Path> file = Optional.empty();
            try {
                if (!images.resolve(row.image()).normalize().startsWith(images.normalize())) {
                    bad.add(row.row(), "image '%s' lies outside of %s".formatted(row.image(), images));
                    continue;
                }
                String name = row.image();
                file = Stream.of(name, name + SUFFIX, PREFIX + name, PREFIX + name + SUFFIX)
                        .map(candidate -> images.resolve(candidate).normalize())
                        .filter(Files::isRegularFile)
                        .findFirst();
            } catch (InvalidPathException e) {
                // A name that no file can have: missing.
            }
            if (file.isEmpty()) {
                bad.add(row.row(), "image '%s' is missing in %s".formatted(row.image(), images));
                continue;
            }
            files.put(row.row(), file.get());
            Integer earlier = rowOf.putIfAbsent(file.get(), row.row());
            if (earlier != null) {
                bad.add(row.row(), "image '%s' is a duplicate of row %d".formatted(row.image(), earlier));
            }
        }
        return files;
    }

    /** @param grey how many images have three equal channels */
    private record Parts(Images train, Images test, Size size, long grey, String digest) {}

    /**
     * Decodes every image of the rows that are good so far, and splits by partition those that are good to the end.
     *
     * @param oneSize whether an image of another size than most is bad
     */
    private Parts parts(Annotations annotations, Images.Source source, String name, BadRows bad, boolean oneSize)
            throws DataException {
        Map<Integer, Content> contents = new ConcurrentHashMap<>();
        annotations.rows().parallelStream()
                .filter(row -> !bad.contains(row.row()))
                .forEach(row -> {
                    try {
                        contents.put(row.row(), content(row, source.read(row)));
                    } catch (DataException e) {
                        bad.add(row.row(), e.getMessage());
                    }
                });
        Size size = mostFrequentSize(contents);
        for (Annotation row : annotations.rows()) {
            Content content = contents.get(row.row());
            if (oneSize && content != null && !content.size.equals(size)) {
                bad.add(
                        row.row(),
                        "image '%s' has %s pixels, expected %s as most have"
                                .formatted(row.image(), content.size, size));
            }
        }
        if (!reading.skipBad()) {
            bad.refuse(!asTheyAre());
        }
        Size target = asTheyAre() ? size : new Size(reading.imageSize(), reading.imageSize());
        long grey = annotations.rows().stream()
                .filter(row -> !bad.contains(row.row()) && contents.get(row.row()).grey)
                .count();
        boolean allGrey = annotations.rows().stream()
                        .filter(row -> !bad.contains(row.row()))
                        .count()
                == grey;
        int channels = asTheyAre() && allGrey ? 1 : RgbImage.CHANNELS;
        MessageDigest digest = MnistDownload.sha256();
        Images train = part(annotations, Partition.TRAIN, target, channels, source, name, bad);
        Images test = part(annotations, Partition.TEST, target, channels, source, name, bad);
        for (Images part : List.of(train, test)) {
            for (Annotation row : part.annotations()) {
                digest.update(row.label().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(contents.get(row.row()).digest);
            }
        }
        return new Parts(train, test, size, grey, HexFormat.of().formatHex(digest.digest()));
    }

    private Content content(Annotation row, RgbImage image) {
        RgbImage used = asTheyAre() ? image : image.resize(reading.imageSize(), reading.imageSize());
        cache.offer(row.row(), used.pixels());
        MessageDigest digest = MnistDownload.sha256();
        digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(image.height())
                .putInt(image.width())
                .flip());
        return new Content(new Size(image.height(), image.width()), image.isGrey(), digest.digest(image.pixels()));
    }

    private static Size mostFrequentSize(Map<Integer, Content> contents) {
        return contents.values().stream()
                .collect(Collectors.groupingBy(Content::size, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<Size, Long>comparingByValue()
                        .thenComparing(entry -> entry.getKey().height)
                        .thenComparing(entry -> entry.getKey().width))
                .map(Map.Entry::getKey)
                .orElse(SIZE);
    }

    private Images part(
            Annotations annotations,
            Partition partition,
            Size size,
            int channels,
            Images.Source source,
            String name,
            BadRows bad)
            throws DataException {
        List<Annotation> rows = annotations.of(partition).stream()
                .filter(row -> !bad.contains(row.row()))
                .toList();
        List<String> classes = annotations.classes();
        Images part = Images.decoded(classes, rows, size.height, size.width, channels, source, cache);
        int[] counts = part.classCounts();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                String label = rows.isEmpty() ? "" : " with label " + classes.get(i);
                throw new DataException(
                        "%s has no good row of partition %s%s; expected %s labels, %s, in both parts: %s%s"
                                .formatted(
                                        name,
                                        partition,
                                        label,
                                        counts.length == 2 ? "both" : "all",
                                        ClassNames.inWords(classes),
                                        bad.correction(),
                                        bad.first()
                                                .map(row -> " (first bad " + row + ")")
                                                .orElse("")));
            }
        }
        return part;
    }

    /**
     * Whether rows are MHIST's.
     *
     * @param annotations without a bad row
     * @param height of the images, in pixels
     * @param width of the images, in pixels
     */
    static boolean isMhist(Annotations annotations, int height, int width) {
        return annotations.classes().equals(CLASSES)
                && annotations.annotators() == ANNOTATORS
                && new Size(height, width).equals(SIZE)
                && isPart(annotations.of(Partition.TRAIN), 1545, 630, FIRST_TRAIN)
                && isPart(annotations.of(Partition.TEST), 617, 360, FIRST_TEST);
    }

    private static boolean isPart(List<Annotation> rows, int hp, int ssa, List<String> first) {
        return rows.size() == hp + ssa
                && rows.stream().filter(row -> row.label().equals("SSA")).count() == ssa
                && first.equals(rows.stream()
                        .limit(first.size())
                        .map(row -> "%s %s %d".formatted(shortName(row.image()), row.label(), row.votes()))
                        .toList());
    }

    private static String shortName(String image) {
        return image.replaceFirst("^" + PREFIX, "").replaceFirst("\\" + SUFFIX + "$", "");
    }
}
