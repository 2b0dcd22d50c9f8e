package distill.experiment;

import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Inference;
import distill.nn.Network;
import distill.nn.zoo.Architecture;
import distill.weights.CheckFile;
import distill.weights.KerasFile;
import distill.weights.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tensorflow.ndarray.Shape;

/**
 * A model's outputs held against those that Keras gave for the same inputs, in float32.
 *
 * @param what was held, in words
 * @param examples how many
 * @param largestDifference of any output
 * @param allowed 1e-5 of the largest output, or 1e-5 where that is less than 1
 * @param agreeing how many examples have the same largest output
 */
public record WeightsCheck(String what, int examples, double largestDifference, double allowed, int agreeing) {

    private static final double TOLERANCE = 1e-5;

    /**
     * Compares.
     *
     * @param model a model's name, a file, or a SavedModel's folder
     * @param architecture which network's weights a file holds; null for a model by its name, for a file that describes
     *     its network itself, and for a SavedModel that is run as it is
     * @param check the file with inputs and outputs
     * @throws IOException where the model or the check file cannot be read, or they do not fit together
     */
    public static WeightsCheck of(ModelLibrary library, String model, Architecture architecture, Path check)
            throws IOException {
        CheckFile expected = CheckFile.read(check);
        Path file = Path.of(model);
        boolean isFile = !library.has(model) && Files.isRegularFile(file);
        boolean isServed = !library.has(model) && SavedModel.isAt(file);
        if (isServed && architecture == null) {
            double[] outputs = new SavedModel(file, library.device()).predict(expected.inputs(), expected.inputShape());
            return of(model + ", run as it is", expected, outputs, check);
        }
        // Where a file does not tell what its model ends in, the check does.
        boolean silent = architecture != null
                && (isFile || isServed)
                && KerasFile.read(file, library.device()).outputActivation().isEmpty();
        ModelLibrary.StoredModel stored = silent
                ? library.read(file, architecture, expected.outputActivation().orElse(null))
                : architecture == null ? library.findOrRead(model) : library.find(model, architecture);
        Activation theirs = expected.outputActivation().orElse(stored.output());
        if (theirs != stored.output()) {
            throw new IOException("the model of %s ends in %s, and %s in %s: import it again with --activation"
                    .formatted(check, theirs.kerasName(), model, stored.output().kerasName()));
        }
        Network network = stored.network();
        Shape shape = expected.inputShape();
        if (shape.numDimensions() != network.input().numDimensions() + 1
                || !shape.takeLast(network.input().numDimensions()).equals(network.input())) {
            throw new IOException("%s holds inputs of shape %s, and a %s takes %s"
                    .formatted(check, shape, stored.architecture(), network.input()));
        }
        double[] outputs = Inference.predict(network, stored.weights(), expected.inputs(), library.device());
        return of(model + " in our " + stored.architecture(), expected, outputs, check);
    }

    private static WeightsCheck of(String what, CheckFile expected, double[] outputs, Path check) throws IOException {
        if (outputs.length != expected.outputs().length) {
            throw new IOException("%s: the model gives %d outputs, %s holds %d"
                    .formatted(what, outputs.length, check, expected.outputs().length));
        }
        if (Arrays.stream(expected.outputs()).anyMatch(value -> !Double.isFinite(value))) {
            throw new IOException(check + " holds outputs that are no finite numbers: nothing can be checked by it");
        }
        int examples = Math.toIntExact(expected.inputShape().get(0));
        int classes = outputs.length / examples;
        double difference = 0;
        double largest = 1;
        for (int i = 0; i < outputs.length; i++) {
            double one = Math.abs(outputs[i] - expected.outputs()[i]);
            difference = Double.isNaN(one) ? Double.POSITIVE_INFINITY : Math.max(difference, one);
            largest = Math.max(largest, Math.abs(expected.outputs()[i]));
        }
        int agreeing = (int) Math.round(examples
                * Classification.agreement(
                        Classification.largest(outputs, classes), Classification.largest(expected.outputs(), classes)));
        return new WeightsCheck(what, examples, difference, TOLERANCE * largest, agreeing);
    }

    /** Whether no difference is larger than allowed. */
    public boolean equal() {
        return largestDifference <= allowed;
    }
}
