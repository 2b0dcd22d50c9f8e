package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {

    private static final int PLANE = 1024;

    @TempDir
    private Path folder;

    /** Two images in each of five files, with the labels 0 and 1, 2 and 3 to 8 and 9, and the same for the test. */
    @BeforeEach
    void write() throws IOException {
        for (int file = 1; file <= 5; file++) {
            Files.write(folder.resolve("data_batch_%d.bin".formatted(file)), records(1, 2 * file - 2, 2 * file - 1));
        }
        Files.write(folder.resolve("test_batch.bin"), records(1, 3, 9));
        Files.writeString(
                folder.resolve("batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    }

    /** Images whose first row is 1, 2, ... in red, 101, 102, ... in green and 201, 202, ... in blue, plus the label. */
    private static byte[] records(int labelBytes, int... labels) {
        int size = labelBytes + 3 * PLANE;
        byte[] records = new byte[labels.length * size];
        for (int i = 0; i < labels.length; i++) {
            records[i * size + labelBytes - 1] = (byte) labels[i];
            for (int channel = 0; channel < 3; channel++) {
                for (int p = 0; p < 32; p++) {
                    records[i * size + labelBytes + channel * PLANE + p] = (byte) (100 * channel + 1 + p + labels[i]);
                }
            }
        }
        return records;
    }

    @Test
    void pixelsLabelsAndNamesOfBothPartsArrive() throws IOException {
        DataSet set = Mnist.load(folder);
        assertEquals(10, set.train().size());
        assertEquals(2, set.test().size());
        assertEquals("cat", set.test().classes().get(set.test().label(0)));
        assertEquals(7, set.train().label(7));
        assertEquals(3, set.train().channels());
        // The third pixel of an image with the label 9.
        byte[] image = set.test().image(1);
        assertArrayEquals(new byte[] {12, 112, (byte) 212}, Arrays.copyOfRange(image, 6, 9));
        assertEquals(
                "images of 32 x 32 x 3 pixels in 10 classes (10 + 2) from " + folder
                        + ", not the MNIST of LeCun et al.",
                set.origin().description());
        assertFalse(set.origin().original());
    }

    @Test
    void theFolderOfTheArchiveIsFoundInTheOneThatIsNamed() throws IOException {
        Path outer = Files.createDirectories(folder.resolve("outer"));
        Path inner = Files.createDirectories(outer.resolve("cifar-10-batches-bin"));
        String digest = Mnist.load(folder).origin().digest();
        for (String name : List.of(
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin",
                "test_batch.bin")) {
            Files.move(folder.resolve(name), inner.resolve(name));
        }
        DataSet withoutNames = Mnist.load(outer);
        assertEquals(digest, withoutNames.origin().digest());
        assertEquals("3", withoutNames.test().classes().get(3));
    }

    @Test
    void ofAHundredClassesTheFineOnesAreTaken() throws IOException {
        Path hundred = Files.createDirectories(folder.resolve("hundred"));
        Files.write(hundred.resolve("train.bin"), records(2, 0, 99, 50));
        Files.write(hundred.resolve("test.bin"), records(2, 98));
        DataSet set = Mnist.load(hundred);
        assertEquals(100, set.train().classes().size());
        assertEquals(99, set.train().label(1));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("data_batch_3.bin"));
        assertTells(() -> Mnist.load(folder), folder, "lacks data_batch_3.bin", "CIFAR-10's binary layout");
    }

    @Test
    void aFileThatIsCutOffOrEmptyIsNamed() throws IOException {
        Path file = folder.resolve("data_batch_2.bin");
        Files.write(file, Arrays.copyOf(records(1, 2, 3), 5000));
        assertTells(() -> Mnist.load(folder), file, "5000 bytes", "3073 for each image");
        Files.write(file, new byte[0]);
        assertTells(() -> Mnist.load(folder), file, "0 bytes");
    }

    @Test
    void aLabelThatHasNoNameIsNamedWithItsPlace() throws IOException {
        Files.write(folder.resolve("data_batch_4.bin"), records(1, 6, 10));
        assertTells(
                () -> Mnist.load(folder),
                folder.resolve("data_batch_4.bin"),
                "label 10 at position 1",
                "expected 0 to 9 for the names in " + folder.resolve("batches.meta.txt"));
    }

    @Test
    void withoutNamesATestLabelIsOneOfTheTrainingLabels() throws IOException {
        Files.delete(folder.resolve("batches.meta.txt"));
        Files.write(folder.resolve("test_batch.bin"), records(1, 200));
        assertTells(
                () -> Mnist.load(folder), folder.resolve("test_batch.bin"), "label 200", "as in the training images");
    }

    @Test
    void namesThatAreNoneAreRefused() throws IOException {
        Path names = folder.resolve("batches.meta.txt");
        Files.writeString(names, "cat\ncat\n");
        assertTells(() -> Mnist.load(folder), names, "2 lines", "each once");
        Files.writeString(names, "x".repeat(70_000));
        assertTells(() -> Mnist.load(folder), names, "70000 bytes");
        Files.writeString(names, "cat\ndo\u001bg\n");
        assertTells(() -> Mnist.load(folder), names, "'do?g'", "control character");
        Files.write(names, new byte[] {'a', (byte) 0xff, '\n', 'b'});
        assertTells(() -> Mnist.load(folder), names);
    }

    @Test
    void forTask2ImagesAreEnlargedAndHaveRows() throws IOException {
        Mhist data = Mhist.load(folder, new Mhist.Reading(64, 0, false));
        assertEquals(64, data.train().height());
        assertEquals(64 * 64 * 3, data.test().image(0).length);
        // Twice as large by nearest neighbour: the third pixel is the second of the source, red 2 + the label 3.
        assertEquals(5, data.test().image(0)[2 * 3]);
        assertEquals("cat", data.test().annotations().get(0).label());
        assertEquals("test 0", data.test().name(0));
        assertEquals(10, data.classes().size());
        assertEquals(
                "images of 32 x 32 x 3 pixels in 10 classes (10 + 2) from " + folder + ", not MHIST",
                data.origin().description());
    }
}
