package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * One of Keras's layers that change images at random in training, {@code RandomFlip} and the like. In inference they do
 * nothing, and only that is computed here: a network with such a layer can predict, but not be trained.
 *
 * @param type Keras's class
 * @param arguments Keras's, so that Keras can rebuild the layer
 */
public record RandomAugmentation(String type, Map<String, Object> arguments) implements Layer {

    @Override
    public Map<String, Object> config() {
        return arguments;
    }

    /**
     * The images as they are.
     *
     * @throws IllegalArgumentException in training
     */
    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        if (phase.dropoutKey().isPresent()) {
            throw new IllegalArgumentException(
                    type
                            + " changes images in training, which this program computes for no network: it can predict with this one, but train it only without that layer");
        }
        return inputs.get(0);
    }
}
