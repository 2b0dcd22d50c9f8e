package distill.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Keras's {@code Add} of two or more inputs, as {@link Merge} takes them. */
public record Add() implements Layer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Merge.outputShape(this, inputs);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return Merge.fold(tf, inputs, tf.math::add);
    }
}
