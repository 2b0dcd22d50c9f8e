package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;

/**
 * Whether a network is called to train or to predict: Keras's argument {@code training}.
 *
 * @param dropoutKey for training, two numbers that decide every dropout mask of the call: (seed, step). The same key
 *     gives the same masks. Empty for inference, where dropout does nothing
 * @param frozen whether the layer that sees it is frozen, so that a batch normalisation is as in inference
 * @param bessel whether a moving variance takes the batch's variance with Bessel's correction, n / (n - 1), as Keras 2
 *     does; Keras 3 takes it without
 * @param updates what a training step has to run beside the update of the weights: those of the moving statistics
 */
public record Phase(Optional<Operand<TInt64>> dropoutKey, boolean frozen, boolean bessel, List<Op> updates) {

    /** {@code training=False}. */
    public static Phase inference() {
        return new Phase(Optional.empty(), false, false, List.of());
    }

    /** {@code training=True}, moving variances as in Keras 3. */
    public static Phase training(Operand<TInt64> dropoutKey) {
        return new Phase(Optional.of(dropoutKey), false, false, new ArrayList<>());
    }

    /** {@code training=True}, moving variances as in Keras 2. */
    public static Phase trainingAsKeras2(Operand<TInt64> dropoutKey) {
        return new Phase(Optional.of(dropoutKey), false, true, new ArrayList<>());
    }

    /** The phase as layer {@code index} of a network sees it, with a key of its own. */
    Phase forLayer(Ops tf, int index, boolean trainable) {
        return new Phase(
                dropoutKey.map(key -> tf.math.add(key, tf.constant(new long[] {(long) index << 48, 0}))),
                !trainable,
                bessel,
                updates);
    }

    /** Whether a batch normalisation uses the batch's mean and variance, and moves its own. */
    boolean usesBatchStatistics() {
        return dropoutKey.isPresent() && !frozen;
    }
}
