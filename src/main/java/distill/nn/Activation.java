package distill.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** What a layer applies to its result, named as Keras's {@code activation} argument. */
public enum Activation {
    LINEAR,
    RELU,
    SOFTMAX;

    /** Keras's name: {@code relu}. */
    public String kerasName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The activation with Keras's name; empty where we have none of that name. */
    public static Optional<Activation> of(String kerasName) {
        return Arrays.stream(values())
                .filter(activation -> activation.kerasName().equals(kerasName))
                .findFirst();
    }

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
