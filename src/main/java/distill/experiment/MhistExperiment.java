package distill.experiment;

import distill.data.Augmentation;
import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.metrics.Classification;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Provenance;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Slip;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainAndEvaluate;
import distill.weights.KerasFile;
import distill.weights.Matching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.types.TFloat32;

/**
 * Carries out the trainings of Task 2: looks each up in the store, or else trains it, with those that it rests on, and
 * stores it. What is trained, {@link MhistPlan} says. State is kept after every epoch, so that a training that was
 * killed goes on from its last whole epoch and ends with the same weights.
 */
public final class MhistExperiment {

    private static final Logger LOG = LoggerFactory.getLogger(MhistExperiment.class);
    private static final int BATCH_SIZE = PhaseTraining.BATCH_SIZE;
    private static final int TIMED_STEPS = 4;
    private static final int QUICK_IMAGES = 64;
    private static final int SHOWN_IMAGES = 4;

    private final Images train;
    private final Images test;
    private final Map<String, Weights> startingWeights;
    private final Optional<GivenTeacher> givenTeacher;
    private final Device device;
    private final boolean fresh;
    private final RunStore store;
    private final SavedModels models;
    private final TrainingListener listener;
    private final Provenance provenance;
    private final Set<String> trainedHere = new HashSet<>();
    private final Map<List<Object>, StepTimes> times = new HashMap<>();

    /**
     * What the trainings have in common.
     *
     * @param data the images; {@code train} and {@code test} may be smaller than its partitions
     * @param train the training images
     * @param test the test images
     * @param startingWeights those that settings may name
     * @param givenTeacher who teaches where settings name no other run's
     * @param device where to compute
     * @param fresh whether to train again what is stored
     */
    public record Setup(
            DataSet data,
            Images train,
            Images test,
            List<StartingWeights> startingWeights,
            Optional<GivenTeacher> givenTeacher,
            Device device,
            boolean fresh) {}

