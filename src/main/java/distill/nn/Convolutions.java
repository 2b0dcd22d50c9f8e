package distill.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** What the convolutions share. */
final class Convolutions {

    private Convolutions() {}

    /** How large a window with holes is: (size - 1) * dilation + 1. */
    static Sides window(Sides kernel, Sides dilation) {
        return new Sides((kernel.height() - 1) * dilation.height() + 1, (kernel.width() - 1) * dilation.width() + 1);
    }

    /** The convolution of images with filters, in as many groups as the filters' inputs go into the channels. */
    static <T extends TFloating> Operand<T> convolve(
            Ops tf, Operand<T> images, Operand<T> filters, Sides strides, Padding padding, Sides dilation) {
        return dilated(tf, images, filters, padding, dilation, (x, border) -> grouped(tf, x, filters, strides, border));
    }

    /** Each channel with filters of its own. */
    static <T extends TFloating> Operand<T> convolveDepthwise(
            Ops tf, Operand<T> images, Operand<T> filters, Sides strides, Padding padding, Sides dilation) {
        return dilated(
                tf,
                images,
                filters,
                padding,
                dilation,
                (x, border) -> tf.nn.depthwiseConv2dNative(x, filters, strides.perDimension(), border.name()));
    }

    /** On a CPU TensorFlow has no gradient for groups, so each of them is a convolution of its own. */
    private static <T extends TFloating> Operand<T> grouped(
            Ops tf, Operand<T> images, Operand<T> filters, Sides strides, Padding padding) {
        long groups = Shapes.last(images.shape()) / filters.shape().get(2);
        if (groups == 1) {
            return tf.nn.conv2d(images, filters, strides.perDimension(), padding.name());
        }
        List<Output<T>> of = tf.split(tf.constant(3), images, groups).output();
        List<Output<T>> by = tf.split(tf.constant(3), filters, groups).output();
        List<Operand<T>> results = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            results.add(tf.nn.conv2d(of.get(group), by.get(group), strides.perDimension(), padding.name()));
        }
        return tf.concat(results, tf.constant(3));
    }

    /**
     * A convolution whose window has holes, as {@code tf.nn.with_space_to_batch} makes it of one without: the gradient
     * that TensorFlow has in Java leaves out its kernel's own dilation. Every d-th row and column is an image of its
     * own, and the results are put together again.
     */
    private static <T extends TFloating> Operand<T> dilated(
            Ops tf,
            Operand<T> images,
            Operand<T> filters,
            Padding padding,
            Sides dilation,
            BiFunction<Operand<T>, Padding, Operand<T>> convolution) {
        if (!dilation.moreThanOne()) {
            return convolution.apply(images, padding);
        }
        int[] rates = {dilation.height(), dilation.width()};
        int[][] paddings = new int[2][];
        int[][] crops = new int[2][];
        for (int i = 0; i < 2; i++) {
            int around = padding == Padding.SAME ? (int) (filters.shape().get(i) - 1) * rates[i] : 0;
            int size = (int) images.shape().get(i + 1) + around;
            int more = (rates[i] - size % rates[i]) % rates[i];
            paddings[i] = new int[] {around / 2, around - around / 2 + more};
            crops[i] = new int[] {0, more};
        }
        Operand<T> apart = tf.spaceToBatchNd(images, tf.constant(rates), tf.constant(paddings));
        return tf.batchToSpaceNd(convolution.apply(apart, Padding.VALID), tf.constant(rates), tf.constant(crops));
    }
}
