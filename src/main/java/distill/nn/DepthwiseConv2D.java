package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code DepthwiseConv2D}: each channel has filters of its own. (height, width, channels) to (height', width',
 * channels * depthMultiplier).
 *
 * @param kernel a filter's height and width in pixels
 * @param strides how far it moves, in pixels, as far down as to the right
 * @param padding what it does at the border
 * @param dilation how many pixels its rows and columns are apart; with strides it is 1
 * @param depthMultiplier how many filters a channel has, at least 1
 * @param useBias whether each filter has a bias
 */
public record DepthwiseConv2D(
        Sides kernel,
        Sides strides,
        Padding padding,
        Sides dilation,
        int depthMultiplier,
        boolean useBias,
        Activation activation,
        Initializers initializers)
        implements Layer {

    /** One square filter for each channel, without a bias. */
    public DepthwiseConv2D(int kernelSize, int strides, Padding padding) {
        this(
                Sides.of(kernelSize),
                Sides.of(strides),
                padding,
                Sides.ONE,
                1,
                false,
                Activation.LINEAR,
                Initializers.USUAL);
    }

    @Override
    public Map<String, Object> config() {
        return new LayerConfig()
                .with("kernel_size", kernel.list())
                .with("strides", strides.list())
                .with("padding", padding.kerasName())
                .with("use_bias", useBias)
                .unless(Sides.ONE.list(), "dilation_rate", dilation.list())
                .unless(1, "depth_multiplier", depthMultiplier)
                .unless(Activation.LINEAR.kerasName(), "activation", activation.kerasName())
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        return padding.outputShape(
                this, input, Convolutions.window(kernel, dilation), strides, input.get(2) * depthMultiplier);
    }

    /** Named as in Keras 3; Keras 2 calls the first {@code depthwise_kernel}. */
    @Override
    public List<WeightSpec> weights(Shape input) {
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(new WeightSpec(
                "kernel",
                Shape.of(kernel.height(), kernel.width(), input.get(2), depthMultiplier),
                initializers.of("kernel", Initializer.GLOROT_UNIFORM)));
        if (useBias) {
            weights.add(new WeightSpec(
                    "bias", Shape.of(input.get(2) * depthMultiplier), initializers.of("bias", Initializer.ZEROS)));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x =
                Convolutions.convolveDepthwise(tf, inputs.get(0), weights.get(0).value(), strides, padding, dilation);
        return activation.call(tf, useBias ? tf.nn.biasAdd(x, weights.get(1).value()) : x);
    }
}
