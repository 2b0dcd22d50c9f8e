package distill.experiment;

import distill.data.Augmentation;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.ImageBatches;
import distill.data.Images;
import distill.loss.ComparedLayers;
import distill.nn.Device;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.Settings;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.types.TFloat32;

/**
 * One phase of a training. Where a base of the report's networks is frozen and the images come as they are, what the
 * base makes of them never changes: it is computed once, and only the head is trained on it, unless the loss looks into
 * the network.
 */
final class PhaseTraining implements AutoCloseable {

    private static final int FEATURES_BATCH = 32;

    private final ReadingGraph graph;
    private final Device device;
    private final Augmentation augmentation;
    private final long dropoutSeed;
    private final CompiledModel<TFloat32> model;
    private final BaseModel.WithHead onFeatures;
    private final Optional<String> endOfBase;
    private final Map<Images, float[]> features = new HashMap<>();
    private Weights frozenBase;

    /** Hears of a step; {@code batch} are the indices of its images. */
    @FunctionalInterface
    interface StepListener {
        void after(int step, int[] batch, StepLoss loss) throws IOException;
    }

    /** Who teaches a training; to be closed when it has ended. */
    @FunctionalInterface
    interface Teacher extends AutoCloseable {

        /** Where the loss has no teacher. */
        Teacher NONE = batch -> TeacherOutputs.NONE;

        /** What it says of a batch of its student's. */
        TeacherOutputs outputs(ImageBatch batch) throws IOException;

        @Override
        default void close() {}
    }

    /**
     * A phase of a training, whose settings decide the inputs and loss, and the augmentation.
     *
     * @param network of these settings
     * @param compared the layers that the loss compares: {@link ReadingGraph#compared}
     * @param device where to compute
     */
    PhaseTraining(
            Settings settings, TrainedNetwork network, PhasePlan phase, List<ComparedLayers> compared, Device device) {
        this.graph = ReadingGraph.of(settings);
        this.device = device;
        this.augmentation = augmentation(settings);
        this.dropoutSeed = settings.stream("dropout");
        // The student's layers may be in a base that is frozen.
        boolean baseIsSeen = phase.distils() && !compared.isEmpty();
        this.onFeatures = phase.frozenBase() && augmentation == null && !baseIsSeen ? network.parts() : null;
        this.endOfBase = network.endOfBase();
        TrainingStep<TFloat32> step = ReadingGraph.step(settings, phase, compared);
        this.model = onFeatures == null
                ? graph.compile(network.trained(phase.frozenBase()), step, device)
                : CompiledModel.compile(
                        onFeatures.head(), Inputs.FEATURES, graph.phase(), step, TFloat32.class, device);
    }

    /** The augmentation of a training's images; null without one. */
    static Augmentation augmentation(Settings settings) {
        return settings.augmented()
                ? new Augmentation(
                        settings.stream("augmentation"),
                        ReadingGraph.of(settings).augmentation())
                : null;
    }

    /** Starts from weights, with a new Adam. */
    void setWeights(Weights weights) {
        model.setWeights(onFeatures == null ? weights : freezeBase(weights));
    }

    /**
     * Goes on from what {@link #getState} gave, of a phase before this one, too: what the loss learnt there that this
     * phase's has no use for, such as the regressor of {@code hints}, is left out.
     */
    void setState(Weights state) {
        Weights own = state.only(stateSpecs());
        model.setState(onFeatures == null ? own : freezeBase(own));
    }

    /** The whole network's weights. */
    Weights getWeights() {
        return whole(model.getWeights());
    }

    /** The whole network's weights, and what Adam remembers of those that are trained. */
    Weights getState() {
        return whole(model.getState());
    }

    /** Names and shapes of {@link #getState}: with features and without they are the same. */
    List<WeightSpec> stateSpecs() {
        return onFeatures == null
                ? model.stateSpecs()
                : concat(onFeatures.base().weights(), model.stateSpecs());
    }

