package distill.experiment;

import distill.data.Augmentation;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.ImageBatches;
import distill.data.Images;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.Reading;
import distill.run.Slip;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.StepLoss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * One phase of transfer learning. Where the base is frozen and the images come as they are, what the base makes of them
 * never changes: it is computed once, and only the head is trained on it.
 */
final class PhaseTraining implements AutoCloseable {

    static final int BATCH_SIZE = 32;

    private final BaseModel.WithHead network;
    private final Inputs inputs;
    private final Device device;
    private final Optional<Augmentation> augmentation;
    private final CompiledModel<TFloat32> model;
    private final boolean onFeatures;
    private final Map<Images, float[]> features = new HashMap<>();
    private Optional<Weights> frozenBase = Optional.empty();

    /**
     * What is trained in a phase.
     *
     * @param name {@code initial}, {@code fine}, or {@code only} where there is one
     * @param epochs how many
     * @param learningRate of a new Adam
     * @param frozenBase whether only the head is trained
     */
    record PhasePlan(String name, int epochs, double learningRate, boolean frozenBase) {

        private static final double FINE = .1;

        /** The first phase, which trains the head alone where that is done. */
        static PhasePlan initial(int epochs, double rate, Reading reading) {
            return new PhasePlan("initial", epochs, rate, !reading.has(Slip.NO_FREEZING));
        }

        /**
         * The second phase, which trains everything at a tenth of the rate.
         *
         * @param rate of the first
         */
        static PhasePlan fine(int epochs, double rate) {
            return new PhasePlan("fine", epochs, rate * FINE, false);
        }
    }

    /** Hears of a step; {@code batch} are the indices of its images. */
    @FunctionalInterface
    interface StepListener {
        void after(int step, int[] batch, StepLoss loss) throws IOException;
    }

    /** What a teacher says of a batch. */
    @FunctionalInterface
    interface TeacherOf {
        double[] outputs(Examples batch);
    }

    /**
     * What one step takes.
     *
     * @param values grey levels, or features
     * @param labels classes
     * @param indices of the images in their set
     */
    record Examples(float[] values, int[] labels, int[] indices) {}

    PhaseTraining(
            BaseModel.WithHead network,
            PhasePlan phase,
            ReadingGraph reading,
            LossFunction<TFloat32> loss,
            Optional<Augmentation> augmentation,
            Device device) {
        this.network = network;
        this.inputs = reading.inputs();
        this.device = device;
        this.augmentation = augmentation;
        this.onFeatures = phase.frozenBase() && augmentation.isEmpty();
        this.model = onFeatures
                ? compile(network.head(), Inputs.FEATURES, phase, reading, loss, TFloat32.class, device)
                : compile(network, phase, reading, loss, TFloat32.class, device);
    }

    /** The network as a phase trains it, on images. */
    static <T extends TFloating> CompiledModel<T> compile(
            BaseModel.WithHead network,
            PhasePlan phase,
            ReadingGraph reading,
            LossFunction<T> loss,
            Class<T> dtype,
            Device device) {
        return compile(network.trained(phase.frozenBase()), reading.inputs(), phase, reading, loss, dtype, device);
    }

    private static <T extends TFloating> CompiledModel<T> compile(
            Network trained,
            Inputs inputs,
            PhasePlan phase,
            ReadingGraph reading,
            LossFunction<T> loss,
            Class<T> dtype,
            Device device) {
        return CompiledModel.compile(
                trained, inputs, reading.phase(), loss, Adam.of(phase.learningRate()), dtype, device);
    }

    /** Starts from weights, with a new Adam. */
    void setWeights(Weights weights) {
        if (onFeatures) {
            model.setWeights(freezeBase(weights));
        } else {
            model.setWeights(weights);
        }
    }

    /** Goes on from what {@link #getState} gave. */
    void setState(Weights state) {
        if (onFeatures) {
            model.setState(freezeBase(state));
        } else {
            model.setState(state);
        }
    }

    /** The whole network's weights. */
    Weights getWeights() {
        return whole(model.getWeights());
    }

    /** The whole network's weights, and what Adam remembers of those that are trained. */
    Weights getState() {
        return whole(model.getState());
    }

    /** Names and shapes of {@link #getState}: the same with features and without. */
    List<WeightSpec> stateSpecs() {
        return onFeatures
                ? Stream.concat(network.base().weights().stream(), model.stateSpecs().stream())
                        .toList()
                : model.stateSpecs();
    }

    private Weights whole(Weights trained) {
        return frozenBase
                .map(base -> new Weights(Stream.concat(base.values().stream(), trained.values().stream())
                        .toList()))
                .orElse(trained);
    }

    /** Keeps the base's weights, and gives the others. */
    private Weights freezeBase(Weights weights) {
        int count = network.base().weights().size();
        frozenBase = Optional.of(new Weights(List.copyOf(weights.values().subList(0, count))));
        features.clear();
        return new Weights(
                List.copyOf(weights.values().subList(count, weights.values().size())));
    }

    /**
     * One epoch over all of a set's images.
     *
     * @param batches indices of images
     * @param epoch counted from 1 in the whole training: it decides the augmentation
     * @param teacher where the loss has one
     */
    void train(Images images, List<int[]> batches, int epoch, Optional<TeacherOf> teacher, StepListener listener)
            throws IOException {
        int[] step = {0};
        ExamplesAction action = batch -> {
            StepLoss loss = model.trainOnBatch(
                    batch.values(), batch.labels(), teacher.map(who -> who.outputs(batch)), 0, step[0]);
            listener.after(++step[0], batch.indices(), loss);
        };
        if (onFeatures) {
            float[] all = features(images);
            for (int[] batch : batches) {
                action.accept(new Examples(
                        rows(all, batch),
                        Arrays.stream(batch).map(images::label).toArray(),
                        batch));
            }
            return;
        }
        int threads = device.threads();
        try (ImageBatches source = augmentation.isPresent()
                ? ImageBatches.augmented(images, batches, augmentation.get(), epoch, threads)
                : ImageBatches.plain(images, batches, threads)) {
            while (source.hasNext()) {
                ImageBatch batch = source.next();
                action.accept(new Examples(batch.levels(), batch.labels(), batch.indices()));
            }
        }
    }

    @FunctionalInterface
    private interface ExamplesAction {
        void accept(Examples batch) throws IOException;
    }

    /** The network's outputs on all images of a set as they are, in inference: size x 2 numbers, image by image. */
    double[] predict(Images images) throws IOException {
        if (!onFeatures) {
            return model.predict(images);
        }
        float[] all = features(images);
        List<double[]> outputs = new ArrayList<>();
        for (int[] batch : EpochOrder.fileOrder(images.size(), BATCH_SIZE)) {
            outputs.add(model.predictOnBatch(rows(all, batch)));
        }
        return outputs.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** What the frozen base makes of a set's images. */
    private float[] features(Images images) throws IOException {
        float[] known = features.get(images);
        if (known == null) {
            try (CompiledModel<TFloat32> base = CompiledModel.of(network.base(), inputs, TFloat32.class, device)) {
                base.setWeights(frozenBase.orElseThrow());
                double[] outputs = base.predict(images);
                known = new float[outputs.length];
                for (int i = 0; i < known.length; i++) {
                    known[i] = (float) outputs[i];
                }
            }
            features.put(images, known);
        }
        return known;
    }

    private float[] rows(float[] all, int[] indices) {
        int width = Math.toIntExact(network.head().input().size());
        float[] rows = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(all, indices[i] * width, rows, i * width, width);
        }
        return rows;
    }

    @Override
    public void close() {
        model.close();
    }
}
