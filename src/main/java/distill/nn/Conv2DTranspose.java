package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code Conv2DTranspose} without a dilation: each pixel adds its window to a larger image, so that (height,
 * width, channels) becomes (height', width', filters) where a {@link Conv2D} with the same window and strides would
 * lead back.
 *
 * @param filters how many filters, at least 1
 * @param kernel a window's height and width in pixels
 * @param strides how far two windows are apart, in pixels
 * @param padding SAME for images that are as many times larger as the strides say; VALID for whole windows
 * @param useBias whether each filter has a bias
 */
public record Conv2DTranspose(
        int filters,
        Sides kernel,
        Sides strides,
        Padding padding,
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
                .map();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        return Shape.of(
                outputSize(input.get(0), kernel.height(), strides.height()),
                outputSize(input.get(1), kernel.width(), strides.width()),
                filters);
    }

    private long outputSize(long size, int window, int step) {
        return size * step + (padding == Padding.VALID ? Math.max(window - step, 0) : 0);
    }

    @Override
    public List<WeightSpec> weights(Shape input) {
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(new WeightSpec(
                "kernel",
                Shape.of(kernel.height(), kernel.width(), filters, input.get(2)),
                initializers.of("kernel", Initializer.GLOROT_UNIFORM)));
        if (useBias) {
            weights.add(new WeightSpec("bias", Shape.of(filters), initializers.of("bias", Initializer.ZEROS)));
        }
        return List.copyOf(weights);
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        Operand<T> images = inputs.get(0);
        Shape example = outputShape(Shapes.example(images.shape()));
        long batch = images.shape().get(0);
        int[] sizes = new int[4];
        sizes[0] = Math.toIntExact(Math.max(batch, 0));
        for (int i = 0; i < 3; i++) {
            sizes[i + 1] = Math.toIntExact(example.get(i));
        }
        Operand<TInt32> size = tf.constant(sizes);
        if (batch == Shape.UNKNOWN_SIZE) {
            size = tf.math.add(size, tf.math.mul(tf.shape(images), tf.constant(new int[] {1, 0, 0, 0})));
        }
        Operand<T> x =
                tf.nn.conv2dBackpropInput(size, weights.get(0).value(), images, strides.perDimension(), padding.name());
        Operand<T> shaped = tf.reshape(x, tf.constant(example.prepend(batch).asArray()));
        return activation.call(
                tf, useBias ? tf.nn.biasAdd(shaped, weights.get(1).value()) : shaped);
    }
}
