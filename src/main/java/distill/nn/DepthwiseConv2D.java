package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code DepthwiseConv2D} without a bias: each channel has a square filter of its own.
 *
 * @param kernelSize height and width of a filter in pixels
 * @param strides how far it moves, in pixels
 * @param padding what it does at the border
 */
public record DepthwiseConv2D(int kernelSize, int strides, Padding padding) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of(
                "kernel_size", List.of(kernelSize, kernelSize),
                "strides", List.of(strides, strides),
                "padding", padding.kerasName(),
                "use_bias", false);
    }

    @Override
    public Shape outputShape(Shape input) {
        return padding.outputShape(input, kernelSize, strides, input.get(2));
    }

    /** Named as in Keras 3; Keras 2 calls it {@code depthwise_kernel}. */
    @Override
    public List<WeightSpec> weights(Shape input) {
        return List.of(new WeightSpec(
                "kernel", Shape.of(kernelSize, kernelSize, input.get(2), 1), Initializer.GLOROT_UNIFORM));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.nn.depthwiseConv2dNative(
                inputs.get(0), weights.get(0).value(), List.of(1L, (long) strides, (long) strides, 1L), padding.name());
    }
}
