package distill.training;

import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.ImageBatches;
import distill.data.Images;
import distill.loss.Loss;
import distill.metrics.Classification;
import distill.nn.Device;
import distill.nn.Initializer;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/**
 * A network with its loss and optimiser in a graph and a session: what {@code model.compile} makes in Keras, with
 * Keras's method names. The graph is built once; each step runs it. A model that is only to predict is made by
 * {@link #of}.
 *
 * <p>What is fed, and how the graph scales it, {@link Inputs} says: where nothing else is asked for, bytes.
 *
 * <p>Before it is asked for anything it is to be given weights, by {@link #setWeights}, {@link #setState} or
 * {@link #fit}; else its methods fail with an {@link IllegalStateException}. There may be many models at a time, each
 * used by a thread of its own. Threads may share one to predict with, as long as none of them trains it, sets its
 * weights or closes it.
 */
public final class CompiledModel<T extends TFloating> implements AutoCloseable {

    private static final int BYTES_BATCH = 256;
    private static final int LEVELS_BATCH = 32;

    private final Network network;
    private final Class<T> dtype;
    private final Device device;
    private final Graph graph = new Graph();
    private final Session session;
    private final Model<T> model;
    private final Inputs inputs;
    private final Placeholder<? extends TNumber> images;
    private final Placeholder<TInt32> labels;
    /** What the teacher says: its outputs, and then those of each of its layers that the loss compares with. */
    private final List<Placeholder<T>> told;

    private final Placeholder<TInt64> dropoutKey;
    private final List<Operand<T>> layerOutputs;
    private final Optional<Training<T>> training;
    private volatile boolean hasWeights;

    /** @param asksTeacher whether the step looks at what a teacher says */
    private record Training<T extends TFloating>(
            Optimizer.Update<T> update,
            List<Op> statistics,
            Operand<T> loss,
            Operand<T> hard,
            Operand<T> soft,
            boolean asksTeacher) {}

    /** Is given a batch. */
    @FunctionalInterface
    interface BatchConsumer {
        void accept(ImageBatch batch) throws IOException;
    }

