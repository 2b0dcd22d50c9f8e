package distill.loss;

import distill.nn.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A training loss for one batch, with the gradient of its sum. For a loss of your own {@link #of} is enough: TensorFlow
 * takes its gradient.
 *
 * <p>The gradient comes along because TensorFlow-Java has none for the sparse cross-entropy, has one for the dense only
 * in float32, and because that of the as-written distillation term is not the derivative of its value (see
 * {@link SoftTargets#UNNORMALISED}). All three are the fused operation's second output, softmax(logits) - labels, from
 * which {@code distill.training.GradientTape} goes on.
 *
 * @param values (batch): the loss that is differentiated, summed over the batch as {@code tape.gradient} does with a
 *     vector
 * @param hard (batch): its cross-entropy part, before alpha
 * @param soft scalar: its distillation part with T^2, before alpha; 0 where there is none
 * @param outputs (batch, classes): the network's outputs, which the loss takes as logits
 * @param gradient (batch, classes): the gradient of the sum of {@code values} with respect to {@code outputs}, without
 *     that of {@code derived}
 * @param derived scalars that are part of the sum of {@code values} and not of {@code gradient}: TensorFlow takes their
 *     derivative by itself, wherever in the network they come from; none where {@code gradient} is all of it
 * @param variables weights that the loss has of its own, which are trained along with the network's and start from 0;
 *     most have none
 */
public record Loss<T extends TFloating>(
        Operand<T> values,
        Operand<T> hard,
        Operand<T> soft,
        Operand<T> outputs,
        Operand<T> gradient,
        List<Operand<T>> derived,
        List<Variable<T>> variables) {

    /** A loss whose gradient comes along whole. */
    public Loss(Operand<T> values, Operand<T> hard, Operand<T> soft, Operand<T> outputs, Operand<T> gradient) {
        this(values, hard, soft, outputs, gradient, List.of(), List.of());
    }

    /** The same with weights of its own. */
    Loss<T> with(List<Variable<T>> own) {
        return new Loss<>(values, hard, soft, outputs, gradient, derived, own);
    }

    /**
     * A loss whose gradient TensorFlow takes by itself, into the network's outputs and wherever else in the network
     * {@code values} come from. TensorFlow-Java has gradients of arithmetic, {@code softmax}, {@code logSoftmax} and
     * most other operations, but of the cross-entropies only of {@code tf.nn.softmaxCrossEntropyWithLogits}, in
     * float32; with another operation the model does not compile: "No gradient defined for op". Where {@link Losses}
     * has a cross-entropy, it brings a gradient of its own, which the constructor takes.
     *
     * @param values (batch): the loss of each image
     * @param outputs (batch, classes): the network's outputs
     * @throws IllegalArgumentException where {@code values} are not one for each image
     */
    public static <T extends TFloating> Loss<T> of(Ops tf, Operand<T> values, Operand<T> outputs) {
        int dimensions = values.shape().numDimensions();
        if (dimensions != 1 && !values.shape().isUnknown()) {
            throw new IllegalArgumentException("a loss has one value for each image, and so the shape (batch), found %s"
                    .formatted(values.shape()));
        }
        return new Loss<>(
                values,
                values,
                tf.constant(values.type(), 0),
                outputs,
                tf.zerosLike(outputs),
                List.of(tf.sum(values, tf.constant(0))),
                List.of());
    }
}
