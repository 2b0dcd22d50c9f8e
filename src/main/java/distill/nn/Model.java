package distill.nn;

import java.util.List;
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

    /**
     * Gives the variables their values in a session.
     *
     * @throws IllegalArgumentException where {@code weights} are not this network's
     */
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
        Operand<T> x = images;
        int next = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            Network.NamedLayer layer = network.layers().get(i);
            int count = layer.weights().size();
            List<Operand<T>> weights = variables.subList(next, next + count).stream()
                    .map(Variable::value)
                    .toList();
            next += count;
            x = layer.layer().call(tf.withSubScope(layer.name()), x, weights, phase.forLayer(tf, i));
        }
        return x;
    }
}
