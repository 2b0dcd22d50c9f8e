package distill.experiment;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Images;
import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.MnistStudent;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Provenance;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainAndEvaluate;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.types.TFloat32;

/**
 * The trainings of the report's Task 1: teachers, and students with and without distillation. Each method returns the
 * stored run where there is one, and else trains, stores and returns it. A teacher that was killed goes on from its
 * last whole epoch.
 */
public final class MnistExperiment {

    private static final Logger LOG = LoggerFactory.getLogger(MnistExperiment.class);
    /**
     * What is common to all trainings of an experiment.
     *
     * @param reading which reading of the report
     * @param epochs epochs of each training; the report's are 12
     * @param trainImages how many training images are used, from the first on; the report's are 60,000
     * @param quick whether this is a cut that is marked QUICK
     * @param device where to compute
     * @param fresh whether to train again what is stored
     * @param givenTeacher who teaches all students; where it is empty, each seed's own teacher, which is trained
     */
    public record Plan(
            Reading reading,
            int epochs,
            int trainImages,
            boolean quick,
            Device device,
            boolean fresh,
            Optional<GivenTeacher> givenTeacher) {}

    private final Plan plan;
    private final MnistPlan trainings;
    private final DataSet data;
    private final RunStore store;
    private final SavedModels models;
    private final TrainingListener listener;
    private final Provenance provenance;
    private final Set<String> trainedHere = new HashSet<>();
    private Optional<KnownTeacher> lastTeacher = Optional.empty();

    /**
     * A teacher that was trained elsewhere, in place of each seed's own.
     *
     * @param name what it is called
     * @param weights of the report's teacher network; the activation at its end is the reading's
     */
    public record GivenTeacher(String name, Weights weights) {

        /**
         * A model of the library by its name, or a file.
         *
         * @throws IOException where there is neither, or it is not the report's teacher network
         */
        public static GivenTeacher of(ModelLibrary library, String nameOrFile) throws IOException {
            return new GivenTeacher(
                    nameOrFile,
                    library.find(nameOrFile, Architecture.MNIST_TEACHER).weights());
        }

        /** What a student's settings call it: the SHA-256 of its weights. */
        public String identity() {
            return weights.digest();
        }
    }

    private record KnownTeacher(String identity, int epochs, TeacherOutputs outputs) {}

    /**
     * An experiment on some data.
     *
     * @param store where finished runs are looked up and kept
     * @param models where weights are kept
     * @param listener hears of each training
     */
    public MnistExperiment(Plan plan, DataSet data, RunStore store, SavedModels models, TrainingListener listener) {
        this.plan = plan;
        this.trainings = new MnistPlan(
                plan.reading(),
                plan.epochs(),
                plan.trainImages(),
                plan.quick(),
                plan.givenTeacher().map(GivenTeacher::identity),
                data.origin().digest(),
                plan.device());
        this.data = new DataSet(data.train().first(plan.trainImages()), data.test(), data.origin());
        this.store = store;
        this.models = models;
        this.listener = listener;
        this.provenance = Provenance.of(data.origin().name(), data.origin().synthetic());
        if (plan.trainImages() < MnistPlan.BATCH_SIZE) {
            throw new IllegalArgumentException("a training step takes %d images, found %d training images in all"
                    .formatted(MnistPlan.BATCH_SIZE, plan.trainImages()));
        }
    }

    /** The teacher of a seed, which all questions share (Question 5, Fig. 4). */
    public Run teacher(long seed) throws IOException {
        return run(trainings.teacher(seed));
    }

    /** The test accuracy, in percent, of a teacher that was trained elsewhere. */
    public double evaluate(GivenTeacher teacher) throws IOException {
        try (CompiledModel<TFloat32> model = CompiledModel.of(teacherNetwork(), plan.device())) {
            model.setWeights(teacher.weights());
            return model.evaluate(data.test());
        }
    }

