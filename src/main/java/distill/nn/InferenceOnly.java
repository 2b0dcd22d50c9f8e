package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A layer that computes in training what it computes in inference: Keras's {@code layer(x, training=False)}, as
 * transfer learning calls a base whose batch normalisations are to keep their statistics. Its weights are trained.
 */
public record InferenceOnly(Layer layer) implements Layer {

    @Override
    public String type() {
        return layer.type();
    }

    @Override
    public Map<String, Object> config() {
        return layer.config();
    }

    @Override
    public Shape outputShape(Shape input) {
        return layer.outputShape(input);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        return layer.weights(input);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return layer.call(tf, inputs, weights, Phase.inference());
    }
}
