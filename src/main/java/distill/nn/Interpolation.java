package distill.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.op.image.ResizeNearestNeighbor;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** How an image of another size is made: Keras's {@code interpolation} argument. */
public enum Interpolation {
    /** The value of the pixel whose middle is nearest. */
    NEAREST,
    /** Between the four pixels around, by their distance; in float64, too, TensorFlow computes it in float32. */
    BILINEAR;

    /** Keras's name: {@code nearest}. */
    public String kerasName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Keras's names of all. */
    public static List<String> kerasNames() {
        return Arrays.stream(values()).map(Interpolation::kerasName).toList();
    }

    <T extends TFloating> Operand<T> resize(Ops tf, Operand<T> images, long height, long width) {
        Operand<TInt32> size = tf.constant(new int[] {Math.toIntExact(height), Math.toIntExact(width)});
        return this == NEAREST
                ? tf.image.resizeNearestNeighbor(images, size, ResizeNearestNeighbor.halfPixelCenters(true))
                : tf.dtypes.cast(
                        tf.image.resizeBilinear(images, size, ResizeBilinear.halfPixelCenters(true)), images.type());
    }
}
