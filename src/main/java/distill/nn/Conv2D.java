package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Conv2D} with square kernels: (height, width, channels) to (height', width', filters).
 *
 * @param filters how many filters, at least 1
 * @param kernelSize height and width of a filter in pixels
 * @param strides how far it moves, in pixels
 * @param padding what it does at the border
 * @param useBias whether each filter has a bias
 */
public record Conv2D(int filters, int kernelSize, int strides, Padding padding, boolean useBias, Activation activation)
        implements Layer {

    /** With Keras's defaults: stride 1, 'valid' padding, a bias. */
    public Conv2D(int filters, int kernelSize, Activation activation) {
        this(filters, kernelSize, 1, Padding.VALID, true, activation);
    }

    @Override
    public Map<String, Object> config() {
        return Map.of(
                "filters", filters,
                "kernel_size", List.of(kernelSize, kernelSize),
                "strides", List.of(strides, strides),
                "padding", padding.kerasName(),
                "use_bias", useBias,
                "activation", activation.kerasName());
    }

    @Override
    public Shape outputShape(Shape input) {
        return padding.outputShape(input, kernelSize, strides, filters);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(new WeightSpec(
                "kernel", Shape.of(kernelSize, kernelSize, input.get(2), filters), Initializer.GLOROT_UNIFORM));
        if (useBias) {
            weights.add(new WeightSpec("bias", Shape.of(filters), Initializer.ZEROS));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = tf.nn.conv2d(
                inputs.get(0), weights.get(0).value(), List.of(1L, (long) strides, (long) strides, 1L), padding.name());
        return activation.call(tf, useBias ? tf.nn.biasAdd(x, weights.get(1).value()) : x);
    }
}
