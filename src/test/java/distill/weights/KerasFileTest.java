package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Dropout;
import distill.nn.Inference;
import distill.nn.Initializer;
import distill.nn.Layer;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

class KerasFileTest {

    private static final Device DEVICE = Fixtures.DEVICE;

    @TempDir
    private Path folder;

    private static KerasFile read(Path file) throws IOException {
        return KerasFile.read(file, DEVICE);
    }

    /** A file has all of a network's weights, in the type, bit for bit. */
    private static void assertHolds(String network, String dtype, KerasFile file) {
        JsonNode expected = Fixtures.json(network).get("weights").get(dtype);
        assertEquals(expected.size(), file.count());
        Fixtures.stored(file).forEach((path, weight) -> {
            // Files of Keras 3 number a layer's weights: of these layers the kernel and the bias.
            String name = path.replaceFirst("/0$", "/kernel").replaceFirst("/1$", "/bias");
            assertEquals(dtype, weight.dtype(), name);
            assertArrayEquals(Fixtures.doubles(expected.get(name)), weight.values(), name);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "small-model.h5, float32, whole model, Keras 3.15.1",
        "small-float16-model.h5, float16, whole model, Keras 3.15.1",
        "small-float64-model.h5, float64, whole model, Keras 3.15.1",
        "small-keras2-model.h5, float32, whole model, Keras 2.21.0",
        "nested-model.h5, float32, whole model, Keras 3.15.1",
        "nested-keras2-model.h5, float32, whole model, Keras 2.21.0",
        "small-keras3.h5, float32, weights, Keras 3.15.1",
        "small-keras2.h5, float32, weights, Keras 2.21.0"
    })
    void aLegacyFileHoldsKerassWeightsUnderKerassNames(String name, String dtype, String what, String version)
            throws Exception {
        KerasFile file = read(Fixtures.path(name));
        assertEquals("Keras legacy HDF5, " + what, file.format());
        assertEquals(Optional.of(version), file.version());
        assertHolds(name.substring(0, name.indexOf('-')), dtype, file);
    }

    @ParameterizedTest
    @CsvSource({
        "small.weights.h5, float32, Keras weights (.weights.h5)",
        "small-float16.weights.h5, float16, Keras weights (.weights.h5)",
        "small-float64.weights.h5, float64, Keras weights (.weights.h5)",
        "small-bfloat16.weights.h5, bfloat16, Keras weights (.weights.h5)",
        "small.keras, float32, Keras archive (.keras)",
        "small-bfloat16.keras, bfloat16, Keras archive (.keras)",
        "nested.weights.h5, float32, Keras weights (.weights.h5)",
        "nested.keras, float32, Keras archive (.keras)"
    })
    void aKeras3FileHoldsTheSameByLayerAndNumber(String name, String dtype, String format) throws Exception {
        KerasFile file = read(Fixtures.path(name));
        assertEquals(format, file.format());
        assertHolds(name.replaceFirst("[-.].*", ""), dtype, file);
    }

    /** Keras 2 writes the same layout without the layers' names. */
    @ParameterizedTest
    @ValueSource(strings = {"small-keras2.weights.h5", "small-keras2.keras"})
    void aFileOfKeras2InKeras3sLayoutIsReadToo(String name) throws Exception {
        Network network = Fixtures.small(Activation.SOFTMAX, .5);
        Network numbered = Fixtures.renamed(network, Map.of("first", "conv2d", "conv2d", "conv2d_1"));
        Weights expected =
                Fixtures.weights(network, Fixtures.json("small").get("weights").get("float32"));
        Weights found = Matching.of(read(Fixtures.path(name)), numbered, name).weights();
        for (int i = 0; i < expected.values().size(); i++) {
            assertArrayEquals(
                    expected.values().get(i).values(), found.values().get(i).values());
        }
    }

    /** Keras 1 called a kernel W and a bias b, and put the layer's name before them. */
    @ParameterizedTest
    @CsvSource({"small-keras1.h5, weights,", "small-keras1-model.h5, whole model, Keras 1.2.2"})
    void aFileOfKeras1IsReadUnderTodaysNames(String name, String what, String version) throws Exception {
        KerasFile file = read(Fixtures.path(name));
        assertEquals("Keras legacy HDF5, " + what, file.format());
        assertEquals(Optional.ofNullable(version), file.version());
        JsonNode expected = Fixtures.json("small").get("weights").get("float32");
        Map<String, String> layers = Map.of(
                "convolution2d_1", "first", "convolution2d_2", "conv2d", "dense_1", "dense", "dense_2", "dense_1");
        assertEquals(
                List.of("convolution2d_1", "convolution2d_2", "dense_1", "dense_2", "batchnormalization_1"),
                file.layers().stream().map(StoredLayer::name).toList());
        for (StoredLayer layer : file.layers().subList(0, 4)) {
            assertEquals(
                    List.of("kernel", "bias"),
                    layer.weights().stream().map(StoredLayer.StoredWeight::name).toList());
            for (StoredLayer.StoredWeight weight : layer.weights()) {
                String today = layers.get(layer.name()) + "/" + weight.name();
                assertArrayEquals(Fixtures.doubles(expected.get(today)), weight.values(), today);
            }
        }
        List<StoredLayer.StoredWeight> normalisation = file.layers().get(4).weights();
        assertEquals(
                List.of("gamma", "beta", "moving_mean", "moving_variance"),
                normalisation.stream().map(StoredLayer.StoredWeight::name).toList());
        for (int i = 0; i < 4; i++) {
            assertEquals(i + .5, normalisation.get(i).values()[9]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "small-model.h5, SOFTMAX",
        "small-keras2-model.h5, SOFTMAX",
        "small.keras, SOFTMAX",
        "small-keras1-model.h5, LINEAR",
        "nested.keras, LINEAR",
        "small.weights.h5,",
        "small-keras2.h5,"
    })
    void aConfigurationTellsTheLastLayersActivation(String name, Activation activation) throws Exception {
        assertEquals(
                Optional.ofNullable(activation).map(Activation::kerasName),
                read(Fixtures.path(name)).outputActivation());
    }

    @ParameterizedTest
    @CsvSource({
        "small-saved-model, float32, SavedModel of Keras 3",
        "small-keras2-saved-model, float32, SavedModel of Keras 2",
        "nested-saved-model, float32, SavedModel of Keras 3",
        "nested-keras2-saved-model, float32, SavedModel of Keras 2",
        "nested-float16-saved-model, float16, SavedModel of Keras 3",
        "nested-float64-saved-model, float64, SavedModel of Keras 3",
        "nested-bfloat16-saved-model, bfloat16, SavedModel of Keras 3"
    })
    void aSavedModelHoldsTheSame(String name, String dtype, String format) throws Exception {
        KerasFile file = read(Fixtures.path(name));
        assertEquals(format, file.format());
        assertTrue(
                file.version().orElseThrow().startsWith("TensorFlow 2."),
                file.version().toString());
        assertHolds(name.substring(0, name.indexOf('-')), dtype, file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "small-saved-model",
                "small-keras2-saved-model",
                "nested-saved-model",
                "nested-keras2-saved-model"
            })
    void aSavedModelOfKerasRunsAndAnswersWhatKerasDid(String name) throws Exception {
        JsonNode answers = Fixtures.json(name.substring(0, name.indexOf('-')));
        Shape inputs = Fixtures.network(name).input().prepend(3);
        assertArrayEquals(
                Fixtures.doubles(answers.get("outputs")),
                new SavedModel(Fixtures.path(name), DEVICE).predict(Fixtures.doubles(answers.get("inputs")), inputs),
                1e-6);
    }

    /**
     * The cell of a recurrent layer keeps its weights in a group of its own, and Keras 2.12 called the groups
     * otherwise.
     */
    @Test
    void weightsOfWhateverIsInALayerAreRead() throws IOException {
        Path file = folder.resolve("rnn.weights.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup layers = hdf.putGroup("_layer_checkpoint_dependencies");
            layers.putGroup("lstm").putGroup("cell").putGroup("vars").putDataset("0", new float[] {1, 2});
            layers.putGroup("normalization").putGroup("vars").putDataset("2", new long[] {3});
            hdf.putGroup("optimizer").putGroup("vars").putDataset("0", new float[] {9});
            hdf.putGroup("vars").putDataset("0", new float[] {7});
        }
        KerasFile read = read(file);
        assertEquals(
                List.of("", "lstm/cell", "normalization"),
                read.layers().stream()
                        .map(layer -> layer.group().orElseThrow())
                        .sorted()
                        .toList());
        assertEquals(
                "int64",
                read.layers().stream()
                        .filter(layer -> layer.name().equals("normalization"))
                        .findFirst()
                        .orElseThrow()
                        .weights()
                        .get(0)
                        .dtype());
    }

    /**
     * Made with h5py: {@code f["layers/dense/again"] = f["layers"]} and {@code f["layers/dense_1"] =
     * f["layers/dense"]}.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "circle.weights.h5 | /layers/ and as /layers/dense/again/",
                "shared.weights.h5 | /layers/dense/ and as /layers/dense_1/"
            })
    void aGroupThatIsInAFileTwiceIsRefused(String name, String places) {
        Path file = Fixtures.path("../hdf5/" + name);
        String message = assertThrows(IOException.class, () -> read(file)).getMessage();
        assertTrue(message.endsWith(name + " holds one group as " + places + ", expected each layer once"), message);
    }

    @Test
    void aConfigurationThatUnpacksWithoutEndIsNotRead() throws IOException {
        Path file = folder.resolve("endless.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
            zip.putNextEntry(new ZipEntry("config.json"));
            zip.write("[".repeat((1 << 23) + 1).getBytes(StandardCharsets.US_ASCII));
        }
        String message = assertThrows(IOException.class, () -> read(file)).getMessage();
        assertTrue(message.contains("endless.keras, config.json unpacks to more than the 8388608 bytes"), message);
    }

    /** 65 MB of zeros are packed to 65 kB, in which no trained weights of that size are. */
    @Test
    void weightsThatArePackedToNextToNothingAreNotUnpacked() throws IOException {
        Path file = folder.resolve("zeros.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
            for (int i = 0; i < 65; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        String message = assertThrows(IOException.class, () -> read(file)).getMessage();
        assertTrue(
                message.startsWith(file + ", model.weights.h5 claims 68157440 bytes, packed to ")
                        && message.endsWith(", more than the 67108864 that weights may have"),
                message);
    }

    /** The size stands in the archive's directory, 24 bytes behind the beginning of the entry's. */
    @Test
    void noMoreIsUnpackedThanAnArchiveClaims() throws IOException {
        Path file = folder.resolve("more.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
            zip.write(new byte[1000]);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int directory = 0;
        while (bytes.getInt(directory) != 0x02014b50) {
            directory++;
        }
        Files.write(file, bytes.putInt(directory + 24, 999).array());
        assertEquals(
                file + ", model.weights.h5 is damaged: it claims 999 bytes and unpacks to more",
                assertThrows(IOException.class, () -> read(file)).getMessage());
    }

    @Test
    void aWeightThatIsPackedIsNotUnpacked() throws IOException {
        Path file = folder.resolve("packed.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("layer_names", new String[] {"a"});
            WritableGroup group = hdf.putGroup("a");
            group.putAttribute("weight_names", new String[] {"kernel"});
            group.putDataset(
                    "kernel",
                    new float[1000],
                    DatasetCreationOptions.builder()
                            .chunkDimensions(1000)
                            .deflate()
                            .build());
        }
        assertEquals(
                file + ", weight a/kernel is packed with deflate, which Keras's files are not:"
                        + " unpack the file with h5repack -f NONE OLD NEW",
                assertThrows(IOException.class, () -> read(file)).getMessage());
    }

    /** The file has 4 kB for the weight and not 8. */
    @Test
    void weightsThatAreListedTwiceHaveToBeInTheFileTwice() throws IOException {
        Path file = folder.resolve("twice.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("layer_names", new String[] {"a"});
            WritableGroup group = hdf.putGroup("a");
            group.putAttribute("weight_names", new String[] {"kernel", "kernel"});
            group.putDataset("kernel", new float[1000]);
        }
        assertEquals(
                "%s, weight a/kernel claims the shape [1000], more than %d bytes can hold"
                        .formatted(file, Files.size(file)),
                assertThrows(IOException.class, () -> read(file)).getMessage());
    }

    @Test
    void aGraphThatIsLargerThanAnyIsNotRead() throws IOException {
        Path program = Files.createFile(folder.resolve("saved_model.pb"));
        try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "rw")) {
            file.setLength((1L << 30) + 1);
        }
        String said = program + " has 1073741825 bytes, more than the 1073741824 that a graph may have";
        assertEquals(said, assertThrows(IOException.class, () -> read(folder)).getMessage());
        assertEquals(
                said,
                assertThrows(IOException.class, () -> ServedModel.open(folder, DEVICE))
                        .getMessage());
    }

    /**
     * TensorFlow's library takes memory for what the end of the index says, and ends the process where it gets none.
     * The end is 48 bytes: two places, each an offset and a size with seven bits a byte, zeros, and eight bytes that
     * are always the same. The second is here of no bytes, or of 2^40.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "000800808080808020"})
    void anIndexThatLeadsOutOfItselfIsRefused(String places) throws IOException {
        Files.createDirectories(folder.resolve("variables"));
        for (String name :
                List.of("saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index")) {
            Files.copy(Fixtures.path("small-saved-model").resolve(name), folder.resolve(name));
        }
        Path index = folder.resolve("variables/variables.index");
        byte[] bytes = Files.readAllBytes(index);
        byte[] end = Arrays.copyOf(HexFormat.of().parseHex(places), 40);
        System.arraycopy(end, 0, bytes, bytes.length - 48, end.length);
        Files.write(index, bytes);
        for (Executable reader : List.<Executable>of(() -> read(folder), () -> ServedModel.open(folder, DEVICE))) {
            assertEquals(
                    index + " is damaged: it is not what TensorFlow writes",
                    assertThrows(IOException.class, reader).getMessage());
        }
    }

    @Test
    void aPackedCheckFileIsNotUnpackedEither() throws IOException {
        Path file = folder.resolve("check.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putDataset(
                    "inputs",
                    new float[12][345],
                    DatasetCreationOptions.builder()
                            .chunkDimensions(12, 345)
                            .deflate()
                            .build());
            hdf.putDataset("outputs", new float[12][2]);
        }
        String message =
                assertThrows(IOException.class, () -> CheckFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + ", inputs is packed with deflate"), message);
    }

    @Test
    void listsOfNamesThatKerasSplitAreReadAsOne() throws IOException {
        Path file = folder.resolve("split.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("layer_names0", new String[] {"a"});
            hdf.putAttribute("layer_names1", new String[] {"b"});
            for (String layer : List.of("a", "b")) {
                WritableGroup group = hdf.putGroup(layer);
                group.putAttribute("weight_names0", new String[] {"kernel"});
                group.putAttribute("weight_names1", new String[] {"bias"});
                group.putDataset("kernel", new float[] {1});
                group.putDataset("bias", new float[] {2});
            }
        }
        assertEquals(
                List.of("a/kernel", "a/bias", "b/kernel", "b/bias"),
                read(file).layers().stream()
                        .flatMap(layer -> layer.weights().stream().map(layer::path))
                        .toList());
    }

    @Test
    void aFileThatIsCutBehindItsWeightsIsDamagedToo() throws Exception {
        byte[] whole = Files.readAllBytes(Fixtures.path("small-model.h5"));
        Path cut = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(whole, whole.length - 1));
        assertEquals(
                cut + " is damaged: it says that it has " + whole.length + " bytes, and has " + (whole.length - 1),
                assertThrows(IOException.class, () -> read(cut)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"small-model.h5", "small.keras", "small-keras2-model.h5", "small-keras2.keras"})
    void aConfigurationOfAnotherNetworkIsRefusedThoughItsWeightsFit(String name) throws Exception {
        KerasFile file = read(Fixtures.path(name));
        Network network = Fixtures.small(Activation.SOFTMAX, .5);
        file.checkConfiguration(network, "it");
        Network other = changed(network, "Dense", layer -> new Dense(((Dense) layer).units(), Activation.LINEAR));
        assertEquals(
                "it is of another network: its layer dense has activation \"relu\", expected \"linear\"",
                assertThrows(IOException.class, () -> file.checkConfiguration(other, "it"))
                        .getMessage());
        Network pooled = changed(network, "MaxPooling2D", layer -> new MaxPooling2D(2, 2));
        assertTrue(assertThrows(IOException.class, () -> file.checkConfiguration(pooled, "it"))
                .getMessage()
                .contains("has strides [1,1], expected [2,2]"));
        Network shorter = new Network(
                network.name(),
                network.input(),
                network.layers().subList(0, network.layers().size() - 1));
        assertTrue(assertThrows(IOException.class, () -> file.checkConfiguration(shorter, "it"))
                .getMessage()
                .endsWith("is Dense, expected nothing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Conv2D | data_format | \"channels_first\" | its layer first has data_format \"channels_first\", with which",
                "Conv2D | dilation_rate | [2, 2] | its layer first has dilation_rate [2,2], with which",
                "Conv2D | groups | 2 | its layer first has groups 2, with which",
                "Dense | rotation | 90 | its layer dense has rotation 90, with which",
                "Flatten | data_format | \"channels_first\" | its layer flatten has data_format",
                "MaxPooling2D | padding | \"same\" | its layer max_pooling2d has padding \"same\""
            })
    void anArgumentThatOurLayersDoNotHaveIsNeverTakenForEqual(
            String type, String argument, String value, String message) throws Exception {
        Network network = Fixtures.small(Activation.SOFTMAX, .5);
        JsonNode config =
                read(Fixtures.path("small.keras")).config().orElseThrow().deepCopy();
        ObjectNode layer = (ObjectNode) config.at("/config/layers")
                .valueStream()
                .filter(one -> one.path("class_name").asText().equals(type))
                .findFirst()
                .orElseThrow()
                .path("config");
        layer.set(argument, new ObjectMapper().readTree(value));
        KerasFile changed = new KerasFile("test", Optional.empty(), Optional.of(config), List.of());
        String found = assertThrows(IOException.class, () -> changed.checkConfiguration(network, "it"))
                .getMessage();
        assertTrue(found.startsWith("it: " + message), found);
    }

    @Test
    void aModelThatTakesOtherInputsIsRefused() throws Exception {
        Network network = Fixtures.small(Activation.SOFTMAX, .5);
        JsonNode config =
                read(Fixtures.path("small.keras")).config().orElseThrow().deepCopy();
        ((ObjectNode) config.at("/config/layers/0/config"))
                .set("batch_shape", new ObjectMapper().readTree("[null,1,7,7]"));
        KerasFile changed = new KerasFile("test", Optional.empty(), Optional.of(config), List.of());
        String found = assertThrows(IOException.class, () -> changed.checkConfiguration(network, "it"))
                .getMessage();
        assertTrue(found.startsWith("it is of another network: its input has the shape [null,1,7,7], expected"), found);
    }

    /** As TensorFlow 1 saves: variables without resources, and beside them those of metrics, which are not saved. */
    @Test
    void aSavedModelOfTensorFlow1HoldsWhatItSaved() throws IOException {
        Path saved = Files.createDirectories(folder.resolve("tf1/variables"));
        WeightSpec kernel = new WeightSpec("dense/kernel", Shape.of(1, 2), Initializer.ZEROS);
        new Checkpoint<>(saved.resolve("variables"), TFloat32.class, DEVICE)
                .write(Weights.of(List.of(kernel), spec -> new double[] {3, 4}));
        org.tensorflow.proto.SavedModel.Builder program = org.tensorflow.proto.SavedModel.newBuilder();
        program.addMetaGraphsBuilder()
                .setMetaInfoDef(
                        MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve").setTensorflowVersion("1.12.0"))
                .setGraphDef(GraphDef.newBuilder()
                        .addNode(variable("VariableV2", "dense/kernel"))
                        .addNode(variable("VariableV2", "total"))
                        .addNode(NodeDef.newBuilder()
                                .setOp("Const")
                                .setName("save/SaveV2/tensor_names")
                                .putAttr(
                                        "value",
                                        AttrValue.newBuilder()
                                                .setTensor(TensorProto.newBuilder()
                                                        .addStringVal(ByteString.copyFromUtf8("dense/kernel")))
                                                .build())));
        Files.write(folder.resolve("tf1/saved_model.pb"), program.build().toByteArray());
        KerasFile read = read(folder.resolve("tf1"));
        assertEquals("SavedModel of TensorFlow 1", read.format());
        assertEquals(1, read.count());
        StoredLayer layer = read.layers().get(0);
        assertEquals("dense/kernel", layer.path(layer.weights().get(0)));
        assertArrayEquals(new double[] {3, 4}, layer.weights().get(0).values());
    }

    private static NodeDef variable(String op, String name) {
        return NodeDef.newBuilder()
                .setOp(op)
                .setName(name)
                .putAttr(
                        "dtype",
                        AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                .putAttr(
                        "shape",
                        AttrValue.newBuilder()
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dim.newBuilder()
                                                .setSize(1))
                                        .addDim(TensorShapeProto.Dim.newBuilder()
                                                .setSize(2)))
                                .build())
                .build();
    }

    /** HDF5 takes a slash for groups within groups. */
    @Test
    void aLayersNameMayHaveSlashesInIt() throws IOException {
        Path file = folder.resolve("slashes.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("layer_names", new String[] {"block1/conv", "block1/logits"});
            WritableGroup block = hdf.putGroup("block1");
            for (String layer : List.of("conv", "logits")) {
                WritableGroup group = block.putGroup(layer);
                String name = "block1/" + layer;
                group.putAttribute("weight_names", new String[] {name + "/kernel:0", name + "/bias:0"});
                WritableGroup inner = group.putGroup("block1").putGroup(layer);
                inner.putDataset("kernel:0", new float[] {1});
                inner.putDataset("bias:0", new float[] {2});
            }
        }
        assertEquals(
                List.of("block1/conv/kernel", "block1/conv/bias", "block1/logits/kernel", "block1/logits/bias"),
                read(file).layers().stream()
                        .flatMap(layer -> layer.weights().stream().map(layer::path))
                        .toList());
    }

    private static Network changed(Network network, String type, UnaryOperator<Layer> change) {
        return new Network(
                network.name(),
                network.input(),
                network.layers().stream()
                        .map(layer -> new Network.NamedLayer(
                                layer.name(),
                                layer.inbound(),
                                layer.input(),
                                layer.layer().type().equals(type) ? change.apply(layer.layer()) : layer.layer(),
                                layer.trainable()))
                        .toList());
    }

    @Test
    void aSavedModelThatTakesOtherNumbersSaysSo() {
        SavedModel model = new SavedModel(Fixtures.path("nested-bfloat16-saved-model"), DEVICE);
        String message = assertThrows(IOException.class, () -> model.predict(new double[5], Shape.of(1, 5)))
                .getMessage();
        assertTrue(
                message.endsWith(
                        "its signature serving_default takes inputs of type bfloat16, expected float32, float64 or uint8"),
                message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "small-model.h5",
                "small-keras1.h5",
                "small-keras2.h5",
                "small.weights.h5",
                "small.keras",
                "small-saved-model",
                "nested-keras2-model.h5",
                "nested.keras",
                "nested-keras2-saved-model"
            })
    void ourNetworkWithAFilesWeightsAnswersWhatKerasDid(String name) throws Exception {
        JsonNode answers = Fixtures.json(name.replaceFirst("[-.].*", ""));
        Network network = Fixtures.network(name);
        KerasFile file = read(Fixtures.path(name));
        if (name.equals("small-keras1.h5")) {
            // Without the batch normalisation, which only this file has.
            file = new KerasFile(
                    file.format(), file.version(), file.config(), file.layers().subList(0, 4));
        }
        assertArrayEquals(
                Fixtures.doubles(answers.get("outputs")),
                Inference.predict(
                        network,
                        Matching.of(file, network, name).weights(),
                        TFloat32.class,
                        Fixtures.doubles(answers.get("inputs")),
                        DEVICE),
                1e-6);
    }

    @Test
    void anArchiveSaysWhichKerasWroteIt() throws Exception {
        assertEquals(
                Optional.of("Keras 3.15.1"), read(Fixtures.path("small.keras")).version());
    }

    @ParameterizedTest
    @CsvSource({"small-model.h5, 2000", "small.weights.h5, 2000", "small.keras, 9000", "small-model.h5, 3"})
    void aTruncatedFileIsAnErrorThatNamesIt(String name, int bytes) throws Exception {
        Path cut = Files.write(folder.resolve(name), Arrays.copyOf(Files.readAllBytes(Fixtures.path(name)), bytes));
        String message = assertThrows(IOException.class, () -> read(cut)).getMessage();
        assertTrue(message.startsWith(cut.toString()) && message.lines().count() == 1, message);
        assertTrue(message.contains("damaged"), message);
    }

    @Test
    void aWeightThatClaimsAnAbsurdShapeIsNamedAndNotRead() {
        String message = assertThrows(IOException.class, () -> read(Fixtures.path("absurd.weights.h5")))
                .getMessage();
        assertTrue(message.contains("weight dense/0 claims the shape [1048576, 1048576]"), message);
    }

    /** 2^40 x 2^40 is more than a long counts; 2^13 x 2^13 is a weight that could be, but not in 9 kB. */
    @ParameterizedTest
    @CsvSource({"40, '[1099511627776, 1099511627776], more than'", "13, '[8192, 8192], more than 8688 bytes can hold'"})
    void soIsOneWhoseSizeOverflowsOrWhichTheFileCannotHold(int power, String said) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Fixtures.path("absurd.weights.h5")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int sizes = 0;
        while (bytes.getLong(sizes) != 1L << 20 || bytes.getLong(sizes + Long.BYTES) != 1L << 20) {
            sizes++;
        }
        bytes.putLong(sizes, 1L << power).putLong(sizes + Long.BYTES, 1L << power);
        Path file = Files.write(folder.resolve("absurd.weights.h5"), bytes.array());
        String message = assertThrows(IOException.class, () -> read(file)).getMessage();
        assertTrue(message.contains("weight dense/0 claims the shape " + said), message);
    }

    /** Wherever a file is damaged, what is said is one line that names it; many cuts and flips find many places. */
    @ParameterizedTest
    @ValueSource(strings = {"small-keras1.h5", "small-bfloat16.weights.h5", "small.keras"})
    void aDamagedFileIsReadOrRefusedInOneLine(String name) throws Exception {
        byte[] whole = Files.readAllBytes(Fixtures.path(name));
        Random random = new Random(1);
        Path file = folder.resolve(name);
        for (int i = 0; i < 150; i++) {
            byte[] bytes = i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i % 2 == 1) {
                bytes[random.nextInt(bytes.length)] = (byte) 0xff;
            }
            Files.write(file, bytes);
            try {
                read(file);
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
    }

    @Test
    void otherFilesAreSaidToBeOthers() throws Exception {
        Path text = Files.writeString(folder.resolve("text.h5"), "hello");
        assertTrue(
                assertThrows(IOException.class, () -> read(text)).getMessage().contains("was not saved by Keras"));
        assertTrue(assertThrows(IOException.class, () -> read(folder))
                .getMessage()
                .contains("is a folder without saved_model.pb"));
        Path zip = folder.resolve("other.keras");
        try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new java.util.zip.ZipEntry("a.txt"));
        }
        assertTrue(assertThrows(IOException.class, () -> read(zip)).getMessage().contains("without model.weights.h5"));
    }

    private static final Path MLP = Path.of("../shared/keras-files/mnist_mlp_tf_keras_2_weights.h5");
    private static final Path MLP_ANSWERS = Path.of("../shared/keras-files/mnist_mlp_tf_keras_2_inputs_and_outputs.h5");

    /** An MLP that Keras 2.0.6 saved, from our layers: 784, 512 and 512 with dropout, 10. */
    @Test
    void theStoredPredictionsOfAKeras2ModelAreMet() throws IOException {
        assumeTrue(Files.exists(MLP), MLP + " is not here");
        KerasFile file = read(MLP);
        assertEquals("Keras legacy HDF5, weights", file.format());
        assertEquals(Optional.of("Keras 2.0.6"), file.version());
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(784),
                new Dense(512, Activation.RELU),
                new Dropout(.2),
                new Dense(512, Activation.RELU),
                new Dropout(.2),
                new Dense(10, Activation.SOFTMAX));
        float[] inputs;
        float[] predictions;
        try (HdfFile answers = new HdfFile(MLP_ANSWERS)) {
            inputs = (float[]) answers.getDatasetByPath("inputs/dense_1_input").getDataFlat();
            predictions =
                    (float[]) answers.getDatasetByPath("predictions/dense_3").getDataFlat();
        }
        double[] wide = new double[inputs.length];
        Arrays.setAll(wide, i -> inputs[i]);
        double[] expected = new double[predictions.length];
        Arrays.setAll(expected, i -> predictions[i]);
        assertArrayEquals(
                expected,
                Inference.predict(
                        network, Matching.of(file, network, "the MLP").weights(), TFloat32.class, wide, DEVICE),
                1e-5);
    }
}
