package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import distill.weights.StoredLayer.StoredWeight;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * The layouts of weights that Keras has for HDF5. Legacy: the attribute {@code layer_names} lists a group for each
 * layer, whose attribute {@code weight_names} lists its weights; a whole model has that under {@code model_weights},
 * and its configuration in the attribute {@code model_config}. Keras 3: the group {@code layers} has a group for each
 * layer, named by its class, in which {@code vars} holds the weights by number and, as an attribute, the layer's name.
 *
 * @param file what errors call the file
 * @param bytes how many it has
 * @param claimed how many bytes the weights have that were read
 */
record Hdf5Weights(String file, long bytes, DoubleAdder claimed) {

    Hdf5Weights(String file, long bytes) {
        this(file, bytes, new DoubleAdder());
    }

    /**
     * Opens a file in a way in which jHDF cannot go beyond its end: whatever a damaged file claims to have, nothing is
     * allocated for it. Files of two gigabytes and more, which cannot be mapped as one, are opened as jHDF does.
     *
     * @throws io.jhdf.exceptions.HdfException where it is no HDF5 file
     */
    static HdfFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.size() > Integer.MAX_VALUE
                    ? new HdfFile(file)
                    : HdfFile.fromByteBuffer(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    /** The names of weights in Keras 1, after the layer's: those that Keras 2 renamed. */
    private static final Map<String, String> KERAS_1_NAMES =
            Map.of("W", "kernel", "b", "bias", "running_mean", "moving_mean", "running_std", "moving_variance");

    /** Models within models of Keras's go no deeper than a few. */
    private static final int MOST_NESTED = 100;

    private static final int MOST_SHOWN = 100;

    private static final String LAYER_NAMES = "layer_names";
    private static final String VARIABLES = "vars";

    /** Groups whose members are layers; the second is of Keras 2.12. */
    private static final Set<String> CONTAINERS = Set.of("layers", "_layer_checkpoint_dependencies");

    private static final Set<String> NOT_OF_THE_MODEL = Set.of("optimizer", "metrics", "seed_generators");

    private static final String BFLOAT16 = "bfloat16";

    KerasFile read(HdfFile hdf) throws IOException {
        Optional<JsonNode> config = attribute(hdf, "model_config").flatMap(KerasFile::json);
        if (hasNames(hdf, LAYER_NAMES)) {
            return new KerasFile("Keras legacy HDF5, weights", version(hdf), config, legacy(hdf));
        }
        if (hdf.getChild("model_weights") instanceof Group weights && hasNames(weights, LAYER_NAMES)) {
            return new KerasFile("Keras legacy HDF5, whole model", version(hdf), config, legacy(weights));
        }
        if (hdf.getChild(VARIABLES) instanceof Group || hdf.getChild("layers") instanceof Group) {
            List<StoredLayer> found = new ArrayList<>();
            collect(hdf, "", found, new HashMap<>());
            return new KerasFile("Keras weights (.weights.h5)", Optional.empty(), config, List.copyOf(found));
        }
        throw new IOException(file + " is an HDF5 file, but not one that Keras saved: expected layer_names,"
                + " model_weights or layers at its root, found "
                + hdf.getChildren().keySet());
    }

    private static boolean hasNames(Node node, String attribute) {
        return node.getAttribute(attribute) != null || node.getAttribute(attribute + 0) != null;
    }

    /** A list of names, which Keras splits into NAME0, NAME1, ... where it is too long for an attribute. */
    private static List<String> names(Node node, String attribute) {
        List<String> names = new ArrayList<>(strings(node.getAttribute(attribute)));
        for (int part = 0; node.getAttribute(attribute + part) != null; part++) {
            names.addAll(strings(node.getAttribute(attribute + part)));
        }
        return names;
    }

    private static Optional<String> version(Node node) {
        return attribute(node, "keras_version").map("Keras "::concat);
    }

    /** Every layer in the model's order, those of nested models in its place. */
    private List<StoredLayer> legacy(Group root) throws IOException {
        List<StoredLayer> layers = new ArrayList<>();
        if (attribute(root, "backend").filter("theano"::equals).isPresent()) {
            throw new IOException(file + " was saved by Keras on Theano, whose convolutions are flipped:"
                    + " load and save it with Keras 2 on TensorFlow");
        }
        for (String layer : names(root, LAYER_NAMES)) {
            Group group = listedGroup(root, layer);
            Map<String, List<StoredWeight>> owners = new LinkedHashMap<>();
            for (String name : names(group, "weight_names")) {
                String path = name.replaceFirst(":\\d+$", "");
                String[] parts = path.split("/");
                boolean itsOwn = path.startsWith(layer + "/") && path.indexOf('/', layer.length() + 1) < 0;
                String owner = itsOwn || parts.length == 1 ? layer : parts[parts.length - 2];
                owners.computeIfAbsent(owner, key -> new ArrayList<>())
                        .add(stored(owner, ownName(layer, parts), listed(group, name)));
            }
            owners.forEach(
                    (owner, weights) -> layers.add(new StoredLayer(owner, Optional.empty(), List.copyOf(weights))));
        }
        return List.copyOf(layers);
    }

    /** {@code kernel} of {@code dense_1/kernel} and, in Keras 1, of {@code dense_1_W}. */
    private static String ownName(String layer, String[] parts) {
        String last = parts[parts.length - 1];
        if (parts.length > 1 || !last.startsWith(layer + "_")) {
            return last;
        }
        String name = last.substring(layer.length() + 1);
        return KERAS_1_NAMES.getOrDefault(name, name);
    }

    /** A layer's name may have slashes in it, which HDF5 takes for groups within groups. */
    private Group listedGroup(Group root, String layer) throws IOException {
        Node node = root;
        for (String part : layer.split("/")) {
            node = node instanceof Group group ? group.getChild(part) : null;
        }
        if (node instanceof Group group) {
            return group;
        }
        throw new IOException(file + " lists the layer " + layer + " and does not hold it");
    }

    private Dataset listed(Group group, String weight) throws IOException {
        Node found = group;
        for (String name : weight.split("/")) {
            Node child = found instanceof Group inner ? inner.getChild(name) : null;
            found = child instanceof Link link ? link.getTarget() : child;
        }
        if (found instanceof Dataset dataset) {
            return dataset;
        }
        throw new IOException(file + " lists the weight " + weight + " and does not hold it");
    }

    /**
     * A group's own weights, and those of all that is in it: layers, models, the cells of recurrent layers.
     *
     * @param seen where each group that was looked at is, by its address in the file: links may make circles, or lead
     *     to one group by many ways
     */
    private void collect(Group group, String path, List<StoredLayer> found, Map<Long, String> seen) throws IOException {
        String before = seen.put(group.getAddress(), group.getPath());
        if (before != null) {
            throw new IOException("%s holds one group as %s and as %s, expected each layer once"
                    .formatted(file, shortened(before), shortened(group.getPath())));
        }
        if (path.chars().filter(c -> c == '/').count() > MOST_NESTED) {
            throw new IOException("%s holds groups within groups, more than %d deep: %s"
                    .formatted(file, MOST_NESTED, shortened(group.getPath())));
        }
        if (group.getChild(VARIABLES) instanceof Group variables) {
            String own = path.substring(path.lastIndexOf('/') + 1);
            String name = attribute(variables, "name").orElse(own);
            List<StoredWeight> weights = new ArrayList<>();
            for (Dataset variable : numbered(variables)) {
                weights.add(stored(name, variable.getName(), variable));
            }
            if (!weights.isEmpty()) {
                found.add(new StoredLayer(name, Optional.of(path), List.copyOf(weights)));
            }
        }
        for (Node node : group.getChildren().values()) {
            boolean container = CONTAINERS.contains(node.getName());
            if (node.getName().equals(VARIABLES) || (path.isEmpty() && NOT_OF_THE_MODEL.contains(node.getName()))) {
                continue;
            }
            if (!(node instanceof Group inner)) {
                throw new IOException(
                        "%s holds %s, which is not where Keras puts weights".formatted(file, node.getPath()));
            }
            collect(
                    inner,
                    container ? path : path.isEmpty() ? node.getName() : path + "/" + node.getName(),
                    found,
                    seen);
        }
    }

    private static String shortened(String path) {
        return path.length() <= MOST_SHOWN ? path : path.substring(0, MOST_SHOWN) + "...";
    }

    /** By number; those that a layer names otherwise come last. */
    private List<Dataset> numbered(Group variables) throws IOException {
        List<Dataset> datasets = new ArrayList<>();
        for (Node node : variables.getChildren().values()) {
            if (!(node instanceof Dataset dataset)) {
                throw new IOException(
                        "%s: %s holds %s, expected weights".formatted(file, variables.getPath(), node.getName()));
            }
            datasets.add(dataset);
        }
        datasets.sort(Comparator.comparingInt(Hdf5Weights::number).thenComparing(Dataset::getName));
        return datasets;
    }

    private static int number(Dataset dataset) {
        return dataset.getName().matches("\\d{1,6}") ? Integer.parseInt(dataset.getName()) : Integer.MAX_VALUE;
    }

    private StoredWeight stored(String layer, String name, Dataset dataset) throws IOException {
        Shape shape = Shape.of(dataset.getDimensionsAsLong());
        String place = file + ", weight " + layer + "/" + name;
        String dtype = dtype(dataset);
        if (dtype == null) {
            throw new IOException(
                    place + " is of type " + dataset.getJavaType().getSimpleName() + ", expected numbers");
        }
        try {
            return new StoredWeight(name, shape, dtype, values(place, dataset));
        } catch (RuntimeException e) {
            throw KerasFile.damaged(place, e);
        }
    }

    /**
     * The numbers of a dataset, which a file of this size can hold.
     *
     * @param place what errors call it
     * @throws IOException where it claims more, or is packed, for nothing but unpacking tells what it needs
     */
    double[] values(String place, Dataset dataset) throws IOException {
        Shape shape = Shape.of(dataset.getDimensionsAsLong());
        if (!dataset.getFilters().isEmpty()) {
            throw new IOException(
                    "%s is packed with %s, which Keras's files are not: unpack the file with h5repack -f NONE OLD NEW"
                            .formatted(place, dataset.getFilters().get(0).getName()));
        }
        claimed.add(KerasFile.numbers(place, shape) * dataset.getDataType().getSize());
        if (claimed.sum() > bytes) {
            throw new IOException("%s claims the shape %s, more than %d bytes can hold".formatted(place, shape, bytes));
        }
        double[] values = values(dataset);
        if (values.length != shape.size()) {
            throw new IOException("%s is damaged: it claims the shape %s and holds %d numbers"
                    .formatted(place, shape, values.length));
        }
        return values;
    }

    private static String dtype(Dataset dataset) {
        if (isBfloat16(dataset)) {
            return BFLOAT16;
        }
        int bits = 8 * dataset.getDataType().getSize();
        if (dataset.getDataType() instanceof FloatingPoint) {
            return bits == 16 || bits == 32 || bits == 64 ? "float" + bits : null;
        }
        return dataset.getDataType() instanceof FixedPoint whole ? (whole.isSigned() ? "int" : "uint") + bits : null;
    }

    private static boolean isBfloat16(Dataset dataset) {
        return dataset instanceof ContiguousDataset
                && attribute(dataset, "dtype").filter(BFLOAT16::equals).isPresent();
    }

    private static double[] values(Dataset dataset) {
        if (isBfloat16(dataset)) {
            return Bfloat16.values((ContiguousDataset) dataset);
        }
        Object flat = dataset.getDataFlat();
        if (flat instanceof double[] doubles) {
            return doubles;
        }
        double[] values = new double[Array.getLength(flat)];
        if (flat instanceof float[] floats) {
            Arrays.setAll(values, i -> floats[i]);
        } else {
            Arrays.setAll(values, i -> ((Number) Array.get(flat, i)).doubleValue());
        }
        return values;
    }

    /** The first string of an attribute; empty where there is none. */
    static Optional<String> attribute(Node node, String name) {
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
        return IntStream.range(0, Array.getLength(data))
                .mapToObj(i -> Array.get(data, i).toString())
                .toList();
    }
}
