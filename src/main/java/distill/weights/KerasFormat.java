package distill.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import distill.files.Folders;
import distill.files.Temporary;
import distill.nn.Device;
import distill.nn.Labels;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.Weights;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.DoubleBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** The formats in which Keras takes a network from us. */
public enum KerasFormat {

    /**
     * A legacy HDF5 file of the whole model: {@code load_model} and {@code load_weights} of Keras 2 and 3 read it. Its
     * configuration has to fit into an attribute of 64 kB.
     */
    H5("h5", ".h5"),

    /** A file of weights alone, which {@code load_weights} of Keras 3 reads. */
    WEIGHTS_H5("weights-h5", ".weights.h5"),

    /** A Keras 3 archive: configuration and weights. */
    KERAS("keras", ".keras"),

    /**
     * A SavedModel whose signature {@code serving_default} takes {@code images}, (batch, input shape) as the network
     * takes them, and gives {@code output_0}.
     */
    SAVED_MODEL("saved-model", "");

    /** The longest attribute of an HDF5 file, in bytes, less what its name and type take. */
    private static final int MAX_ATTRIBUTE = 65_000;

    private final String label;
    private final String ending;

    KerasFormat(String label, String ending) {
        this.label = label;
        this.ending = ending;
    }

    /**
     * Checks a file's name, for Keras tells the format by it.
     *
     * @throws IllegalArgumentException where Keras would take the file for another format
     */
    public void checkName(Path file) {
        boolean weights = file.toString().endsWith(WEIGHTS_H5.ending);
        if (!file.toString().endsWith(ending) || (this == H5 && weights)) {
            throw new IllegalArgumentException("Keras looks for the format %s only in names that end in %s%s, found %s"
                    .formatted(label, ending, this == H5 ? " and not in " + WEIGHTS_H5.ending : "", file));
        }
    }

    /** The format with a label, as {@link Labels#find} finds it. */
    public static KerasFormat of(String label) {
        return Labels.find("formats", values(), label);
    }

    /** {@code weights-h5} */
    @Override
    public String toString() {
        return label;
    }

    /**
     * Writes a network with its weights. The file, or for a SavedModel the folder, is whole or not there.
     *
     * @param target where to; the folder it is in is made where it is missing
     * @param weights of this network
     * @param dtype TFloat32 or TFloat64: what the weights are stored as, and what a SavedModel computes in
     * @param device where to open the session that writes a SavedModel
     * @throws IOException where there is something at {@code target}, or it cannot be written
     */
    public void write(Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device)
            throws IOException {
        if (Files.exists(target)) {
            throw new IOException(target + " is there already and was left alone: name another file");
        }
        Path absolute = target.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Path temporary = Temporary.beside(absolute);
        try {
            switch (this) {
                case H5 -> writeH5(temporary, network, weights, dtype);
                case WEIGHTS_H5 -> writeWeights(temporary, network, weights, dtype);
                case KERAS -> writeArchive(temporary, network, weights, dtype);
                case SAVED_MODEL -> new SavedModel(temporary, device).write(network, weights, dtype);
            }
            Files.move(temporary, absolute);
        } catch (FileSystemException e) {
            throw e;
        } catch (TensorFlowException | io.jhdf.exceptions.HdfException | IOException e) {
            throw new IOException("cannot write " + target + ": " + KerasFile.innermostReason(e), e);
        } finally {
            Folders.delete(temporary);
        }
    }

    private static void writeH5(Path target, Network network, Weights weights, Class<? extends TFloating> dtype)
            throws IOException {
        String config = new KerasConfig(network, false).json();
        int bytes = config.getBytes(UTF_8).length;
        if (bytes > MAX_ATTRIBUTE) {
            throw new IOException(
                    "the configuration of %s has %d bytes, and %d are the most that a file of the format %s takes: choose %s"
                            .formatted(network.name(), bytes, MAX_ATTRIBUTE, H5, KERAS));
        }
        try (WritableHdfFile file = HdfFile.write(target)) {
            describe(file);
            file.putAttribute("model_config", config);
            WritableGroup root = file.putGroup("model_weights");
            describe(root);
            Map<NamedLayer, List<Weights.Weight>> layers = byLayer(network, weights);
            root.putAttribute(
                    "layer_names",
                    layers.keySet().stream().map(NamedLayer::name).toArray(String[]::new));
            Map<String, WritableGroup> groups = new HashMap<>();
            layers.forEach((layer, values) -> {
                WritableGroup group = group(root, layer.name(), groups);
                group.putAttribute(
                        "weight_names",
                        values.stream().map(weight -> weight.name() + ":0").toArray(String[]::new));
                WritableGroup inner = group(group, layer.name(), new HashMap<>());
                for (Weights.Weight weight : values) {
                    String ownName = weight.name().substring(weight.name().lastIndexOf('/') + 1);
                    inner.putDataset(ownName + ":0", array(weight, dtype));
                }
            });
        }
    }

