package distill.data;

import distill.data.Annotation.Partition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A tree of folders, one for each class, with PNG and JPEG files at any depth: {@code train/CLASS/...} and
 * {@code test/CLASS/...}, or {@code CLASS/...} alone, of which a fifth of each class is taken for testing.
 *
 * <p>Files are in the order of their paths, compared character by character in Unicode's composed form, and those for
 * testing are drawn with a fixed seed, so that neither order nor split depend on the file system or on the language of
 * the machine.
 *
 * @param annotations a row for each file, whose image is its path in the tree
 * @param files the file of each row, by the row's number
 * @param split how the parts were made, for people; empty where the tree has both
 */
record ClassFolders(Annotations annotations, Map<Integer, Path> files, String split) {

    /** One of so many images of a class is taken for testing. */
    private static final int TEST_EVERY = 5;

    private static final long SEED = 1;

    private static final Set<String> READ = Set.of("png", "jpg", "jpeg");

    /** Images that others read. To pass them over would leave out a part of the set in silence. */
    private static final Set<String> NOT_READ = Set.of("bmp", "gif", "tif", "tiff", "webp", "ppm", "pgm");

    /** A file of a class. */
    private record File(String name, Path path) {}

    /** Whether a folder has folders for train and test, or for two classes at least. */
    static boolean isOne(Path place) throws DataException {
        return Files.isDirectory(place.resolve(Partition.TRAIN.toString()))
                || folders(place).size() >= 2;
    }

    /**
     * Looks for all files. None is opened.
     *
     * @throws DataException where a folder cannot be read, a class has no image in a part, or a file is an image of
     *     another format
     */
    static ClassFolders of(Path place) throws DataException {
        Path train = place.resolve(Partition.TRAIN.toString());
        if (!Files.isDirectory(train)) {
            return split(place);
        }
        Path test = place.resolve(Partition.TEST.toString());
        if (!Files.isDirectory(test)) {
            throw new DataException(
                    "%s has %s and no %s, but %s: expected the test images in %s/, a folder for each class; rename theirs"
                            .formatted(
                                    place,
                                    Partition.TRAIN,
                                    Partition.TEST,
                                    String.join(", ", folders(place).keySet()),
                                    Partition.TEST));
        }
        TreeMap<String, List<File>> trained = classes(train);
        TreeMap<String, List<File>> tested = classes(test);
        for (String name : trained.keySet()) {
            checkHas(test, tested, name, train);
        }
        for (String name : tested.keySet()) {
            checkHas(train, trained, name, test);
        }
        Rows rows = new Rows();
        rows.add(trained, Partition.TRAIN);
        rows.add(tested, Partition.TEST);
        return rows.tree("");
    }

    private static void checkHas(Path part, Map<String, List<File>> classes, String name, Path other)
            throws DataException {
        if (!classes.containsKey(name)) {
            throw new DataException("%s has the class folders %s, and %s has %s: expected the same in both"
                    .formatted(part, ClassNames.inWords(List.copyOf(classes.keySet())), other, name));
        }
    }

    private static ClassFolders split(Path place) throws DataException {
        TreeMap<String, List<File>> trained = new TreeMap<>();
        TreeMap<String, List<File>> tested = new TreeMap<>();
        for (Map.Entry<String, List<File>> one : classes(place).entrySet()) {
            List<File> files = one.getValue();
            if (files.size() < 2) {
                throw new DataException(
                        "%s has one image, expected two or more, of which one is taken for testing; add some"
                                .formatted(place.resolve(one.getKey())));
            }
            int[] order = new EpochOrder(SEED).permutation(1, files.size());
            int test = Math.max(1, files.size() / TEST_EVERY);
            tested.put(one.getKey(), taken(files, order, 0, test));
            trained.put(one.getKey(), taken(files, order, test, files.size()));
        }
        Rows rows = new Rows();
        rows.add(trained, Partition.TRAIN);
        rows.add(tested, Partition.TEST);
        return rows.tree(", of each class one image of %d to test, drawn with seed %d".formatted(TEST_EVERY, SEED));
    }

    /** The files at some places of an order, as they stand among all. */
    private static List<File> taken(List<File> files, int[] order, int from, int to) {
        return Arrays.stream(order, from, to).sorted().mapToObj(files::get).toList();
    }

    /** The rows so far. */
    private static final class Rows {

        private final List<Annotation> rows = new ArrayList<>();
        private final Map<Integer, Path> files = new TreeMap<>();
        private final Set<String> classes = new TreeSet<>();

        void add(TreeMap<String, List<File>> filesByClass, Partition partition) {
            filesByClass.forEach((label, ofClass) -> ofClass.forEach(file -> {
                int row = rows.size() + 1;
                rows.add(new Annotation(row, file.name, label, null, partition));
                files.put(row, file.path);
                classes.add(label);
            }));
        }

        ClassFolders tree(String split) {
            Annotations annotations = new Annotations(List.copyOf(rows), List.copyOf(classes), null, 0);
            return new ClassFolders(annotations, Map.copyOf(files), split);
        }
    }

    /** The files of each class in their order. */
    private static TreeMap<String, List<File>> classes(Path place) throws DataException {
        TreeMap<String, Path> folders = folders(place);
        if (folders.size() < 2) {
            throw new DataException(
                    "%s has %d folders, expected one for each of two classes or more".formatted(place, folders.size()));
        }
        ClassNames.check(folders.keySet(), place);
        TreeMap<String, List<File>> classes = new TreeMap<>();
        for (Map.Entry<String, Path> folder : folders.entrySet()) {
            List<File> files = files(folder.getKey(), folder.getValue());
            if (files.isEmpty()) {
                throw new DataException(
                        ("%s has no image, expected PNG or JPEG files of the class '%s'; put some there or remove the folder"
                                        + Layout.OTHERS)
                                .formatted(folder.getValue(), folder.getKey()));
            }
            classes.put(folder.getKey(), files);
        }
        return classes;
    }

    /** The folders in a folder that are not hidden, by their names in Unicode's composed form. */
    private static TreeMap<String, Path> folders(Path place) throws DataException {
        TreeMap<String, Path> folders = new TreeMap<>();
        try (Stream<Path> entries = Files.list(place)) {
            entries.filter(path -> Files.isDirectory(path) && !isHidden(path))
                    .forEach(path -> folders.put(composed(path.getFileName().toString()), path));
        } catch (IOException e) {
            throw DataException.unreadable(place, e);
        } catch (UncheckedIOException e) {
            throw DataException.unreadable(place, e.getCause());
        }
        return folders;
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static List<File> files(String label, Path folder) throws DataException {
        List<File> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = path.getFileName().toString();
                String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
                if (isHidden(path) || !Files.isRegularFile(path)) {
                    continue;
                }
                if (NOT_READ.contains(ending)) {
                    throw new DataException(path + " is neither PNG nor JPEG; convert it to PNG");
                }
                if (READ.contains(ending)) {
                    String within = folder.relativize(path).toString().replace('\\', '/');
                    files.add(new File(label + "/" + composed(within).replaceAll("\\p{Cntrl}", "?"), path));
                }
            }
        } catch (IOException e) {
            throw DataException.unreadable(folder, e);
        } catch (UncheckedIOException e) {
            throw DataException.unreadable(folder, e.getCause());
        }
        files.sort(Comparator.comparing(File::name));
        return files;
    }
}
