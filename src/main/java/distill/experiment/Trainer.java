package distill.experiment;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.run.EpochResult;
import distill.run.Provenance;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.training.CompiledModel;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * Carries out trainings of either task: looks each up in the store, or else trains it, with those that it rests on, and
 * stores it. State is kept on the way, so that a training that was killed goes on from its last whole epoch and ends
 * with the same weights.
 */
public final class Trainer {

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
    private static final int SHOWN_IMAGES = 4;

    private final DataSet data;
    private final Setup setup;
    private final RunStore store;
    private final SavedModels models;
    private final TrainingListener listener;
    private final Provenance provenance;
    private final Set<String> trainedHere = new HashSet<>();
    private Optional<KnownTeacher> lastTeacher = Optional.empty();

    /**
     * What the trainings have in common.
     *
     * @param data the images that are trained and tested on
     * @param startingWeights pre-trained weights, by what settings call them
     * @param givenTeacher who teaches where a training names no other; null for nobody
     * @param device where to compute
     * @param fresh whether to train again what is stored
     */
    public record Setup(
            DataSet data,
            Map<String, Weights> startingWeights,
            GivenTeacher givenTeacher,
            Device device,
            boolean fresh) {

        /** Trainings without pre-trained weights or a given teacher, which are looked up before they are trained. */
        public static Setup of(DataSet data, Device device) {
            return new Setup(data, Map.of(), null, device, false);
        }

        /** This set-up with pre-trained weights that trainings may start from. */
        public Setup startingFrom(List<StartingWeights> weights) {
            Map<String, Weights> all = new HashMap<>();
            weights.forEach(start -> all.putAll(start.byIdentity()));
            return new Setup(data, all, givenTeacher, device, fresh);
        }
    }

    private record KnownTeacher(String identity, int epochs, List<String> layers, TeacherOutputs outputs) {}

    /**
     * A trainer on some data.
     *
     * @param store where finished runs are looked up and kept
     * @param models where weights are kept
     * @param listener hears of each training
     */
    public Trainer(Setup setup, RunStore store, SavedModels models, TrainingListener listener) {
        this.data = setup.data();
        this.setup = setup;
        this.store = store;
        this.models = models;
        this.listener = listener;
        this.provenance = Provenance.of(data.origin().name(), data.origin().synthetic());
    }

    /** The version of this program's computation of a training's network. */
    public static int currentVersion(Settings settings) {
        return TrainedNetwork.currentVersion(settings);
    }

    /** The images that are trained and tested on. */
    public DataSet data() {
        return data;
    }

    /** Who teaches where a training names no other. */
    Optional<GivenTeacher> givenTeacher() {
        return Optional.ofNullable(setup.givenTeacher());
    }

    /** Where it computes. */
    Device device() {
        return setup.device();
    }

    /** The stored run of a training; nothing is trained. */
    public Optional<Run> stored(Training training) throws IOException {
        return stored(training.settings());
    }

    private Optional<Run> stored(Settings settings) throws IOException {
        return store.find(settings.task(), settings.identity());
    }

    /** The run of a training, stored or trained now. */
    public Run run(Training training) throws IOException {
        Optional<Run> stored = stored(training);
        boolean again =
                setup.fresh() && !trainedHere.contains(training.settings().identity());
        return stored.isPresent() && !again
                ? stored.get()
                : trainAndStore(training, again ? Keep.AFRESH : Keep.AND_RESUME).run();
    }

    /**
     * Trains a stored run's settings again, and neither stores nor keeps what comes of it.
     *
     * @throws IOException where the store has no run that the settings rest on, or one of another version of the
     *     computation, so that the training would rest on other weights
     */
    public Run repeat(Settings settings) throws IOException {
        return train(restored(settings), Keep.NOTHING).run();
    }

    /** The training that a run's settings are of. */
    private Training restored(Settings settings) throws IOException {
        Training alone = Training.of(settings);
        boolean given = givenTeacher()
                .filter(teacher -> teacher.identity().equals(settings.teacher()))
                .isPresent();
        if (settings.hasGivenTeacher() && !given) {
            throw new IOException("%s learnt from the teacher %s: give the same one with --teacher"
                    .formatted(settings.label(), settings.teacher()));
        }
        if (settings.teacher() != null && !given) {
            alone = Training.taught(settings, restoredTeacher(settings));
        }
        return settings.carried() ? alone.startingFrom(restored(stored(settings, settings.startingWeights()))) : alone;
    }