    /** A student taught by the given teacher, or by the seed's (Questions 5 and 6). */
    public Run student(String question, double temperature, double alpha, long seed) throws IOException {
        return run(trainings.student(question, temperature, alpha, seed));
    }

    /** A student without distillation (Question 7). */
    public Run plainStudent(String question, long seed) throws IOException {
        return run(trainings.plainStudent(question, seed));
    }

    /** The settings of all trainings that the questions need. */
    public MnistPlan trainings() {
        return trainings;
    }

    /** The stored run with these settings; nothing is trained. */
    public Optional<Run> stored(Settings settings) throws IOException {
        return store.find(settings.task(), settings.identity());
    }

    /** The logits of a run's network, before its last activation, of the first {@code n} test images. */
    public double[] testLogits(Run run, int n) throws IOException {
        return testLogits(run.settings(), weights(run.settings()), n);
    }

    /** The same before its training. */
    public double[] untrainedTestLogits(Run run, int n) throws IOException {
        return testLogits(run.settings(), initialWeights(network(run.settings()), run.settings()), n);
    }

    /** The same of the given teacher, or else of the seed's as it was after so many epochs. */
    public double[] teacherTestLogits(long seed, int epochs, int n) throws IOException {
        Settings teacher = trainings.teacher(seed);
        Weights weights = plan.givenTeacher().isPresent()
                ? plan.givenTeacher().get().weights()
                : epochs == teacher.epochs() ? weights(teacher) : weightsAfter(epochs, teacher, Keep.AND_RESUME);
        return testLogits(teacher, weights, n);
    }

    private double[] testLogits(Settings settings, Weights weights, int n) throws IOException {
        try (CompiledModel<TFloat32> model = CompiledModel.of(network(settings, Activation.LINEAR), plan.device())) {
            model.setWeights(weights);
            return model.predict(
                    data.test(),
                    IntStream.range(0, Math.min(n, data.test().size())).toArray());
        }
    }

    /**
     * What Question 9 explains: the given teacher or else the students' seed's, the student, and the one without
     * distillation. Weights that are not kept are trained again. Whoever asks closes the models.
     */
    public List<ExplainedModel> explainedModels(Run student, Run plainStudent) throws IOException {
        Weights teacher = teacherWeights(student.settings(), Keep.AND_RESUME);
        Weights distilled = weights(student.settings());
        Weights plain = weights(plainStudent.settings());
        Network studentNetwork = network(student.settings());
        return List.of(
                new ExplainedModel("teacher", teacherNetwork(), teacher, plan.device()),
                new ExplainedModel("student with KD", studentNetwork, distilled, plan.device()),
                new ExplainedModel("student without KD", studentNetwork, plain, plan.device()));
    }

    /** The indices of the training images that the seed's teacher saw first, in its order. */
    public int[] firstBatch(long seed) {
        return new EpochOrder(trainings.teacher(seed).stream("order"))
                .batches(1, data.train().size(), MnistPlan.BATCH_SIZE)
                .get(0);
    }

    /**
     * A training image.
     *
     * @throws IllegalArgumentException where there is none of that index
     */
    public Example trainImage(int index) throws IOException {
        return Example.of("train", data.train(), index);
    }

    /**
     * A test image.
     *
     * @throws IllegalArgumentException where there is none of that index
     */
    public Example testImage(int index) throws IOException {
        return Example.of("test", data.test(), index);
    }

    /** {@code n} test images, or all where there are fewer, drawn without replacement by the seed. */
    public List<Example> testImages(int n, long seed) throws IOException {
        List<Example> examples = new ArrayList<>();
        int[] order = new EpochOrder(seed).permutation(1, data.test().size());
        for (int i = 0; i < Math.min(n, order.length); i++) {
            examples.add(testImage(order[i]));
        }
        return examples;
    }

