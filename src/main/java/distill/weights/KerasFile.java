package distill.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Weights;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.tensorflow.ndarray.Shape;

/**
 * The weights in a file that Keras saved: a legacy {@code .h5} of weights or of a whole model (Keras 1 to 3), a Keras 3
 * {@code .weights.h5}, or a {@code .keras} archive. What is in the file decides, not its name. The optimiser's weights
 * are left out.
 *
 * @param format in words
 * @param kerasVersion of the Keras that wrote it, where the file says so
 * @param weights in the file's order: for a legacy file the model's, for the others the alphabetical order of the
 *     layers' groups
 */
public record KerasFile(String format, Optional<String> kerasVersion, List<StoredWeight> weights) {

    /**
     * One weight.
     *
     * @param layer the layer's name in the model
     * @param name the weight's own name: {@code kernel}, or in a Keras 3 file its number in the layer, {@code 0}
     * @param dtype {@code float32}, {@code float64}
     * @param values row by row
     */
    public record StoredWeight(String layer, String name, Shape shape, String dtype, double[] values) {

        /** {@code dense_1/kernel} */
        public String path() {
            return layer + "/" + name;
        }

        /** A SHA-256 of path, shape and values, in hexadecimal. */
        public String digest() {
            return new Weights(List.of(new Weights.Weight(path(), shape, values))).digest();
        }
    }

    private static final String ARCHIVED_WEIGHTS = "model.weights.h5";
    private static final String ARCHIVED_METADATA = "metadata.json";

    /** The largest weight that is read, in numbers: ResNet50V2's largest has 2.4 million. */
    private static final long MAX_WEIGHT = 1L << 28;