    /**
     * A teacher that was trained elsewhere.
     *
     * @param name what it is called
     * @param network with its head
     * @param reading how its inputs are scaled
     * @param weights of the whole
     * @param identity what a student's settings call it
     */
    public record GivenTeacher(
            String name, BaseModel.WithHead network, Reading reading, Weights weights, String identity) {

        /**
         * A training of Task 2 by its name in the library, or a file that Keras saved.
         *
         * @param base which network a file has; a training knows its own
         * @param reading how a file's network has its head and its inputs; a training knows its own
         * @param imageSize of the images that it will see
         * @throws IOException where there is neither, or it is of another network
         */
        public static GivenTeacher of(
                ModelLibrary library, String nameOrFile, BaseModel base, Reading reading, int imageSize)
                throws IOException {
            library.checkExists(nameOrFile);
            Path file = Path.of(nameOrFile);
            if (!Files.exists(file) || ModelLibrary.isModel(file)) {
                Settings settings = library.training(nameOrFile)
                        .filter(training -> training.isTransfer())
                        .orElseThrow(() -> new IOException(
                                nameOrFile + " is no training of Task 2, expected one, or a file that Keras saved"));
                Reading own = settings.reading();
                return new GivenTeacher(
                        settings.label(),
                        BaseModel.of(settings.network()).withHead(imageSize, own.has(Slip.IMAGENET_HEAD)),
                        own,
                        library.find(nameOrFile).weights(),
                        settings.identity());
            }
            BaseModel.WithHead network = base.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD));
            Weights weights = Matching.of(KerasFile.read(file, library.device()), network.whole(), nameOrFile)
                    .weights();
            return new GivenTeacher(nameOrFile, network, reading, weights, weights.digest());
        }
    }

    /**
     * An experiment on some images.
     *
     * @param store where finished runs are looked up and kept
     * @param models where weights are kept
     * @param listener hears of each training
     */
    public MhistExperiment(Setup setup, RunStore store, SavedModels models, TrainingListener listener) {
        this.train = setup.train();
        this.test = setup.test();
        this.startingWeights = new HashMap<>();
        setup.startingWeights().forEach(start -> startingWeights.putAll(start.byIdentity()));
        this.givenTeacher = setup.givenTeacher();
        this.device = setup.device();
        this.fresh = setup.fresh();
        this.store = store;
        this.models = models;
        this.listener = listener;
        DataSet.Origin origin = setup.data().origin();
        this.provenance = Provenance.of(origin.name(), origin.synthetic());
    }

    /** The images of a quick cut: {@value #QUICK_IMAGES} of a set, where it has so many; else all. */
    public static Images cut(Images images, boolean quick) {
        return quick && images.size() > QUICK_IMAGES ? images.firstOfBothClasses(QUICK_IMAGES) : images;
    }

    /** Whether a training is stored, so that {@link #run} only looks it up. */
    public boolean isStored(Training training) throws IOException {
        return store.find(training.settings().task(), training.settings().identity())
                .isPresent();
    }

    /** The run of a training, stored or trained now. */
    public Run run(Training training) throws IOException {
        Settings settings = training.settings();
        Optional<Run> stored = store.find(settings.task(), settings.identity());
        boolean again = fresh && !trainedHere.contains(settings.identity());
        return stored.isPresent() && !again
                ? stored.get()
                : trainAndStore(training, again ? Keep.AFRESH : Keep.AND_RESUME).run();
    }

    /**
     * An estimate of the seconds that a training takes, teaching and testing included, from a few steps of its networks
     * on this device. Weights do not matter for time, so that random ones are taken.
     */
    public Estimate estimate(Training training) throws IOException {
        Settings settings = training.settings();
        int test = batches(this.test);
        double seconds = 0;
        double peak = 0;
        for (PhaseTraining.PhasePlan phase : phases(settings)) {
            StepTimes own = times(settings, phase);
            peak = Math.max(peak, own.peakMegabytes().orElse(0));
            double teaching = 0;
            if (settings.teacher() != null && settings.augmented()) {
                teaching = training.teacher().isPresent()
                        ? times(
                                        training.teacher().get().settings(),
                                        phases(training.teacher().get().settings())
                                                .get(0))
                                .batch()
                        : own.batch();
            }
            seconds += phase.epochs() * (stepsPerEpoch() * (own.step() + teaching) + test * own.batch());
        }
        return new Estimate(seconds, peak);
    }

    /**
     * What a training is expected to take.
     *
     * @param seconds in all
     * @param peakMegabytes the most memory that the process took while it was estimated; 0 where the system does not
     *     say
     */
    public record Estimate(double seconds, double peakMegabytes) {}

    private StepTimes times(Settings settings, PhaseTraining.PhasePlan phase) throws IOException {
        List<Object> key = List.of(
                settings.network(),
                settings.images().imageSize(),
                settings.augmented(),
                phase.frozenBase(),
                settings.reading().slips());
        StepTimes known = times.get(key);
        if (known == null) {
            known = measure(settings, phase);
            times.put(key, known);
        }
        return known;
    }

    private StepTimes measure(Settings settings, PhaseTraining.PhasePlan phase) throws IOException {
        BaseModel.WithHead network = network(settings);
        try (PhaseTraining model = new PhaseTraining(
                network, phase, ReadingGraph.of(settings), LossFunction.teacher(), augmentation(settings), device)) {
            model.setWeights(network.whole().initialWeights(1));
            List<int[]> few = EpochOrder.fileOrder(train.size(), BATCH_SIZE).subList(0, 1);
            List<int[]> more =
                    EpochOrder.fileOrder(train.size(), BATCH_SIZE).subList(0, Math.min(TIMED_STEPS, stepsPerEpoch()));
            model.train(train, few, 1, Optional.empty(), (step, batch, loss) -> {});
            long start = System.nanoTime();
            model.train(train, more, 2, Optional.empty(), (step, batch, loss) -> {});
            double step = (System.nanoTime() - start) / 1e9 / more.size();
            model.predict(train.firstOfBothClasses(Math.min(BATCH_SIZE, train.size())));
            start = System.nanoTime();
            model.predict(train.firstOfBothClasses(Math.min(BATCH_SIZE, train.size())));
            return new StepTimes(step, (System.nanoTime() - start) / 1e9, StepBenchmark.peakMegabytes());
        }
    }

    /**
     * Trains a stored run's settings again, and neither stores nor keeps what comes of it. A teacher's or an earlier
     * student's weights that are gone are trained again and kept.
     *
     * @throws IOException where the store has no run that the settings rest on
     */
    public Run repeat(Settings settings) throws IOException {
        return train(restored(settings), Keep.NOTHING).run();
    }

    /** The training that a run's settings are of. */
    private Training restored(Settings settings) throws IOException {
        Optional<Training> teacher = settings.teacher() == null
                        || givenTeacher
                                .filter(given -> given.identity().equals(settings.teacher()))
                                .isPresent()
                ? Optional.empty()
                : Optional.of(restored(settings, settings.teacher()));
        Optional<Training> start =
                settings.carried() ? Optional.of(restored(settings, settings.startingWeights())) : Optional.empty();
        return new Training(settings, teacher, start);
    }

    private Training restored(Settings settings, String identity) throws IOException {
        return restored(store.find(settings.task(), identity)
                .orElseThrow(() ->
                        new IOException("%s rests on the run %s, which is not in %s: give a teacher with --teacher"
                                .formatted(settings.label(), identity, store.file(settings.task()))))
                .settings());
    }

    /** What a training keeps, and whether it goes on from what is kept. */
    private enum Keep {
        /** The last epoch, going on from there. */
        AND_RESUME,
        /** The same, from the start. */
        AFRESH,
        /** Nothing. */
        NOTHING
    }

    private record Trained(Run run, Weights weights) {}

    /** Trains, and stores the run unless the latest one with its identity has the same weights. */
    private Trained trainAndStore(Training training, Keep keep) throws IOException {
        Settings settings = training.settings();
        Trained trained = train(training, keep);
        trainedHere.add(settings.identity());
        return new Trained(store.appendUnlessEqual(trained.run()), trained.weights());
    }

    /** The weights that a training ends with; trained again where they are gone or are others than the stored run's. */
    public Weights weights(Training training) throws IOException {
        Settings settings = training.settings();
        Run run = run(training);
        Optional<Weights> kept = models.load(
                settings, settings.epochs(), network(settings).whole().weights());
        if (kept.isPresent() && kept.get().digest().equals(run.weightsDigest())) {
            return kept.get();
        }
        LOG.info(
                "the weights of {} are {}: training it again",
                settings.label(),
                kept.isPresent() ? "not those of its run" : "gone");
        return trainAndStore(training, kept.isEmpty() ? Keep.AND_RESUME : Keep.AFRESH)
                .weights();
    }

    /** The version of this program's computation of a training's network. */
    public static int currentVersion(Settings settings) {
        return Settings.Computation.currentVersion(
                settings.isTransfer()
                        ? settings.network().equals(BaseModel.RESNET50V2.toString())
                        : settings.role() == Role.TEACHER);
    }

    /** The network of a training, with its head. */
    static BaseModel.WithHead network(Settings settings) {
        return BaseModel.of(settings.network())
                .withHead(settings.images().imageSize(), settings.reading().has(Slip.IMAGENET_HEAD));
    }

    /** The phases of a training in their order. */
    static List<PhaseTraining.PhasePlan> phases(Settings settings) {
        Settings.Schedule schedule = settings.schedule();
        double rate = settings.schedule().learningRate();
        if (schedule.epochsInitial() == null) {
            return List.of(new PhaseTraining.PhasePlan("only", settings.epochs(), rate, false));
        }
        return Stream.of(
                        PhaseTraining.PhasePlan.initial(schedule.epochsInitial(), rate, settings.reading()),
                        PhaseTraining.PhasePlan.fine(schedule.epochsFine(), rate))
                .filter(phase -> phase.epochs() > 0)
                .toList();
    }

    /** The phase of an epoch of a training. */
    static PhaseTraining.PhasePlan phase(Settings settings, int epoch) {
        List<PhaseTraining.PhasePlan> phases = phases(settings);
        return epoch <= phases.get(0).epochs() ? phases.get(0) : phases.get(phases.size() - 1);
    }

    private Trained train(Training training, Keep keep) throws IOException {
        Settings settings = training.settings();
        BaseModel.WithHead network = network(settings);
        Optional<SavedModels.Progress> progress =
                keep == Keep.AND_RESUME ? models.progress(settings) : Optional.empty();
        List<EpochResult> history =
                new ArrayList<>(progress.map(SavedModels.Progress::history).orElse(List.of()));
        boolean done = history.size() == settings.epochs();
        Provenance trainedBy = done ? progress.orElseThrow().provenance() : provenance;
        Optional<Weights> weights =
                history.isEmpty() ? Optional.of(startingWeights(training, network)) : Optional.empty();
        Run run = null;
        try (Teacher teacher = done ? Teacher.none() : teacher(training)) {
            TrainAndEvaluate.Listener told = done
                    ? new TrainAndEvaluate.Listener() {}
                    : listener.start(settings, stepsPerEpoch(), history.size());
            if (history.isEmpty() && settings.augmented()) {
                told.augmented(firstImages(settings));
            }
            int end = 0;
            for (PhaseTraining.PhasePlan phase : phases(settings)) {
                int start = end;
                end += phase.epochs();
                boolean last = end == settings.epochs();
                if (history.size() >= end && !last) {
                    continue;
                }
                try (PhaseTraining model = new PhaseTraining(
                        network,
                        phase,
                        ReadingGraph.of(settings),
                        ReadingGraph.loss(settings),
                        augmentation(settings),
                        device)) {
                    if (weights.isPresent()) {
                        model.setWeights(weights.get());
                    } else {
                        // Another phase's Adam is of no use.
                        boolean within = history.size() > start && history.size() < end;
                        Optional<Weights> kept = models.load(
                                settings,
                                history.size(),
                                within ? model.stateSpecs() : network.whole().weights());
                        if (kept.isEmpty()) {
                            return train(training, keep);
                        }
                        if (within) {
                            model.setState(kept.get());
                        } else {
                            model.setWeights(kept.get());
                        }
                    }
                    while (history.size() < end) {
                        history.add(epoch(model, settings, history.size() + 1, phase, teacher, told));
                        trainedBy = provenance.at(Instant.now());
                        if (keep != Keep.NOTHING) {
                            save(
                                    new SavedModels.Progress(settings, List.copyOf(history), trainedBy),
                                    history.size() == settings.epochs() ? model.getWeights() : model.getState());
                        }
                    }
                    weights = Optional.of(model.getWeights());
                    if (last) {
                        run = finished(settings, network, model, weights.get(), history, trainedBy);
                    }
                }
            }
        }
        return new Trained(run, weights.orElseThrow());
    }

    /** How many steps an epoch of every training has. */
    public int stepsPerEpoch() {
        return batches(train);
    }

    private static int batches(Images images) {
        return (images.size() + BATCH_SIZE - 1) / BATCH_SIZE;
    }

    private Weights startingWeights(Training training, BaseModel.WithHead network) throws IOException {
        if (training.start().isPresent()) {
            return weights(training.start().get());
        }
        Settings settings = training.settings();
        long seed = settings.stream("weights");
        if (!settings.pretrained()) {
            return network.initialWeights(Optional.empty(), seed);
        }
        Weights base = startingWeights.get(settings.startingWeights());
        if (base == null) {
            throw new IOException("%s starts from the weights %s, which were not given: name them with --weights"
                    .formatted(settings.label(), settings.startingWeights()));
        }
        return network.initialWeights(Optional.of(base), seed);
    }

    private static Optional<Augmentation> augmentation(Settings settings) {
        return settings.augmented()
                ? Optional.of(new Augmentation(
                        settings.stream("augmentation"),
                        ReadingGraph.of(settings).augmentation()))
                : Optional.empty();
    }

    /** The first images of a training's first batch, as it will see them. */
    private ImageBatch firstImages(Settings settings) throws IOException {
        int[] batch = order(settings).allBatches(1, train.size(), BATCH_SIZE).get(0);
        int[] first = Arrays.copyOf(batch, Math.min(SHOWN_IMAGES, batch.length));
        return train.batch(first, augmentation(settings).orElseThrow(), 1, 0);
    }

    private static EpochOrder order(Settings settings) {
        return new EpochOrder(settings.stream("order"));
    }

    /** Who teaches a training, if anyone does; to be closed when it has ended. */
    private record Teacher(Optional<CompiledModel<TFloat32>> model, Optional<PhaseTraining.TeacherOf> outputs)
            implements AutoCloseable {

        static Teacher none() {
            return new Teacher(Optional.empty(), Optional.empty());
        }

        @Override
        public void close() {
            model.ifPresent(CompiledModel::close);
        }
    }

    /** The teacher sees what its student sees. Where that is always the same, it is asked once. */
    private Teacher teacher(Training training) throws IOException {
        Settings settings = training.settings();
        if (settings.teacher() == null) {
            return Teacher.none();
        }
        GivenTeacher who = training.teacher().isPresent()
                ? asTeacher(training.teacher().get())
                : givenTeacher.orElseThrow(() -> new IOException(settings.label() + " learns from the teacher "
                        + settings.teacher() + ": give it with --teacher"));
        CompiledModel<TFloat32> model =
                new ReadingGraph(who.reading()).model(who.network().whole(), who.weights(), device);
        if (settings.augmented()) {
            return new Teacher(Optional.of(model), Optional.of(batch -> model.predictOnBatch(batch.values())));
        }
        try (model) {
            TeacherOutputs table = new TeacherOutputs(train.classes().size(), model.predict(train));
            return new Teacher(Optional.empty(), Optional.of(batch -> table.of(batch.indices())));
        }
    }

    /** A training's outcome as a teacher. */
    public GivenTeacher asTeacher(Training training) throws IOException {
        Settings settings = training.settings();
        return new GivenTeacher(
                settings.label(), network(settings), settings.reading(), weights(training), settings.identity());
    }

    /** One epoch of training, and its test. */
    private EpochResult epoch(
            PhaseTraining model,
            Settings settings,
            int epoch,
            PhaseTraining.PhasePlan phase,
            Teacher teacher,
            TrainAndEvaluate.Listener told)
            throws IOException {
        long start = System.nanoTime();
        List<int[]> batches = order(settings).allBatches(epoch, train.size(), BATCH_SIZE);
        double[] sums = new double[3];
        model.train(train, batches, epoch, teacher.outputs(), (step, batch, loss) -> {
            if (!Double.isFinite(loss.loss())) {
                throw new IOException(diverged(settings, epoch, step, batches.size(), batch, loss.loss()));
            }
            sums[0] += loss.loss();
            sums[1] += loss.hard();
            sums[2] += loss.soft();
            told.afterStep(epoch, step, batches.size());
        });
        double[] outputs = model.predict(test);
        Classification measured = Classification.of(test.classes(), test.labels(), outputs);
        Evaluation.Measures measures = Evaluation.Measures.of(measured);
        int n = batches.size();
        EpochResult result = new EpochResult(
                epoch,
                100 * measured.accuracy(),
                sums[0] / n,
                sums[1] / n,
                sums[2] / n,
                (System.nanoTime() - start) / 1e9,
                phase.name(),
                measures.confusion(),
                measures.rocAuc(),
                notebookAccuracy(settings, epoch, outputs));
        told.afterEpoch(result, () -> trainAccuracy(model));
        return result;
    }

    private double trainAccuracy(PhaseTraining model) {
        try {
            return 100
                    * Classification.of(train.classes(), train.labels(), model.predict(train))
                            .accuracy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String diverged(Settings settings, int epoch, int step, int steps, int[] batch, double loss) {
        return "%s: the loss of step %d of %d in epoch %d is %s, on the images %s; what the epoch before left is kept"
                .formatted(
                        settings.label(),
                        step,
                        steps,
                        epoch,
                        loss,
                        Arrays.stream(batch).mapToObj(train::name).collect(Collectors.joining(", ")));
    }

    /**
     * The accuracy that the report's program prints: on floor((n - 1) / 32) batches of the shuffled test set. A set of
     * a single batch is tested whole. Null without that slip.
     */
    private Double notebookAccuracy(Settings settings, int epoch, double[] outputs) {
        if (!settings.reading().has(Slip.PARTIAL_TEST)) {
            return null;
        }
        int full = (test.size() - 1) / BATCH_SIZE * BATCH_SIZE;
        int[] order = new EpochOrder(settings.stream("test")).permutation(epoch, test.size());
        int[] tested = Arrays.copyOf(order, full == 0 ? test.size() : full);
        return 100 * classification(tested, outputs).accuracy();
    }

    /**
     * What the report's program makes its classification report on: the first images of as many batches of the
     * shuffled, endless test set as there are test images. Null without that slip.
     */
    private Evaluation.Measures notebookReport(Settings settings, double[] outputs) {
        if (!settings.reading().has(Slip.RESAMPLED_REPORT)) {
            return null;
        }
        EpochOrder order = new EpochOrder(settings.stream("report"));
        int[] firsts = IntStream.iterate(1, pass -> pass + 1)
                .boxed()
                .flatMap(pass -> order.allBatches(pass, test.size(), BATCH_SIZE).stream())
                .mapToInt(batch -> batch[0])
                .limit(test.size())
                .toArray();
        return Evaluation.Measures.of(classification(firsts, outputs));
    }

    /** Of test images, which may repeat, given the outputs on all. */
    private Classification classification(int[] indices, double[] outputs) {
        return Classification.of(
                test.classes(),
                Arrays.stream(indices).map(test::label).toArray(),
                new TeacherOutputs(test.classes().size(), outputs).of(indices));
    }

    private void save(SavedModels.Progress progress, Weights state) throws IOException {
        models.save(progress, state);
        models.deleteBefore(progress.settings(), progress.epochs());
    }

    private Run finished(
            Settings settings,
            BaseModel.WithHead network,
            PhaseTraining model,
            Weights weights,
            List<EpochResult> history,
            Provenance trainedBy)
            throws IOException {
        double[] outputs = model.predict(test);
        Classification onTest = Classification.of(test.classes(), test.labels(), outputs);
        Classification onTrain = Classification.of(train.classes(), train.labels(), model.predict(train));
        return new Run(
                settings.identity(),
                settings,
                100 * onTest.accuracy(),
                100 * onTrain.accuracy(),
                List.copyOf(history),
                weights.digest(),
                trainedBy,
                Evaluation.of(
                        onTest, withBatchStatistics(settings, network, weights), notebookReport(settings, outputs)));
    }

    /** On the test images in a shuffled order, for the file's has long rows of one class. */
    private Evaluation.Measures withBatchStatistics(Settings settings, BaseModel.WithHead network, Weights weights)
            throws IOException {
        List<int[]> batches =
                new EpochOrder(settings.stream("batch-statistics")).allBatches(1, test.size(), BATCH_SIZE);
        try (CompiledModel<TFloat32> model = CompiledModel.withBatchStatistics(
                network.whole(), ReadingGraph.of(settings).inputs(), device)) {
            model.setWeights(weights);
            double[] outputs = model.predict(test, batches);
            int[] truth = batches.stream()
                    .flatMapToInt(Arrays::stream)
                    .map(test::label)
                    .toArray();
            return Evaluation.Measures.of(Classification.of(test.classes(), truth, outputs));
        }
    }
}
