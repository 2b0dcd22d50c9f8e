package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code SeparableConv2D} (Chollet 2017): filters for each channel by itself, and then a convolution of their
 * results with windows of one pixel. (height, width, channels) to (height', width', filters).
 *
 * @param filters how many the second convolution has, at least 1
 * @param kernel height and width of a channel's filter in pixels
 * @param strides how far that moves, in pixels, as far down as to the right
 * @param padding what it does at the border
 * @param dilation how many pixels its rows and columns are apart; with strides it is 1
 * @param depthMultiplier how many filters a channel has, at least 1
 * @param useBias whether each filter of the second convolution has a bias
 */
public record SeparableConv2D(
        int filters,
        Sides kernel,
        Sides strides,
        Padding padding,
        Sides dilation,
        int depthMultiplier,
        boolean useBias,
        Activation activation,
        Initializers initializers)
        implements Layer {

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .with("filters", filters)
                .with("kernel_size", kernel.list())
                .with("strides", strides.list())
                .with("padding", padding.kerasName())
                .with("use_bias", useBias)
                .with("activation", activation.kerasName())
                .unless(Sides.ONE.list(), "dilation_rate", dilation.list())
                .unless(1, "depth_multiplier", depthMultiplier)
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        return padding.outputShape(this, input, Convolutions.window(kernel, dilation), strides, filters);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        long channels = input.get(2);
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(new WeightSpec(
                "depthwise_kernel",
                Shape.of(kernel.height(), kernel.width(), channels, depthMultiplier),
                initializers.of("depthwise_kernel", Initializer.GLOROT_UNIFORM)));
        weights.add(new WeightSpec(
                "pointwise_kernel",
                Shape.of(1, 1, channels * depthMultiplier, filters),
                initializers.of("pointwise_kernel", Initializer.GLOROT_UNIFORM)));
        if (useBias) {
            weights.add(new WeightSpec("bias", Shape.of(filters), initializers.of("bias", Initializer.ZEROS)));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> channels =
                Convolutions.convolveDepthwise(tf, inputs.get(0), weights.get(0).value(), strides, padding, dilation);
        Operand<T> x = tf.nn.conv2d(channels, weights.get(1).value(), Sides.ONE.perDimension(), Padding.VALID.name());
        return activation.call(tf, useBias ? tf.nn.biasAdd(x, weights.get(2).value()) : x);
    }
}
