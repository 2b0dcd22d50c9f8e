package distill.nn;

import java.util.Arrays;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** A network on numbers that are not images of a set: {@code model.predict} on an array. */
public final class Inference {

    private static final int BATCH = 32;

    private Inference() {}

    /** As {@link #predict(Network, Weights, Class, double[], Device)} in float32. */
    public static double[] predict(Network network, Weights weights, double[] inputs, Device device) {
        return predict(network, weights, TFloat32.class, inputs, device);
    }

    /**
     * The outputs in inference.
     *
     * @param dtype what to compute in: TFloat32 or TFloat64
     * @param inputs (examples, input shape), row by row
     * @return (examples, output shape), row by row
     * @throws IllegalArgumentException where the inputs are no whole number of examples
     */
    public static <T extends TFloating> double[] predict(
            Network network, Weights weights, Class<T> dtype, double[] inputs, Device device) {
        int in = Math.toIntExact(network.input().size());
        int out = Math.toIntExact(network.output().size());
        if (inputs.length % in != 0) {
            throw new IllegalArgumentException(
                    "%s takes examples of %d numbers, found %d numbers".formatted(network.name(), in, inputs.length));
        }
        int examples = inputs.length / in;
        double[] all = new double[examples * out];
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<T> model = network.build(tf, dtype);
            Placeholder<T> batch =
                    tf.placeholder(dtype, Placeholder.shape(network.input().prepend(Shape.UNKNOWN_SIZE)));
            Operand<T> outputs = model.call(tf, batch, Phase.inference());
            try (Session session = device.open(graph)) {
                model.setWeights(session, weights);
                for (int from = 0; from < examples; from += BATCH) {
                    int size = Math.min(BATCH, examples - from);
                    double[] values = Arrays.copyOfRange(inputs, from * in, (from + size) * in);
                    try (T tensor = Tensors.of(dtype, network.input().prepend(size), values);
                            Result result = session.runner()
                                    .feed(batch, tensor)
                                    .fetch(outputs)
                                    .run()) {
                        System.arraycopy(Tensors.doubles(result.get(0)), 0, all, from * out, size * out);
                    }
                }
            }
        }
        return all;
    }
}
