package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Dropout;
import distill.nn.Flatten;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.tensorflow.ndarray.Shape;

/** The files that {@code reference/export_fixtures.py} makes with Keras, and its networks in our layers. */
public final class Fixtures {

    public static final Device DEVICE = Device.cpu(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    private Fixtures() {}

    /** A file or folder. */
    public static Path path(String name) {
        try {
            return Path.of(Fixtures.class.getResource("/keras/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code NAME.json} */
    public static JsonNode json(String name) {
        try {
            return JSON.readTree(Files.readString(path(name + ".json")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    public static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    public static byte[] bytes(JsonNode array) {
        int[] numbers = ints(array);
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return bytes;
    }

    /** {@code convolutional} of the Python program, with Keras's names. */
    public static Network small(Activation output, double dropout) {
        return renamed(
                Network.sequential(
                        new Network.Names(),
                        Shape.of(10, 9, 1),
                        new Conv2D(2, 3, Activation.RELU),
                        new MaxPooling2D(2, 1),
                        new Conv2D(3, 3, Activation.RELU),
                        new MaxPooling2D(2, 2),
                        new Flatten(),
                        new Dropout(dropout),
                        new Dense(5, Activation.RELU),
                        new Dropout(dropout),
                        new Dense(10, output)),
                Map.of("conv2d", "first", "conv2d_1", "conv2d"));
    }

    /** {@code nested} of the Python program: of its two models the layers in a row. */
    public static Network nested() {
        return renamed(
                Network.sequential(
                        new Network.Names(),
                        Shape.of(5),
                        new Dense(4, Activation.LINEAR),
                        new Dense(2, Activation.LINEAR)),
                Map.of("dense", "inside", "dense_1", "outside"));
    }

    public static Network network(String name) {
        return name.startsWith("nested") ? nested() : small(Activation.SOFTMAX, .5);
    }

    /** A network with other names for some layers. */
    public static Network renamed(Network network, Map<String, String> names) {
        return new Network(
                network.name(),
                network.input(),
                network.layers().stream()
                        .map(layer -> new Network.NamedLayer(
                                names.getOrDefault(layer.name(), layer.name()),
                                layer.inbound(),
                                layer.input(),
                                layer.layer(),
                                layer.trainable()))
                        .toList());
    }

    /** Weights from the names and values of the JSON files. */
    public static Weights weights(Network network, JsonNode values) {
        return Weights.of(network.weights(), spec -> doubles(values.get(spec.name())));
    }

    /** Every weight of a file under its path, {@code dense/kernel}. */
    public static Map<String, StoredLayer.StoredWeight> stored(KerasFile file) {
        Map<String, StoredLayer.StoredWeight> stored = new LinkedHashMap<>();
        for (StoredLayer layer : file.layers()) {
            layer.weights().forEach(weight -> stored.put(layer.path(weight), weight));
        }
        return stored;
    }

    /** What is in a folder, hidden files too. */
    public static List<String> entries(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        names.sort(null);
        return names;
    }
}
