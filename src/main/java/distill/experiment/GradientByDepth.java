package distill.experiment;

import distill.data.DataException;
import distill.data.ImageBatch;
import distill.data.Mhist;
import distill.loss.Loss;
import distill.loss.Losses;
import distill.nn.Blocks;
import distill.nn.Device;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Weights;
import distill.nn.zoo.ResidualNetwork;
import distill.training.GradientTape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * How large the gradient of the loss is after each block of a network, before any training, with and without shortcuts.
 *
 * <p>With identity shortcuts and nothing after the sum, x_L = x_l + sum of F(x_i), so that the gradient at x_l is the
 * one at x_L plus a term that goes through the weights (He et al. 2016, Identity Mappings, eq. 4 and 5). Without them
 * it is a product with one factor for each layer between.
 */
public final class GradientByDepth {

    /** Filters of each convolution. */
    public static final int FILTERS = 16;

    /** Images that the loss is taken over. */
    public static final int BATCH = 16;

    /** Height and width of an image in pixels. */
    public static final int IMAGE_SIZE = 32;

    private static final int CLASSES = 2;

    private GradientByDepth() {}

    /** What is compared: networks of the same convolutions. */
    public enum Variant {
        PLAIN("no shortcuts", false, true, false, 1),
        /** A Glorot limit times sqrt(2) is He's where a convolution keeps its width (He et al. 2015, eq. 10). */
        PLAIN_HE("no shortcuts, He's initialisation", false, true, false, Math.sqrt(2)),
        PLAIN_NORMALIZED("no shortcuts, batch normalisation", false, true, true, 1),
        RESIDUAL("shortcuts (V2)", true, true, false, 1),
        RESIDUAL_NORMALIZED_V1("shortcuts (V1), batch normalisation", true, false, true, 1),
        RESIDUAL_NORMALIZED("shortcuts (V2), batch normalisation", true, true, true, 1);

        private final String label;
        private final boolean shortcuts;
        private final boolean preactivation;
        private final boolean batchNormalization;
        private final double kernelScale;

        Variant(
                String label,
                boolean shortcuts,
                boolean preactivation,
                boolean batchNormalization,
                double kernelScale) {
            this.label = label;
            this.shortcuts = shortcuts;
            this.preactivation = preactivation;
            this.batchNormalization = batchNormalization;
            this.kernelScale = kernelScale;
        }

        /** Whether its blocks have shortcuts. */
        public boolean shortcuts() {
            return shortcuts;
        }

        /** In words. */
        @Override
        public String toString() {
            return label;
        }

        /** The network of so many blocks. */
        Network network(int blocks) {
            Network network = new ResidualNetwork(blocks, FILTERS, preactivation, batchNormalization)
                    .build(Shape.of(IMAGE_SIZE, IMAGE_SIZE, 3), CLASSES);
            return shortcuts ? network : Blocks.withoutShortcuts(network);
        }

        private Weights weights(Network network, long seed) {
            return new Weights(network.initialWeights(seed).values().stream()
                    .map(weight -> weight.name().endsWith("_conv/kernel") ? scaled(weight) : weight)
                    .toList());
        }

        private Weights.Weight scaled(Weights.Weight weight) {
            double[] values = Arrays.stream(weight.values())
                    .map(value -> value * kernelScale)
                    .toArray();
            return new Weights.Weight(weight.name(), weight.shape(), values);
        }
    }

    /**
     * The gradients of one network with one drawing of its weights.
     *
     * @param blocks of two convolutions each
     * @param norms the Euclidean norm of the gradient of the mean loss with respect to what enters the first block, and
     *     to what leaves each block, in order: blocks + 1 numbers
     * @param firstKernel that with respect to the first convolution's kernel
     */
    public record Measurement(Variant variant, int blocks, long seed, List<Double> norms, double firstKernel) {

        /** How many convolutions the network has. */
        public int convolutions() {
            return 1 + 2 * blocks;
        }

        /** The norm after a block, 0 being what enters the first, over that after the last block. */
        public double relative(int block) {
            return norms.get(block) / norms.get(blocks);
        }
    }

    /**
     * Measures one network with several drawings of its weights, on drawn crypts.
     *
     * @param blocks at least 1
     */
    public static List<Measurement> of(Variant variant, int blocks, List<Long> seeds, Device device)
            throws DataException {
        Network network = variant.network(blocks);
        ImageBatch images = Mhist.generate(BATCH, BATCH, IMAGE_SIZE, 0)
                .train()
                .batch(IntStream.range(0, BATCH).toArray());
        float[] pixels = images.levels();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixels[i] / 127.5f - 1;
        }
        List<Measurement> measurements = new ArrayList<>();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat32> model = network.build(tf, TFloat32.class);
            Shape shape = network.input().prepend(BATCH);
            Placeholder<TFloat32> batch = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
            Phase training = Phase.training(tf.constant(new long[] {0, 0}));
            List<Operand<TFloat32>> outputs = model.layerOutputs(tf, batch, training);
            Operand<TFloat32> labels =
                    tf.oneHot(tf.constant(images.labels()), tf.constant(CLASSES), tf.constant(1f), tf.constant(0f));
            Loss<TFloat32> loss = Losses.computeTeacherLoss(tf, labels, outputs.get(outputs.size() - 1));
            List<Operand<TFloat32>> sources = new ArrayList<>();
            for (int block = 0; block <= blocks; block++) {
                sources.add(outputs.get(lastOf(network, block == 0 ? "conv1_" : ResidualNetwork.blockName(block))));
            }
            sources.add(model.variables().get(0).value());
            List<Operand<TFloat32>> norms = GradientTape.gradientAt(tf, loss, sources).stream()
                    .map(gradient -> norm(tf, gradient))
                    .toList();
            try (Session session = device.open(graph);
                    TFloat32 tensor = Tensors.of(shape, pixels)) {
                for (long seed : seeds) {
                    model.setWeights(session, variant.weights(network, seed));
                    Session.Runner runner = session.runner().feed(batch, tensor);
                    norms.forEach(runner::fetch);
                    try (Result result = runner.run()) {
                        List<Double> values = new ArrayList<>();
                        result.forEach(entry -> values.add(Tensors.doubles(entry.getValue())[0] / BATCH));
                        measurements.add(new Measurement(
                                variant, blocks, seed, values.subList(0, blocks + 1), values.get(blocks + 1)));
                    }
                }
            }
        }
        return measurements;
    }

    private static Operand<TFloat32> norm(Ops tf, Operand<TFloat32> gradient) {
        Operand<TFloat32> flat = tf.reshape(gradient, tf.constant(new int[] {-1}));
        return tf.math.sqrt(tf.sum(tf.math.square(flat), tf.constant(0)));
    }

    /** The last layer whose name begins so: where the first convolution, or a block, ends. */
    private static int lastOf(Network network, String prefix) {
        return IntStream.range(0, network.layers().size())
                .filter(i -> network.layers().get(i).name().startsWith(prefix))
                .max()
                .orElseThrow();
    }
}