    /** A teacher of Task 1 is known from its student's settings, so that no store needs to have it. */
    private Training restoredTeacher(Settings student) throws IOException {
        Training teacher = student.isTransfer()
                ? restored(stored(student, student.teacher()))
                : MnistPlan.like(student, setup.device()).of(student).teacher().orElseThrow();
        String identity = teacher.settings().identity();
        int current = currentVersion(teacher.settings());
        if (!identity.equals(student.teacher())
                || teacher.settings().computation().version() != current) {
            throw new IOException("the run learnt from the teacher " + student.teacher()
                    + ", here it would learn from another: use the commit that the run's provenance names");
        }
        return teacher;
    }

    private Settings stored(Settings settings, String identity) throws IOException {
        return store.find(settings.task(), identity)
                .orElseThrow(() ->
                        new IOException("%s rests on the run %s, which is not in %s: give a teacher with --teacher"
                                .formatted(settings.label(), identity, store.file(settings.task()))))
                .settings();
    }

    /** What a training keeps, and whether it goes on from what is kept. */
    private enum Keep {
        /** Its state after its epochs, going on from what is kept. */
        AND_RESUME,
        /** Its state after its epochs, beginning anew. */
        AFRESH,
        /** Nothing is kept. */
        NOTHING
    }

    private record Trained(Run run, Weights weights) {}

    /** Trains, and stores the run unless the latest one with its identity has the same weights. */
    private Trained trainAndStore(Training training, Keep keep) throws IOException {
        Trained trained = train(training, keep);
        trainedHere.add(training.settings().identity());
        return new Trained(store.appendUnlessEqual(trained.run()), trained.weights());
    }

    /** The weights that a training ends with; trained again where they are gone or are others than the stored run's. */
    public Weights weights(Training training) throws IOException {
        Run run = run(training);
        Optional<Weights> kept = kept(training, run);
        if (kept.isPresent() && kept.get().digest().equals(run.weightsDigest())) {
            return kept.get();
        }
        LOG.info(
                "the weights of {} are {}: training it again",
                training.settings().label(),
                kept.isPresent() ? "not those of its run" : "gone");
        return trainAndStore(training, kept.isPresent() ? Keep.AFRESH : Keep.AND_RESUME)
                .weights();
    }

    private Optional<Weights> kept(Training training, Run run) throws IOException {
        Settings settings = training.settings();
        return models.load(
                settings,
                run.settings().epochs(),
                TrainedNetwork.of(settings).whole().weights());
    }

    /**
     * The weights that a training has after one of its epochs; trained again where they are gone or not its run's.
     *
     * @param epoch from 1 to its last; before the last they are kept of a teacher that all questions share alone
     */
    Weights weightsAfter(int epoch, Training training) throws IOException {
        Settings settings = training.settings();
        if (epoch == settings.epochs()) {
            return weights(training);
        }
        run(training);
        Optional<Weights> kept = keptAfter(epoch, settings);
        if (kept.isEmpty()) {
            LOG.info("epoch {} of {} is gone, or is not its run's: training it again", epoch, settings.label());
            trainAndStore(training, Keep.AFRESH);
            kept = keptAfter(epoch, settings);
        }
        return kept.orElseThrow(() -> new IOException("%s was trained again, but its epoch %d in %s is not its run's"
                .formatted(settings.label(), epoch, models.folder(settings))));
    }

    /** The kept weights after an epoch, where the losses and accuracies beside them are those of the stored run. */
    private Optional<Weights> keptAfter(int epoch, Settings settings) throws IOException {
        Optional<Run> run = stored(settings);
        Optional<SavedModels.Progress> progress = models.progress(settings, epoch);
        return run.isPresent()
                        && progress.isPresent()
                        && numbers(progress.get().history())
                                .equals(numbers(run.get().history().subList(0, epoch)))
                ? models.load(
                        settings, epoch, TrainedNetwork.of(settings).whole().weights())
                : Optional.empty();
    }

    /** What each epoch gave, without how long it took. */
    private static List<List<Double>> numbers(List<EpochResult> history) {
        return history.stream()
                .map(result -> List.of(result.testAccuracy(), result.loss()))
                .toList();
    }