    /**
     * Trains a stored run's settings again, and neither stores nor keeps what comes of it.
     *
     * @throws IOException where these settings would have a student learn from another teacher than it did
     */
    public Run repeat(Settings settings) throws IOException {
        if (settings.teacher() != null) {
            checkTeacher(settings);
        }
        return train(settings, Keep.NOTHING).run();
    }

    private void checkTeacher(Settings student) throws IOException {
        String teacher = trainings.teacherIdentity(student);
        if (!student.teacher().equals(teacher)) {
            throw new IOException("the run learnt from the teacher " + student.teacher()
                    + ", here it would learn from " + teacher
                    + (student.hasGivenTeacher()
                            ? ": give the same one with --teacher"
                            : ": use the commit that the run's provenance names"));
        }
    }

    /** What a training keeps, and whether it goes on from what is kept. */
    private enum Keep {
        /** Every epoch of a seed's teacher, the last of what else is trained, going on from there. */
        AND_RESUME,
        /** The same, from the start. */
        AFRESH,
        /** Nothing. */
        NOTHING
    }

    private record Trained(Run run, Weights weights) {}

    /** The run with these settings, stored or trained now. */
    public Run run(Settings settings) throws IOException {
        Optional<Run> stored = store.find(settings.task(), settings.identity());
        boolean again = plan.fresh() && !trainedHere.contains(settings.identity());
        return stored.isPresent() && !again
                ? stored.get()
                : trainAndStore(settings, again ? Keep.AFRESH : Keep.AND_RESUME).run();
    }

    /** Trains, and stores the run unless the latest one with its identity has the same weights. */
    private Trained trainAndStore(Settings settings, Keep keep) throws IOException {
        Trained trained = train(settings, keep);
        trainedHere.add(settings.identity());
        return new Trained(store.appendUnlessEqual(trained.run()), trained.weights());
    }

    private Trained train(Settings settings, Keep keep) throws IOException {
        Optional<TeacherOutputs> teacher =
                settings.teacher() == null ? Optional.empty() : Optional.of(teacherOutputs(settings, keep));
        Images train = trainImages(settings);
        TrainAndEvaluate loop = new TrainAndEvaluate(
                train,
                data.test(),
                new EpochOrder(settings.stream("order")),
                settings.stream("dropout"),
                settings.schedule().batchSize());
        boolean stopsDistilling = settings.distilEpochs() != null;
        boolean keepsEveryEpoch = settings.question().equals(Settings.SHARED_TEACHER);
        try (CompiledModel<TFloat32> model = compile(settings, ReadingGraph.loss(settings));
                CompiledModel<TFloat32> afterDistillation =
                        stopsDistilling ? compile(settings, LossFunction.plainStudent()) : null) {
            List<EpochResult> history = new ArrayList<>();
            Provenance trainedBy = provenance;
            if (keep == Keep.AND_RESUME) {
                Optional<SavedModels.Progress> progress = resume(model, settings);
                history.addAll(progress.map(SavedModels.Progress::history).orElse(List.of()));
                trainedBy = progress.map(SavedModels.Progress::provenance).orElse(provenance);
            }
            if (history.isEmpty()) {
                model.setWeights(initialWeights(model.network(), settings));
            }
            if (history.size() < settings.epochs()) {
                trainedBy = provenance;
                TrainAndEvaluate.Listener progress = listener.start(settings, loop.stepsPerEpoch(), history.size());
                for (int epoch = history.size() + 1; epoch <= settings.epochs(); epoch++) {
                    boolean last = epoch == settings.epochs();
                    if (stopsDistilling && epoch > settings.distilEpochs()) {
                        afterDistillation.setState(model.getState());
                        history.addAll(loop.run(afterDistillation, Optional.empty(), epoch - 1, epoch, progress));
                        model.setState(afterDistillation.getState());
                    } else {
                        history.addAll(loop.run(model, teacher, epoch - 1, epoch, progress));
                    }
                    if (keep != Keep.NOTHING && (last || settings.role() == Role.TEACHER)) {
                        trainedBy = provenance.at(Instant.now());
                        models.save(
                                new SavedModels.Progress(settings, List.copyOf(history), trainedBy),
                                keepsEveryEpoch || !last ? model.getState() : model.getWeights());
                        if (!keepsEveryEpoch) {
                            models.deleteBefore(settings, epoch);
                        }
                    }
                }
            }
            Weights weights = model.getWeights();
            return new Trained(
                    new Run(
                            settings.identity(),
                            settings,
                            history.get(history.size() - 1).testAccuracy(),
                            model.evaluate(train),
                            List.copyOf(history),
                            weights.digest(),
                            trainedBy,
                            hasRareClass(settings) ? evaluation(model) : null),
                    weights);
        }
    }