    /**
     * The group for a layer. A name may have slashes in it, which HDF5 takes for groups within groups.
     *
     * @param known the groups that were made within {@code root}, each under its path
     */
    private static WritableGroup group(WritableGroup root, String name, Map<String, WritableGroup> known) {
        WritableGroup group = root;
        String path = "";
        for (String part : name.split("/")) {
            path += "/" + part;
            WritableGroup outer = group;
            group = known.computeIfAbsent(path, made -> outer.putGroup(part));
        }
        return group;
    }

    /** The version is that of the layout. Without one Keras takes a file for one of Keras 1. */
    private static void describe(WritableGroup group) {
        group.putAttribute("keras_version", "2.8.0");
        group.putAttribute("backend", "tensorflow");
    }

    private static void writeWeights(Path target, Network network, Weights weights, Class<? extends TFloating> dtype) {
        try (WritableHdfFile file = HdfFile.write(target)) {
            // Layers without weights are left out: libhdf5 cannot read a file that ends in jHDF's empty group.
            WritableGroup layers = file.putGroup("layers");
            Network.Names names = new Network.Names();
            byLayer(network, weights).forEach((layer, values) -> {
                WritableGroup variables =
                        layers.putGroup(names.next(layer.layer().type())).putGroup("vars");
                variables.putAttribute("name", KerasConfig.nameInKeras3(layer.name()));
                for (int i = 0; i < values.size(); i++) {
                    variables.putDataset(Integer.toString(i), array(values.get(i), dtype));
                }
            });
        }
    }

    private static void writeArchive(Path target, Network network, Weights weights, Class<? extends TFloating> dtype)
            throws IOException {
        Path inner = target.resolveSibling(target.getFileName() + ".weights");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            writeWeights(inner, network, weights, dtype);
            String date = DateTimeFormatter.ofPattern("yyyy-MM-dd@HH:mm:ss")
                    .withZone(ZoneOffset.UTC)
                    .format(Instant.now());
            String metadata = "{\"keras_version\": \"3.0.0\", \"date_saved\": \"" + date + "\"}";
            entry(zip, "metadata.json", metadata.getBytes(UTF_8));
            entry(zip, "config.json", new KerasConfig(network, true).json().getBytes(UTF_8));
            entry(zip, "model.weights.h5", Files.readAllBytes(inner));
        } finally {
            Files.deleteIfExists(inner);
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /** The layers that have weights, in order, with their weights. */
    private static Map<NamedLayer, List<Weights.Weight>> byLayer(Network network, Weights weights) {
        Map<NamedLayer, List<Weights.Weight>> layers = new LinkedHashMap<>();
        int next = 0;
        for (NamedLayer layer : network.layers()) {
            int count = layer.weights().size();
            if (count > 0) {
                layers.put(layer, weights.values().subList(next, next + count));
            }
            next += count;
        }
        return layers;
    }

    /** A weight as Java's array of arrays of its rank, or a single number, which jHDF takes. */
    private static Object array(Weights.Weight weight, Class<? extends TFloating> dtype) {
        boolean doubles = dtype == TFloat64.class;
        if (weight.shape().numDimensions() == 0) {
            return doubles ? (Object) weight.values()[0] : (Object) (float) weight.values()[0];
        }
        int[] shape = Arrays.stream(weight.shape().asArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        Object array = Array.newInstance(doubles ? double.class : float.class, shape);
        fill(array, DoubleBuffer.wrap(weight.values()));
        return array;
    }

    private static void fill(Object array, DoubleBuffer values) {
        if (array instanceof double[] doubles) {
            values.get(doubles);
        } else if (array instanceof float[] floats) {
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values.get();
            }
        } else {
            for (Object row : (Object[]) array) {
                fill(row, values);
            }
        }
    }
}