    /** The weights after an epoch where they are kept; trained where they are not, without a trace. */
    private Weights borrowed(int epoch, Training training) throws IOException {
        Settings settings = training.settings();
        Optional<Run> run = stored(settings);
        Optional<Weights> kept = epoch < settings.epochs()
                ? keptAfter(epoch, settings)
                : run.isPresent() ? kept(training, run.get()) : Optional.empty();
        boolean whole = epoch < settings.epochs()
                || kept.isPresent()
                        && kept.get().digest().equals(run.orElseThrow().weightsDigest());
        return kept.isPresent() && whole
                ? kept.get()
                : train(training, Keep.NOTHING, epoch).weights();
    }

    private Trained train(Training training, Keep keep) throws IOException {
        return train(training, keep, training.settings().epochs());
    }

    /** @param epochs after how many to stop; before the last one only where nothing is kept */
    private Trained train(Training training, Keep keep, int epochs) throws IOException {
        Settings settings = training.settings();
        Images train = trainImages(settings);
        if (batches(settings, 1, train.size()).isEmpty()) {
            throw new IllegalArgumentException("a training step takes %d images, found %d training images in all"
                    .formatted(settings.schedule().batchSize(), train.size()));
        }
        Optional<SavedModels.Progress> progress =
                keep == Keep.AND_RESUME ? models.progress(settings) : Optional.empty();
        List<EpochResult> history =
                new ArrayList<>(progress.map(SavedModels.Progress::history).orElse(List.of()));
        boolean done = history.size() == epochs;
        Provenance trainedBy = done ? progress.orElseThrow().provenance() : provenance;
        Optional<Weights> weights = history.isEmpty() ? Optional.of(startingWeights(training)) : Optional.empty();
        Optional<Weights> state = Optional.empty();
        List<Shape> features =
                teacherLayers(training).stream().map(Network.NamedLayer::output).toList();
        Run run = null;
        try (PhaseTraining.Teacher teacher = done ? PhaseTraining.Teacher.NONE : teacher(training, keep)) {
            EpochListener told = done ? EpochListener.SILENT : null;
            int end = 0;
            for (PhasePlan phase : PhasePlan.of(settings)) {
                int start = end;
                end = Math.min(end + phase.epochs(), epochs);
                boolean last = end == epochs;
                if (history.size() >= end && !last || start >= epochs) {
                    continue;
                }
                try (PhaseTraining model = new PhaseTraining(settings, phase, features, setup.device())) {
                    if (state.isPresent() && !phase.newOptimizer()) {
                        model.setState(state.get());
                    } else if (weights.isPresent()) {
                        model.setWeights(weights.get());
                    } else {
                        // Another phase's Adam is of no use where this one starts with a new one.
                        boolean goesOn = history.size() < end && (history.size() > start || !phase.newOptimizer());
                        Optional<Weights> kept = models.load(
                                settings,
                                history.size(),
                                goesOn
                                        ? model.stateSpecs()
                                        : TrainedNetwork.of(settings).whole().weights());
                        if (kept.isEmpty()) {
                            return train(training, keep, epochs);
                        }
                        if (goesOn) {
                            model.setState(kept.get());
                        } else {
                            model.setWeights(kept.get());
                        }
                    }
                    if (told == null) {
                        told = told(settings, train, history.size());
                    }
                    while (history.size() < end) {
                        history.add(epoch(model, settings, train, history.size() + 1, phase, teacher, told));
                        trainedBy = provenance.at(Instant.now());
                        if (keep != Keep.NOTHING) {
                            keep(new SavedModels.Progress(settings, List.copyOf(history), trainedBy), model);
                        }
                    }
                    weights = Optional.of(model.getWeights());
                    if (!last) {
                        state = Optional.of(model.getState());
                    } else {
                        run = Measures.of(settings, data, setup.device())
                                .run(model, train, weights.get(), List.copyOf(history), trainedBy);
                    }
                }
            }
        }
        return new Trained(run, weights.orElseThrow());
    }

    /** Tells the listener that a training starts, or goes on after some epochs. */
    private EpochListener told(Settings settings, Images train, int epochs) throws IOException {
        EpochListener told = listener.start(settings, stepsPerEpoch(settings), epochs);
        if (epochs == 0 && settings.augmented()) {
            told.augmented(firstImages(settings, train));
        }
        return told;
    }

