package distill.weights;

import distill.nn.Activation;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;

/**
 * Inputs, and what a Keras model answers: an HDF5 file with the datasets {@code inputs} and {@code outputs}, which
 * {@code reference/export_keras_models.py} writes.
 *
 * @param inputs (examples, input shape), row by row
 * @param inputShape of the inputs, with the number of examples
 * @param outputs (examples, classes), row by row
 * @param outputActivation of the Keras model, where the file tells one that we have
 */
public record CheckFile(double[] inputs, Shape inputShape, double[] outputs, Optional<Activation> outputActivation) {

    /** Reads a file; fails where it is not such a file. */
    public static CheckFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no check file " + file + ": reference/export_keras_models.py writes them");
        }
        try (HdfFile hdf = Hdf5Weights.open(file)) {
            Hdf5Weights values = new Hdf5Weights(file.toString(), Files.size(file));
            if (!(hdf.getChild("inputs") instanceof Dataset inputs)
                    || !(hdf.getChild("outputs") instanceof Dataset outputs)) {
                throw new IOException(file + " is not a check file: expected the datasets inputs and outputs, found "
                        + hdf.getChildren().keySet());
            }
            if (inputs.getDimensions().length < 2
                    || outputs.getDimensions().length != 2
                    || inputs.getDimensions()[0] == 0
                    || inputs.getDimensions()[0] != outputs.getDimensions()[0]) {
                throw new IOException(
                        "%s holds inputs of shape %s and outputs of shape %s, expected (examples, ...) and (examples, classes)"
                                .formatted(
                                        file,
                                        Arrays.toString(inputs.getDimensions()),
                                        Arrays.toString(outputs.getDimensions())));
            }
            return new CheckFile(
                    doubles(inputs, values),
                    Shape.of(inputs.getDimensionsAsLong()),
                    doubles(outputs, values),
                    Hdf5Weights.attribute(hdf, "output_activation").flatMap(Activation::of));
        } catch (RuntimeException | StackOverflowError e) {
            throw KerasFile.damaged(file.toString(), e);
        } catch (OutOfMemoryError e) {
            throw KerasFile.tooLarge(file.toString(), e);
        }
    }

    private static double[] doubles(Dataset dataset, Hdf5Weights values) throws IOException {
        if (!(dataset.getDataType() instanceof FloatingPoint)) {
            throw new IOException(values.file() + ": " + dataset.getName() + " is of type "
                    + dataset.getJavaType().getSimpleName() + ", expected float32 or float64");
        }
        return values.values(values.file() + ", " + dataset.getName(), dataset);
    }
}
