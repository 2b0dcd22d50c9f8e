package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.ModelLibrary.StoredModel;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNetWeightsTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final String KERASS_NAME = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5";

    /** A drawn MobileNetV2 with its top. */
    @TempDir
    private static Path shared;

    private static Path file;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeAFile() throws IOException {
        Weights weights = Architecture.MOBILENETV2
                .build(Activation.LINEAR)
                .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
        file = shared.resolve("drawn.h5");
        new StoredModel("", Architecture.MOBILENETV2, Activation.LINEAR, "float32", weights)
                .write(KerasFormat.H5, file, DEVICE);
    }

    private ModelLibrary library() {
        return new ModelLibrary(folder.resolve("saved-models"), DEVICE);
    }

    private ImageNetWeights find(Architecture architecture, String... named) throws IOException {
        return ImageNetWeights.find(library(), List.of(named), folder.resolve("keras"), architecture);
    }

    @Test
    void aNamedFileComesFirstThenAnImportedModelThenKerassOwn() throws IOException {
        Path kept = Files.createDirectories(folder.resolve("keras")).resolve(KERASS_NAME);
        Files.createSymbolicLink(kept, file);
        assertEquals(kept.toString(), find(Architecture.MOBILENETV2).source());
        library()
                .importFile(
                        file, Architecture.MOBILENETV2, null, library().folder().resolve("mine"));
        assertEquals("mine", find(Architecture.MOBILENETV2).source());
        ImageNetWeights named = find(Architecture.MOBILENETV2, file.toString());
        assertEquals(file.toString(), named.source());
        assertEquals(library().find("mine").weights().digest(), named.weights().digest(), "the same file both times");
        assertEquals(
                kept.toString(),
                find(Architecture.MOBILENETV2, kept.getParent().toString()).source(),
                "a folder is looked through for Keras's names");
    }

    @Test
    void aNameThatDoesNotExistIsNoReasonToTakeOtherWeights() throws IOException {
        Files.createDirectories(folder.resolve("keras"));
        Files.copy(file, folder.resolve("keras").resolve(KERASS_NAME));
        String message = assertThrows(IOException.class, () -> find(Architecture.MOBILENETV2, "gone.h5"))
                .getMessage();
        assertTrue(message.startsWith("there is no file gone.h5, and no model of that name in"), message);
    }

    @Test
    void aNamedFileThatCannotBeReadIsNoReasonToTakeOtherWeights() throws IOException {
        Files.createDirectories(folder.resolve("keras"));
        Files.copy(file, folder.resolve("keras").resolve(KERASS_NAME));
        Path damaged = folder.resolve("damaged.h5");
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(file), 1000));
        String message = assertThrows(IOException.class, () -> find(Architecture.MOBILENETV2, damaged.toString()))
                .getMessage();
        assertTrue(message.contains(damaged.toString()), message);
    }

    @Test
    void theNetworkWithoutATopTakesAFileWithOneAndLeavesItsLastLayerOut() throws IOException {
        Weights found = find(Architecture.MOBILENETV2_NO_TOP, file.toString()).weights();
        assertEquals(
                Architecture.MOBILENETV2_NO_TOP.build(Activation.LINEAR).weights().stream()
                        .map(spec -> spec.name())
                        .toList(),
                found.values().stream().map(Weights.Weight::name).toList());
    }

    @Test
    void whereThereAreNoneItSaysWhatWasTriedAndWhatToFetchWhereTo() {
        String message = assertThrows(IOException.class, () -> find(Architecture.RESNET50V2, file.toString()))
                .getMessage();
        assertTrue(message.startsWith("there are no weights of resnet50v2: " + file + " is none ("), message);
        assertTrue(
                message.contains("Fetch https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
                        + "resnet50v2_weights_tf_dim_ordering_tf_kernels.h5 into " + folder.resolve("keras")),
                message);
        assertTrue(message.endsWith("--weights none starts from random ones"), message);
    }

    @Test
    void whereRandomOnesWillDoNoneIsNoErrorButAWrongNameIs() throws IOException {
        Path keras = Files.createDirectories(folder.resolve("keras"));
        assertEquals(
                Optional.empty(), ImageNetWeights.findIfAny(library(), List.of(), keras, Architecture.MOBILENETV2));
        assertThrows(
                IOException.class,
                () -> ImageNetWeights.findIfAny(library(), List.of("gone.h5"), keras, Architecture.MOBILENETV2));
        Files.createSymbolicLink(keras.resolve(KERASS_NAME), file);
        assertEquals(
                find(Architecture.MOBILENETV2).weights().digest(),
                ImageNetWeights.findIfAny(library(), List.of(), keras, Architecture.MOBILENETV2)
                        .orElseThrow()
                        .weights()
                        .digest());
    }
}