    /**
     * Keeps what a later process needs to go on: of a teacher, and of transfer learning, whose epochs are long, the
     * state after each epoch, else the weights after the last. Earlier epochs are kept of the teachers of Task 1 that
     * all questions share, whose students learn from them.
     */
    private void keep(SavedModels.Progress progress, PhaseTraining model) throws IOException {
        Settings settings = progress.settings();
        boolean last = progress.epochs() == settings.epochs();
        boolean keepsEarlier = !settings.isTransfer() && settings.question().equals(Settings.SHARED_TEACHER);
        if (last || settings.isTransfer() || settings.role() == Role.TEACHER) {
            models.save(progress, last && !keepsEarlier ? model.getWeights() : model.getState());
            if (!keepsEarlier) {
                models.deleteBefore(settings, progress.epochs());
            }
        }
    }

    private Images trainImages(Settings settings) {
        return settings.rareClass() == null ? data.train() : data.train().subset(thinned(settings));
    }

    private int[] thinned(Settings settings) {
        return data.train().thinned(settings.rareClass(), Settings.RARE_EVERY);
    }

    /** How many steps an epoch of a training has. */
    public int stepsPerEpoch(Settings settings) {
        return batches(settings, 1, trainImages(settings).size()).size();
    }

    /** Task 1 drops the last batch where it would not be full, as the report's programs do; Task 2 does not. */
    private List<int[]> batches(Settings settings, int epoch, int images) {
        int size = settings.schedule().batchSize();
        EpochOrder order = new EpochOrder(settings.stream("order"));
        return settings.isTransfer() ? order.allBatches(epoch, images, size) : order.batches(epoch, images, size);
    }

    private Weights startingWeights(Training training) throws IOException {
        if (training.start().isPresent()) {
            return weights(training.start().get());
        }
        Settings settings = training.settings();
        TrainedNetwork network = TrainedNetwork.of(settings);
        long seed = settings.stream("weights");
        if (!settings.pretrained()) {
            return network.drawnWeights(seed);
        }
        Weights base = setup.startingWeights().get(settings.startingWeights());
        if (base == null) {
            throw new IOException("%s starts from the weights %s, which were not given: name them with --weights"
                    .formatted(settings.label(), settings.startingWeights()));
        }
        return network.pretrainedWeights(base, seed);
    }

    /** The first images of a training's first batch, as it will see them. */
    private ImageBatch firstImages(Settings settings, Images train) throws IOException {
        int[] batch = batches(settings, 1, train.size()).get(0);
        int[] first = Arrays.copyOf(batch, Math.min(SHOWN_IMAGES, batch.length));
        return train.batch(first, PhaseTraining.augmentation(settings).orElseThrow(), 1, 0);
    }

    /** A teacher that is asked about each batch. */
    private record AskedTeacher(CompiledModel<TFloat32> model, List<String> layers) implements PhaseTraining.Teacher {

