package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code MaxPooling2D}.
 *
 * <p>It is TensorFlow's {@code MaxPool}, as Keras's is. The Ops API has only {@code MaxPoolV2}, for which oneDNN has no
 * kernel: its gradient takes half of the MNIST teacher's step, and where windows overlap it rounds otherwise.
 *
 * @param pool height and width of the window in pixels
 * @param strides how far the window moves, in pixels
 * @param padding what it does at the border
 */
public record MaxPooling2D(Sides pool, Sides strides, Padding padding) implements Layer {

    /** Square, within the image. */
    public MaxPooling2D(int poolSize, int strides) {
        this(Sides.of(poolSize), Sides.of(strides), Padding.VALID);
    }

    @Override
    public Map<String, Object> config() {
        return LayerConfig.ofPooling(pool, strides, padding);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shapes.image(this, input);
        return padding.outputShape(this, input, pool, strides, input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.scope()
                .opBuilder("MaxPool", "MaxPool")
                .addInput(inputs.get(0).asOutput())
                .setAttr("ksize", new long[] {1, pool.height(), pool.width(), 1})
                .setAttr("strides", new long[] {1, strides.height(), strides.width(), 1})
                .setAttr("padding", padding.name())
                .build()
                .output(0);
    }
}
