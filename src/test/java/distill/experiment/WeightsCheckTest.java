package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.ModelLibrary.StoredModel;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Inference;
import distill.nn.zoo.Architecture;
import distill.weights.KerasFormat;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

class WeightsCheckTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int EXAMPLES = 3;

    @TempDir
    private static Path folder;

    private static StoredModel student;
    private static ModelLibrary library;

    @BeforeAll
    static void importAStudent() throws IOException {
        student = new StoredModel(
                "",
                Architecture.MNIST_STUDENT,
                Activation.LINEAR,
                "float32",
                Architecture.MNIST_STUDENT
                        .build(Activation.LINEAR)
                        .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)));
        student.write(KerasFormat.H5, folder.resolve("student.h5"), DEVICE);
        student.write(KerasFormat.SAVED_MODEL, folder.resolve("served"), DEVICE);
        library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        library.importFile(
                folder.resolve("student.h5"),
                Architecture.MNIST_STUDENT,
                null,
                library.folder().resolve("mine"));
    }

    /** A check file of this student's own answers, with {@code added} on the last of them. */
    private static Path check(String name, double added, String activation, int side) {
        float[][][][] inputs = new float[EXAMPLES][side][side][1];
        double[] flat = new double[EXAMPLES * 784];
        for (int i = 0; i < flat.length; i++) {
            float value = (float) Math.abs(Math.sin(i));
            flat[i] = value;
            if (side == 28) {
                inputs[i / 784][i / 28 % 28][i % 28][0] = value;
            }
        }
        double[] answers = Inference.predict(student.network(), student.weights(), TFloat32.class, flat, DEVICE);
        float[][] outputs = new float[EXAMPLES][10];
        for (int i = 0; i < answers.length; i++) {
            outputs[i / 10][i % 10] = (float) answers[i];
        }
        outputs[EXAMPLES - 1][9] += added;
        Path file = folder.resolve(name);
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putDataset("inputs", inputs);
            hdf.putDataset("outputs", outputs);
            hdf.putAttribute("output_activation", activation);
        }
        return file;
    }

    private static String refused(String model, Architecture architecture, Path check) {
        return assertThrows(IOException.class, () -> WeightsCheck.of(library, model, architecture, check))
                .getMessage();
    }

    @Test
    void equalOutputsAreEqualAndOneThatIsOffIsNot() throws IOException {
        Path right = check("right.h5", 0, "linear", 28);
        for (String model : new String[] {"mine", folder.resolve("served").toString()}) {
            WeightsCheck result = WeightsCheck.of(library, model, null, right);
            assertTrue(result.equal() && result.examples() == 3 && result.agreeing() == 3, result.toString());
        }
        WeightsCheck file =
                WeightsCheck.of(library, folder.resolve("student.h5").toString(), Architecture.MNIST_STUDENT, right);
        assertTrue(file.equal(), file.toString());
        WeightsCheck described =
                WeightsCheck.of(library, folder.resolve("student.h5").toString(), null, right);
        assertTrue(described.equal() && described.what().endsWith("in our Keras model sequential"), described.what());
        WeightsCheck off = WeightsCheck.of(library, "mine", null, check("off.h5", 2e-4, "linear", 28));
        assertFalse(off.equal(), off.toString());
        assertEquals(2e-4, off.largestDifference(), 1e-6);
    }

    @Test
    void anotherActivationAtTheEndIsNotPassedOver() {
        assertTrue(refused("mine", null, check("softmax.h5", 0, "softmax", 28))
                .contains("ends in softmax, and mine in linear: import it again with --activation"));
    }

    @Test
    void whatCannotBeCheckedIsRefused() {
        assertTrue(refused("mine", null, check("infinite.h5", Double.POSITIVE_INFINITY, "linear", 28))
                .contains("no finite numbers"));
        Path small = check("small.h5", 0, "linear", 27);
        assertTrue(refused("mine", null, small).contains("a mnist-student takes [28, 28, 1]"));
        assertTrue(refused(folder.resolve("served").toString(), null, small)
                .contains("takes inputs of shape [-1, 28, 28, 1], found [3, 27, 27, 1]"));
        assertTrue(refused(folder.resolve("student.h5").toString(), null, small)
                .contains("a Keras model sequential takes [28, 28, 1]"));
    }
}
