package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Conv2D}: (height, width, channels) to (height', width', filters).
 *
 * @param filters how many filters, at least 1
 * @param kernel a filter's height and width in pixels
 * @param strides how far it moves, in pixels
 * @param padding what it does at the border
 * @param dilation how many pixels its rows and columns are apart; with strides it is 1
 * @param groups into how many groups channels and filters are parted, where each filter sees the channels of its group
 * @param useBias whether each filter has a bias
 */
public record Conv2D(
        int filters,
        Sides kernel,
        Sides strides,
        Padding padding,
        Sides dilation,
        int groups,
        boolean useBias,
        Activation activation,
        Initializers initializers)
        implements Layer {

    /** Square, without a dilation and groups. */
    public Conv2D(int filters, int kernelSize, int strides, Padding padding, boolean useBias, Activation activation) {
        this(
                filters,
                Sides.of(kernelSize),
                Sides.of(strides),
                padding,
                Sides.ONE,
                1,
                useBias,
                activation,
                Initializers.USUAL);
    }

    /** With Keras's defaults: stride 1, 'valid' padding, a bias. */
    public Conv2D(int filters, int kernelSize, Activation activation) {
        this(filters, kernelSize, 1, Padding.VALID, true, activation);
    }

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
                .unless(1, "groups", groups)
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        if (input.get(2) % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException(
                    "%d groups do not go into %d channels and %d filters".formatted(groups, input.get(2), filters));
        }
        return padding.outputShape(this, input, Convolutions.window(kernel, dilation), strides, filters);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(new WeightSpec(
                "kernel",
                Shape.of(kernel.height(), kernel.width(), input.get(2) / groups, filters),
                initializers.of("kernel", Initializer.GLOROT_UNIFORM)));
        if (useBias) {
            weights.add(new WeightSpec("bias", Shape.of(filters), initializers.of("bias", Initializer.ZEROS)));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> x = Convolutions.convolve(tf, inputs.get(0), weights.get(0).value(), strides, padding, dilation);
        return activation.call(tf, useBias ? tf.nn.biasAdd(x, weights.get(1).value()) : x);
    }
}
