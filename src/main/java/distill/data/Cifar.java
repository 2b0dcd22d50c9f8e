package distill.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The binary files of CIFAR-10 and CIFAR-100: one image after the other, each a byte for its class (in CIFAR-100 one
 * for the coarse and one for the fine class, of which the fine one is taken) and 32 x 32 pixels, all red values before
 * all green and all blue ones. A text file names the classes, a line each.
 *
 * <p>The digest is as that of {@link Mnist}.
 *
 * @param folders the folder that the archive of the set unpacks to, which is looked into, too
 * @param train files of training images in their order
 * @param test the file of test images
 * @param names the file with the names of the classes; need not be there
 * @param labels bytes before an image's pixels, of which the last is its class
 * @param what what people call the layout
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">The format</a>
 */
record Cifar(String folders, List<String> train, String test, String names, int labels, String what) {

    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;

    /** A hundred short names need no more. */
    private static final int MOST_NAME_BYTES = 1 << 16;

    private static final Cifar TEN = new Cifar(
            "cifar-10-batches-bin",
            IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList(),
            "test_batch.bin",
            "batches.meta.txt",
            1,
            "CIFAR-10's binary layout");

    private static final Cifar HUNDRED = new Cifar(
            "cifar-100-binary",
            List.of("train.bin"),
            "test.bin",
            "fine_label_names.txt",
            2,
            "CIFAR-100's binary layout");

    /** Whether a folder has some of these files, or the folder that an archive unpacks to. */
    static boolean hasSome(Path place) {
        return TEN.in(place) != null || HUNDRED.in(place) != null;
    }

    /** The folder that has some of the files; null where none has. */
    private Path in(Path place) {
        for (Path folder : List.of(place, place.resolve(folders))) {
            if (files().stream().anyMatch(file -> Files.exists(folder.resolve(file)))) {
                return folder;
            }
        }
        return null;
    }

    private List<String> files() {
        List<String> files = new ArrayList<>(train);
        files.add(test);
        return files;
    }

    /**
     * Reads a set.
     *
     * @param place a folder that has some of the files
     * @param name what to call it for people
     * @throws DataException where files are missing or damaged
     */
    static DataSet read(Path place, String name) throws DataException {
        Cifar layout = TEN.in(place) != null ? TEN : HUNDRED;
        return layout.load(layout.in(place), name);
    }

    private DataSet load(Path folder, String name) throws DataException {
        List<String> missing = files().stream()
                .filter(file -> !Files.isRegularFile(folder.resolve(file)))
                .toList();
        if (!missing.isEmpty()) {
            throw new DataException("%s lacks %s: %s has %s; put the files there or name another folder"
                    .formatted(folder, String.join(", ", missing), what, String.join(", ", files())));
        }
        Part trained = part(folder, train);
        Part tested = part(folder, List.of(test));
        List<String> classes = classes(folder.resolve(names));
        int count = classes.isEmpty() ? trained.classes() : classes.size();
        trained.check(count, classes.isEmpty() ? "" : " for the names in " + folder.resolve(names));
        tested.check(
                count, classes.isEmpty() ? " as in the training images" : " for the names in " + folder.resolve(names));
        List<String> called = classes.isEmpty()
                ? IntStream.range(0, count).mapToObj(String::valueOf).toList()
                : classes;
        return Mnist.set(trained.images(called), tested.images(called), what, name);
    }

    /**
     * Images and labels of some files.
     *
     * @param files in their order
     * @param starts for each file the place of its first image
     */
    private record Part(List<Path> files, List<Integer> starts, byte[] pixels, byte[] labels) {

        /** One more than the largest label, at least two. */
        int classes() {
            return Math.max(
                            1,
                            IntStream.range(0, labels.length)
                                    .map(i -> labels[i] & 0xff)
                                    .max()
                                    .orElse(0))
                    + 1;
        }

        /** Refuses a label that none of so many classes has. */
        void check(int classes, String why) throws DataException {
            for (int i = 0; i < labels.length; i++) {
                int label = labels[i] & 0xff;
                if (label >= classes) {
                    int file = files.size() - 1;
                    while (starts.get(file) > i) {
                        file--;
                    }
                    throw new DataException("%s holds label %d at position %d, expected 0 to %d%s; fetch it again"
                            .formatted(files.get(file), label, i - starts.get(file), classes - 1, why));
                }
            }
        }

        Images images(List<String> classes) {
            return Images.inMemory(SIDE, SIDE, RgbImage.CHANNELS, classes, pixels, labels);
        }
    }

    private Part part(Path folder, List<String> names) throws DataException {
        int record = labels + RgbImage.CHANNELS * PLANE;
        List<Path> files = names.stream().map(folder::resolve).toList();
        List<Integer> starts = new ArrayList<>();
        long images = 0;
        for (Path file : files) {
            long bytes = size(file);
            if (bytes == 0 || bytes % record != 0) {
                throw new DataException(
                        "%s has %d bytes, expected %d for each image, of which the last one is cut off or none is there; fetch it again"
                                .formatted(file, bytes, record));
            }
            starts.add((int) Math.min(images, Integer.MAX_VALUE));
            images += bytes / record;
        }
        if (images * record > Integer.MAX_VALUE - 8) {
            throw new DataException("%s: %d images are more than the memory of one array holds, expected at most %d"
                    .formatted(folder, images, (Integer.MAX_VALUE - 8) / record));
        }
        byte[] pixels = new byte[(int) images * RgbImage.CHANNELS * PLANE];
        byte[] classes = new byte[(int) images];
        for (int f = 0; f < files.size(); f++) {
            int end = f + 1 < files.size() ? starts.get(f + 1) : (int) images;
            byte[] content = content(files.get(f), (end - starts.get(f)) * record);
            for (int i = starts.get(f), from = 0; i < end; i++, from += record) {
                classes[i] = content[from + labels - 1];
                for (int p = 0; p < RgbImage.CHANNELS * PLANE; p++) {
                    pixels[i * RgbImage.CHANNELS * PLANE + p % PLANE * RgbImage.CHANNELS + p / PLANE] =
                            content[from + labels + p];
                }
            }
        }
        return new Part(files, starts, pixels, classes);
    }

    private static long size(Path file) throws DataException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    private static byte[] content(Path file, int bytes) throws DataException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
        if (content.length != bytes) {
            throw new DataException("%s changed while it was read: found %d bytes, expected %d; start again"
                    .formatted(file, content.length, bytes));
        }
        return content;
    }

    /** The names of the classes; empty where no file has them. */
    private static List<String> classes(Path file) throws DataException {
        if (!Files.exists(file)) {
            return List.of();
        }
        if (size(file) > MOST_NAME_BYTES) {
            throw new DataException("%s has %d bytes, expected the names of the classes, a line each; fetch it again"
                    .formatted(file, size(file)));
        }
        List<String> names;
        try {
            names = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
        if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
            throw new DataException(
                    "%s has %d lines, expected the names of two classes or more, each once; fetch it again"
                            .formatted(file, names.size()));
        }
        ClassNames.check(names, file);
        return names;
    }
}
