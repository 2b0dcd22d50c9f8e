package distill.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Initializer;
import distill.nn.Network;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.MnistTeacher;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class CheckpointTest {

    private static final Network NETWORK = MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);

    @TempDir
    private Path folder;

    private static Weights weights() {
        return NETWORK.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
    }

    private Checkpoint<TFloat64> checkpoint() {
        return new Checkpoint<>(folder.resolve("state"), TFloat64.class, Device.cpu(2));
    }

    @Test
    void whatIsWrittenIsReadBackBitForBit() throws IOException {
        assertFalse(checkpoint().exists());
        checkpoint().write(weights());
        assertTrue(checkpoint().exists());
        assertEquals(weights().digest(), checkpoint().read(NETWORK.weights()).digest());
    }

    @Test
    void someOfTheWeightsCanBeRead() throws IOException {
        checkpoint().write(weights());
        Weights some = checkpoint().read(NETWORK.weights().subList(2, 4));
        assertEquals(new Weights(weights().values().subList(2, 4)).digest(), some.digest());
    }

    @Test
    void aMissingCheckpointIsSaidToBeMissing() {
        assertTrue(assertThrows(FileNotFoundException.class, () -> checkpoint().read(NETWORK.weights()))
                .getMessage()
                .contains("state.index"));
    }

    @Test
    void aMissingWeightIsNamed() throws IOException {
        checkpoint().write(weights());
        List<WeightSpec> other = List.of(new WeightSpec("dense_7/kernel", Shape.of(2), Initializer.ZEROS));
        assertTrue(assertThrows(IOException.class, () -> checkpoint().read(other))
                .getMessage()
                .contains("dense_7/kernel"));
    }

    @Test
    void aWeightOfAnotherShapeIsNamedWithBothShapes() throws IOException {
        checkpoint().write(weights());
        List<WeightSpec> other = List.of(new WeightSpec("conv2d/bias", Shape.of(31), Initializer.ZEROS));
        String message =
                assertThrows(IOException.class, () -> checkpoint().read(other)).getMessage();
        assertTrue(message.contains("conv2d/bias has shape [32], expected [31]"), message);
    }

    @Test
    void damagedDataIsAnErrorThatNamesTheFile() throws IOException {
        checkpoint().write(weights());
        Path data = folder.resolve("state.data-00000-of-00001");
        Files.write(data, java.util.Arrays.copyOf(Files.readAllBytes(data), 1000));
        assertTrue(assertThrows(IOException.class, () -> checkpoint().read(NETWORK.weights()))
                .getMessage()
                .contains("state.index"));
    }

    @Test
    void aFolderThatIsNotThereCannotBeWrittenTo() {
        Checkpoint<TFloat32> nowhere = new Checkpoint<>(folder.resolve("a-file/state"), TFloat32.class, Device.cpu(2));
        assertThrows(IOException.class, () -> {
            Files.writeString(folder.resolve("a-file"), "");
            nowhere.write(weights());
        });
    }
}
