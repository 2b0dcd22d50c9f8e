package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistTest {

    private static final Path REAL = Path.of("../shared/mnist");
    private static final Path NOTHING_GIVEN = null;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path work;
    private Path home;

    @BeforeEach
    void makeFolders() throws IOException {
        work = Files.createDirectories(folder.resolve("work"));
        home = Files.createDirectories(folder.resolve("home"));
    }

    private DataSet load(Path dataDir) throws IOException {
        return load(
                dataDir,
                new MnistDownload(
                        List.of(), List.of(new MnistDownload.RemoteFile("never", 1, "never")), Duration.ofSeconds(1)));
    }

    private DataSet load(Path dataDir, MnistDownload download) throws IOException {
        DataPlaces places = new DataPlaces(environment::get, work, home);
        return dataDir == null ? Mnist.load(places, download, 20, 10) : Mnist.load(dataDir);
    }

    /** A good set that can be told from others by its number of training images. */
    private static Path writeSet(Path target, int trainImages) throws IOException {
        Map<String, byte[]> files = TinyMnist.gzFiles();
        files.put(
                "train-images-idx3-ubyte.gz", TinyMnist.idxImages(trainImages, 28, 28, TinyMnist.pixels(trainImages)));
        byte[] labels = TinyMnist.labels(trainImages);
        labels[0] = 9;
        files.put("train-labels-idx1-ubyte.gz", TinyMnist.idxLabels(trainImages, labels));
        return TinyMnist.write(target, files);
    }

    @Test
    void pixelsAndLabelsOfBothPartsArriveUnchanged() throws IOException {
        DataSet mnist = load(TinyMnist.write(folder.resolve("plain"), TinyMnist.idxFiles()));
        assertPart(TinyMnist.TRAIN, mnist.train());
        assertPart(TinyMnist.TEST, mnist.test());
    }

    private static void assertPart(int size, Images part) throws IOException {
        assertEquals(size, part.size());
        ImageBatch all = part.batch(TinyMnist.range(0, size));
        assertArrayEquals(TinyMnist.pixels(size), all.bytes());
        for (int i = 0; i < size; i++) {
            assertEquals(i % 10, part.label(i));
        }
    }

    @Test
    void everyFormatOfTheSameDataHasTheSameDigest() throws IOException {
        String plain = digest(TinyMnist.write(folder.resolve("plain"), TinyMnist.idxFiles()));
        assertTrue(plain.matches("[0-9a-f]{64}"), plain);
        assertEquals(plain, digest(TinyMnist.write(folder.resolve("gz"), TinyMnist.gzFiles())));
        for (int version = 1; version <= 3; version++) {
            Path npz = folder.resolve("npz" + version).resolve("mnist.npz");
            assertEquals(plain, digest(TinyMnist.writeNpz(npz, TinyMnist.npyFiles(version))));
            assertEquals(plain, digest(npz.getParent()));
        }
    }

    @Test
    void filesAsKaggleHasThemAreFound() throws IOException {
        String plain = digest(TinyMnist.write(folder.resolve("plain"), TinyMnist.idxFiles()));
        Path dotted = Files.createDirectories(folder.resolve("dotted"));
        Path nested = Files.createDirectories(folder.resolve("nested"));
        for (Map.Entry<String, byte[]> file : TinyMnist.idxFiles().entrySet()) {
            Files.write(dotted.resolve(file.getKey().replace("-idx", ".idx")), file.getValue());
            Path own = Files.createDirectories(nested.resolve(file.getKey()));
            Files.write(own.resolve(file.getKey()), file.getValue());
        }
        assertEquals(plain, digest(dotted));
        assertEquals(plain, digest(nested));
    }

    @Test
    void theDigestSeesEveryPixelAndLabel() throws IOException {
        String plain = digest(TinyMnist.write(folder.resolve("plain"), TinyMnist.idxFiles()));
        for (String file : TinyMnist.idxFiles().keySet()) {
            Map<String, byte[]> changed = TinyMnist.idxFiles();
            byte[] content = changed.get(file);
            content[content.length - 1] ^= 1;
            assertFalse(plain.equals(digest(TinyMnist.write(folder.resolve(file), changed))), file);
        }
    }

    private String digest(Path place) throws IOException {
        return load(place).origin().digest();
    }

    @Test
    void anotherSetIsAcceptedAndSaidNotToBeMnist() throws IOException {
        Path place = TinyMnist.write(folder.resolve("tiny"), TinyMnist.gzFiles());
        DataSet.Origin origin = load(place).origin();
        assertFalse(origin.original());
        assertFalse(origin.synthetic());
        assertEquals("images (30 + 20) from " + place + ", not the MNIST of LeCun et al.", origin.description());
    }

    @Test
    void theRealMnistIsKnownByItsContent() throws IOException {
        assumeTrue(Files.isDirectory(REAL), "needs MNIST in ../shared/mnist");
        DataSet mnist = Mnist.load(REAL);
        assertEquals(60_000, mnist.train().size());
        assertEquals(10_000, mnist.test().size());
        assertEquals(
                List.of(5, 0, 4, 1, 9),
                List.of(
                        mnist.train().label(0),
                        mnist.train().label(1),
                        mnist.train().label(2),
                        mnist.train().label(3),
                        mnist.train().label(4)));
        assertEquals(
                "2c5f2f9840741fb2fba3494844a010c0036508612aa12e9c5f8f44978cee3963",
                mnist.origin().digest());
        assertTrue(mnist.origin().original());
        assertEquals(
                "MNIST (60000 + 10000) from ../shared/mnist", mnist.origin().description());
    }

    @Test
    void placesAreAskedInTheirOrder() throws IOException {
        writeSet(folder.resolve("given"), 1);
        writeSet(folder.resolve("variable"), 2);
        writeSet(work.resolve("data/mnist"), 3);
        writeSet(folder.resolve("shared/mnist"), 4);
        TinyMnist.writeNpz(home.resolve(".keras/datasets/mnist.npz"), TinyMnist.npyFiles(1));
        environment.put("MNIST_DIR", folder.resolve("variable").toString());

        assertEquals(1, load(folder.resolve("given")).train().size());
        assertEquals(2, load(NOTHING_GIVEN).train().size());
        environment.clear();
        assertFound(3, "data/mnist");
        deleteSet(work.resolve("data/mnist"));
        assertFound(4, "../shared/mnist");
        deleteSet(folder.resolve("shared/mnist"));
        assertFound(30, "~/.keras/datasets/mnist.npz");
    }

    private void assertFound(int trainImages, String name) throws IOException {
        DataSet mnist = load(NOTHING_GIVEN);
        assertEquals(trainImages, mnist.train().size());
        assertTrue(
                mnist.origin().description().contains(" from " + name + ","),
                mnist.origin().description());
    }

    private static void deleteSet(Path place) throws IOException {
        for (String name : TinyMnist.gzFiles().keySet()) {
            Files.delete(place.resolve(name));
        }
        Files.delete(place);
    }

    @Test
    void aRelativePlaceIsOneOfTheWorkingDirectory() throws IOException {
        writeSet(work.resolve("mine"), 6);
        Path relative =
                Path.of("").toAbsolutePath().relativize(work.resolve("mine").toAbsolutePath());
        assertEquals(6, load(relative).train().size());
        environment.put("MNIST_DIR", "mine");
        assertEquals(6, load(NOTHING_GIVEN).train().size());
    }

    @Test
    void aGivenFolderIsTheOnlyPlaceEvenIfItDoesNotExist() throws IOException {
        writeSet(work.resolve("data/mnist"), 3);
        Path missing = folder.resolve("missing");
        assertTells(() -> load(missing), missing, "does not exist", "train-images-idx3-ubyte");
    }

    @Test
    void anEmptyFolderIsToldWhatItShouldHold() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertTells(
                () -> load(empty),
                empty,
                "lacks",
                "train-images-idx3-ubyte",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte",
                "with or without .gz",
                "mnist.npz");
    }

    @Test
    void theVariableIsNotPassedOverIfItsFolderIsMissingOrLacksFiles() throws IOException {
        writeSet(work.resolve("data/mnist"), 3);
        environment.put("MNIST_DIR", folder.resolve("missing").toString());
        assertTells(() -> load(NOTHING_GIVEN), "$MNIST_DIR", folder.resolve("missing"), "does not exist");

        Path incomplete = writeSet(folder.resolve("incomplete"), 3);
        Files.delete(incomplete.resolve("t10k-labels-idx1-ubyte.gz"));
        environment.put("MNIST_DIR", incomplete.toString());
        assertTells(() -> load(NOTHING_GIVEN), "$MNIST_DIR", incomplete, "lacks t10k-labels-idx1-ubyte:");
    }

    @Test
    void anEmptyVariableCountsAsUnset() throws IOException {
        writeSet(work.resolve("data/mnist"), 3);
        environment.put("MNIST_DIR", "");
        assertEquals(3, load(NOTHING_GIVEN).train().size());
    }

    @Test
    void aDefaultPlaceThatIsBadIsNotPassedOver() throws IOException {
        writeSet(folder.resolve("shared/mnist"), 4);
        Path bad = writeSet(work.resolve("data/mnist"), 3);
        Files.write(bad.resolve("train-images-idx3-ubyte.gz"), new byte[] {0, 0, 8, 3});
        assertTells(() -> load(NOTHING_GIVEN), bad.resolve("train-images-idx3-ubyte.gz"), "truncated");
    }

    @Test
    void aGivenFileMustBeAnArchive() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no archive");
        assertTells(() -> load(text), text, "no .npz archive");
    }

    @Test
    void differentNumbersOfImagesAndLabelsAreRefused() throws IOException {
        Map<String, byte[]> files = TinyMnist.idxFiles();
        files.put("t10k-labels-idx1-ubyte", TinyMnist.idxLabels(19, TinyMnist.labels(19)));
        Path place = TinyMnist.write(folder.resolve("uneven"), files);
        assertTells(
                () -> load(place),
                place.resolve("t10k-images-idx3-ubyte"),
                "20 images",
                place.resolve("t10k-labels-idx1-ubyte"),
                "19 labels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "test"})
    void differentNumbersInAnArchiveAreRefused(String part) throws IOException {
        Map<String, byte[]> arrays = TinyMnist.npyFiles(1);
        arrays.put("y_" + part, TinyMnist.npy(1, TinyMnist.dictionary("7,"), TinyMnist.labels(7)));
        Path place = TinyMnist.writeNpz(folder.resolve("uneven.npz"), arrays);
        assertTells(() -> load(place), place, "x_" + part, "images", "y_" + part, "7 labels");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 255})
    void aLabelOverNineIsRefused(int label) throws IOException {
        Map<String, byte[]> files = TinyMnist.idxFiles();
        byte[] labels = TinyMnist.labels(TinyMnist.TEST);
        labels[1] = (byte) label;
        files.put("t10k-labels-idx1-ubyte", TinyMnist.idxLabels(TinyMnist.TEST, labels));
        Path place = TinyMnist.write(folder.resolve("labels"), files);
        assertTells(
                () -> load(place),
                place.resolve("t10k-labels-idx1-ubyte"),
                "label " + label + " at position 1",
                "expected 0 to 9");
    }

    @Test
    void aLabelOverNineInAnArchiveIsRefused() throws IOException {
        Map<String, byte[]> arrays = TinyMnist.npyFiles(1);
        byte[] labels = TinyMnist.labels(TinyMnist.TEST);
        labels[4] = 10;
        arrays.put("y_test", TinyMnist.npy(1, TinyMnist.dictionary(TinyMnist.TEST + ","), labels));
        Path place = TinyMnist.writeNpz(folder.resolve("labels.npz"), arrays);
        assertTells(() -> load(place), place, "y_test", "label 10 at position 4", "expected 0 to 9");
    }

    @Test
    void imagesOfAnyOneSizeAndNumberOfClassesAreRead() throws IOException {
        Map<String, byte[]> files = TinyMnist.idxFiles();
        files.put("train-images-idx3-ubyte", TinyMnist.idxImages(30, 14, 56, TinyMnist.pixels(30)));
        files.put("t10k-images-idx3-ubyte", TinyMnist.idxImages(20, 14, 56, TinyMnist.pixels(20)));
        byte[] labels = TinyMnist.labels(TinyMnist.TRAIN);
        labels[3] = (byte) 200;
        files.put("train-labels-idx1-ubyte", TinyMnist.idxLabels(TinyMnist.TRAIN, labels));
        Path place = TinyMnist.write(folder.resolve("wide"), files);
        DataSet set = load(place);
        assertEquals(14, set.train().height());
        assertEquals(56, set.test().width());
        assertEquals(201, set.test().classes().size());
        assertEquals(200, set.train().label(3));
        assertEquals(
                "images of 14 x 56 pixels in 201 classes (30 + 20) from " + place + ", not the MNIST of LeCun et al.",
                set.origin().description());
        Mhist forTask2 = Mhist.load(place, new Mhist.Reading(32, 0, false));
        assertEquals(32 * 32 * 3, forTask2.train().imageBytes());
        assertTrue(
                forTask2.origin().description().endsWith(", grey, with three equal channels, not MHIST"),
                forTask2.origin().description());
    }

    @Test
    void anArchiveMayHaveColours() throws IOException {
        Map<String, byte[]> arrays = TinyMnist.npyFiles(1);
        arrays.put("x_train", TinyMnist.npy(1, TinyMnist.dictionary("30, 2, 2, 3"), new byte[360]));
        arrays.put("x_test", TinyMnist.npy(1, TinyMnist.dictionary("20, 2, 2, 3"), new byte[240]));
        Path place = TinyMnist.writeNpz(folder.resolve("colours.npz"), arrays);
        assertEquals(3, load(place).train().channels());
        arrays.put("x_train", TinyMnist.npy(1, TinyMnist.dictionary("30, 2, 3, 2"), new byte[360]));
        arrays.put("x_test", TinyMnist.npy(1, TinyMnist.dictionary("20, 2, 3, 2"), new byte[240]));
        Path two = TinyMnist.writeNpz(folder.resolve("two.npz"), arrays);
        assertTells(() -> load(two), two, "x_train", "2 channels, expected 1 (grey) or 3 (RGB)");
    }

    @Test
    void imagesOfTwoSizesAreRefused() throws IOException {
        Map<String, byte[]> files = TinyMnist.idxFiles();
        files.put(
                "train-images-idx3-ubyte",
                TinyMnist.idxImages(TinyMnist.TRAIN, 14, 56, TinyMnist.pixels(TinyMnist.TRAIN)));
        Path place = TinyMnist.write(folder.resolve("flat"), files);
        assertTells(
                () -> load(place),
                place.resolve("t10k-images-idx3-ubyte"),
                "28 x 28",
                "expected 14 x 56 as",
                place.resolve("train-images-idx3-ubyte"));
    }

    @Test
    void withoutAnyPlaceMnistIsDownloadedOnceIntoDataMnist() throws IOException {
        Map<String, byte[]> files = TinyMnist.gzFiles();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] content = files.get(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        URI mirror = URI.create("http://%s:%d/"
                .formatted(
                        server.getAddress().getHostString(), server.getAddress().getPort()));
        MnistDownload download = new MnistDownload(
                List.of(mirror),
                files.entrySet().stream()
                        .map(file -> new MnistDownload.RemoteFile(
                                file.getKey(),
                                file.getValue().length,
                                HexFormat.of().formatHex(MnistDownload.sha256().digest(file.getValue()))))
                        .toList(),
                Duration.ofSeconds(5));
        DataSet first;
        try {
            first = load(NOTHING_GIVEN, download);
        } finally {
            server.stop(0);
        }
        assertEquals(
                "images (30 + 20) from data/mnist, not the MNIST of LeCun et al.",
                first.origin().description());
        assertFalse(first.origin().synthetic());
        assertEquals(first.origin(), load(NOTHING_GIVEN, download).origin());
    }

    @Test
    void generatedDigitsStandInWhereNothingElseIsToBeHad() throws IOException {
        DataSet mnist = load(NOTHING_GIVEN);
        assertEquals(20, mnist.train().size());
        assertEquals(10, mnist.test().size());
        assertTrue(mnist.origin().synthetic());
        assertFalse(mnist.origin().original());
        assertEquals(
                "generated digits (20 + 10), not the MNIST of LeCun et al.",
                mnist.origin().description());
        assertEquals(mnist.origin(), Mnist.generate(20, 10).origin());
        assertFalse(Files.exists(work.resolve("data")));
    }

    @Test
    void theLastTrainingImagesStandInTheTestImagesPlaceForValidation() throws IOException {
        DataSet whole = Mnist.generate(20, 10);
        DataSet kept = Mnist.withValidation(whole, 5);
        assertEquals(15, kept.train().size());
        assertEquals(5, kept.test().size());
        assertArrayEquals(whole.train().image(14), kept.train().image(14));
        assertArrayEquals(whole.train().image(15), kept.test().image(0));
        assertArrayEquals(whole.train().image(19), kept.test().image(4));
        assertEquals(whole.train().label(19), kept.test().label(4));
        assertEquals(
                Mnist.validationDigest(whole.origin().digest(), 5),
                kept.origin().digest());
        assertNotEquals(
                kept.origin().digest(), Mnist.withValidation(whole, 6).origin().digest());
    }

    @Test
    void validationLeavesImagesOnBothSides() {
        DataSet whole = Mnist.generate(20, 10);
        assertEquals(
                "of 20 training images 1 to 19 can be kept back, found 20",
                assertThrows(IllegalArgumentException.class, () -> Mnist.withValidation(whole, 20))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Mnist.withValidation(whole, 0));
    }

    @Test
    void theGeneratedTrainingAndTestImagesDiffer() throws IOException {
        DataSet mnist = Mnist.generate(10, 10);
        for (int i = 0; i < 10; i++) {
            assertFalse(Arrays.equals(mnist.train().image(i), mnist.test().image(i)));
        }
    }
}
