package distill.training;

import distill.data.ImageBatch;
import distill.nn.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** What a network's inputs are fed as, and what the graph makes of them before the first layer. Rounded to float32. */
public enum Inputs {

    /**
     * Grey levels as bytes, scaled to [0, 1] as {@code tf.image.convert_image_dtype} does: float32(v) * float32(1/255).
     */
    BYTES,
    /** Grey levels, whole or not, scaled to [0, 1] as {@code ImageDataGenerator(rescale=1/255)} does. */
    GREY_LEVELS,
    /**
     * Grey levels, whole or not, scaled to [-1, 1] as {@code preprocess_input} of Keras's ResNet50V2 and MobileNetV2
     * does: v / 127.5 - 1. TensorFlow makes the division a multiplication by 1 / 127.5, which in float32 moves 111 of
     * the 256 levels by one unit in the last place, 1.2e-7 at most; where the network computes in float64 all are
     * Keras's.
     */
    GREY_LEVELS_SYMMETRIC,
    /** Numbers that are taken as they are. */
    FEATURES;

    /** Whether grey levels are fed as bytes, which images have as they are. */
    public boolean areBytes() {
        return this == BYTES;
    }

    /** The type that is fed. */
    Class<? extends TNumber> fed() {
        return this == BYTES ? TUint8.class : TFloat32.class;
    }

    /** Scales what was fed, and widens it where the network computes in float64. */
    <T extends TFloating> Operand<T> scale(Ops tf, Operand<? extends TNumber> inputs, Class<T> dtype) {
        Operand<TFloat32> levels = tf.dtypes.cast(inputs, TFloat32.class);
        Operand<TFloat32> scaled =
                switch (this) {
                    case BYTES, GREY_LEVELS -> tf.math.mul(levels, tf.constant(1f / 255f));
                    case GREY_LEVELS_SYMMETRIC ->
                        tf.math.sub(
                                tf.dtypes.cast(
                                        tf.math.div(tf.dtypes.cast(inputs, dtype), tf.constant(dtype, 127.5)),
                                        TFloat32.class),
                                tf.constant(1f));
                    case FEATURES -> levels;
                };
        return tf.dtypes.cast(scaled, dtype);
    }

    /** A batch's images to feed. */
    TNumber tensor(Shape shape, ImageBatch batch) {
        return this == BYTES ? Tensors.of(shape, batch.bytes()) : Tensors.of(shape, batch.levels());
    }

    /**
     * Numbers to feed.
     *
     * @throws IllegalArgumentException where bytes are fed
     */
    TFloat32 tensor(Shape shape, float[] values) {
        if (this == BYTES) {
            throw new IllegalArgumentException("this model was compiled for BYTES, fed as TUint8, found TFloat32");
        }
        return Tensors.of(shape, values);
    }
}