    /**
     * Builds the graph.
     *
     * @param predicts the phase of a prediction, given the dropout masks' key
     * @param trains the phase of a training step
     * @param step null for a model that is only to predict
     */
    private CompiledModel(
            Network network,
            Inputs inputs,
            Function<Operand<TInt64>, Phase> predicts,
            Function<Operand<TInt64>, Phase> trains,
            TrainingStep<T> step,
            Class<T> dtype,
            Device device) {
        this.network = network;
        this.device = device;
        this.inputs = inputs;
        this.dtype = dtype;
        try {
            Ops tf = Ops.create(graph);
            images = tf.placeholder(
                    inputs.fed(), Placeholder.shape(network.input().prepend(Shape.UNKNOWN_SIZE)));
            labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
            told = Stream.concat(
                            Stream.of(network.output()),
                            Stream.ofNullable(step).flatMap(trained -> trained.teacherFeatures().stream()))
                    .map(shape -> tf.placeholder(dtype, Placeholder.shape(shape.prepend(Shape.UNKNOWN_SIZE))))
                    .toList();
            dropoutKey = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
            model = network.build(tf, dtype);
            Operand<T> x = inputs.scale(tf, images, dtype);
            layerOutputs = model.layerOutputs(tf, x, predicts.apply(dropoutKey));
            training = Optional.ofNullable(step).map(trained -> training(tf, x, trains.apply(dropoutKey), trained));
            session = device.open(graph);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
        hasWeights = model.variables().isEmpty();
    }

    private Training<T> training(Ops tf, Operand<T> x, Phase phase, TrainingStep<T> trained) {
        Operand<TInt32> classes = tf.constant(Math.toIntExact(network.output().get(0)));
        Operand<T> oneHot = tf.oneHot(labels, classes, tf.constant(dtype, 1), tf.constant(dtype, 0));
        List<Operand<T>> teacherFeatures = List.copyOf(told.subList(1, told.size()));
        TrainingStep.Result<T> step =
                trained.of(tf, model, new TrainingStep.Batch<>(x, oneHot, told.get(0), teacherFeatures, phase));
        Loss<T> loss = step.loss();
        return new Training<>(
                step.update(),
                phase.updates(),
                tf.math.mean(loss.values(), tf.constant(0)),
                tf.math.mean(loss.hard(), tf.constant(0)),
                loss.soft(),
                told.stream().anyMatch(placeholder -> ((GraphOperation) placeholder.op()).numConsumers() > 0));
    }

    /** A network to train in float32, step by step as {@code step} says, on images that are fed as bytes. */
    public static CompiledModel<TFloat32> compile(Network network, TrainingStep<TFloat32> step, Device device) {
        return compile(network, Inputs.BYTES, Phase::training, step, TFloat32.class, device);
    }

    /**
     * A network to train, step by step as {@code step} says.
     *
     * @param phase how the network is called in a training step, given the key of its dropout masks:
     *     {@link Phase#training}, {@link Phase#trainingAsKeras2}, or {@code key -> Phase.inference()} for
     *     {@code training=False}
     */
    public static <T extends TFloating> CompiledModel<T> compile(
            Network network,
            Inputs inputs,
            Function<Operand<TInt64>, Phase> phase,
            TrainingStep<T> step,
            Class<T> dtype,
            Device device) {
        return new CompiledModel<>(network, inputs, key -> Phase.inference(), phase, step, dtype, device);
    }

    /** A network to predict with. */
    public static <T extends TFloating> CompiledModel<T> of(
            Network network, Inputs inputs, Class<T> dtype, Device device) {
        return new CompiledModel<>(network, inputs, key -> Phase.inference(), null, null, dtype, device);
    }

    /**
     * A network that predicts as in training, with each batch's own mean and variance: {@code model(x, training=True)}.
     * The moving statistics stay. For networks without dropout.
     */
    public static CompiledModel<TFloat32> withBatchStatistics(Network network, Inputs inputs, Device device) {
        return new CompiledModel<>(network, inputs, Phase::training, null, null, TFloat32.class, device);
    }

    public Network network() {
        return network;
    }

    /**
     * Sets the weights and starts the optimiser afresh: all that it remembers becomes 0.
     *
     * @throws IllegalArgumentException where {@code weights} are not this network's
     */
    public void setWeights(Weights weights) {
        assign(model.variables(), weights);
        hasWeights = true;
        training.ifPresent(t -> assign(
                t.update().state(),
                Weights.of(
                        specs(t.update().state()),
                        spec -> new double[Math.toIntExact(spec.shape().size())])));
    }

    /** Sets the weights, and lets the optimiser remember what it does, as Keras's {@code set_weights} does. */
    void restoreWeights(Weights weights) {
        assign(model.variables(), weights);
    }

    /** The weights as they are now. */
    public Weights getWeights() {
        return read(model.variables());
    }

    /** The weights and what the optimiser remembers: all that {@link #setState} needs to go on. */
    public Weights getState() {
        return read(stateVariables());
    }

    /** Sets weights and optimiser to what {@link #getState} gave. */
    public void setState(Weights state) {
        assign(stateVariables(), state);
        hasWeights = true;
    }

    /** Whether its weights have been set, or it has none to be set. */
    boolean hasWeights() {
        return hasWeights;
    }

    /**
     * Writes the network with its weights as they are now, for Keras or to be read again: {@code model.save}.
     *
     * @param target a file, or for a SavedModel a folder
     * @throws IOException where there is something at {@code target}, or it cannot be written
     */
    public void save(KerasFormat format, Path target) throws IOException {
        format.write(target, network, getWeights(), dtype, device);
    }

    /**
     * Trains epoch by epoch on images as they are, in an order that is drawn anew for each: {@code model.fit}. A model
     * without weights starts from those that Keras's initialisers draw; one with weights goes on from them, and with
     * what its optimiser remembers.
     *
     * @return what each epoch gave: {@code history}
     * @throws IllegalArgumentException where images, network and teacher's outputs do not go together
     * @throws IOException where an image cannot be read, or a callback cannot write
     */
    public List<EpochLog> fit(Images images, Fit fit) throws IOException {
        return fit.train(this, images);
    }

    /** The names and shapes of {@link #getState}. */
    public List<WeightSpec> stateSpecs() {
        return specs(stateVariables());
    }

    /**
     * One training step: {@code model.train_on_batch}.
     *
     * @param teacher what the teacher puts out for these images, in their order; {@link TeacherOutputs#NONE} where the
     *     loss has no teacher
     * @param seed of the dropout masks of this training
     * @param step counts the steps of this training, so that each has its own masks
     * @return the loss before the update
     */
    public StepLoss trainOnBatch(ImageBatch batch, TeacherOutputs teacher, long seed, long step) {
        try (TNumber tensor = tensor(batch)) {
            return trainOnBatch(tensor, batch.labels(), teacher, seed, step);
        }
    }

    /**
     * One training step on inputs that belong to no set.
     *
     * @param values (batch, input shape), row by row
     * @param classes of the examples
     */
    public StepLoss trainOnBatch(float[] values, int[] classes, TeacherOutputs teacher, long seed, long step) {
        try (TNumber tensor = inputs.tensor(network.input().prepend(classes.length), values)) {
            return trainOnBatch(tensor, classes, teacher, seed, step);
        }
    }

    private StepLoss trainOnBatch(TNumber inputTensor, int[] classes, TeacherOutputs teacher, long seed, long step) {
        Training<T> t =
                training.orElseThrow(() -> new IllegalStateException("this model was not compiled with a loss"));
        checkWeights();
        if (t.asksTeacher() && teacher.isNone()) {
            throw new IllegalArgumentException(
                    "the loss of %s looks at a teacher's outputs, and none are given: ask the teacher for them with TeacherOutputs.of"
                            .formatted(network.name()));
        }
        List<T> tensors = new ArrayList<>();
        try (TInt32 labelTensor = TInt32.vectorOf(classes);
                TInt64 key = TInt64.vectorOf(seed, step)) {
            Session.Runner runner = session.runner()
                    .feed(images, inputTensor)
                    .feed(labels, labelTensor)
                    .feed(dropoutKey, key)
                    .addTarget(t.update().step())
                    .fetch(t.loss())
                    .fetch(t.hard())
                    .fetch(t.soft());
            t.statistics().forEach(runner::addTarget);
            if (!teacher.isNone()) {
                feed(runner, teacher, classes.length, tensors);
            }
            try (Result result = runner.run()) {
                return new StepLoss(scalar(result.get(0)), scalar(result.get(1)), scalar(result.get(2)));
            }
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /** Feeds what a teacher says of a batch, with tensors that are to be closed after the run. */
    private void feed(Session.Runner runner, TeacherOutputs teacher, int batch, List<T> toClose) {
        int layers = told.size() - 1;
        if (teacher.features().size() != layers) {
            throw new IllegalArgumentException("the loss compares with %d layers of the teacher, found outputs of %d"
                    .formatted(layers, teacher.features().size()));
        }
        for (int i = 0; i <= layers; i++) {
            double[] values = i == 0 ? teacher.values() : teacher.features().get(i - 1);
            toClose.add(Tensors.of(dtype, told.get(i).shape().tail().prepend(batch), values));
            runner.feed(told.get(i), toClose.get(i));
        }
    }

    /**
     * The network's outputs on all images of a set as they are, in inference.
     *
     * @return size * classes numbers, image by image
     */
    public double[] predict(Images images) throws IOException {
        return predict(images, inFileOrder(images));
    }

    /**
     * The network's outputs on the images at {@code indices} as they are, in that order, in inference.
     *
     * @return indices.length * classes numbers, image by image
     */
    public double[] predict(Images images, int[] indices) throws IOException {
        return predict(images, EpochOrder.cut(indices, batchSize()));
    }

    private List<int[]> inFileOrder(Images images) {
        return EpochOrder.fileOrder(images.size(), batchSize());
    }

    private int batchSize() {
        return inputs.areBytes() ? BYTES_BATCH : LEVELS_BATCH;
    }

    /**
     * The network's outputs on images of a set as they are, batch by batch, in inference.
     *
     * @param batches the indices of the images in each
     * @return a number for each image and class, in the batches' order
     */
    public double[] predict(Images images, List<int[]> batches) throws IOException {
        return predict(images, batches, List.of()).get(0);
    }

    /**
     * The outputs of the network and of some of its layers on all images of a set as they are, in inference.
     *
     * @param layers names of layers
     * @return image by image the network's outputs, and then those of each of {@code layers}
     */
    List<double[]> predictWithLayers(Images images, List<String> layers) throws IOException {
        return predict(images, inFileOrder(images), layers);
    }

    private List<double[]> predict(Images images, List<int[]> batches, List<String> layers) throws IOException {
        int size = batches.stream().mapToInt(batch -> batch.length).sum();
        List<DoubleBuffer> all = asked(layers)
                .mapToObj(layer -> network.layers().get(layer).output())
                .map(output -> DoubleBuffer.allocate(Math.toIntExact(size * output.size())))
                .toList();
        forEach(images, batches, batch -> predict(batch, layers, all));
        return all.stream().map(DoubleBuffer::array).toList();
    }

    /**
     * Gives batches of images as they are to {@code consumer}, one after the other. Bytes are a copy, made here; grey
     * levels are computed, and decoded before, on other threads.
     */
    void forEach(Images images, List<int[]> batches, BatchConsumer consumer) throws IOException {
        if (inputs.areBytes()) {
            for (int[] batch : batches) {
                consumer.accept(images.batch(batch));
            }
        } else {
            try (ImageBatches source = ImageBatches.plain(images, batches, device.threads())) {
                while (source.hasNext()) {
                    consumer.accept(source.next());
                }
            }
        }
    }

    private void predict(ImageBatch batch, List<String> layers, List<DoubleBuffer> all) {
        List<double[]> outputs = predictWithLayersOnBatch(batch, layers);
        for (int i = 0; i < all.size(); i++) {
            all.get(i).put(outputs.get(i));
        }
    }

    /**
     * The network's outputs on a batch that belongs to no set, in inference.
     *
     * @param values (batch, input shape), row by row
     * @return batch * classes numbers, row by row
     */
    public double[] predictOnBatch(float[] values) {
        return predictWithLayersOnBatch(values, List.of()).get(0);
    }

    /**
     * The outputs of the network and of some of its layers on a batch that belongs to no set, in inference.
     *
     * @param values (batch, input shape), row by row
     * @param layers names of layers
     * @return row by row the network's outputs, and then those of each of {@code layers}
     */
    public List<double[]> predictWithLayersOnBatch(float[] values, List<String> layers) {
        long batch = values.length / network.input().size();
        try (TNumber tensor = inputs.tensor(network.input().prepend(batch), values)) {
            return predict(tensor, layers);
        }
    }

    /** The network's outputs on the images of a batch as they are in it, in inference, image by image. */
    public double[] predictOnBatch(ImageBatch batch) {
        return predictWithLayersOnBatch(batch, List.of()).get(0);
    }

    /**
     * The outputs of the network and of some of its layers on the images of a batch as they are in it, in inference.
     *
     * @param layers names of layers
     * @return image by image the network's outputs, and then those of each of {@code layers}
     */
    public List<double[]> predictWithLayersOnBatch(ImageBatch batch, List<String> layers) {
        try (TNumber tensor = tensor(batch)) {
            return predict(tensor, layers);
        }
    }

    /** The network's last layer, and then those with these names. */
    private IntStream asked(List<String> layers) {
        return IntStream.concat(
                IntStream.of(layerOutputs.size() - 1), layers.stream().mapToInt(network::indexOf));
    }

    /** One output may be asked for twice, for in inference a dropout is what it takes; but it is fetched once. */
    private List<double[]> predict(TNumber tensor, List<String> layers) {
        checkWeights();
        List<Output<T>> asked =
                asked(layers).mapToObj(i -> layerOutputs.get(i).asOutput()).toList();
        List<Output<T>> fetched = asked.stream().distinct().toList();
        Session.Runner runner = session.runner().feed(images, tensor);
        fetched.forEach(runner::fetch);
        try (Result result = runner.run()) {
            return asked.stream()
                    .map(output -> Tensors.doubles(result.get(fetched.indexOf(output))))
                    .toList();
        }
    }

    /** The share of images whose largest output is their label's, in percent of all images. */
    public double evaluate(Images images) throws IOException {
        return Classification.percentRight(predict(images), images.labels());
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }

    private static double scalar(Tensor tensor) {
        return Tensors.doubles(tensor)[0];
    }

    private TNumber tensor(ImageBatch batch) {
        int values = inputs.areBytes() ? batch.bytes().length : batch.levels().length;
        if (values != batch.size() * network.input().size()) {
            throw new IllegalArgumentException("%s takes images of shape %s, found images of %d numbers"
                    .formatted(network.name(), network.input(), values / batch.size()));
        }
        return inputs.tensor(network.input().prepend(batch.size()), batch);
    }

    private List<Variable<T>> stateVariables() {
        return Stream.concat(model.variables().stream(), training.stream().flatMap(t -> t.update().state().stream()))
                .toList();
    }

    private List<WeightSpec> specs(List<Variable<T>> variables) {
        return variables.stream()
                .map(v -> new WeightSpec(v.name(), v.value().shape(), Initializer.ZEROS))
                .toList();
    }

    private Weights read(List<Variable<T>> variables) {
        checkWeights();
        Session.Runner runner = session.runner();
        variables.forEach(variable -> runner.fetch(variable.value()));
        try (Result result = runner.run()) {
            Iterator<Map.Entry<String, Tensor>> tensors = result.iterator();
            return Weights.of(
                    specs(variables), spec -> Tensors.doubles(tensors.next().getValue()));
        }
    }

    private void checkWeights() {
        if (!hasWeights) {
            throw new IllegalStateException(
                    "%s has no weights yet: set them with setWeights, such as network.initialWeights(seed)"
                            .formatted(network.name()));
        }
    }

    private void assign(List<Variable<T>> variables, Weights weights) {
        Variable.assign(session, network.name(), variables, weights);
    }
}
