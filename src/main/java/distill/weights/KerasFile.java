package distill.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Device;
import distill.nn.Network;
import io.jhdf.HdfFile;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.tensorflow.ndarray.Shape;

/**
 * The weights in a file that Keras saved: a legacy {@code .h5} of weights or of a whole model (Keras 1 to 3), a
 * {@code .weights.h5}, a {@code .keras} archive, or a SavedModel. What is in the file decides, not its name. The
 * optimiser's weights are left out.
 *
 * @param format in words
 * @param version of what wrote it, {@code Keras 3.15.1} or for a SavedModel {@code TensorFlow 2.21.0}, where the file
 *     says so
 * @param config the model's configuration, where the file has one
 * @param layers those that have weights, in the model's order; of a {@code .weights.h5} in the alphabetical order of
 *     their groups
 */
public record KerasFile(String format, Optional<String> version, Optional<JsonNode> config, List<StoredLayer> layers) {

    /** The largest weight that is read, in numbers: ResNet50V2's largest has 2.4 million. */
    private static final long MAX_WEIGHT = 1L << 28;

    /** The largest file of weights that is held in memory, in bytes: as an array may be. */
    private static final int MAX_ARCHIVED = Integer.MAX_VALUE - 8;

    /**
     * How many times its size in an archive a {@code .weights.h5} may have: Keras does not pack it, and trained weights
     * do not get smaller, but an optimiser that has not begun is all zeros.
     */
    private static final long MOST_PACKED = 32;

    /** So many bytes are unpacked whatever they are packed to. */
    private static final long ALWAYS_UNPACKED = 1L << 26;

    /**
     * The largest configuration in an archive that is read, in bytes: those of Keras's largest models have a tenth of
     * it.
     */
    private static final int MAX_CONFIG = 1 << 23;

    private static final String ARCHIVED_WEIGHTS = "model.weights.h5";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a file, or the folder of a SavedModel.
     *
     * @param device where to open the session that reads a SavedModel's variables
     * @throws IOException where there is no such file, or it is not one that Keras saved, or it is damaged; names the
     *     weight where there is one to name
     */
    public static KerasFile read(Path file, Device device) throws IOException {
        if (SavedModel.isAt(file)) {
            return new SavedModel(file, device).variables();
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException((Files.isDirectory(file)
                            ? file + " is a folder without saved_model.pb"
                            : "there is no file " + file)
                    + ": expected one that Keras saved (.h5, .weights.h5, .keras, or a SavedModel's folder)");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(4);
            if (start.length == 4 && start[0] == 'P' && start[1] == 'K') {
                return readArchive(file);
            }
        }
        long bytes = Files.size(file);
        try (HdfFile hdf = Hdf5Weights.open(file)) {
            // What is cut off need not be what is read.
            long end = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
            if (end > bytes) {
                throw new IOException(
                        "%s is damaged: it says that it has %d bytes, and has %d".formatted(file, end, bytes));
            }
            return new Hdf5Weights(file.toString(), bytes).read(hdf);
        } catch (RuntimeException | StackOverflowError e) {
            if (bytes > MAX_ARCHIVED) {
                throw damaged(file.toString(), e);
            }
            return readMended(Files.readAllBytes(file), file.toString());
        } catch (OutOfMemoryError e) {
            throw tooLarge(file.toString(), e);
        }
    }

    /** Reads what jHDF cannot as it is, or says that the file is damaged, of which jHDF tells in many ways. */
    private static KerasFile readMended(byte[] bytes, String name) throws IOException {
        try (HdfFile hdf = HdfFile.fromBytes(Bfloat16.opaqueAsStrings(bytes))) {
            return new Hdf5Weights(name, bytes.length).read(hdf);
        } catch (RuntimeException | StackOverflowError e) {
            throw damaged(name, e);
        } catch (OutOfMemoryError e) {
            throw tooLarge(name, e);
        }
    }

