package distill.weights;

import distill.nn.Device;
import distill.nn.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.Signature.TensorDescription;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * A SavedModel that is loaded to be run as it is, by its signature {@code serving_default}. It is a program: whoever
 * runs one trusts who made it. Threads may share one.
 */
public final class ServedModel implements AutoCloseable {

    /** The signature that is run. */
    static final String SIGNATURE = "serving_default";

    private static final Set<DataType> TAKEN = Set.of(DataType.DT_FLOAT, DataType.DT_DOUBLE, DataType.DT_UINT8);
    private static final Set<DataType> GIVEN = Set.of(DataType.DT_FLOAT, DataType.DT_DOUBLE);

    /** Where TensorFlow's own names of types are not those that people know. */
    private static final Map<DataType, String> NAMES = Map.of(
            DataType.DT_HALF, "float16",
            DataType.DT_FLOAT, "float32",
            DataType.DT_DOUBLE, "float64");

    private final Path folder;
    private final SavedModelBundle bundle;
    private final SessionFunction function;
    private final String input;
    private final TensorDescription takes;
    private final TensorDescription gives;

    private ServedModel(Path folder, SavedModelBundle bundle) throws IOException {
        this.folder = folder;
        this.bundle = bundle;
        List<String> keys = bundle.signatures().stream()
                .map(Signature::key)
                // TensorFlow's own, which initialises.
                .filter(key -> !key.startsWith("__"))
                .sorted()
                .toList();
        if (!keys.contains(SIGNATURE)) {
            throw new IOException("%s has %s, expected one that is called %s"
                    .formatted(
                            folder,
                            keys.isEmpty() ? "no signature" : "the signatures " + String.join(", ", keys),
                            SIGNATURE));
        }
        function = bundle.function(SIGNATURE);
        Signature signature = function.signature();
        if (signature.inputNames().size() != 1 || signature.outputNames().size() != 1) {
            throw new IOException("%s takes %s and gives %s, expected one tensor each"
                    .formatted(place(), sorted(signature.inputNames()), sorted(signature.outputNames())));
        }
        input = signature.inputNames().iterator().next();
        takes = signature.getInputs().get(input);
        gives = signature.getOutputs().values().iterator().next();
        if (!TAKEN.contains(takes.dataType)) {
            throw new IOException("%s takes inputs of type %s, expected float32, float64 or uint8"
                    .formatted(place(), name(takes.dataType)));
        }
        if (!GIVEN.contains(gives.dataType)) {
            throw new IOException("%s gives outputs of type %s, expected float32 or float64"
                    .formatted(place(), name(gives.dataType)));
        }
    }

    /**
     * Loads one.
     *
     * @param folder that holds {@code saved_model.pb}
     * @param device where to compute
     * @throws IOException where it cannot be loaded, or has no signature {@code serving_default} that takes one tensor
     *     of float32, float64 or uint8 and gives one of float32 or float64
     */
    public static ServedModel open(Path folder, Device device) throws IOException {
        SavedModel.check(folder);
        SavedModelBundle bundle = null;
        try {
            bundle = SavedModelBundle.loader(folder.toString())
                    .withTags(SavedModelBundle.DEFAULT_TAG)
                    .withConfigProto(device.config())
                    .load();
            return new ServedModel(folder, bundle);
        } catch (TensorFlowException | IllegalArgumentException e) {
            close(bundle);
            throw cannotRun(folder, e);
        } catch (IOException e) {
            close(bundle);
            throw e;
        }
    }

    private static void close(SavedModelBundle bundle) {
        if (bundle != null) {
            bundle.close();
        }
    }

    private static List<String> sorted(Iterable<String> names) {
        return StreamSupport.stream(names.spliterator(), false).sorted().toList();
    }

    private static String name(DataType type) {
        return NAMES.getOrDefault(type, type.name().substring("DT_".length()).toLowerCase(Locale.ROOT));
    }

    private static IOException cannotRun(Path folder, RuntimeException e) {
        return new IOException("cannot run " + folder + ": " + KerasFile.reason(e), e);
    }

    /** What errors call it: its folder, and its signature. */
    private String place() {
        return "%s: its signature %s".formatted(folder, SIGNATURE);
    }

    /** Whether it takes whole numbers from 0 to 255. */
    public boolean takesBytes() {
        return takes.dataType == DataType.DT_UINT8;
    }

    /** The type of its inputs: {@code float32}, {@code float64} or {@code uint8}. */
    public String inputType() {
        return name(takes.dataType);
    }

    /**
     * Holds its signature against what it is to be run for.
     *
     * @param example the shape of one input
     * @param outputs how many numbers it is to give for each
     * @throws IOException where it takes or gives something else, or batches of one size alone
     */
    public void check(Shape example, int outputs) throws IOException {
        Shape expected = example.prepend(Shape.UNKNOWN_SIZE);
        if (!takes.shape.isCompatibleWith(expected)) {
            throw new IOException("%s takes inputs of shape %s, expected %s".formatted(place(), takes.shape, expected));
        }
        if (!takes.shape.isUnknown() && takes.shape.get(0) != Shape.UNKNOWN_SIZE) {
            throw new IOException(
                    "%s takes batches of %d, expected batches of any size".formatted(place(), takes.shape.get(0)));
        }
        Shape rows = Shape.of(Shape.UNKNOWN_SIZE, outputs);
        if (!gives.shape.isCompatibleWith(rows)) {
            throw new IOException("%s gives outputs of shape %s, expected %s, a number for each class"
                    .formatted(place(), gives.shape, rows));
        }
    }

    /**
     * Runs it.
     *
     * @param inputs (batch, input shape), row by row; whole numbers from 0 to 255 where it takes bytes
     * @param shape of the inputs with the batch
     * @return the outputs row by row
     * @throws IOException where it takes others, or fails
     */
    public double[] predict(double[] inputs, Shape shape) throws IOException {
        if (!takes.shape.isCompatibleWith(shape)) {
            throw new IOException("%s takes inputs of shape %s, found %s".formatted(place(), takes.shape, shape));
        }
        try (TNumber tensor = tensor(inputs, shape);
                Result result = function.call(Map.of(input, tensor))) {
            return Tensors.doubles(result.get(0));
        } catch (TensorFlowException | IllegalArgumentException e) {
            throw cannotRun(folder, e);
        }
    }

    private TNumber tensor(double[] inputs, Shape shape) throws IOException {
        if (takes.dataType == DataType.DT_DOUBLE) {
            return Tensors.of(TFloat64.class, shape, inputs);
        }
        if (takes.dataType == DataType.DT_FLOAT) {
            return Tensors.of(TFloat32.class, shape, inputs);
        }
        byte[] bytes = new byte[inputs.length];
        for (int i = 0; i < bytes.length; i++) {
            if (!(inputs[i] >= 0 && inputs[i] <= 255 && inputs[i] == Math.rint(inputs[i]))) {
                throw new IOException(
                        "%s takes whole numbers from 0 to 255 (uint8), found %s".formatted(place(), inputs[i]));
            }
            bytes[i] = (byte) (int) inputs[i];
        }
        return Tensors.of(shape, bytes);
    }

    @Override
    public void close() {
        bundle.close();
    }
}