        @Override
        public TeacherOutputs outputs(int[] indices, Supplier<float[]> levels) {
            return TeacherOutputs.of(model, levels.get(), layers);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** The teacher sees what its student sees. Where that is always the same, it is asked once. */
    private PhaseTraining.Teacher teacher(Training training, Keep keep) throws IOException {
        Settings settings = training.settings();
        if (settings.teacher() == null) {
            return PhaseTraining.Teacher.NONE;
        }
        if (settings.augmented()) {
            return new AskedTeacher(compiled(asTeacher(training, keep)), names(teacherLayers(training)));
        }
        TeacherOutputs all = teacherOutputs(training, keep);
        TeacherOutputs known = settings.rareClass() == null ? all : all.of(thinned(settings));
        return (indices, levels) -> known.of(indices);
    }

    /** The layers of its teacher that a student's loss compares with; none where it looks at the outputs alone. */
    private List<Network.NamedLayer> teacherLayers(Training training) {
        return training.teacher()
                .map(teacher -> TrainedNetwork.of(teacher.settings()).whole())
                .or(() -> givenTeacher().map(GivenTeacher::network))
                .map(teacher -> ReadingGraph.teacherLayers(training.settings(), teacher))
                .orElse(List.of());
    }

    private static List<String> names(List<Network.NamedLayer> layers) {
        return layers.stream().map(Network.NamedLayer::name).toList();
    }

    /** What the teacher puts out for every training image; students in a row that share it share this, too. */
    private TeacherOutputs teacherOutputs(Training training, Keep keep) throws IOException {
        Settings settings = training.settings();
        int epochs = settings.teacherEpochs() != null
                ? settings.teacherEpochs()
                : training.teacher().map(teacher -> teacher.settings().epochs()).orElse(0);
        List<String> layers = names(teacherLayers(training));
        boolean known = lastTeacher
                .filter(last -> last.identity().equals(settings.teacher())
                        && last.epochs() == epochs
                        && last.layers().equals(layers))
                .isPresent();
        if (!known) {
            try (CompiledModel<TFloat32> model = compiled(asTeacher(training, keep))) {
                lastTeacher = Optional.of(new KnownTeacher(
                        settings.teacher(), epochs, layers, TeacherOutputs.of(model, data.train(), layers)));
            }
        }
        return lastTeacher.get().outputs();
    }

    private CompiledModel<TFloat32> compiled(GivenTeacher teacher) {
        CompiledModel<TFloat32> model =
                CompiledModel.of(teacher.network(), teacher.inputs(), TFloat32.class, setup.device());
        model.setWeights(teacher.weights());
        return model;
    }

    /** Who teaches a training: the given teacher, or what another training left behind. */
    private GivenTeacher asTeacher(Training student, Keep keep) throws IOException {
        if (student.teacher().isEmpty()) {
            return givenTeacher()
                    .orElseThrow(() -> new IOException(student.settings().label() + " learns from the teacher "
                            + student.settings().teacher() + ": give it with --teacher"));
        }
        Training teacher = student.teacher().get();
        Settings settings = teacher.settings();
        int epochs = student.settings().teacherEpochs() == null
                ? settings.epochs()
                : student.settings().teacherEpochs();
        return new GivenTeacher(
                settings.label(),
                TrainedNetwork.of(settings).whole(),
                ReadingGraph.of(settings).inputs(),
                keep == Keep.NOTHING ? borrowed(epochs, teacher) : weightsAfter(epochs, teacher),
                settings.identity());
    }

    /**
     * The weights of a training's teacher.
     *
     * @throws IOException where it has none
     */
    Weights teacherWeights(Training student) throws IOException {
        return asTeacher(student, Keep.AND_RESUME).weights();
    }

    /** The test accuracy, in percent, of a teacher that was trained elsewhere. */
    public double evaluate(GivenTeacher teacher) throws IOException {
        try (CompiledModel<TFloat32> model = compiled(teacher)) {
            return model.evaluate(data.test());
        }
    }

    /** The numbers before the last activation of a network with weights, of some test images. */
    double[] testLogits(Settings settings, Weights weights, int[] indices) throws IOException {
        try (CompiledModel<TFloat32> model = CompiledModel.of(
                TrainedNetwork.of(settings, Activation.LINEAR).whole(),
                ReadingGraph.of(settings).inputs(),
                TFloat32.class,
                setup.device())) {
            model.setWeights(weights);
            return model.predict(data.test(), indices);
        }
    }

    /** One epoch of training, and its test. */
    private EpochResult epoch(
            PhaseTraining model,
            Settings settings,
            Images train,
            int epoch,
            PhasePlan phase,
            PhaseTraining.Teacher teacher,
            EpochListener told)
            throws IOException {
        List<int[]> batches = batches(settings, epoch, train.size());
        double[] sums = new double[3];
        long start = System.nanoTime();
        PhaseTraining.Teacher teaching = phase.distils() ? teacher : PhaseTraining.Teacher.NONE;
        model.train(train, batches, epoch, teaching, (step, batch, loss) -> {
            if (!Double.isFinite(loss.loss())) {
                throw new IOException(diverged(settings, train, epoch, step, batches.size(), batch, loss.loss()));
            }
            sums[0] += loss.loss();
            sums[1] += loss.hard();
            sums[2] += loss.soft();
            told.afterStep(epoch, step, batches.size());
        });
        int n = batches.size();
        EpochResult result = Measures.of(settings, data, setup.device())
                .epoch(model, phase, new Measures.Losses(epoch, sums[0] / n, sums[1] / n, sums[2] / n), start);
        told.afterEpoch(result, () -> {
            try {
                return Measures.of(settings, data, setup.device()).accuracy(model, train);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return result;
    }

    private String diverged(Settings settings, Images train, int epoch, int step, int steps, int[] batch, double loss) {
        return "%s: the loss of step %d of %d in epoch %d is %s, on the images %s; what the epoch before left is kept"
                .formatted(
                        settings.label(),
                        step,
                        steps,
                        epoch,
                        loss,
                        Arrays.stream(batch).mapToObj(train::name).collect(Collectors.joining(", ")));
    }
}