    /**
     * Reads a file.
     *
     * @throws IOException where there is no such file, or it is not one that Keras saved, or it is damaged; names the
     *     weight where there is one to name
     */
    public static KerasFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file: expected one that Keras saved (.h5, .weights.h5, .keras)");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(4);
            if (start.length == 4 && start[0] == 'P' && start[1] == 'K') {
                return readArchive(file);
            }
        }
        try (HdfFile hdf = new HdfFile(file)) {
            return read(hdf, file.toString(), Optional.empty());
        } catch (HdfException | IllegalArgumentException e) {
            throw damaged(file.toString(), e);
        }
    }

    private static KerasFile readArchive(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(ARCHIVED_WEIGHTS);
            if (entry == null) {
                throw new IOException(file + " is a zip file without " + ARCHIVED_WEIGHTS
                        + ": expected a .keras archive; save it again with model.save");
            }
            Optional<String> version = Optional.empty();
            ZipEntry metadata = zip.getEntry(ARCHIVED_METADATA);
            if (metadata != null) {
                try (InputStream in = zip.getInputStream(metadata)) {
                    version = Optional.ofNullable(new ObjectMapper()
                            .readTree(in)
                            .path("keras_version")
                            .textValue());
                }
            }
            String name = file + ", " + ARCHIVED_WEIGHTS;
            try (InputStream in = zip.getInputStream(entry);
                    HdfFile hdf = HdfFile.fromInputStream(in)) {
                KerasFile weights = read(hdf, name, version);
                return new KerasFile("Keras 3 archive (.keras)", version, weights.weights());
            } catch (HdfException | IllegalArgumentException e) {
                throw damaged(name, e);
            }
        } catch (ZipException e) {
            throw damaged(file.toString(), e);
        }
    }

    private static IOException damaged(String name, Exception cause) {
        return new IOException(
                name + " is damaged or was not saved by Keras: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given"),
                cause);
    }

    private static KerasFile read(HdfFile hdf, String file, Optional<String> version) throws IOException {
        if (hdf.getAttribute("layer_names") != null) {
            return new KerasFile("Keras legacy HDF5, weights", attribute(hdf, "keras_version"), legacy(hdf, file));
        }
        if (hdf.getChild("model_weights") instanceof Group weights && weights.getAttribute("layer_names") != null) {
            return new KerasFile(
                    "Keras legacy HDF5, whole model", attribute(hdf, "keras_version"), legacy(weights, file));
        }
        if (hdf.getChild("layers") instanceof Group layers) {
            List<StoredWeight> weights = new ArrayList<>();
            collect(layers, weights, file);
            return new KerasFile("Keras 3 weights (.weights.h5)", version, List.copyOf(weights));
        }
        throw new IOException(file + " is an HDF5 file, but not one that Keras saved: expected layer_names,"
                + " model_weights or layers at its root, found "
                + hdf.getChildren().keySet());
    }

    /** Every layer in the model's order, its weights in Keras's. */
    private static List<StoredWeight> legacy(Group root, String file) throws IOException {
        List<StoredWeight> weights = new ArrayList<>();
        for (String layer : strings(root.getAttribute("layer_names"))) {
            if (!(root.getChild(layer) instanceof Group group)) {
                throw new IOException(file + " lists the layer " + layer + " and does not hold it");
            }
            for (String name : strings(group.getAttribute("weight_names"))) {
                if (!(nodeAt(group, name) instanceof Dataset dataset)) {
                    throw new IOException(file + " lists the weight " + name + " and does not hold it");
                }
                String[] parts = name.replaceFirst(":\\d+$", "").split("/");
                String owner = parts.length > 1 ? parts[parts.length - 2] : layer;
                weights.add(stored(owner, parts[parts.length - 1], dataset, file));
            }
        }
        return List.copyOf(weights);
    }

    private static Node nodeAt(Group group, String path) {
        Node node = group;
        for (String part : path.split("/")) {
            node = node instanceof Group parent ? parent.getChild(part) : null;
        }
        return node;
    }

    /**
     * The layers of a Keras 3 file and those of models within it. Each has a group {@code vars} that bears its name.
     */
    private static void collect(Group layers, List<StoredWeight> weights, String file) throws IOException {
        for (Node node : layers.getChildren().values()) {
            if (!(node instanceof Group layer)) {
                continue;
            }
            if (layer.getChild("vars") instanceof Group variables) {
                String name = attribute(variables, "name").orElse(layer.getName());
                List<Node> numbered = variables.getChildren().values().stream()
                        .filter(Dataset.class::isInstance)
                        .sorted(Comparator.comparingInt(variable -> Integer.parseInt(variable.getName())))
                        .toList();
                for (Node variable : numbered) {
                    weights.add(stored(name, variable.getName(), (Dataset) variable, file));
                }
            }
            if (layer.getChild("layers") instanceof Group inner) {
                collect(inner, weights, file);
            }
        }
    }

    private static StoredWeight stored(String layer, String name, Dataset dataset, String file) throws IOException {
        Shape shape = Shape.of(dataset.getDimensionsAsLong());
        String place = file + ", weight " + layer + "/" + name;
        if (dataset.getSize() > MAX_WEIGHT) {
            throw new IOException("%s claims the shape %s, more than the %d numbers that a weight may have"
                    .formatted(place, shape, MAX_WEIGHT));
        }
        Object flat;
        try {
            flat = dataset.getDataFlat();
        } catch (RuntimeException e) {
            throw damaged(place, e);
        }
        String dtype;
        double[] values;
        if (flat instanceof float[] floats) {
            dtype = "float32";
            values = new double[floats.length];
            for (int i = 0; i < floats.length; i++) {
                values[i] = floats[i];
            }
        } else if (flat instanceof double[] doubles) {
            dtype = "float64";
            values = doubles;
        } else {
            throw new IOException(
                    place + " is of type " + dataset.getJavaType().getSimpleName() + ", expected float32 or float64");
        }
        return new StoredWeight(layer, name, shape, dtype, values);
    }

    private static Optional<String> attribute(Node node, String name) {
        return strings(node.getAttribute(name)).stream().findFirst();
    }

    /** An attribute of one or many strings; an empty list of names is written as an empty array of numbers. */
    private static List<String> strings(Attribute attribute) {
        if (attribute == null || attribute.isEmpty() || attribute.getSize() == 0) {
            return List.of();
        }
        Object data = attribute.getData();
        if (!data.getClass().isArray()) {
            return List.of(data.toString());
        }
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < Array.getLength(data); i++) {
            strings.add(Array.get(data, i).toString());
        }
        return strings;
    }
}
