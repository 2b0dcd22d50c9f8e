package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Conv2D} with square kernels, stride 1 and 'valid' padding: (height, width, channels) to (height -
 * kernelSize + 1, width - kernelSize + 1, filters).
 *
 * @param filters how many filters, at least 1
 * @param kernelSize height and width of a filter in pixels
 */
public record Conv2D(int filters, int kernelSize, Activation activation) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of(
                "filters", filters,
                "kernel_size", List.of(kernelSize, kernelSize),
                "activation", activation.kerasName());
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.get(0) - kernelSize + 1, input.get(1) - kernelSize + 1, filters);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        return List.of(
                new WeightSpec(
                        "kernel", Shape.of(kernelSize, kernelSize, input.get(2), filters), Initializer.GLOROT_UNIFORM),
                new WeightSpec("bias", Shape.of(filters), Initializer.ZEROS));
    }

    @Override
    public <T extends TFloating> Operand<T> call(Ops tf, Operand<T> inputs, List<Operand<T>> weights, Phase phase) {
        var convolution = tf.nn.conv2d(inputs, weights.get(0), List.of(1L, 1L, 1L, 1L), "VALID");
        return activation.call(tf, tf.nn.biasAdd(convolution, weights.get(1)));
    }
}