    private static KerasFile readArchive(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            checkNames(file, zip);
            ZipEntry entry = zip.getEntry(ARCHIVED_WEIGHTS);
            if (entry == null) {
                throw new IOException(file + " is a zip file without " + ARCHIVED_WEIGHTS
                        + ": expected a .keras archive; save it again with model.save");
            }
            long most = Math.min(MAX_ARCHIVED, Math.max(ALWAYS_UNPACKED, MOST_PACKED * entry.getCompressedSize()));
            if (entry.getSize() > most) {
                throw new IOException("%s, %s claims %d bytes, packed to %d, more than the %d that weights may have"
                        .formatted(file, ARCHIVED_WEIGHTS, entry.getSize(), entry.getCompressedSize(), most));
            }
            Optional<JsonNode> config = json(file, zip, "config.json");
            Optional<String> version = json(file, zip, "metadata.json")
                    .map(metadata -> metadata.path("keras_version").textValue());
            List<StoredLayer> layers =
                    readArchived(zip, entry, file + ", " + ARCHIVED_WEIGHTS).layers();
            return new KerasFile(
                    "Keras archive (.keras)",
                    version.map("Keras "::concat),
                    config,
                    config.map(model -> inOrder(layers, model)).orElse(layers));
        } catch (ZipException | EOFException e) {
            throw damaged(file.toString(), e);
        }
    }

    /** The layers in the order, and under the names, of the model's configuration. */
    private static List<StoredLayer> inOrder(List<StoredLayer> layers, JsonNode model) {
        Map<String, String> names = new LinkedHashMap<>();
        addLayers(model, "", names);
        Map<String, StoredLayer> groups = new LinkedHashMap<>();
        layers.forEach(layer -> groups.put(layer.group().orElseThrow(), layer));
        if (!names.keySet().containsAll(groups.keySet())) {
            return layers;
        }
        return names.entrySet().stream()
                .filter(entry -> groups.containsKey(entry.getKey()))
                .map(entry -> new StoredLayer(
                        entry.getValue(),
                        Optional.empty(),
                        groups.get(entry.getKey()).weights()))
                .toList();
    }

    /** Each layer's name under its group, which Keras derives from the classes, counting within a model. */
    private static void addLayers(JsonNode model, String path, Map<String, String> names) {
        Network.Names groups = new Network.Names();
        for (JsonNode layer : model.path("config").path("layers")) {
            String group = path + groups.next(layer.path("class_name").asText());
            names.put(group, layer.path("config").path("name").asText());
            addLayers(layer, group + "/", names);
        }
    }

    private static KerasFile readArchived(ZipFile zip, ZipEntry entry, String name) throws IOException {
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length < entry.getSize() || in.read() >= 0) {
                throw new IOException("%s is damaged: it claims %d bytes and unpacks to %s"
                        .formatted(name, entry.getSize(), bytes.length < entry.getSize() ? bytes.length : "more"));
            }
        } catch (OutOfMemoryError e) {
            throw tooLarge(name, e);
        }
        try (HdfFile hdf = HdfFile.fromBytes(bytes)) {
            return new Hdf5Weights(name, bytes.length).read(hdf);
        } catch (RuntimeException | StackOverflowError e) {
            return readMended(bytes, name);
        } catch (OutOfMemoryError e) {
            throw tooLarge(name, e);
        }
    }

    /** Nothing is unpacked, but an archive that would climb out of its folder was not made by Keras. */
    private static void checkNames(Path file, ZipFile zip) throws IOException {
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName().replace('\\', '/');
            if (name.startsWith("/") || List.of(name.split("/")).contains("..")) {
                throw new IOException(file + " has an entry " + entry.getName()
                        + " that climbs out of its folder: not an archive that Keras made; it was not read");
            }
        }
    }

    private static Optional<JsonNode> json(Path file, ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_CONFIG + 1);
            if (bytes.length > MAX_CONFIG) {
                throw new IOException("%s, %s unpacks to more than the %d bytes that are read: no model's of Keras does"
                        .formatted(file, name, MAX_CONFIG));
            }
            return Optional.of(JSON.readTree(bytes));
        } catch (JsonProcessingException | CharConversionException e) {
            throw damaged(file + ", " + name, e);
        }
    }

    /** A configuration as JSON; empty where it is none. */
    static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * How many numbers a weight has, as a double, for they may be more than a long counts.
     *
     * @param place what errors call the weight
     * @throws IOException where they are more than are read, or the shape is not known
     */
    static double numbers(String place, Shape shape) throws IOException {
        double numbers = shape.isUnknown() || shape.hasUnknownDimension()
                ? Double.POSITIVE_INFINITY
                : Arrays.stream(shape.asArray()).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (numbers > MAX_WEIGHT) {
            throw new IOException("%s claims the shape %s, more than the %d numbers that a weight may have"
                    .formatted(place, shape, MAX_WEIGHT));
        }
        return numbers;
    }

    /** What is said where memory is full, of which no file is guilty. */
    static IOException tooLarge(String name, OutOfMemoryError cause) {
        return new IOException(
                "%s needs more memory than this program may take, %d MB: _JAVA_OPTIONS=-Xmx6g in the environment gives it 6 GB"
                        .formatted(name, Runtime.getRuntime().maxMemory() >> 20),
                cause);
    }

    static IOException damaged(String name, Throwable cause) {
        return new IOException(name + " is damaged or was not saved by Keras: " + reason(cause), cause);
    }

    /** The first line of what an error says. */
    static String reason(Throwable cause) {
        return Optional.ofNullable(cause.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .orElse(cause.getClass().getSimpleName());
    }

    /** What the innermost cause of an error says, without the path that TensorFlow writes before it. */
    static String innermostReason(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return reason(inner).replaceFirst("^.*; ", "");
    }

    /** How many weights there are. */
    public long count() {
        return layers.stream().mapToLong(layer -> layer.weights().size()).sum();
    }

    /** Keras's name of the activation at the model's end; empty where the file has no configuration to tell it. */
    public Optional<String> outputActivation() {
        return config.map(Configuration::new).flatMap(Configuration::outputActivation);
    }

    /**
     * Holds the file's configuration, where it has one, against a network: the classes and arguments of the layers, but
     * for the activation at the end. Configurations of Keras 1 have other names and are not looked at.
     *
     * @throws IOException where the file is of another network
     */
    public void checkConfiguration(Network network, String source) throws IOException {
        if (config.isPresent() && version.filter(v -> v.startsWith("Keras 1.")).isEmpty()) {
            new Configuration(config.get()).check(network, source);
        }
    }
}
