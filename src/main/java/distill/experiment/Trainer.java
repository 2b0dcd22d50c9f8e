package distill.experiment;

import com.sun.management.OperatingSystemMXBean;
import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Images;
import distill.experiment.Measures.Tested;
import distill.experiment.PhaseTraining.Teacher;
import distill.experiment.SavedModels.Progress;
import distill.loss.ComparedLayers;
import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.run.EpochResult;
import distill.run.Provenance;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Stopping;
import distill.training.CompiledModel;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * Carries out trainings of either task: looks each up in the store, or else trains it, with those that it rests on, and
 * stores it. State is kept on the way, so that a training that was killed goes on from its last whole epoch and ends
 * with the same weights. Several may be carried out at a time: {@link #start}.
 */
public final class Trainer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
    private static final int SHOWN_IMAGES = 4;

    /** How much of the data's digest names of files show. */
    private static final int DATA_DIGITS = 16;

    /** What Task 1 takes without a training, and what a training adds: {@code docs/performance.md}. */
    private static final long PROGRAM_BYTES = 2L << 30;

    private static final long TRAINING_BYTES = 256L << 20;

    /** Bytes of what a teacher's layers put out for all training images, kept in memory. */
    private static final long MOST_FEATURES = 1L << 30;

    private final DataSet data;
    private final Setup setup;
    private final RunStore store;
    private final SavedModels models;
    private final TrainingListener listener;
    private final Provenance provenance;
    private final Set<String> trainedHere = ConcurrentHashMap.newKeySet();
    private final Map<List<Object>, Asked> askedTeachers = new LinkedHashMap<>();
    private int atOnce = 1;
    private Jobs jobs;

    /**
     * What the trainings have in common.
     *
     * @param data the images that are trained and tested on
     * @param startingWeights pre-trained weights that trainings may start from
     * @param givenTeacher who teaches where a training names no other; null for nobody
     * @param device where to compute
     * @param fresh whether to train again what is stored
     */
    public record Setup(
            DataSet data,
            List<StartingWeights> startingWeights,
            GivenTeacher givenTeacher,
            Device device,
            boolean fresh) {}

    /**
     * A trainer on some data.
     *
     * @param store where finished runs are looked up and kept
     * @param models where weights are kept
     * @param listener hears of each training
     */
    public Trainer(Setup setup, RunStore store, SavedModels models, TrainingListener listener) {
        this(setup, store, models, listener, null);
    }

    /**
     * The same for trainings whose options come from a file.
     *
     * @param config SHA-256 of the file; null for none
     */
    public Trainer(Setup setup, RunStore store, SavedModels models, TrainingListener listener, String config) {
        this.data = setup.data();
        this.setup = setup;
        this.store = store;
        this.models = models;
        this.listener = listener;
        this.provenance =
                Provenance.of(data.origin().name(), data.origin().synthetic()).withConfig(config);
    }

    /** Whether this program computes a training as the version that its settings name did. */
    public static boolean computes(Settings settings) {
        Settings.Computation computation = settings.computation();
        return computation.version() == TrainedNetwork.currentVersion(settings.model(), computation.adam());
    }

    /** How many threads a training like this one has on this machine where nobody asks for a number. */
    public static int threadsHere(Settings settings) {
        Device all = Device.cpu(Runtime.getRuntime().availableProcessors());
        return TrainedNetwork.device(settings.model(), all.asUsual()).threads();
    }

    /** Where a stored run was trained, whose teacher may have had other threads than it. */
    public static Device device(Settings stored) {
        Device asked = TrainedNetwork.device(stored);
        Device usual = asked.asUsual();
        return TrainedNetwork.device(stored.model(), usual).threads() == asked.threads() ? usual : asked;
    }

    /** The images that are trained and tested on. */
    public DataSet data() {
        return data;
    }

    /** Who teaches where a training names no other; null for nobody. */
    GivenTeacher givenTeacher() {
        return setup.givenTeacher();
    }

    /** The network of a training. */
    Network network(Settings settings) throws IOException {
        return models.network(settings).whole();
    }

    /** The networks that trainings have, and their weights. */
    SavedModels models() {
        return models;
    }

    /** Where it computes. */
    Device device() {
        return setup.device();
    }

    /** The stored run of a training; nothing is trained. */
    public Optional<Run> stored(Training training) throws IOException {
        return store.find(training.settings().task(), training.settings().identity());
    }

    /**
     * How many trainings at a time make many fastest on this machine. Task 1's students compute on one thread each, so
     * there is one for each processor that has the memory for it; a network of Task 2 has all processors, and a GPU is
     * one.
     */
    public static int usualJobs(String task, Device device) {
        if (task.equals(Settings.TASK2) || device.gpu()) {
            return 1;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long places = (memory - PROGRAM_BYTES) / TRAINING_BYTES;
        return Math.toIntExact(
                Math.max(1, Math.min(places, processors / device.threadsOr(1).threads())));
    }

    /**
     * Begins to carry out trainings in the background, several at a time; {@link #run} waits for them. A training has
     * the same weights whatever is trained beside it.
     *
     * @param trainings in the order in which they are wanted
     * @param atOnce how many at a time, at least 1
     */
    public void start(List<Training> trainings, int atOnce) {
        this.atOnce = atOnce;
        jobs = new Jobs(trainings, atOnce, settings -> placesHere(settings, atOnce), this::runNow);
    }

    /** How many of the places a training takes here where there are so many at a time, from 1 to all. */
    public int placesHere(Settings settings, int atOnce) {
        return setup.device().asked() ? 1 : places(settings, atOnce);
    }

    /** The part of the machine that a training has while so many are carried out at a time, from 0 to 1. */
    static double usualShare(Settings settings, int atOnce) {
        return (double) places(settings, atOnce) / atOnce;
    }

    /**
     * How many of the places a training takes that has the threads it usually has, where there are so many at a time:
     * one that computes on several threads takes the place of several.
     */
    public static int places(Settings settings, int atOnce) {
        return settings.isTransfer()
                ? 1
                : Math.min(atOnce, settings.computation().threads());
    }

    /** Stops what is trained in the background. */
    @Override
    public void close() {
        if (jobs != null) {
            jobs.close();
        }
    }

    /** The run of a training, stored or trained now. */
    public Run run(Training training) throws IOException {
        return jobs != null && jobs.has(training) ? jobs.await(training) : runNow(training);
    }

    /** Waits for a training that is carried out in the background. */
    private void await(Training training) throws IOException {
        if (jobs != null && jobs.has(training)) {
            jobs.await(training);
        }
    }

    private Run runNow(Training training) throws IOException {
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
     *     computation whose weights are gone, so that the training would rest on other weights
     */
    public Run repeat(Settings settings) throws IOException {
        return train(restored(settings), Keep.NOTHING, settings.epochs()).run();
    }

    /** The training that a run's settings are of. */
    private Training restored(Settings settings) throws IOException {
        boolean given = givenTeacher() != null && givenTeacher().identity().equals(settings.teacher());
        if (settings.hasGivenTeacher() && !given) {
            throw new IOException("%s learnt from the teacher %s: give the same one with --teacher"
                    .formatted(settings.label(), settings.teacher()));
        }
        Training alone = settings.teacher() == null || given
                ? Training.of(settings)
                : Training.taught(settings, restoredTeacher(settings));
        return settings.carried() ? alone.startingFrom(restored(stored(settings, settings.startingWeights()))) : alone;
    }

    /**
     * The teacher of a stored student, from its own run; of Task 1 also from its student's settings where the store
     * does not have it: it was trained on the threads that it usually has, or on as many as were asked for, which its
     * student had, too.
     */
    private Training restoredTeacher(Settings student) throws IOException {
        String identity = student.teacher();
        if (student.isTransfer() || store.find(student.task(), identity).isPresent()) {
            return restored(stored(student, identity));
        }
        return Stream.of(setup.device(), TrainedNetwork.device(student))
                .map(device -> MnistPlan.of(student, device).teacher())
                .filter(teacher -> teacher.settings().identity().equals(identity))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "the run learnt from the teacher %s, which is not in %s, nor the one that the run's settings name: --out names the store that has both"
                                .formatted(identity, store.folder(student.task()))));
    }

    private Settings stored(Settings settings, String identity) throws IOException {
        return store.find(settings.task(), identity)
                .orElseThrow(() ->
                        new IOException("%s rests on the run %s, which is not in %s: give a teacher with --teacher"
                                .formatted(settings.label(), identity, store.folder(settings.task()))))
                .settings();
    }

    /** What a training keeps, and whether it goes on from what is kept. */
    private enum Keep {
        /** The state after the epochs, going on from what is kept. */
        AND_RESUME,
        /** The state after the epochs, beginning anew. */
        AFRESH,
        /** Nothing is kept. */
        NOTHING
    }

    /** @param told who heard of it */
    private record Trained(Run run, Weights weights, EpochListener told) {}

    /** Trains, and stores the run unless the latest one with its identity has the same weights. */
    private Trained trainAndStore(Training training, Keep keep) throws IOException {
        Trained trained = train(training, keep, training.settings().epochs());
        trainedHere.add(training.settings().identity());
        Run stored = store.appendUnlessEqual(trained.run());
        trained.told().stored(stored);
        return new Trained(stored, trained.weights(), trained.told());
    }

    /** The weights that a training ends with; trained again where they are gone or are others than the stored run's. */
    public Weights weights(Training training) throws IOException {
        await(training);
        return weightsNow(training);
    }

    /** For one thread at a time, so that two students whose teacher is gone train it once. */
    private synchronized Weights weightsNow(Training training) throws IOException {
        Settings settings = training.settings();
        Run run = runNow(training);
        Optional<Weights> kept = kept(run.history().size(), run);
        if (kept.isPresent()) {
            return kept.get();
        }
        boolean others = models.isWhole(settings);
        LOG.info(
                "the weights of {} are {}: training it again",
                settings.label(),
                others ? "not those of its run" : "gone");
        return trainAndStore(training, others ? Keep.AFRESH : Keep.AND_RESUME).weights();
    }

    /**
     * The weights that a training has after one of its epochs; trained again where they are gone or not its run's.
     *
     * @param epoch from 1 to its last; before the last they are kept of a teacher that all questions share alone
     */
    Weights weightsAfter(int epoch, Training training) throws IOException {
        await(training);
        return weightsNow(epoch, training);
    }

    private synchronized Weights weightsNow(int epoch, Training training) throws IOException {
        Settings settings = training.settings();
        if (epoch == settings.epochs()) {
            return weightsNow(training);
        }
        Optional<Weights> kept = kept(epoch, runNow(training));
        if (kept.isEmpty()) {
            LOG.info("epoch {} of {} is gone, or is not its run's: training it again", epoch, settings.label());
            kept = kept(epoch, trainAndStore(training, Keep.AFRESH).run());
        }
        return kept.orElseThrow(() -> new IOException("%s was trained again, but its epoch %d in %s is not its run's"
                .formatted(settings.label(), epoch, models.folder(settings))));
    }

    /**
     * The weights that are kept after an epoch, where they are a run's: they have its digest, or before its last epoch
     * its losses and accuracies beside them.
     */
    private Optional<Weights> kept(int epoch, Run run) throws IOException {
        Settings settings = run.settings();
        boolean last = epoch == run.history().size();
        if (!last
                && models.progress(settings, epoch)
                        .filter(progress -> numbers(progress.history())
                                .equals(numbers(run.history().subList(0, epoch))))
                        .isEmpty()) {
            return Optional.empty();
        }
        return models.load(settings, epoch, models.network(settings).whole().weights())
                .filter(weights -> !last || weights.digest().equals(run.weightsDigest()));
    }

    /** What each epoch gave, without how long it took. */
    private static List<List<Double>> numbers(List<EpochResult> history) {
        return history.stream()
                .map(result -> List.of(result.testAccuracy(), result.loss()))
                .toList();
    }

    /** The weights after an epoch where they are kept; trained where they are not, without a trace. */
    private Weights borrowed(int epoch, Training training) throws IOException {
        Optional<Run> run = stored(training);
        boolean last = epoch == training.settings().epochs();
        Optional<Weights> kept =
                run.isPresent() ? kept(last ? run.get().history().size() : epoch, run.get()) : Optional.empty();
        if (kept.isPresent()) {
            return kept.get();
        }
        if (!computes(training.settings())) {
            throw new IOException(
                    "the run rests on %s, which version %d of the computation trained, whose numbers this program does not give, and whose weights are gone from %s: check out the commit that its provenance names"
                            .formatted(
                                    training.settings().label(),
                                    training.settings().computation().version(),
                                    models.folder()));
        }
        return train(training, Keep.NOTHING, epoch).weights();
    }

    /** @param epochs after how many to stop; before the last one only where nothing is kept */
    private Trained train(Training training, Keep keep, int epochs) throws IOException {
        Settings settings = training.settings();
        Stopping stopping = settings.stopping();
        TrainedNetwork network = models.network(settings);
        Measures measures = new Measures(
                settings, network.whole(), images(settings), validation(settings), TrainedNetwork.device(settings));
        if (stepsPerEpoch(settings) == 0) {
            throw new IllegalArgumentException("a training step takes %d images, found %d training images in all"
                    .formatted(settings.schedule().batchSize(), measures.train().size()));
        }
        Optional<Progress> progress = keep == Keep.AND_RESUME ? models.progress(settings) : Optional.empty();
        List<EpochResult> history = new ArrayList<>();
        progress.ifPresent(earlier -> history.addAll(earlier.history()));
        Provenance trainedBy = progress.map(Progress::provenance).orElse(provenance);
        boolean done = history.size() == epochs || stopping.applies() && !history.isEmpty();
        EpochListener told = done ? EpochListener.SILENT : null;
        Weights weights = history.isEmpty() ? startingWeights(training, keep) : null;
        Weights state = null;
        List<ComparedLayers> compared = compared(training);
        int[] teacherSays = settings.teacher() == null || settings.isTransfer()
                ? null
                : asked(training, keep).testClasses();
        Run run = null;
        Tested tested = null;
        try (Teacher teacher = done ? Teacher.NONE : teacher(training, keep)) {
            int end = 0;
            for (PhasePlan phase : PhasePlan.of(settings)) {
                int start = end;
                end = Math.min(end + phase.epochs(), epochs);
                boolean last = end == epochs;
                if (history.size() >= end && !last || start >= epochs) {
                    continue;
                }
                // Another phase's Adam is of no use where this one starts with a new one.
                boolean goesOn = !done
                        && !history.isEmpty()
                        && history.size() < end
                        && (history.size() > start || !phase.newOptimizer());
                try (PhaseTraining model = new PhaseTraining(settings, network, phase, compared, measures.device())) {
                    Weights before = goesOn ? state : weights;
                    if (before == null) {
                        List<WeightSpec> specs =
                                goesOn ? model.stateSpecs() : network.whole().weights();
                        before = models.load(settings, history.size(), specs).orElse(null);
                    }
                    if (before == null) {
                        return train(training, keep, epochs);
                    }
                    if (goesOn) {
                        model.setState(before);
                    } else {
                        model.setWeights(before);
                    }
                    if (told == null) {
                        told = told(measures, history.size(), model);
                    }
                    if (history.size() < end && model.usesFeatures()) {
                        told.doing("computing what the frozen base makes of all images, which is done once");
                    }
                    Weights best = null;
                    boolean stopped = done;
                    while (history.size() < end && !stopped) {
                        tested = epoch(model, phase, history.size() + 1, measures, teacher, told);
                        history.add(tested.result());
                        trainedBy = provenance.at(Instant.now());
                        if (stopping.applies()) {
                            stopped = stopping.stops(history);
                            best = stopping.taken(history) == history.size() ? model.getWeights() : best;
                        } else if (keep != Keep.NOTHING) {
                            keep(new Progress(settings, List.copyOf(history), trainedBy), model);
                        }
                    }
                    if (stopping.applies() && !done) {
                        told.doing(ended(stopping, history));
                        model.setWeights(best);
                        if (keep != Keep.NOTHING) {
                            models.save(new Progress(settings, List.copyOf(history), trainedBy), best);
                        }
                    }
                    weights = model.getWeights();
                    if (last) {
                        told.doing(measures.atTheEnd());
                        double[] outputs = keepsEarlier(settings) && keep != Keep.NOTHING
                                ? outputsToKeep(settings, weights, measures, model)
                                : model.predict(measures.train());
                        run = measures.run(model, weights, outputs, teacherSays, List.copyOf(history), trainedBy);
                        if (tested != null) {
                            SanityCheck.after(history, tested.confusion()).ifPresent(told::warn);
                        }
                    } else {
                        state = model.getState();
                    }
                }
            }
        }
        return new Trained(run, weights, told);
    }

    /** How a training ended that may stop early. */
    private static String ended(Stopping stopping, List<EpochResult> history) {
        return "%s after epoch %d; its weights are those after epoch %d"
                .formatted(
                        stopping.stops(history) ? "stopped early" : "ended", history.size(), stopping.taken(history));
    }

    /**
     * Tells the listener that a training starts, or goes on after some epochs; of one that starts, whether what its
     * base makes of a first batch lets it learn.
     */
    private EpochListener told(Measures measures, int epochs, PhaseTraining model) throws IOException {
        Settings settings = measures.settings();
        Images train = measures.train();
        EpochListener told = listener.start(settings, stepsPerEpoch(settings), epochs);
        if (epochs > 0) {
            return told;
        }
        int[] batch = batches(settings, 1, train.size()).get(0);
        if (settings.augmented()) {
            int[] first = Arrays.copyOf(batch, Math.min(SHOWN_IMAGES, batch.length));
            told.augmented(train.batch(first, PhaseTraining.augmentation(settings), 1, 0));
        }
        // A frozen base is as in inference, whatever its statistics do later.
        boolean staysFrozen = PhasePlan.of(settings).stream().allMatch(PhasePlan::frozenBase);
        if (ReadingGraph.of(settings).trainsInInference() || staysFrozen) {
            model.features(train, batch)
                    .flatMap(features -> SanityCheck.before(settings, features, batch.length))
                    .ifPresent(told::warn);
        }
        return told;
    }

    /**
     * Whether a training's state is kept after each epoch: a teacher's, and that of transfer learning, whose epochs are
     * long; but of none that may stop early.
     */
    public static boolean keepsEpochs(Settings settings) {
        return (settings.isTransfer() || settings.role() == Role.TEACHER)
                && !settings.stopping().applies();
    }

    /**
     * Keeps what a later process needs to go on: the state after each epoch where it {@link #keepsEpochs}, else the
     * weights after the last. Earlier epochs are kept of the teachers of Task 1 that all questions share, whose
     * students learn from them.
     */
    private void keep(Progress progress, PhaseTraining model) throws IOException {
        Settings settings = progress.settings();
        boolean last = progress.epochs() == settings.epochs();
        boolean keepsEarlier = keepsEarlier(settings);
        if (last || keepsEpochs(settings)) {
            models.save(progress, last && !keepsEarlier ? model.getWeights() : model.getState());
            if (!keepsEarlier) {
                models.deleteBefore(settings, progress.epochs());
            }
        }
    }

    private static boolean keepsEarlier(Settings settings) {
        return !settings.isTransfer()
                && settings.question().equals(Settings.SHARED_TEACHER)
                && !settings.stopping().applies();
    }

    /** What a teacher that all questions share puts out for the training images, kept for its students. */
    private double[] outputsToKeep(Settings settings, Weights weights, Measures measures, PhaseTraining model)
            throws IOException {
        Images train = measures.train();
        return keptOutputs(teacher(settings, weights), measures.device(), "train", train, () -> model.predict(train))
                .values();
    }

    /** The images that a training is trained and tested on. */
    private DataSet images(Settings settings) {
        Images train = data.train();
        int keptBack = settings.stopping().keptBack();
        if (settings.rareClass() == null && keptBack == 0) {
            return data;
        }
        Images used = keptBack == 0 ? train.subset(thinned(settings)) : train.first(train.size() - keptBack);
        return new DataSet(used, data.test(), data.origin());
    }

    /** The last training images, where they are kept back to tell when to stop; else null. */
    private Images validation(Settings settings) {
        int all = data.train().size();
        int keptBack = settings.stopping().keptBack();
        return keptBack == 0
                ? null
                : data.train().subset(IntStream.range(all - keptBack, all).toArray());
    }

    private int[] thinned(Settings settings) {
        return data.train().thinned(settings.rareClass(), Settings.RARE_EVERY);
    }

    /** How many steps an epoch of a training has. */
    public int stepsPerEpoch(Settings settings) {
        return batches(settings, 1, images(settings).train().size()).size();
    }

    /** Task 1 drops the last batch where it would not be full, as the report's programs do; Task 2 does not. */
    private List<int[]> batches(Settings settings, int epoch, int images) {
        int size = settings.schedule().batchSize();
        EpochOrder order = new EpochOrder(settings.stream("order"));
        return settings.isTransfer() ? order.allBatches(epoch, images, size) : order.batches(epoch, images, size);
    }

    private Weights startingWeights(Training training, Keep keep) throws IOException {
        Training before = training.start();
        if (before != null) {
            return keep == Keep.NOTHING ? borrowed(before.settings().epochs(), before) : weightsNow(before);
        }
        Settings settings = training.settings();
        TrainedNetwork network = models.network(settings);
        if (settings.keptWeights() != null) {
            return models.students().weights(settings);
        }
        long seed = settings.stream("weights");
        if (!settings.pretrained()) {
            return network.whole().initialWeights(seed);
        }
        Weights base = setup.startingWeights().stream()
                .map(known -> known.byIdentity().get(settings.startingWeights()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() ->
                        new IOException("%s starts from the weights %s, which were not given: name them with --weights"
                                .formatted(settings.label(), settings.startingWeights())));
        return network.parts().initialWeights(base, seed);
    }

    /** A teacher that is asked about each batch. */
    private record AskedTeacher(OpenTeacher teacher, List<String> layers) implements Teacher {

        @Override
        public TeacherOutputs outputs(int[] indices, Supplier<float[]> levels) throws IOException {
            return teacher.outputs(levels.get(), layers);
        }

        @Override
        public void close() {
            teacher.close();
        }
    }

    /**
     * The teacher sees what its student sees. Where that is always the same, it is asked once, unless what its layers
     * say would not fit into memory.
     */
    private Teacher teacher(Training training, Keep keep) throws IOException {
        Settings settings = training.settings();
        if (settings.teacher() == null) {
            return Teacher.NONE;
        }
        if (settings.augmented() || settings.isTransfer() && isTooMuch(compared(training))) {
            return new AskedTeacher(asTeacher(training, keep).open(teacherDevice(training)), layerNames(training));
        }
        TeacherOutputs all = asked(training, keep).train();
        TeacherOutputs known = settings.rareClass() == null ? all : all.of(thinned(settings));
        return (indices, levels) -> known.of(indices);
    }

    /** The layers that a student's loss compares; none where it looks at the outputs alone. */
    private List<ComparedLayers> compared(Training training) throws IOException {
        Settings settings = training.settings();
        if (settings.role() != Role.STUDENT || settings.isOfReportsLoss()) {
            return List.of();
        }
        Network student = models.network(settings).whole();
        return training.teacher() == null
                ? given(training).compared(settings, student)
                : ReadingGraph.compared(
                        settings,
                        student,
                        TrainedNetwork.of(training.teacher().settings()).whole());
    }

    /** The layers of its teacher that a student's loss compares with. */
    private List<String> layerNames(Training training) throws IOException {
        return compared(training).stream().map(pair -> pair.teacher().name()).toList();
    }

    /** Whether what these layers put out for all training images takes more memory than a program should. */
    private boolean isTooMuch(List<ComparedLayers> compared) {
        long numbers = compared.stream()
                .mapToLong(pair -> pair.teacher().output().size())
                .sum();
        return numbers * Double.BYTES * data.train().size() > MOST_FEATURES;
    }

    /** Where a student's teacher is computed: as it was trained. */
    private Device teacherDevice(Training student) {
        return student.teacher() == null
                ? usualTeacherDevice(student.settings().network())
                : TrainedNetwork.device(student.teacher().settings());
    }

    /** @param network of transfer learning the base; else null */
    private Device usualTeacherDevice(String network) {
        return TrainedNetwork.device(Settings.Model.of(Role.TEACHER, network, null, null), setup.device());
    }

    /**
     * What a teacher said.
     *
     * @param train what it puts out for every training image
     * @param testClasses the class that it predicts of every test image; null in Task 2
     */
    private record Asked(TeacherOutputs train, int[] testClasses) {}

    /**
     * What a student's teacher says. Students that share it share this, too: as many teachers are remembered, the last
     * ones asked, as there are trainings at a time.
     */
    private synchronized Asked asked(Training training, Keep keep) throws IOException {
        List<String> layers = layerNames(training);
        List<Object> teacher = List.of(training.settings().teacher(), teacherEpochs(training), layers);
        Asked said = askedTeachers.remove(teacher);
        if (said == null) {
            said = ask(training, keep, layers);
        }
        askedTeachers.put(teacher, said);
        if (askedTeachers.size() > atOnce) {
            askedTeachers.remove(askedTeachers.keySet().iterator().next());
        }
        return said;
    }

    /** The outputs of a teacher that all students of a question share are kept for later processes, too. */
    private Asked ask(Training training, Keep keep, List<String> layers) throws IOException {
        boolean transfer = training.settings().isTransfer();
        Device device = teacherDevice(training);
        GivenTeacher teacher = asTeacher(training, keep);
        if (layers.isEmpty() && keep != Keep.NOTHING && training.settings().teacherEpochs() == null) {
            return new Asked(
                    keptOutputs(teacher, device, "train", data.train()),
                    transfer ? null : classes(keptOutputs(teacher, device, "test", data.test())));
        }
        sayAsked(teacher, data.train());
        try (OpenTeacher open = teacher.open(device)) {
            return new Asked(
                    open.outputs(data.train(), layers),
                    transfer ? null : classes(open.outputs(data.test(), List.of())));
        }
    }

    private static int[] classes(TeacherOutputs outputs) {
        return Classification.largest(outputs.values(), outputs.classes());
    }

    /** As below; asked now where it was not. */
    private TeacherOutputs keptOutputs(GivenTeacher teacher, Device device, String part, Images images)
            throws IOException {
        return keptOutputs(teacher, device, part, images, () -> asked(teacher, device, images));
    }

    /**
     * What a teacher puts out for all images of a part of the data, from an earlier process where it was asked before.
     *
     * @param asked what it puts out, where it was not
     */
    private TeacherOutputs keptOutputs(
            GivenTeacher teacher, Device device, String part, Images images, SavedModels.Outputs asked)
            throws IOException {
        int classes = teacher.data().classes();
        String name = "%s-%s-%s-%s%dx%d-%s%d-onednn-%s"
                .formatted(
                        teacher.digest(),
                        teacher.graph().reading().inName(),
                        data.origin().digest().substring(0, DATA_DIGITS),
                        part,
                        images.size(),
                        teacher.data().input().size(),
                        device.kind(),
                        device.threads(),
                        Settings.Computation.oneDnn());
        return new TeacherOutputs(classes, models.teacherOutputs(name, Shape.of(images.size(), classes), asked));
    }

    private double[] asked(GivenTeacher teacher, Device device, Images images) throws IOException {
        sayAsked(teacher, images);
        try (OpenTeacher open = teacher.open(device)) {
            return open.outputs(images, List.of()).values();
        }
    }

    private void sayAsked(GivenTeacher teacher, Images images) {
        listener.doing(
                String.format(Locale.ROOT, "asking %s for its outputs on %,d images", teacher.name(), images.size()));
    }

    /** Epochs that a student's teacher has behind it; 0 of a given teacher, for which they are not known. */
    private static int teacherEpochs(Training student) {
        return student.settings().teacherEpochs() != null
                ? student.settings().teacherEpochs()
                : student.teacher() == null ? 0 : student.teacher().settings().epochs();
    }

    /** Who teaches a training: the given teacher, or what another training left behind. */
    private GivenTeacher asTeacher(Training student, Keep keep) throws IOException {
        if (student.teacher() == null) {
            return given(student);
        }
        Training teacher = student.teacher();
        int epochs = teacherEpochs(student);
        return teacher(
                teacher.settings(), keep == Keep.NOTHING ? borrowed(epochs, teacher) : weightsNow(epochs, teacher));
    }

    /** A training as a teacher. */
    private static GivenTeacher teacher(Settings settings, Weights weights) {
        return new GivenTeacher(
                settings.label(),
                TrainedNetwork.of(settings).whole(),
                ReadingGraph.of(settings),
                weights,
                settings.identity());
    }

    private GivenTeacher given(Training student) throws IOException {
        if (givenTeacher() == null) {
            throw new IOException("%s learns from the teacher %s: give it with --teacher"
                    .formatted(student.settings().label(), student.settings().teacher()));
        }
        return givenTeacher();
    }

    /**
     * The weights of a training's teacher.
     *
     * @throws IOException where it has none
     */
    Weights teacherWeights(Training student) throws IOException {
        if (student.teacher() != null) {
            await(student.teacher());
        }
        return asTeacher(student, Keep.AND_RESUME).weights();
    }

    /** What the given teacher of Task 1 puts out for the training images, image by image. */
    double[] givenTeachersOutputs() throws IOException {
        return keptOutputs(givenTeacher(), usualTeacherDevice(null), "train", data.train())
                .values();
    }

    /** The test accuracy, in percent, of a teacher that was trained elsewhere. */
    public double evaluate(GivenTeacher teacher) throws IOException {
        Images test = data.test();
        TeacherOutputs outputs = keptOutputs(teacher, usualTeacherDevice(null), "test", test);
        return Classification.percentRight(outputs.values(), test.labels());
    }

    /** The numbers before the last activation of a network with weights, of some test images. */
    double[] testLogits(Settings settings, Weights weights, int[] indices) throws IOException {
        Network network = models.network(settings, Activation.LINEAR).whole();
        try (CompiledModel<TFloat32> model = ReadingGraph.of(settings).model(network, weights, setup.device())) {
            return model.predict(data.test(), indices);
        }
    }

    /** As {@link #testLogits(Settings, Weights, int[])}, of a teacher that was trained elsewhere. */
    double[] testLogits(GivenTeacher teacher, int[] indices) throws IOException {
        try (OpenTeacher logits = teacher.openLogits(setup.device())) {
            return logits.outputs(data.test(), indices);
        }
    }

    /** One epoch of training, and its test. */
    private Tested epoch(
            PhaseTraining model, PhasePlan phase, int epoch, Measures measures, Teacher teacher, EpochListener told)
            throws IOException {
        Images train = measures.train();
        List<int[]> batches = batches(measures.settings(), epoch, train.size());
        int steps = batches.size();
        double[] sums = new double[3];
        long start = System.nanoTime();
        Teacher teaching = phase.distils() ? teacher : Teacher.NONE;
        model.train(train, batches, epoch, teaching, (step, batch, loss) -> {
            if (!Double.isFinite(loss.loss())) {
                String names = Arrays.stream(batch).mapToObj(train::name).collect(Collectors.joining(", "));
                throw new IOException(
                        "%s: the loss of step %d of %d in epoch %d is %s, on the images %s; what the epoch before left is kept"
                                .formatted(measures.settings().label(), step, steps, epoch, loss.loss(), names));
            }
            if (jobs != null && jobs.stopped()) {
                throw new InterruptedIOException(measures.settings().label() + " was stopped");
            }
            sums[0] += loss.loss();
            sums[1] += loss.hard();
            sums[2] += loss.soft();
            told.afterStep(epoch, step, steps);
        });
        StepLoss means = new StepLoss(sums[0] / steps, sums[1] / steps, sums[2] / steps);
        Tested tested = measures.epoch(model, epoch, means, start);
        told.afterEpoch(tested.result(), () -> {
            try {
                return measures.trainAccuracy(model.predict(measures.train()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return tested;
    }
}