    private Weights whole(Weights trained) {
        return frozenBase == null ? trained : new Weights(concat(frozenBase.values(), trained.values()));
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** Keeps the base's weights as the floats that a graph makes of them, and gives the others. */
    private Weights freezeBase(Weights weights) {
        List<Weights.Weight> all = weights.values();
        int count = onFeatures.base().weights().size();
        frozenBase = new Weights(
                all.subList(0, count).stream().map(PhaseTraining::asFloats).toList());
        features.clear();
        return new Weights(List.copyOf(all.subList(count, all.size())));
    }

    private static Weights.Weight asFloats(Weights.Weight weight) {
        double[] floats =
                Arrays.stream(weight.values()).map(value -> (float) value).toArray();
        return new Weights.Weight(weight.name(), weight.shape(), floats);
    }

    /**
     * One epoch over a set's images.
     *
     * @param batches indices of images
     * @param epoch counted from 1 in the whole training: it decides the augmentation and the dropout masks
     * @param teacher who teaches; {@link Teacher#NONE} where the loss has no teacher
     */
    void train(Images images, List<int[]> batches, int epoch, Teacher teacher, StepListener listener)
            throws IOException {
        if (onFeatures != null) {
            float[] all = features(images);
            for (int i = 0; i < batches.size(); i++) {
                int[] batch = batches.get(i);
                int[] labels = Arrays.stream(batch).map(images::label).toArray();
                float[] rows = rows(all, batch);
                TeacherOutputs outputs = teacher.outputs(new ImageBatch(batch, labels, null, rows));
                listener.after(i + 1, batch, model.trainOnBatch(rows, labels, outputs, dropoutSeed, i));
            }
            return;
        }
        long first = (long) (epoch - 1) * batches.size();
        try (ImageBatches made = graph.inputs().areBytes() ? null : madeAhead(images, batches, epoch)) {
            for (int i = 0; i < batches.size(); i++) {
                ImageBatch batch = made == null ? images.batch(batches.get(i)) : made.next();
                TeacherOutputs outputs = teacher.outputs(batch);
                listener.after(i + 1, batch.indices(), model.trainOnBatch(batch, outputs, dropoutSeed, first + i));
            }
        }
    }

    /** Images that are fed as bytes are only copied; others are decoded and augmented ahead, on other threads. */
    private ImageBatches madeAhead(Images images, List<int[]> batches, int epoch) {
        return augmentation == null
                ? ImageBatches.plain(images, batches, device.threads())
                : ImageBatches.augmented(images, batches, augmentation, epoch, device.threads());
    }

    /** Whether what the frozen base makes of the images is computed once. */
    boolean usesFeatures() {
        return onFeatures != null;
    }

    /** The network's outputs on all images of a set as they are, in inference, image by image. */
    double[] predict(Images images) throws IOException {
        if (onFeatures == null) {
            return model.predict(images);
        }
        float[] all = features(images);
        return EpochOrder.fileOrder(images.size(), FEATURES_BATCH).stream()
                .map(batch -> model.predictOnBatch(rows(all, batch)))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /**
     * What a base makes of some images of a set as they are, in inference, image by image: what its head is given.
     * Empty where that is the images themselves.
     */
    Optional<double[]> features(Images images, int[] indices) throws IOException {
        if (onFeatures != null) {
            float[] rows = rows(features(images), indices);
            return Optional.of(
                    IntStream.range(0, rows.length).mapToDouble(i -> rows[i]).toArray());
        }
        if (endOfBase.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(model.predictWithLayersOnBatch(images.batch(indices), List.of(endOfBase.get()))
                .get(1));
    }

    /** What the frozen base makes of a set's images. */
    private float[] features(Images images) throws IOException {
        float[] known = features.get(images);
        if (known == null) {
            double[] outputs;
            try (CompiledModel<TFloat32> base = graph.model(onFeatures.base(), frozenBase, device)) {
                outputs = base.predict(images);
            }
            known = new float[outputs.length];
            for (int i = 0; i < known.length; i++) {
                known[i] = (float) outputs[i];
            }
            features.put(images, known);
        }
        return known;
    }

    private float[] rows(float[] all, int[] indices) {
        int width = Math.toIntExact(onFeatures.head().input().size());
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
