package distill.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Softmax} as a layer of its own: e^x / sum(e^x) along an axis.
 *
 * @param axis counted with the batch as 0, or from the end with -1
 */
public record Softmax(int axis) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("axis", axis);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.dimension(axis, input);
        return input;
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = inputs.get(0);
        int last = x.shape().numDimensions() - 1;
        int chosen = Shapes.dimension(axis, Shapes.example(x.shape())) + 1;
        if (chosen == last) {
            return tf.nn.softmax(x);
        }
        // TensorFlow's kernel takes the last axis, so the two change places and back.
        Operand<TInt32> places = tf.constant(IntStream.rangeClosed(0, last)
                .map(i -> i == chosen ? last : i == last ? chosen : i)
                .toArray());
        return tf.linalg.transpose(tf.nn.softmax(tf.linalg.transpose(x, places)), places);
    }
}