    /** The test images by class and prediction; accuracy alone does not say what became of a rare class. */
    private Evaluation evaluation(CompiledModel<TFloat32> model) throws IOException {
        Images test = data.test();
        return Evaluation.of(Classification.of(test.classes(), test.labels(), model.predict(test)), null, null);
    }

    private static boolean hasRareClass(Settings settings) {
        return settings.rareClass() != null;
    }

    private Images trainImages(Settings settings) {
        return hasRareClass(settings) ? data.train().subset(thinned(settings)) : data.train();
    }

    private int[] thinned(Settings settings) {
        return data.train().thinned(settings.rareClass(), Settings.RARE_EVERY);
    }

    private static Weights initialWeights(Network network, Settings settings) {
        return network.initialWeights(settings.stream("weights"));
    }

    private CompiledModel<TFloat32> compile(Settings settings, LossFunction<TFloat32> loss) {
        return CompiledModel.compile(
                network(settings), loss, Adam.of(settings.schedule().learningRate()), TFloat32.class, plan.device());
    }

    /** Gives a model the state of its last kept epoch; where an epoch cannot be read, of the one before. */
    private Optional<SavedModels.Progress> resume(CompiledModel<TFloat32> model, Settings settings) throws IOException {
        Optional<SavedModels.Progress> progress = models.progress(settings);
        while (progress.isPresent()) {
            boolean done = progress.get().epochs() == settings.epochs();
            Optional<Weights> state = models.load(
                    settings, progress.get().epochs(), done ? model.network().weights() : model.stateSpecs());
            if (state.isPresent()) {
                if (done) {
                    model.setWeights(state.get());
                } else {
                    model.setState(state.get());
                }
                return progress;
            }
            progress = models.progress(settings);
        }
        return Optional.empty();
    }

    private TeacherOutputs teacherOutputs(Settings student, Keep keep) throws IOException {
        String identity = student.teacher();
        int epochs = student.teacherEpochs() == null ? plan.epochs() : student.teacherEpochs();
        boolean known = lastTeacher
                .filter(last -> last.identity().equals(identity) && last.epochs() == epochs)
                .isPresent();
        if (!known) {
            try (CompiledModel<TFloat32> model = CompiledModel.of(teacherNetwork(), plan.device())) {
                model.setWeights(teacherWeights(student, keep));
                lastTeacher = Optional.of(new KnownTeacher(identity, epochs, TeacherOutputs.of(model, data.train())));
            }
        }
        TeacherOutputs outputs = lastTeacher.get().outputs();
        return hasRareClass(student) ? new TeacherOutputs(outputs.classes(), outputs.of(thinned(student))) : outputs;
    }

    private Weights teacherWeights(Settings student, Keep keep) throws IOException {
        if (plan.givenTeacher().isPresent()) {
            return plan.givenTeacher().get().weights();
        }
        Settings teacher = trainings.teacherOf(student);
        if (student.teacherEpochs() != null && student.teacherEpochs() < teacher.epochs()) {
            return weightsAfter(student.teacherEpochs(), teacher, keep);
        }
        return keep == Keep.NOTHING ? borrowedTeacher(teacher) : weights(teacher);
    }

