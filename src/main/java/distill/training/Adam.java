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
 * Adam (Kingma and Ba 2015, algorithm 1 with the reordering of its section 2) exactly as {@code keras.optimizers.Adam}
 * of Keras 3 computes it, constants and roundings included. With g the gradient at step t, counted from 1:
 *
 * <pre>
 * m += (g - m) (1 - beta1)
 * v += (g^2 - v) (1 - beta2)
 * w -= m alpha / (sqrt(v) + epsilon)      alpha = learningRate sqrt(1 - beta2^t) / (1 - beta1^t)
 * </pre>
 *
 * Two roundings matter over a hundred steps: 1 - beta is taken in double and then rounded, and the powers are of the
 * betas rounded to float32, whatever the weights' type.
 *
 * @param learningRate over 0
 * @param beta1 decay of the gradient's mean, in [0, 1)
 * @param beta2 decay of the squared gradient's mean, in [0, 1)
 * @param epsilon added to the root
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon) {

    /** Adam with Keras's defaults: beta1 .9, beta2 .999, epsilon 1e-7. */
    public static Adam of(double learningRate) {
        return new Adam(learningRate, .9, .999, 1e-7);
    }

    /**
     * The update in a graph.
     *
     * @param step runs one update of every variable
     * @param state what the optimiser remembers, all 0 before the first step: the number of steps done, then m and v of
     *     each variable
     */
    public record Update<T extends TFloating>(Op step, List<Variable<T>> state) {}

    /** Adds the update of {@code variables} by {@code gradients} to a graph: {@code optimizer.apply_gradients}. */
    public <T extends TFloating> Update<T> applyGradients(
            Ops tf, List<Operand<T>> gradients, List<Variable<T>> variables) {
        Class<T> type = gradients.get(0).type();
        Ops slots = tf.withSubScope("adam");
        List<Variable<T>> state = new ArrayList<>();
        List<Op> updates = new ArrayList<>();

        Variable<T> iterations = Variable.create(slots, "adam/iterations", Shape.scalar(), type);
        Operand<T> one = tf.constant(type, 1);
        Operand<T> step = tf.math.add(iterations.value(), one);
        state.add(iterations);
        updates.add(iterations.assign(tf, step));

        Operand<T> beta1Power = tf.math.pow(tf.constant(type, (float) beta1), step);
        Operand<T> beta2Power = tf.math.pow(tf.constant(type, (float) beta2), step);
        Operand<T> alpha = tf.math.div(
                tf.math.mul(tf.constant(type, learningRate), tf.math.sqrt(tf.math.sub(one, beta2Power))),
                tf.math.sub(one, beta1Power));

        for (int i = 0; i < variables.size(); i++) {
            Variable<T> variable = variables.get(i);
            Operand<T> gradient = gradients.get(i);
            Shape shape = variable.value().shape();
            Variable<T> m = Variable.create(slots, "adam/m/" + variable.name(), shape, type);
            Variable<T> v = Variable.create(slots, "adam/v/" + variable.name(), shape, type);
            state.add(m);
            state.add(v);
            Operand<T> newM =
                    tf.math.add(m.value(), tf.math.mul(tf.math.sub(gradient, m.value()), tf.constant(type, 1 - beta1)));
            Operand<T> newV = tf.math.add(
                    v.value(),
                    tf.math.mul(tf.math.sub(tf.math.square(gradient), v.value()), tf.constant(type, 1 - beta2)));
            Operand<T> change =
                    tf.math.div(tf.math.mul(newM, alpha), tf.math.add(tf.math.sqrt(newV), tf.constant(type, epsilon)));
            updates.add(m.assign(tf, newM));
            updates.add(v.assign(tf, newV));
            updates.add(variable.assign(tf, tf.math.sub(variable.value(), change)));
        }
        return new Update<>(tf.withControlDependencies(updates).noOp(), state);
    }
}
