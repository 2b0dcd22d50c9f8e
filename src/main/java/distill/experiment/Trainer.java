package distill.experiment;

import com.sun.management.OperatingSystemMXBean;
import distill.data.DataSet;
import distill.data.ImageBatch;
import distill.experiment.PhaseTraining.Teacher;
import distill.loss.ComparedLayers;
import distill.metrics.Classification;
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
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.types.TFloat32;

/**
 * Carries out trainings of either task: looks each up in the store, or else trains it, with those that it rests on, and
 * stores it. State is kept on the way, so that a training that was killed goes on from its last whole epoch and ends
 * with the same weights. Several may be carried out at a time: {@link #start}.
 */
public final class Trainer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
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
    private final KeptTeacherOutputs teacherOutputs;
    private final Set<String> trainedHere = ConcurrentHashMap.newKeySet();
    private final Map<List<Object>, Asked> askedTeachers = new LinkedHashMap<>();
    private int atOnce = 1;
    private volatile Jobs jobs;

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
        this.teacherOutputs = new KeptTeacherOutputs(data, models, listener);
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

    /** What teachers put out for all images. */
    KeptTeacherOutputs teacherOutputs() {
        return teacherOutputs;
    }

    /** Who hears of each training. */
    TrainingListener listener() {
        return listener;
    }

    /** Where runs come from that are trained now. */
    Provenance provenance() {
        return provenance;
    }

    /** Whether what is trained in the background is to stop. */
    boolean isStopped() {
        return jobs != null && jobs.stopped();
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
    enum Keep {
        /** The state after the epochs, going on from what is kept. */
        AND_RESUME,
        /** The state after the epochs, beginning anew. */
        AFRESH,
        /** Nothing is kept. */
        NOTHING
    }

    /**
     * A training that has ended.
     *
     * @param told who heard of it
     */
    record Trained(Run run, Weights weights, EpochListener told) {}

    /** @param epochs after how many to stop; before the last one only where nothing is kept */
    private Trained train(Training training, Keep keep, int epochs) throws IOException {
        return new TrainingUnderWay(this, training, keep, epochs).carryOut();
    }

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

    /**
     * Whether a training's state is kept after each epoch: a teacher's, and that of transfer learning, whose epochs are
     * long; but of none that may stop early.
     */
    public static boolean keepsEpochs(Settings settings) {
        return (settings.isTransfer() || settings.role() == Role.TEACHER)
                && !settings.stopping().applies();
    }

    /** How many steps an epoch of a training has. */
    public int stepsPerEpoch(Settings settings) {
        return TrainingImages.of(settings, data).steps();
    }

    /** What a training starts from. */
    Weights startingWeights(Training training, Keep keep) throws IOException {
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
        public TeacherOutputs outputs(ImageBatch batch) throws IOException {
            return teacher.outputs(batch, layers);
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
    Teacher teacher(Training training, Keep keep) throws IOException {
        Settings settings = training.settings();
        if (settings.teacher() == null) {
            return Teacher.NONE;
        }
        if (settings.augmented() || isTooMuch(compared(training))) {
            return new AskedTeacher(asTeacher(training, keep).open(teacherDevice(training)), layerNames(training));
        }
        TeacherOutputs all = asked(training, keep).train();
        TeacherOutputs known =
                settings.rareClass() == null ? all : all.of(TrainingImages.thinned(settings, data.train()));
        return batch -> known.of(batch.indices());
    }

    /** The layers that a student's loss compares; none where it looks at the outputs alone. */
    List<ComparedLayers> compared(Training training) throws IOException {
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
     * @param train what it puts out for every training image; null where it is asked about each batch
     * @param testClasses the class that it predicts of every test image; null in Task 2
     */
    private record Asked(TeacherOutputs train, int[] testClasses) {}

    /** The class that a student's teacher predicts of each test image of Task 1. */
    int[] testClasses(Training training, Keep keep) throws IOException {
        return asked(training, keep).testClasses();
    }

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
                    teacherOutputs.train(teacher, device),
                    transfer ? null : classes(teacherOutputs.test(teacher, device)));
        }
        boolean batchByBatch = isTooMuch(compared(training));
        teacherOutputs.say(teacher, batchByBatch ? data.test() : data.train());
        try (OpenTeacher open = teacher.open(device)) {
            return new Asked(
                    batchByBatch ? null : open.outputs(data.train(), layers),
                    transfer ? null : classes(open.outputs(data.test(), List.of())));
        }
    }

    private static int[] classes(TeacherOutputs outputs) {
        return Classification.largest(outputs.values(), outputs.classes());
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
    static GivenTeacher teacher(Settings settings, Weights weights) {
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
        return teacherOutputs.train(givenTeacher(), usualTeacherDevice(null)).values();
    }

    /** The test accuracy, in percent, of a teacher that was trained elsewhere. */
    public double evaluate(GivenTeacher teacher) throws IOException {
        TeacherOutputs outputs = teacherOutputs.test(teacher, usualTeacherDevice(null));
        return Classification.percentRight(outputs.values(), data.test().labels());
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
}
