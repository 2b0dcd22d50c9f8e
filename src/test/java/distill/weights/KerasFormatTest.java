package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Inference;
import distill.nn.Network;
import distill.nn.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

class KerasFormatTest {

    private static final Network NETWORK = Fixtures.small(Activation.LINEAR, .5);

    @TempDir
    private Path folder;

    /** Numbers that only the type holds exactly, the first of each weight below the normal ones. */
    private static Weights weights(Class<? extends TFloating> dtype) {
        boolean wide = dtype == TFloat64.class;
        return Weights.of(NETWORK.weights(), spec -> {
            double[] values = new Random(spec.name().hashCode())
                    .doubles(spec.shape().size(), -1, 1)
                    .map(value -> wide ? value : (float) value)
                    .toArray();
            values[0] = wide ? 1e-310 : 1e-40f;
            return values;
        });
    }

    private void write(KerasFormat format, Path target, Class<? extends TFloating> dtype) throws IOException {
        format.write(target, NETWORK, weights(dtype), dtype, Fixtures.DEVICE);
    }

    private void assertWrittenAndReadBack(KerasFormat format, Class<? extends TFloating> dtype, String label)
            throws IOException {
        Path target = folder.resolve("new").resolve("model." + format);
        write(format, target, dtype);
        assertEquals(List.of("model." + format), Fixtures.entries(target.getParent()));
        KerasFile file = KerasFile.read(target, Fixtures.DEVICE);
        Fixtures.stored(file).forEach((path, weight) -> assertEquals(label, weight.dtype(), path));
        Matching matching = Matching.of(file, NETWORK, target.toString());
        assertEquals(Matching.By.NAME, matching.by());
        assertEquals(weights(dtype).digest(), matching.weights().digest());
        boolean configured = format == KerasFormat.H5 || format == KerasFormat.KERAS;
        assertEquals(configured ? Optional.of("linear") : Optional.empty(), file.outputActivation());
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void whatIsWrittenInFloat32IsReadBackBitForBit(KerasFormat format) throws IOException {
        assertWrittenAndReadBack(format, TFloat32.class, "float32");
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void whatIsWrittenInFloat64IsReadBackBitForBit(KerasFormat format) throws IOException {
        assertWrittenAndReadBack(format, TFloat64.class, "float64");
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void whatStandsAtTheTargetIsLeftAlone(KerasFormat format) throws IOException {
        Path target = Files.writeString(folder.resolve("model"), "mine");
        String message = assertThrows(IOException.class, () -> write(format, target, TFloat32.class))
                .getMessage();
        assertEquals(target + " is there already and was left alone: name another file", message);
        assertEquals("mine", Files.readString(target));
        assertEquals(List.of("model"), Fixtures.entries(folder));
    }

    /** The weights of another network: the writing fails midway. */
    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void aFailureLeavesNothingBehind(KerasFormat format) throws IOException {
        List<Weights.Weight> some = weights(TFloat32.class).values().subList(0, 3);
        Path target = folder.resolve("model");
        assertThrows(
                Exception.class,
                () -> format.write(target, NETWORK, new Weights(some), TFloat32.class, Fixtures.DEVICE));
        assertFalse(Files.exists(target));
        assertEquals(List.of(), Fixtures.entries(folder));
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void aFolderThatCannotBeMadeIsAnErrorThatNamesIt(KerasFormat format) throws IOException {
        Files.writeString(folder.resolve("file"), "mine");
        Path target = folder.resolve("file").resolve("model");
        String message = assertThrows(IOException.class, () -> write(format, target, TFloat32.class))
                .getMessage();
        assertTrue(message.contains(folder.resolve("file").toString()), message);
        assertEquals(List.of("file"), Fixtures.entries(folder));
    }

    @Test
    void aSavedModelRunsAndAnswersAsTheNetworkDoes() throws IOException {
        Path target = folder.resolve("model");
        Weights weights = weights(TFloat32.class);
        write(KerasFormat.SAVED_MODEL, target, TFloat32.class);
        double[] inputs = new Random(1).doubles(40 * 90).toArray();
        // Forty examples: more than Inference takes in one batch.
        assertArrayEquals(
                Inference.predict(NETWORK, weights, TFloat32.class, inputs, Fixtures.DEVICE),
                new SavedModel(target, Fixtures.DEVICE).predict(inputs, Shape.of(40, 10, 9, 1)),
                1e-6);
        assertEquals(
                "SavedModel of TensorFlow-Java",
                KerasFile.read(target, Fixtures.DEVICE).format());
    }

    @Test
    void aSavedModelInFloat64ComputesInFloat64() throws IOException {
        Path target = folder.resolve("model");
        write(KerasFormat.SAVED_MODEL, target, TFloat64.class);
        double[] inputs = new Random(1).doubles(90).toArray();
        assertArrayEquals(
                Inference.predict(NETWORK, weights(TFloat64.class), TFloat64.class, inputs, Fixtures.DEVICE),
                new SavedModel(target, Fixtures.DEVICE).predict(inputs, Shape.of(1, 10, 9, 1)),
                1e-14);
    }

    /** Keras 2 allows slashes, which in HDF5 are groups within groups, and Keras 3 does not. */
    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void aNameMayHaveSlashes(KerasFormat format) throws IOException {
        Network network =
                Fixtures.renamed(NETWORK, Map.of("first", "block/one", "conv2d", "block/two", "dense", "block"));
        Weights weights = network.initialWeights(1);
        Path target = folder.resolve("model");
        format.write(target, network, weights, TFloat64.class, Fixtures.DEVICE);
        KerasFile file = KerasFile.read(target, Fixtures.DEVICE);
        if (format == KerasFormat.H5) {
            assertEquals(
                    weights.digest(), Matching.of(file, network, "m").weights().digest());
        } else if (format == KerasFormat.KERAS) {
            KerasModel model = KerasModel.of(file, "m");
            assertEquals("block_one", model.network().layers().get(0).name());
            assertArrayEquals(
                    weights.values().get(0).values(),
                    model.match(file, "m").weights().values().get(0).values());
        }
    }

    @Test
    void aDescriptionThatIsTooLongForAnAttributeIsRefused() throws IOException {
        Network.Functional large = new Network.Functional(Shape.of(4));
        int x = Network.INPUT;
        for (int i = 0; i < 600; i++) {
            x = large.add(
                    "a name that is as long as those of large networks are " + i, new Dense(4, Activation.RELU), x);
        }
        Network network = large.build("long");
        String message = assertThrows(
                        IOException.class,
                        () -> KerasFormat.H5.write(
                                folder.resolve("long.h5"),
                                network,
                                network.initialWeights(1),
                                TFloat32.class,
                                Fixtures.DEVICE))
                .getMessage();
        assertTrue(
                message.startsWith("cannot write " + folder.resolve("long.h5") + ": the configuration of long has ")
                        && message.endsWith("65000 are the most that a file of the format h5 takes: choose keras"),
                message);
        assertEquals(List.of(), Fixtures.entries(folder));
    }

    @Test
    void formatsAreKnownByTheirLabels() {
        for (KerasFormat format : KerasFormat.values()) {
            assertEquals(format, KerasFormat.of(format.toString()));
        }
        assertEquals(
                "the formats are h5, weights-h5, keras, saved-model, found onnx",
                assertThrows(IllegalArgumentException.class, () -> KerasFormat.of("onnx"))
                        .getMessage());
    }
}
