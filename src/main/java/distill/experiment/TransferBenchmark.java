package distill.experiment;

import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.DepthwiseConv2D;
import distill.nn.Device;
import distill.nn.Initializer;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * What the two phases of transfer learning train and cost, as-described: a base that ends in pooled features, called
 * with {@code training=False}, and Dense(2) behind it (Keras's transfer-learning guide). Times are of real steps on a
 * generated batch; they do not depend on the weights, which are drawn.
 */
public final class TransferBenchmark {

    private static final int CLASSES = 2;
    private static final int FORWARD_RUNS = 5;
    private static final double LEARNING_RATE = 1e-4;

    private TransferBenchmark() {}

    /** How a base is adapted. */
    public enum Way {
        /** Everything trains. */
        FINE_TUNING("fine-tuning"),
        /** The base is frozen, and computes its features of every batch anew, as augmented images need it. */
        FEATURE_EXTRACTION("feature extraction"),
        /** The base is frozen, and its features of every image are computed once. */
        STORED_FEATURES("feature extraction, features stored");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        /** In words. */
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * What was measured of one way.
     *
     * @param trainable numbers that gradients change
     * @param frozen all others, the statistics of batch normalisation among them
     * @param weights how many weights, such as a kernel or a bias, the network has
     * @param changed how many of them differ after the steps that were timed
     * @param products floating-point operations of a step's matrix products and convolutions for one image, forwards
     *     and backwards
     * @param stepMilliseconds of the fastest training step
     * @param onceMilliseconds of the base on one batch, where its features are stored; else 0
     */
    public record Measurement(
            Way way,
            long trainable,
            long frozen,
            int weights,
            int changed,
            long products,
            double stepMilliseconds,
            double onceMilliseconds) {

        /** Seconds of an epoch of so many batches, features known where they are stored. */
        public double epochSeconds(int batches) {
            return batches * stepMilliseconds / 1e3;
        }

        /** Seconds for the features of so many batches, before the first epoch. */
        public double onceSeconds(int batches) {
            return batches * onceMilliseconds / 1e3;
        }
    }

    /**
     * Measures all ways with one network.
     *
     * @param base ends in pooled features
     * @param batch images per step, at least 1
     * @param steps that are timed of each way, at least 1
     */
    public static List<Measurement> of(Network base, int batch, int steps, Device device) {
        Dense logits = new Dense(CLASSES, Activation.LINEAR);
        Network whole = base.followedBy(new Network.Names(), logits);
        String head = whole.layers().get(whole.layers().size() - 1).name();
        Network frozen = whole.freeze(name -> !name.equals(head));
        Network headAlone = Network.sequential(new Network.Names(), base.output(), logits);
        double once = forwardMilliseconds(base, batch, FORWARD_RUNS, device);
        Measurement onFeatures = timed(Way.STORED_FEATURES, headAlone, Inputs.FEATURES, batch, steps, once, device);
        return List.of(
                timed(Way.FINE_TUNING, whole, Inputs.GREY_LEVELS_SYMMETRIC, batch, steps, 0, device),
                timed(Way.FEATURE_EXTRACTION, frozen, Inputs.GREY_LEVELS_SYMMETRIC, batch, steps, 0, device),
                onFeatures);
    }

    /**
     * The time of the network's outputs for one batch in inference: the fastest of several runs, which other programs
     * disturb least.
     *
     * @param batch images, at least 1
     * @param runs that are timed, at least 1
     */
    public static double forwardMilliseconds(Network network, int batch, int runs, Device device) {
        float[] levels = StepTimes.levels(network, batch);
        try (CompiledModel<TFloat32> model =
                CompiledModel.of(network, Inputs.GREY_LEVELS_SYMMETRIC, TFloat32.class, device)) {
            model.setWeights(weights(network));
            return StepTimes.of(runs, run -> model.predictOnBatch(levels)).fastest();
        }
    }

    private static Measurement timed(
            Way way, Network network, Inputs inputs, int batch, int steps, double once, Device device) {
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                inputs,
                key -> Phase.inference(),
                TrainingStep.of(LossFunction.teacher(), Adam.of(LEARNING_RATE)),
                TFloat32.class,
                device)) {
            model.setWeights(weights(network));
            Weights before = model.getWeights();
            StepTimes times = StepTimes.ofTraining(model, batch, TeacherOutputs.NONE, steps);
            return new Measurement(
                    way,
                    network.trainableParameters(),
                    network.parameters() - network.trainableParameters(),
                    network.weights().size(),
                    changed(before, model.getWeights()),
                    Cost.trainingProducts(network, 1),
                    times.fastest(),
                    once);
        }
    }

    /**
     * Kernels that keep the size of what goes through them: uniform with variance 1 / fan_in. Without pre-trained
     * statistics the networks normalise nothing, and Glorot's depthwise kernels would let everything die out.
     */
    private static Weights weights(Network network) {
        UniformRandomProvider random = StepTimes.random();
        List<Weights.Weight> values = new ArrayList<>();
        for (Network.NamedLayer layer : network.layers()) {
            for (WeightSpec spec : layer.weights()) {
                Shape shape = spec.shape();
                double[] drawn = spec.initializer().draw(shape, random);
                if (spec.initializer().equals(Initializer.GLOROT_UNIFORM)) {
                    boolean depthwise = layer.layer() instanceof DepthwiseConv2D;
                    long fanIn = shape.size() / shape.get(shape.numDimensions() - (depthwise ? 2 : 1));
                    double limit = Math.sqrt(3.0 / fanIn);
                    Arrays.setAll(drawn, i -> (2 * random.nextDouble() - 1) * limit);
                }
                values.add(new Weights.Weight(layer.name() + "/" + spec.name(), shape, drawn));
            }
        }
        return new Weights(values);
    }

    private static int changed(Weights before, Weights after) {
        return (int) IntStream.range(0, before.values().size())
                .filter(i -> !Arrays.equals(
                        before.values().get(i).values(), after.values().get(i).values()))
                .count();
    }
}
