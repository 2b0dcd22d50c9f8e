package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A network in a graph: its layers with a variable for each weight. Called twice, for training and for inference, it
 * shares them.
 *
 * @param variables one for each of {@link Network#weights()}, in that order
 */
public record Model<T extends TFloating>(Network network, List<Variable<T>> variables) {

    /** Gives the variables their values in a session, as {@link Variable#assign} does. */
    public void setWeights(Session session, Weights weights) {
        Variable.assign(session, network.name(), variables, weights);
    }

    /**
     * Adds the network's computation to the graph.
     *
     * @param images (batch, input shape)
     * @return (batch, output shape)
     */
    public Operand<T> call(Ops tf, Operand<T> images, Phase phase) {
        List<Operand<T>> outputs = layerOutputs(tf, images, phase);
        return outputs.get(outputs.size() - 1);
    }

    /**
     * As {@link #call}, with what is between.
     *
     * @return (batch, output shape) of each layer, in the order of {@link Network#layers}
     */
    public List<Operand<T>> layerOutputs(Ops tf, Operand<T> images, Phase phase) {
        List<Operand<T>> outputs = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            Network.NamedLayer layer = network.layers().get(i);
            int count = layer.weights().size();
            List<Operand<T>> inputs = layer.inbound().stream()
                    .map(index -> index == Network.INPUT ? images : outputs.get(index))
                    .toList();
            outputs.add(layer.layer()
                    .call(
                            tf.withSubScope(scope(layer.name())),
                            inputs,
                            variables.subList(next, next + count),
                            phase.forLayer(tf, i, layer.trainable())));
            next += count;
        }
        return List.copyOf(outputs);
    }

    /** A layer's name as TensorFlow takes it for a scope: others may have any characters. */
    private static String scope(String name) {
        String known = name.replaceAll("[^A-Za-z0-9_.\\-]", "_");
        return known.matches("[A-Za-z0-9.].*") ? known : "layer" + known;
    }

    /** The variables that gradients change: {@code model.trainable_variables}. */
    public List<Variable<T>> trainableVariables() {
        List<WeightSpec> specs = network.weights();
        return IntStream.range(0, variables.size())
                .filter(i -> specs.get(i).trainable())
                .mapToObj(variables::get)
                .toList();
    }
}
