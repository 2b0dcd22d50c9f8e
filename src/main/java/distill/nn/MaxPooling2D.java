package distill.nn;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Keras's {@code MaxPooling2D} with square windows and 'valid' padding.
 *
 * <p>It is TensorFlow's {@code MaxPool}, as Keras's is. The Ops API has only {@code MaxPoolV2}, for which oneDNN has no
 * kernel: its gradient takes half of the MNIST teacher's step, and where windows overlap it rounds otherwise.
 *
 * @param poolSize height and width of the window in pixels
 * @param strides how far the window moves, in pixels
 */
public record MaxPooling2D(int poolSize, int strides) implements Layer {

    @Override
    public Map<String, Object> config() {
        return Map.of("pool_size", List.of(poolSize, poolSize), "strides", List.of(strides, strides));
    }

    @Override
    public Shape outputShape(Shape input) {
        return Padding.VALID.outputShape(input, poolSize, strides, input.get(2));
    }

    @Override
    public <T extends TFloating> Operand<T> call(
            Ops tf, List<Operand<T>> inputs, List<Variable<T>> weights, Phase phase) {
        return tf.scope()
                .opBuilder("MaxPool", "MaxPool")
                .addInput(inputs.get(0).asOutput())
                .setAttr("ksize", new long[] {1, poolSize, poolSize, 1})
                .setAttr("strides", new long[] {1, strides, strides, 1})
                .setAttr("padding", "VALID")
                .build()
                .output(0);
    }
}
