package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {

    private static final List<String> CLASSES = List.of("cat", "dog", "eel");

    @TempDir
    private Path folder;

    /** Eight training and two test images of each class, all of different colours. */
    private Path tree(int type) throws IOException {
        Path tree = folder.resolve("tree");
        for (int label = 0; label < CLASSES.size(); label++) {
            for (int i = 0; i < 10; i++) {
                image(tree, i < 8 ? "train" : "test", CLASSES.get(label), i, type);
            }
        }
        return tree;
    }

    private static Path image(Path tree, String part, String label, int i, int type) throws IOException {
        Path file = tree.resolve(part).resolve(label).resolve(i + ".png");
        Files.createDirectories(file.getParent());
        TinyMhist.writeImage(file, 10, 12, type, CLASSES.indexOf(label) * 4 + i % 4);
        return file;
    }

    private static Mhist forTask2(Path place) throws IOException {
        return Mhist.load(place, new Mhist.Reading(32, 1 << 20, false));
    }

    @Test
    void aTreeWithBothPartsIsReadAsItIs() throws IOException {
        DataSet set = Mnist.load(tree(BufferedImage.TYPE_INT_RGB));
        assertEquals(CLASSES, set.train().classes());
        assertArrayEquals(new int[] {8, 8, 8}, set.train().classCounts());
        assertArrayEquals(new int[] {2, 2, 2}, set.test().classCounts());
        assertEquals(
                List.of(10, 12, 3),
                List.of(set.train().height(), set.train().width(), set.train().channels()));
        assertEquals(
                "images of cat, dog and eel, 10 x 12 x 3 pixels (24 + 6) from " + folder.resolve("tree")
                        + ", not the MNIST of LeCun et al.",
                set.origin().description());
        // Red is 20 for each step of the seed: 4 for each class, and i % 4.
        for (int i = 0; i < 24; i++) {
            int red = Byte.toUnsignedInt(set.train().image(i)[0]);
            assertEquals(set.train().label(i), red / 80, set.train().name(i));
        }
    }

    /** Else a cut that takes the first images, or the last ones, would be of one class. */
    @Test
    void theFirstImagesAreNotAllOfOneClass() throws IOException {
        Images train = Mnist.load(tree(BufferedImage.TYPE_INT_RGB)).train();
        assertTrue(IntStream.range(0, 8).map(train::label).distinct().count() > 1);
    }

    @Test
    void bothTasksNameTheSetAlike() throws IOException {
        Path tree = tree(BufferedImage.TYPE_INT_RGB);
        Mhist data = forTask2(tree);
        assertEquals(Mnist.load(tree).origin().digest(), data.origin().digest());
        assertEquals(32, data.test().width());
        assertEquals("cat/0.png", data.train().name(0));
        assertEquals(
                "images of cat, dog and eel (24 + 6) from " + tree + ", not MHIST",
                data.origin().description());
    }

    @Test
    void greyImagesAreGreyInTask1AndRgbInTask2() throws IOException {
        Path tree = tree(BufferedImage.TYPE_BYTE_GRAY);
        assertEquals(1, Mnist.load(tree).train().channels());
        Mhist data = forTask2(tree);
        assertEquals(3, data.train().channels());
        assertTrue(
                data.origin().description().contains(", 30 of them grey, with three equal channels, not MHIST"),
                data.origin().description());
        image(tree, "train", "cat", 1, BufferedImage.TYPE_INT_RGB);
        DataSet mixed = Mnist.load(tree);
        assertEquals(3, mixed.train().channels());
        assertTrue(mixed.origin().description().contains(", 29 of them grey"));
    }

    @Test
    void oneTreeIsSplitByClassAndAlwaysAlike() throws IOException {
        Path whole = folder.resolve("whole");
        for (String label : CLASSES) {
            for (int i = 0; i < 11; i++) {
                image(whole.getParent(), "whole", label, i, BufferedImage.TYPE_INT_RGB);
            }
        }
        Mhist data = forTask2(whole);
        assertArrayEquals(new int[] {9, 9, 9}, data.train().classCounts());
        assertArrayEquals(new int[] {2, 2, 2}, data.test().classCounts());
        assertTrue(
                data.origin()
                        .description()
                        .contains(
                                "(27 + 6) from " + whole + ", of each class one image of 5 to test, drawn with seed 1"),
                data.origin().description());
        // No file is in both parts.
        List<String> names =
                data.train().annotations().stream().map(Annotation::image).toList();
        assertFalse(data.test().annotations().stream().map(Annotation::image).anyMatch(names::contains));
        assertEquals(data.origin().digest(), forTask2(whole).origin().digest());
        // Names decide the split: another file, another split or not, but another set.
        image(whole.getParent(), "whole", "cat", 11, BufferedImage.TYPE_INT_RGB);
        assertNotEquals(data.origin().digest(), forTask2(whole).origin().digest());
    }

    @Test
    void hiddenFilesTextsAndFoldersWithinClassesAreNoTrouble() throws IOException {
        Path tree = tree(BufferedImage.TYPE_INT_RGB);
        String digest = Mnist.load(tree).origin().digest();
        Files.writeString(tree.resolve("train/cat/.DS_Store"), "x");
        Files.writeString(tree.resolve("train/cat/._1.png"), "x");
        Files.writeString(tree.resolve("train/cat/notes.txt"), "x");
        Files.createDirectories(tree.resolve("train/.cache"));
        Files.createDirectories(tree.resolve("train/eel/zoo"));
        Files.move(tree.resolve("train/eel/7.png"), tree.resolve("train/eel/zoo/7.PNG"));
        assertEquals(digest, Mnist.load(tree).origin().digest());
    }

    @Test
    void aFolderThatIsMissingOrEmptyIsNamed() throws IOException {
        Path tree = tree(BufferedImage.TYPE_INT_RGB);
        Files.createDirectories(tree.resolve("train/fox"));
        assertTells(() -> Mnist.load(tree), tree.resolve("train/fox"), "no image", "class 'fox'");
        image(tree, "train", "fox", 1, BufferedImage.TYPE_INT_RGB);
        assertTells(() -> Mnist.load(tree), tree.resolve("test"), "cat, dog and eel", "has fox", "the same in both");
        Files.move(tree.resolve("test"), tree.resolve("val"));
        assertTells(() -> Mnist.load(tree), "has train and no test, but train, val", "rename theirs");
        Path one = folder.resolve("one");
        image(one, "a", "x", 1, BufferedImage.TYPE_INT_RGB);
        image(one, "b", "x", 1, BufferedImage.TYPE_INT_RGB);
        assertTells(() -> Mnist.load(one), one.resolve("a"), "one image, expected two or more");
    }

    @Test
    void anImageThatCannotBeReadIsNamed() throws IOException {
        Path tree = tree(BufferedImage.TYPE_INT_RGB);
        Path bad = tree.resolve("train/dog/3.png");
        Files.writeString(bad, "text");
        assertTells(() -> Mnist.load(tree), tree, bad, "neither PNG nor JPEG", "Correct the data");
        assertTells(() -> forTask2(tree), bad, "leave such images out with --skip-bad");
        Mhist skipped = Mhist.load(tree, new Mhist.Reading(32, 0, true));
        assertEquals(1, skipped.skipped().rows());
        assertTrue(skipped.origin().description().endsWith(", not MHIST, 1 bad image left out"));
        Files.delete(bad);
        Files.writeString(tree.resolve("train/dog/3.gif"), "GIF89a");
        assertTells(() -> Mnist.load(tree), "3.gif is neither PNG nor JPEG");
    }

    @Test
    void imagesOfSeveralSizesAreResizedInTask2AndRefusedInTask1() throws IOException {
        Path tree = tree(BufferedImage.TYPE_INT_RGB);
        TinyMhist.writeImage(tree.resolve("train/eel/5.png"), 20, 30, BufferedImage.TYPE_INT_RGB, 9);
        assertEquals(24, forTask2(tree).train().size());
        assertTells(
                () -> Mnist.load(tree), tree, "image 'eel/5.png' has 20 x 30 pixels, expected 10 x 12 as most have");
    }

    @Test
    void aNameWithAControlCharacterIsRefused() throws IOException {
        Path tree = folder.resolve("odd");
        image(folder, "odd", "a\u001bb", 1, BufferedImage.TYPE_INT_RGB);
        image(folder, "odd", "c", 1, BufferedImage.TYPE_INT_RGB);
        assertTells(() -> Mnist.load(tree), tree, "'a?b'", "control character");
    }

    @Test
    void namesInComposedAndInDecomposedFormAreOneClass() throws IOException {
        Path tree = folder.resolve("forms");
        for (int i = 0; i < 2; i++) {
            image(tree, "train", "z\u00e9ro", i, BufferedImage.TYPE_INT_RGB);
            image(tree, "test", "ze\u0301ro", i, BufferedImage.TYPE_INT_RGB);
            image(tree, "train", "one", i, BufferedImage.TYPE_INT_RGB);
            image(tree, "test", "one", i, BufferedImage.TYPE_INT_RGB);
        }
        assertEquals(List.of("one", "z\u00e9ro"), Mnist.load(tree).train().classes());
    }
}
