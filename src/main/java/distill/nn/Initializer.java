package distill.nn;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.tensorflow.ndarray.Shape;

/**
 * How a weight starts. The numbers are drawn in Java, so that they depend on the seed alone and not on TensorFlow's
 * generators. Keras's own draws differ; the distributions are the same.
 */
public interface Initializer {

    /** All zero: Keras's default for biases. */
    Initializer ZEROS = new Constant(0);

    /** All one: Keras's default for gamma and the moving variance of a batch normalisation. */
    Initializer ONES = new Constant(1);

    /**
     * Uniform on [-limit, limit) with limit = sqrt(6 / (fan_in + fan_out)), Keras's {@code glorot_uniform} (Glorot and
     * Bengio 2010, eq. 16): its default for the kernels of Dense and Conv2D. For a convolution each fan counts the
     * receptive field once: a (3, 3, 64, 64) kernel has limit .0722.
     */
    Initializer GLOROT_UNIFORM = new VarianceScaling(1, VarianceScaling.Fan.AVERAGE, VarianceScaling.Form.UNIFORM);

    /**
     * Draws one weight.
     *
     * @param shape the weight's shape as in Keras: (inputs, units) or (height, width, inputs, filters)
     * @return the values in row-major order
     * @throws IllegalArgumentException for {@link NotDrawn}
     */
    double[] draw(Shape shape, UniformRandomProvider random);

    /** Keras's {@code Constant}, {@code Zeros} and {@code Ones}. */
    record Constant(double value) implements Initializer {

        @Override
        public double[] draw(Shape shape, UniformRandomProvider random) {
            double[] values = new double[size(shape)];
            Arrays.fill(values, value);
            return values;
        }
    }

    /** Keras's {@code RandomUniform}: uniform on [minimum, maximum). */
    record Uniform(double minimum, double maximum) implements Initializer {

        @Override
        public double[] draw(Shape shape, UniformRandomProvider random) {
            return values(shape, () -> minimum + random.nextDouble() * (maximum - minimum));
        }
    }

    /**
     * Keras's {@code RandomNormal}, or truncated its {@code TruncatedNormal}: what is more than two standard deviations
     * from the mean is drawn again.
     */
    record Normal(double mean, double standardDeviation, boolean truncated) implements Initializer {

        private static final double CUT = 2;

        @Override
        public double[] draw(Shape shape, UniformRandomProvider random) {
            ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
            return values(shape, () -> {
                double value = normal.sample();
                while (truncated && Math.abs(value) > CUT) {
                    value = normal.sample();
                }
                return mean + value * standardDeviation;
            });
        }
    }

    /**
     * Keras's {@code VarianceScaling}, of which {@code glorot_uniform}, {@code he_normal} and the like are cases: mean
     * 0 and variance scale / n, where n is the number of a weight's inputs, of its outputs, or their mean. A
     * convolution's inputs and outputs are counted at each place of its window.
     */
    record VarianceScaling(double scale, Fan fan, Form form) implements Initializer {

        /** The standard deviation of a standard normal distribution that is cut at -2 and 2. */
        private static final double TRUNCATED = .87962566103423978;

        /** What is counted. */
        public enum Fan {
            IN,
            OUT,
            AVERAGE
        }

        /** The distribution. */
        public enum Form {
            UNIFORM,
            NORMAL,
            TRUNCATED_NORMAL
        }

        @Override
        public double[] draw(Shape shape, UniformRandomProvider random) {
            double n = Math.max(1, fan(shape));
            if (form == Form.UNIFORM) {
                double limit = Math.sqrt(3 * scale / n);
                return values(shape, () -> (2 * random.nextDouble() - 1) * limit);
            }
            boolean truncated = form == Form.TRUNCATED_NORMAL;
            return new Normal(0, Math.sqrt(scale / n) / (truncated ? TRUNCATED : 1), truncated).draw(shape, random);
        }

        private double fan(Shape shape) {
            int rank = shape.numDimensions();
            long outputs = rank == 0 ? 1 : shape.get(rank - 1);
            long inputs = rank < 2 ? outputs : shape.get(rank - 2);
            long receptiveField = rank < 2 ? 1 : shape.size() / (inputs * outputs);
            return receptiveField
                    * switch (fan) {
                        case IN -> inputs;
                        case OUT -> outputs;
                        case AVERAGE -> (inputs + outputs) / 2.0;
                    };
        }
    }

    /**
     * One that is not known here. Its weights can be read from a file, but not drawn.
     *
     * @param name as Keras's configuration has it
     */
    record NotDrawn(String name) implements Initializer {

        @Override
        public double[] draw(Shape shape, UniformRandomProvider random) {
            throw new IllegalArgumentException(
                    "weights that Keras's initialiser %s starts cannot be drawn here: only those of a file can be used"
                            .formatted(name));
        }
    }

    private static int size(Shape shape) {
        return Math.toIntExact(shape.size());
    }

    private static double[] values(Shape shape, DoubleSupplier draw) {
        double[] values = new double[size(shape)];
        Arrays.setAll(values, i -> draw.getAsDouble());
        return values;
    }
}
