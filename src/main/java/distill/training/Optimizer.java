package distill.training;

import distill.nn.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** What changes a network's variables by the gradients of its loss. */
public interface Optimizer {

    /**
     * The update in a graph.
     *
     * @param step runs one update of every variable
     * @param state what the optimiser remembers, all 0 before the first step
     */
    record Update<T extends TFloating>(Op step, List<Variable<T>> state) {}

    /** Adds the update of {@code variables} by {@code gradients} to a graph: {@code optimizer.apply_gradients}. */
    <T extends TFloating> Update<T> applyGradients(Ops tf, List<Operand<T>> gradients, List<Variable<T>> variables);
}