    /**
     * The weights of the stored run with these settings; trained and stored where they are not there, or are others
     * than the run's.
     */
    private Weights weights(Settings settings) throws IOException {
        Run run = run(settings);
        Optional<Weights> kept =
                models.load(settings, settings.epochs(), network(settings).weights());
        if (kept.isPresent() && kept.get().digest().equals(run.weightsDigest())) {
            return kept.get();
        }
        LOG.info(
                "the weights of {} are {}: training it again",
                settings.label(),
                kept.isPresent() ? "not those of its run" : "gone");
        return trainAndStore(settings, kept.isPresent() ? Keep.AFRESH : Keep.AND_RESUME)
                .weights();
    }

    /** The weights that a seed's teacher had after an epoch; trained again where they are gone or not its run's. */
    private Weights weightsAfter(int epoch, Settings teacher, Keep keep) throws IOException {
        if (keep == Keep.NOTHING) {
            Optional<Weights> kept = keptAfter(epoch, teacher);
            return kept.isPresent()
                    ? kept.get()
                    : train(trainings.teacher(epoch, teacher.seed()), keep).weights();
        }
        run(teacher);
        Optional<Weights> kept = keptAfter(epoch, teacher);
        if (kept.isEmpty()) {
            LOG.info("epoch {} of {} is gone, or is not its run's: training it again", epoch, teacher.label());
            trainAndStore(teacher, Keep.AFRESH);
            kept = keptAfter(epoch, teacher);
        }
        return kept.orElseThrow(() -> new IOException("%s was trained again, but its epoch %d in %s is not its run's"
                .formatted(teacher.label(), epoch, models.folder(teacher))));
    }

    /** The kept weights after an epoch, where the losses and accuracies beside them are those of the stored run. */
    private Optional<Weights> keptAfter(int epoch, Settings settings) throws IOException {
        Optional<Run> run = store.find(settings.task(), settings.identity());
        Optional<SavedModels.Progress> progress = models.progress(settings, epoch);
        return run.isPresent()
                        && progress.isPresent()
                        && numbers(progress.get().history())
                                .equals(numbers(run.get().history().subList(0, epoch)))
                ? models.load(settings, epoch, network(settings).weights())
                : Optional.empty();
    }

    /** What each epoch gave, without how long it took. */
    private static List<List<Double>> numbers(List<EpochResult> history) {
        return history.stream()
                .map(result -> List.of(result.testAccuracy(), result.loss()))
                .toList();
    }

    /** The teacher's weights where they are kept; trained where they are not, without a trace. */
    private Weights borrowedTeacher(Settings settings) throws IOException {
        Optional<Run> run = store.find(settings.task(), settings.identity());
        Optional<Weights> kept =
                models.load(settings, settings.epochs(), network(settings).weights());
        return run.isPresent()
                        && kept.isPresent()
                        && kept.get().digest().equals(run.get().weightsDigest())
                ? kept.get()
                : train(settings, Keep.NOTHING).weights();
    }

    private Network network(Settings settings) {
        return network(settings, new ReadingGraph(plan.reading()).outputActivation());
    }

    /** Which network of Task 1 a training trains. */
    static Architecture architecture(Settings settings) {
        return settings.role() == Role.TEACHER ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
    }

    private static Network network(Settings settings, Activation output) {
        return settings.width() != null
                ? MnistStudent.buildFc(new Network.Names(), settings.width(), output)
                : architecture(settings).build(output);
    }

    private Network teacherNetwork() {
        return Architecture.MNIST_TEACHER.build(new ReadingGraph(plan.reading()).outputActivation());
    }

    /**
     * What TF_ENABLE_ONEDNN_OPTS asks of TensorFlow: {@code on}, {@code off}, or {@code default} where it is not set.
     */
    public static String oneDnn() {
        String option = System.getenv("TF_ENABLE_ONEDNN_OPTS");
        return option == null ? "default" : option.equals("0") || option.equalsIgnoreCase("false") ? "off" : "on";
    }
}
