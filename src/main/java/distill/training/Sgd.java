package distill.training;

import distill.nn.Variable;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Stochastic gradient descent with momentum, as {@code keras.optimizers.SGD(learning_rate, momentum, nesterov=False)}
 * of Keras 3 computes it. With g the gradient:
 *
 * <pre>
 * m = m momentum - g learningRate
 * w += m
 * </pre>
 *
 * The momentum is rounded to float32 whatever the weights' type, as Keras does. Where it is 0, w is what Keras makes of
 * it without an m.
 *
 * @param learningRate over 0
 * @param momentum from 0 to 1
 */
public record Sgd(double learningRate, double momentum) implements Optimizer {

    @Override
    public <T extends TFloating> Update<T> applyGradients(
            Ops tf, List<Operand<T>> gradients, List<Variable<T>> variables) {
        Class<T> type = gradients.get(0).type();
        Ops scope = tf.withSubScope("sgd");
        Operand<T> rate = tf.constant(type, learningRate);
        Operand<T> kept = tf.constant(type, (float) momentum);
        List<Variable<T>> state = new ArrayList<>();
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            Variable<T> variable = variables.get(i);
            Shape shape = variable.value().shape();
            Variable<T> m = Variable.create(scope, "sgd/momentum/" + variable.name(), shape, type);
            Operand<T> newM = tf.math.sub(tf.math.mul(m.value(), kept), tf.math.mul(gradients.get(i), rate));
            state.add(m);
            updates.add(m.assign(tf, newM));
            updates.add(variable.assign(tf, tf.math.add(variable.value(), newM)));
        }
        return new Update<>(tf.withControlDependencies(updates).noOp(), state);
    }
}
