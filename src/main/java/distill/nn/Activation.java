package distill.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** What a layer applies to its result, named as Keras's {@code activation} argument. */
public enum Activation {
    LINEAR,
    RELU,
    SOFTMAX;

    /**
     * Applies the activation.
     *
     * @param x any shape; SOFTMAX works on the last axis of a (batch, classes) tensor
     * @return the same shape
     */
    public <T extends TNumber> Operand<T> call(Ops tf, Operand<T> x) {
        return switch (this) {
            case LINEAR -> x;
            case RELU -> tf.nn.relu(x);
            case SOFTMAX -> tf.nn.softmax(x);
        };
    }
}
