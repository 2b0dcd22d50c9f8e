package distill.cost;

import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Variable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * What one forward pass of a network costs.
 *
 * @param parameters numbers in all its variables
 * @param flopsByOperation floating-point operations (not: per second) by type of graph operation, for the whole batch;
 *     free types are left out
 */
public record Cost(long parameters, Map<String, Long> flopsByOperation) {

    private static final Set<String> PRODUCTS =
            Set.of("MatMul", "Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter");

    /**
     * Builds the network for inference and walks the graph's operations, as {@code keras_flops.get_flops(model,
     * batch_size=batch)} does. The report's teacher at batch 256 gives 5,642,779,648.
     *
     * @param batch images per pass, at least 1
     * @throws IllegalArgumentException where an operation has no formula
     */
    public static Cost of(Network network, int batch) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> output =
                    network.build(tf, TFloat32.class).call(tf, images(tf, network, batch), Phase.inference());
            Map<String, Long> flops = new HashMap<>();
            for (GraphOperation operation : Flops.ancestors(List.of(output))) {
                long count = Flops.of(operation);
                if (count > 0) {
                    flops.merge(operation.type(), count, Long::sum);
                }
            }
            return new Cost(network.parameters(), Map.copyOf(flops));
        }
    }

    /**
     * The floating-point operations of the matrix products and convolutions of one training step, forwards and
     * backwards: nearly all that a step computes, and what its time can be measured by.
     */
    public static long trainingProducts(Network network, int batch) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat32> model = network.build(tf, TFloat32.class);
            Operand<TInt64> key = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
            Operand<TFloat32> output = model.call(tf, images(tf, network, batch), Phase.training(key));
            Gradients gradients = tf.gradients(
                    List.of(output),
                    model.trainableVariables().stream().map(Variable::value).toList());
            return Flops.ancestors(gradients.dy()).stream()
                    .filter(operation -> PRODUCTS.contains(operation.type()))
                    .mapToLong(Flops::of)
                    .sum();
        }
    }

    /** The sum over all operation types. */
    public long flops() {
        return flopsByOperation.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Placeholder<TFloat32> images(Ops tf, Network network, int batch) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(network.input().prepend(batch)));
    }
}
