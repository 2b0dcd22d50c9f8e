package distill.training;

import distill.loss.Loss;
import distill.nn.Variable;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.family.TFloating;

/**
 * What the notebook's {@code tape.gradient(loss, model.trainable_variables)} gives. TensorFlow-Java has no eager tape:
 * a graph remembers everything, so there is nothing to record.
 */
public final class GradientTape {

    private GradientTape() {}

    /**
     * The gradient of the sum of a loss's values, by back-propagation from the gradient at the network's outputs that
     * the loss brings along, and from what it leaves to TensorFlow to differentiate.
     *
     * @return one for each variable, of its shape
     * @throws org.tensorflow.exceptions.TensorFlowException where the loss does not depend on a variable
     */
    public static <T extends TFloating> List<Operand<T>> gradient(Ops tf, Loss<T> loss, List<Variable<T>> variables) {
        return gradientAt(tf, loss, variables.stream().map(Variable::value).toList());
    }

    /**
     * Gradients with respect to anything that the loss depends on, such as a layer's output.
     *
     * @return one for each of {@code sources}, of its shape
     * @throws org.tensorflow.exceptions.TensorFlowException where the loss does not depend on one
     */
    public static <T extends TFloating> List<Operand<T>> gradientAt(
            Ops tf, Loss<T> loss, List<? extends Operand<T>> sources) {
        Gradients gradients = loss.derived().isEmpty()
                ? tf.gradients(loss.outputs(), sources, Gradients.dx(List.of(loss.gradient())))
                : tf.gradients(linear(tf, loss), sources);
        return IntStream.range(0, sources.size())
                .<Operand<T>>mapToObj(gradients::dy)
                .toList();
    }

    /** A scalar with the loss's gradient, so that TensorFlow follows all its ways into the network at once. */
    private static <T extends TFloating> Operand<T> linear(Ops tf, Loss<T> loss) {
        Operand<T> sum = tf.sum(tf.math.mul(loss.outputs(), tf.stopGradient(loss.gradient())), tf.array(0, 1));
        for (Operand<T> scalar : loss.derived()) {
            sum = tf.math.add(sum, scalar);
        }
        return sum;
    }
}
