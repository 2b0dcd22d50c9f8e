package distill.training;

import distill.loss.Loss;
import distill.nn.Variable;
import java.util.ArrayList;
import java.util.List;
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
     * the loss brings along.
     *
     * @return one for each variable, of its shape
     * @throws org.tensorflow.exceptions.TensorFlowException where the loss does not depend on a variable
     */
    public static <T extends TFloating> List<Operand<T>> gradient(Ops tf, Loss<T> loss, List<Variable<T>> variables) {
        return gradientAt(tf, loss, variables.stream().map(Variable::value).toList());
    }

    /**
     * The same with respect to anything that the loss depends on, such as a layer's output.
     *
     * @return one for each of {@code sources}, of its shape
     * @throws org.tensorflow.exceptions.TensorFlowException where the loss does not depend on one
     */
    public static <T extends TFloating> List<Operand<T>> gradientAt(
            Ops tf, Loss<T> loss, List<? extends Operand<T>> sources) {
        Gradients gradients = tf.gradients(loss.outputs(), sources, Gradients.dx(List.of(loss.gradient())));
        List<Operand<T>> result = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            result.add(gradients.dy(i));
        }
        return result;
    }
}
