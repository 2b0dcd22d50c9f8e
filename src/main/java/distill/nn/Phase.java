package distill.nn;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;

/**
 * Whether a network is called to train or to predict: Keras's argument {@code training}.
 *
 * @param dropoutKey for training, two numbers that decide every dropout mask of the call: (seed, step). The same key
 *     gives the same masks. Empty for inference, where dropout does nothing
 */
public record Phase(Optional<Operand<TInt64>> dropoutKey) {

    /** {@code training=False}. */
    public static Phase inference() {
        return new Phase(Optional.empty());
    }

    /** {@code training=True}. */
    public static Phase training(Operand<TInt64> dropoutKey) {
        return new Phase(Optional.of(dropoutKey));
    }

    /** The phase as layer {@code index} of a network sees it, with a key of its own. */
    Phase forLayer(Ops tf, int index) {
        return new Phase(dropoutKey.map(key -> tf.math.add(key, tf.constant(new long[] {(long) index << 48, 0}))));
    }
}
