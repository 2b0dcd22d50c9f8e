package distill.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.types.family.TFloating;

/** How a teacher's outputs become the targets of the distillation loss. */
public enum SoftTargets {

    /** softmax(v / T): Hinton, Vinyals and Dean 2015, eq. 1, and the report's formula in Question 1d. */
    SOFTMAX,

    /**
     * exp((t - max t) / T) / exp(max t / T): what the report's {@code distillation_loss} computes. Its denominator sums
     * over an axis that the maximum has reduced to one entry, so the targets do not sum to 1: for t = (1, 0, ..., 0) at
     * T = 1 they are .368 and nine times .135, in all 1.586. TensorFlow's fused cross-entropy returns softmax(logits) -
     * targets as its gradient all the same, which is not the derivative of its value here; the report's program trained
     * with it.
     */
    UNNORMALISED,

    /**
     * v / T, without a softmax: what the report's {@code distillation_loss} of Task 2 computes. The targets can be
     * negative and sum to anything; the gradient is softmax(logits) - targets all the same, as TensorFlow's fused
     * cross-entropy returns it.
     */
    LOGITS;

    /**
     * The targets.
     *
     * @param teacher (batch, classes): the teacher's outputs
     * @param temperature T, over 0
     * @return (batch, classes)
     */
    public <T extends TFloating> Operand<T> of(Ops tf, Operand<T> teacher, double temperature) {
        Operand<T> scale = tf.constant(teacher.type(), temperature);
        return switch (this) {
            case SOFTMAX -> tf.nn.softmax(tf.math.div(teacher, scale));
            case UNNORMALISED -> {
                Operand<T> max = tf.max(teacher, tf.constant(-1), Max.keepDims(true));
                Operand<T> numerator = tf.math.exp(tf.math.div(tf.math.sub(teacher, max), scale));
                yield tf.math.div(numerator, tf.math.exp(tf.math.div(max, scale)));
            }
            case LOGITS -> tf.math.div(teacher, scale);
        };
    }
}
