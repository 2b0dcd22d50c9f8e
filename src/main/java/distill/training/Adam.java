package distill.training;

import distill.nn.Variable;
import distill.run.AdamForm;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Adam (Kingma and Ba 2015, algorithm 1 with the reordering of its section 2) exactly as Keras computes it, constants
 * and roundings included. With g the gradient at step t, counted from 1:
 *
 * <pre>
 * m += (g - m) (1 - beta1)
 * v += (g^2 - v) (1 - beta2)
 * w -= m alpha / (sqrt(v) + epsilon)      alpha = learningRate sqrt(1 - beta2^t) / (1 - beta1^t)
 * </pre>
 *
 * What is rounded, and when, matters over a hundred steps. In both forms the powers are of the betas rounded to
 * float32, whatever the weights' type. As {@code keras.optimizers.Adam} of Keras 3 has it, 1 - beta is taken in double
 * and then rounded to the weights' type. As {@code keras.optimizers.Adam} of Keras 2.8 has it, which is
 * {@code tf_keras.optimizers.legacy.Adam}, the learning rate, too, is rounded to float32, and 1 - beta is taken of the
 * rounded beta in the weights' type.
 *
 * @param learningRate over 0
 * @param beta1 decay of the gradient's mean, in [0, 1)
 * @param beta2 decay of the squared gradient's mean, in [0, 1)
 * @param epsilon added to the root
 * @param form whose
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, AdamForm form) {

    /** The Adam of the report's programs: Keras 2's, with its defaults of beta1 .9, beta2 .999, epsilon 1e-7. */
    public static Adam of(double learningRate) {
        return of(learningRate, AdamForm.KERAS2);
    }

    /** Adam with Keras's defaults, which both forms share. */
    public static Adam of(double learningRate, AdamForm form) {
        return new Adam(learningRate, .9, .999, 1e-7, form);
    }

    /**
     * The update in a graph.
     *
     * @param step runs one update of every variable
     * @param state what the optimiser remembers, all 0 before the first step: the number of steps done, then m and v of
     *     each variable; in a training step also the weights that its loss has of its own
     */
    public record Update<T extends TFloating>(Op step, List<Variable<T>> state) {}

    /** A variable with its gradient, and what is remembered of it. */
    private record Slot<T extends TFloating>(Variable<T> variable, Operand<T> gradient, Variable<T> m, Variable<T> v) {}

    /** Adds the update of {@code variables} by {@code gradients} to a graph: {@code optimizer.apply_gradients}. */
    public <T extends TFloating> Update<T> applyGradients(
            Ops tf, List<Operand<T>> gradients, List<Variable<T>> variables) {
        Class<T> type = gradients.get(0).type();
        Ops scope = tf.withSubScope("adam");
        Variable<T> iterations = Variable.create(scope, "adam/iterations", Shape.scalar(), type);
        List<Variable<T>> state = new ArrayList<>(List.of(iterations));
        List<Slot<T>> slots = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            Variable<T> variable = variables.get(i);
            Shape shape = variable.value().shape();
            Variable<T> m = Variable.create(scope, "adam/m/" + variable.name(), shape, type);
            Variable<T> v = Variable.create(scope, "adam/v/" + variable.name(), shape, type);
            state.addAll(List.of(m, v));
            slots.add(new Slot<>(variable, gradients.get(i), m, v));
        }
        Operand<T> step = tf.math.add(iterations.value(), tf.constant(type, 1));
        Operand<T> beta1Power = tf.math.pow(tf.constant(type, (float) beta1), step);
        Operand<T> beta2Power = tf.math.pow(tf.constant(type, (float) beta2), step);
        List<Op> updates = new ArrayList<>(List.of(iterations.assign(tf, step)));
        if (form == AdamForm.KERAS2) {
            // The kernel changes variables where they are, so all gradients are to be known before.
            Ops last = tf.withControlDependencies(new ArrayList<>(gradients));
            slots.forEach(slot -> updates.add(fused(last, slot, beta1Power, beta2Power)));
        } else {
            Operand<T> one = tf.constant(type, 1);
            Operand<T> alpha = tf.math.div(
                    tf.math.mul(tf.constant(type, learningRate), tf.math.sqrt(tf.math.sub(one, beta2Power))),
                    tf.math.sub(one, beta1Power));
            slots.forEach(slot -> updates.addAll(composed(tf, slot, alpha)));
        }
        return new Update<>(tf.withControlDependencies(updates).noOp(), state);
    }

    private <T extends TFloating> Op fused(Ops tf, Slot<T> slot, Operand<T> beta1Power, Operand<T> beta2Power) {
        Class<T> type = slot.gradient().type();
        return tf.train.resourceApplyAdam(
                slot.variable().handle(),
                slot.m().handle(),
                slot.v().handle(),
                beta1Power,
                beta2Power,
                tf.constant(type, (float) learningRate),
                tf.constant(type, (float) beta1),
                tf.constant(type, (float) beta2),
                tf.constant(type, epsilon),
                slot.gradient());
    }

    private <T extends TFloating> List<Op> composed(Ops tf, Slot<T> slot, Operand<T> alpha) {
        Class<T> type = slot.gradient().type();
        Operand<T> gradient = slot.gradient();
        Operand<T> m = slot.m().value();
        Operand<T> v = slot.v().value();
        Operand<T> newM = tf.math.add(m, tf.math.mul(tf.math.sub(gradient, m), tf.constant(type, 1 - beta1)));
        Operand<T> newV =
                tf.math.add(v, tf.math.mul(tf.math.sub(tf.math.square(gradient), v), tf.constant(type, 1 - beta2)));
        Operand<T> change =
                tf.math.div(tf.math.mul(newM, alpha), tf.math.add(tf.math.sqrt(newV), tf.constant(type, epsilon)));
        return List.of(
                slot.m().assign(tf, newM),
                slot.v().assign(tf, newV),
                slot.variable().assign(tf, tf.math.sub(slot.variable().value(), change)));
    }
}
