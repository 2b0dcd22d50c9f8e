package distill.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * A resource variable of a graph. Resource variables are read at a definite moment, so that the updates of a training
 * step cannot race with its gradients, which they do with {@code tf.variable}.
 *
 * @param name unique in its graph
 * @param handle the resource
 * @param value the value as read; in one run of the graph, the value before any update that depends on it
 * @param fed takes a new value
 * @param assign sets the variable to {@code fed}
 */
public record Variable<T extends TType>(
        String name, VarHandleOp handle, Operand<T> value, Placeholder<T> fed, Op assign) {

    /** Adds a variable, without a value yet, to the graph. */
    public static <T extends TType> Variable<T> create(Ops tf, String name, Shape shape, Class<T> type) {
        VarHandleOp handle = tf.varHandleOp(type, shape, VarHandleOp.sharedName(name));
        Placeholder<T> fed = tf.placeholder(type, Placeholder.shape(shape));
        return new Variable<>(name, handle, tf.readVariableOp(handle, type), fed, tf.assignVariableOp(handle, fed));
    }

    /** Sets the variable in a session. */
    public void assign(Session session, T newValue) {
        session.runner().feed(fed, newValue).addTarget(assign).run().close();
    }

    /**
     * Sets several variables in one run of a session: for each new set of variables that is run, TensorFlow goes
     * through the whole graph and keeps what it makes of it.
     *
     * @param owner what errors call that which the variables are of
     * @param weights one for each variable, in that order
     * @throws IllegalArgumentException where names or shapes differ; no variable is set then
     */
    public static <T extends TFloating> void assign(
            Session session, String owner, List<Variable<T>> variables, Weights weights) {
        if (variables.size() != weights.values().size()) {
            throw new IllegalArgumentException("%s has %d weights, found %d"
                    .formatted(owner, variables.size(), weights.values().size()));
        }
        if (variables.isEmpty()) {
            return;
        }
        Session.Runner runner = session.runner();
        List<T> tensors = new ArrayList<>();
        try {
            for (int i = 0; i < variables.size(); i++) {
                Variable<T> variable = variables.get(i);
                Weights.Weight weight = weights.values().get(i);
                Shape shape = variable.value().shape();
                if (!variable.name().equals(weight.name()) || !shape.equals(weight.shape())) {
                    throw new IllegalArgumentException("weight %d of %s is %s of shape %s, found %s of shape %s"
                            .formatted(i + 1, owner, variable.name(), shape, weight.name(), weight.shape()));
                }
                T tensor = Tensors.of(variable.value().type(), shape, weight.values());
                tensors.add(tensor);
                runner.feed(variable.fed(), tensor).addTarget(variable.assign());
            }
            runner.run().close();
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /** An operation that sets the variable to {@code newValue}. */
    public AssignVariableOp assign(Ops tf, Operand<T> newValue) {
        return tf.assignVariableOp(handle, newValue);
    }
}
