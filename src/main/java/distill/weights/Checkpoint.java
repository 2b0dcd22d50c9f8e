package distill.weights;

import distill.nn.Device;
import distill.nn.Tensors;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * Weights as a TensorFlow checkpoint: {@code NAME.index} and {@code NAME.data-00000-of-00001}, which
 * {@code tf.train.load_checkpoint} of Python reads too. Each weight is a tensor under its name.
 *
 * @param prefix the path without the endings
 * @param dtype what the values are stored as
 * @param device where to open the sessions that write and read
 */
public record Checkpoint<T extends TFloating>(Path prefix, Class<T> dtype, Device device) {

    /** Whether there is such a checkpoint. */
    public boolean exists() {
        return Files.exists(index());
    }

    /**
     * Writes all of {@code weights} into a folder that exists.
     *
     * @throws IOException where TensorFlow cannot write there
     */
    public void write(Weights weights) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            List<Operand<?>> values = new ArrayList<>();
            for (int i = 0; i < weights.values().size(); i++) {
                values.add(tf.placeholder(dtype));
            }
            Op save = tf.train.save(
                    tf.constant(prefix.toString()),
                    names(tf, weights),
                    noSlices(tf, weights.values().size()),
                    values);
            try (Session session = device.open(graph)) {
                Session.Runner runner = session.runner().addTarget(save);
                for (int i = 0; i < values.size(); i++) {
                    Weights.Weight weight = weights.values().get(i);
                    tensors.add(Tensors.of(dtype, weight.shape(), weight.values()));
                    runner.feed(values.get(i), tensors.get(i));
                }
                runner.run().close();
            }
        } catch (TensorFlowException e) {
            throw new IOException(
                    "cannot write the weights " + prefix + ": "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /**
     * Reads weights; the file may hold others too.
     *
     * @param specs which
     * @throws IOException where the file is missing or damaged, lacks a weight, or has one of another shape
     */
    public Weights read(List<WeightSpec> specs) throws IOException {
        if (!exists()) {
            throw new FileNotFoundException("no weights at " + index());
        }
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            List<Class<? extends TType>> types = Collections.nCopies(specs.size(), dtype);
            Operand<TString> names =
                    tf.array(specs.stream().map(WeightSpec::name).toArray(String[]::new));
            var restore = tf.train.restore(tf.constant(prefix.toString()), names, noSlices(tf, specs.size()), types);
            List<Weights.Weight> values = new ArrayList<>();
            try (Session session = device.open(graph)) {
                Session.Runner runner = session.runner();
                restore.tensors().forEach(runner::fetch);
                try (Result result = runner.run()) {
                    for (int i = 0; i < specs.size(); i++) {
                        WeightSpec spec = specs.get(i);
                        if (!result.get(i).shape().equals(spec.shape())) {
                            throw new IOException("%s: weight %s has shape %s, expected %s"
                                    .formatted(
                                            index(), spec.name(), result.get(i).shape(), spec.shape()));
                        }
                        values.add(new Weights.Weight(spec.name(), spec.shape(), Tensors.doubles(result.get(i))));
                    }
                }
            }
            return new Weights(List.copyOf(values));
        } catch (TensorFlowException | IllegalArgumentException e) {
            throw new IOException(
                    "cannot read the weights " + index() + ": "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    private Path index() {
        return prefix.resolveSibling(prefix.getFileName() + ".index");
    }

    private static Operand<TString> names(Ops tf, Weights weights) {
        return tf.array(weights.values().stream().map(Weights.Weight::name).toArray(String[]::new));
    }

    private static Operand<TString> noSlices(Ops tf, int n) {
        String[] slices = new String[n];
        Arrays.fill(slices, "");
        return tf.array(slices);
    }
}
