package distill.nn;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.tensorflow.ndarray.Shape;

/**
 * How a weight starts. The numbers are drawn in Java, so that they depend on the seed alone and not on TensorFlow's
 * generators. Keras's own draws differ; the distributions are the same.
 */
public enum Initializer {
    /** All zero: Keras's default for biases. */
    ZEROS,
    /** All one: Keras's default for gamma and the moving variance of a batch normalisation. */
    ONES,
    /**
     * Uniform on [-limit, limit) with limit = sqrt(6 / (fan_in + fan_out)), Keras's {@code glorot_uniform} (Glorot and
     * Bengio 2010, eq. 16): its default for the kernels of Dense and Conv2D. For a convolution each fan counts the
     * receptive field once: a (3, 3, 64, 64) kernel has limit .0722.
     */
    GLOROT_UNIFORM;

    /**
     * Draws one weight.
     *
     * @param shape the weight's shape as in Keras: (inputs, units) or (height, width, inputs, filters)
     * @return the values in row-major order
     */
    public double[] draw(Shape shape, UniformRandomProvider random) {
        double[] values = new double[Math.toIntExact(shape.size())];
        if (this == ONES) {
            Arrays.fill(values, 1);
        } else if (this == GLOROT_UNIFORM) {
            double limit = glorotLimit(shape);
            Arrays.setAll(values, i -> (2 * random.nextDouble() - 1) * limit);
        }
        return values;
    }

    private static double glorotLimit(Shape shape) {
        int rank = shape.numDimensions();
        long inputs = shape.get(rank - 2);
        long outputs = shape.get(rank - 1);
        long receptiveField = shape.size() / (inputs * outputs);
        return Math.sqrt(6.0 / (receptiveField * (inputs + outputs)));
    }
}
