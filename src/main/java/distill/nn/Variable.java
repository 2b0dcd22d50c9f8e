package distill.nn;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
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

    /** An operation that sets the variable to {@code newValue}. */
    public AssignVariableOp assign(Ops tf, Operand<T> newValue) {
        return tf.assignVariableOp(handle, newValue);
    }
}
