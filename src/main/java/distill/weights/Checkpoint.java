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
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

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

    /** Writes all of {@code weights} into a folder that exists; fails where TensorFlow cannot write there. */
    public void write(Weights weights) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            List<Operand<?>> values = new ArrayList<>();
            weights.values().forEach(weight -> values.add(tf.placeholder(dtype)));
            String[] names = weights.values().stream().map(Weights.Weight::name).toArray(String[]::new);
            Op save =
                    tf.train.save(tf.constant(prefix.toString()), tf.array(names), noSlices(tf, names.length), values);
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
            throw new IOException("cannot write the weights " + prefix + ": " + KerasFile.innermostReason(e), e);
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /**
     * Reads the weights of {@code specs}; the file may hold others too.
     *
     * @throws IOException where the file is missing or damaged, lacks a weight, or has one of another shape
     */
    public Weights read(List<WeightSpec> specs) throws IOException {
        if (!exists()) {
            throw new FileNotFoundException("no weights at " + index());
        }
        CheckpointIndex.check(index());
        try {
            List<String> names = specs.stream().map(WeightSpec::name).toList();
            List<Weights.Weight> values = restore(prefix, device, names, Collections.nCopies(names.size(), dtype));
            for (int i = 0; i < specs.size(); i++) {
                Shape shape = values.get(i).shape();
                if (!shape.equals(specs.get(i).shape())) {
                    throw new IOException("%s: weight %s has shape %s, expected %s"
                            .formatted(
                                    index(), names.get(i), shape, specs.get(i).shape()));
                }
            }
            return new Weights(values);
        } catch (TensorFlowException | IllegalArgumentException e) {
            throw new IOException("cannot read the weights " + index() + ": " + KerasFile.reason(e), e);
        }
    }

    /**
     * Reads tensors of a checkpoint.
     *
     * @param types one for each of {@code names}: what the tensor is stored as
     * @throws TensorFlowException where the checkpoint is damaged, lacks a tensor, or has one of another type
     */
    static List<Weights.Weight> restore(
            Path prefix, Device device, List<String> names, List<? extends Class<? extends TNumber>> types) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            List<Output<?>> tensors = tf.train
                    .restore(
                            tf.constant(prefix.toString()),
                            tf.array(names.toArray(String[]::new)),
                            noSlices(tf, names.size()),
                            List.copyOf(types))
                    .tensors();
            try (Session session = device.open(graph)) {
                Session.Runner runner = session.runner();
                for (int i = 0; i < tensors.size(); i++) {
                    Class<? extends TNumber> type = types.get(i);
                    // A cast of float32 makes 0 of numbers below 1.2e-38, which MobileNetV2's weights have.
                    runner.fetch(
                            type == TFloat16.class || type == TBfloat16.class
                                    ? tf.dtypes.cast(tensors.get(i).expect(type), TFloat64.class)
                                    : tensors.get(i));
                }
                try (Result result = runner.run()) {
                    return IntStream.range(0, names.size())
                            .mapToObj(i -> new Weights.Weight(
                                    names.get(i), result.get(i).shape(), Tensors.doubles(result.get(i))))
                            .toList();
                }
            }
        }
    }

    /** What says that tensors are written and read whole. */
    static Operand<TString> noSlices(Ops tf, int tensors) {
        return tf.array(Collections.nCopies(tensors, "").toArray(String[]::new));
    }

    private Path index() {
        return prefix.resolveSibling(prefix.getFileName() + ".index");
    }
}
