package distill.experiment;

import distill.data.EpochOrder;
import distill.data.Mnist;
import distill.loss.Losses;
import distill.loss.Reading;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.EpochResult;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainAndEvaluate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.rng.simple.RandomSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.types.TFloat32;

/**
 * The trainings of the report's Task 1: teachers, and students with and without distillation. Each method returns the stored run where
 * there is one, and else trains, stores and returns it. A teacher that was killed goes on from its last whole epoch.
 */
public final class MnistExperiment {

    private static final Logger LOG = LoggerFactory.getLogger(MnistExperiment.class);
    private static final String TEACHER = "teacher";
    private static final String STUDENT = "student";
    private static final String STUDENT_PLAIN = "student-plain";
    private static final int BATCH_SIZE = 256;
    private static final double LEARNING_RATE = 1e-3;

    /**
     * What is common to all trainings of an experiment.
     *
     * @param reading     which reading of the report
     * @param epochs      epochs of each training; the report's are 12
     * @param trainImages how many training images are used, from the first on; the report's are 60,000
     * @param quick       whether this is a cut that is marked QUICK
     * @param device      where to compute
     * @param fresh       whether to train again what is stored
     */
    public record Plan(Reading reading, int epochs, int trainImages, boolean quick, Device device, boolean fresh) {
    }

    private final Plan plan;
    private final Mnist data;
    private final RunStore store;
    private final SavedModels models;
    private final TrainingListener listener;
    private final Set<String> trainedHere = new HashSet<>();
    private Optional<KnownTeacher> lastTeacher = Optional.empty();

    private record KnownTeacher(String identity, TeacherOutputs outputs) {
    }

    /**
     * An experiment on some data.
     *
     * @param store    where finished runs are looked up and kept
     * @param models   where weights are kept
     * @param listener hears of each training
     */
    public MnistExperiment(Plan plan, Mnist data, RunStore store, SavedModels models, TrainingListener listener) {
        this.plan = plan;
        this.data = new Mnist(data.train().first(plan.trainImages()), data.test(), data.origin());
        this.store = store;
        this.models = models;
        this.listener = listener;
    }

    /** The teacher of a seed, which all questions share (Question 5, Fig. 4). */
    public Run teacher(long seed) throws IOException {
        return run(teacherSettings(seed));
    }

    /** A student taught by the seed's teacher (Questions 5 and 6). */
    public Run student(String question, double temperature, double alpha, long seed) throws IOException {
        return run(settings(question, STUDENT, temperature, alpha, teacherSettings(seed).identity(), seed));
    }

    /** A student without distillation (Question 7). */
    public Run plainStudent(String question, long seed) throws IOException {
        return run(settings(question, STUDENT_PLAIN, null, null, null, seed));
    }

    /** Trains a stored run's settings again, and neither stores nor keeps what comes of it. */
    public Run repeat(Settings settings) throws IOException {
        return train(settings, false);
    }

    private Run run(Settings settings) throws IOException {
        Optional<Run> stored = store.find(settings.task(), settings.identity());
        if (stored.isPresent() && (!plan.fresh() || trainedHere.contains(settings.identity()))) {
            return stored.get();
        }
        if (plan.fresh()) {
            models.discard(settings);
        }
        return trainAndStore(settings, stored);
    }

    /** Trains, and stores the run unless an equal one is stored. */
    private Run trainAndStore(Settings settings, Optional<Run> stored) throws IOException {
        Run run = train(settings, true);
        trainedHere.add(settings.identity());
        if (stored.isPresent() && stored.get().weightsDigest().equals(run.weightsDigest())) {
            return stored.get();
        }
        stored.ifPresent(earlier -> LOG.warn("{}: the weights differ from those of the run stored on {} ({} and {}); both runs are kept",
                settings.label(), earlier.provenance().date(), run.provenance().cpu(), earlier.provenance().cpu()));
        store.append(run);
        return run;
    }

    private Run train(Settings settings, boolean keep) throws IOException {
        Network network = network(settings);
        Optional<TeacherOutputs> teacher =
                settings.teacher() == null ? Optional.empty() : Optional.of(teacherOutputs(settings.seed()));
        TrainAndEvaluate loop = new TrainAndEvaluate(data.train(), data.test(),
                new EpochOrder(settings.stream("order")), settings.stream("dropout"), settings.batchSize());
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network, lossFunction(settings), Adam.of(settings.learningRate()), TFloat32.class, plan.device())) {
            List<EpochResult> history = new ArrayList<>(
                    keep ? models.progress(settings).map(SavedModels.Progress::history).orElse(List.of()) : List.of());
            start(model, settings, history.size());
            TrainAndEvaluate.Listener progress = listener.start(settings, loop.stepsPerEpoch(), history.size());
            for (int epoch = history.size() + 1; epoch <= settings.epochs(); epoch++) {
                history.addAll(loop.run(model, teacher, epoch - 1, epoch, progress));
                if (keep && settings.model().equals(TEACHER)) {
                    models.save(settings, history, model.getState());
                }
            }
            Weights weights = model.getWeights();
            if (keep) {
                models.save(settings, history, weights);
            }
            return new Run(settings.identity(), settings, history.get(history.size() - 1).testAccuracy(),
                    model.evaluate(data.train()), List.copyOf(history), weights.digest(),
                    Provenance.now(dataName(), data.origin().synthetic()));
        }
    }

    /** Gives a model the weights that it starts from, or those with which an earlier process left it. */
    private void start(CompiledModel<TFloat32> model, Settings settings, int done) throws IOException {
        if (done == 0) {
            model.setWeights(model.network().initialWeights(
                    RandomSource.XO_RO_SHI_RO_128_PP.create(settings.stream("weights"))));
        } else if (done == settings.epochs()) {
            model.setWeights(models.load(settings, done, model.network().weights()).orElseThrow());
        } else {
            model.setState(models.load(settings, done, model.stateSpecs()).orElseThrow());
        }
    }

    private TeacherOutputs teacherOutputs(long seed) throws IOException {
        Settings settings = teacherSettings(seed);
        if (lastTeacher.isEmpty() || !lastTeacher.get().identity().equals(settings.identity())) {
            Run run = teacher(seed);
            Network network = network(settings);
            if (models.load(settings, settings.epochs(), network.weights()).isEmpty()) {
                LOG.info("the weights of {} are gone: training it again", settings.label());
                run = trainAndStore(settings, Optional.of(run));
            }
            Weights weights = models.load(settings, settings.epochs(), network.weights()).orElseThrow();
            if (!weights.digest().equals(run.weightsDigest())) {
                LOG.warn("{} holds other weights than those of the stored run: the students learn from them", models.folder(settings));
            }
            try (CompiledModel<TFloat32> model = CompiledModel.of(network, plan.device())) {
                model.setWeights(weights);
                lastTeacher = Optional.of(new KnownTeacher(settings.identity(),
                        new TeacherOutputs(data.train().classes(), model.predict(data.train()))));
            }
        }
        return lastTeacher.get().outputs();
    }

    private Settings teacherSettings(long seed) {
        return settings(TEACHER, TEACHER, null, null, null, seed);
    }

    private Settings settings(String question, String model, Double temperature, Double alpha, String teacher, long seed) {
        return new Settings("task1", question, plan.reading().toString(), model, temperature, alpha, plan.epochs(), BATCH_SIZE,
                LEARNING_RATE, teacher, "float32", plan.device().kind(), plan.device().threads(), oneDnn(), seed,
                data.origin().digest(), plan.trainImages(), plan.quick(), Settings.COMPUTATION);
    }

    private Network network(Settings settings) {
        return settings.model().equals(TEACHER)
                ? MnistTeacher.buildCnn(new Network.Names(), plan.reading().outputActivation())
                : MnistStudent.buildFc(new Network.Names(), plan.reading().outputActivation());
    }

    private LossFunction<TFloat32> lossFunction(Settings settings) {
        return switch (settings.model()) {
            case TEACHER -> (tf, labels, outputs, teacher) -> Losses.computeTeacherLoss(tf, labels, outputs);
            case STUDENT -> (tf, labels, outputs, teacher) -> Losses.computeStudentLoss(
                    tf, plan.reading().softTargets(), labels, teacher, outputs, settings.temperature(), settings.alpha());
            case STUDENT_PLAIN -> (tf, labels, outputs, teacher) -> Losses.computePlainCrossEntropyLoss(tf, labels, outputs);
            default -> throw new IllegalArgumentException("no network of Task 1 is called " + settings.model());
        };
    }

    /** Says which data, without the path, which is nobody else's business. */
    private String dataName() {
        return data.origin().isMnist() ? "MNIST" : data.origin().synthetic() ? "generated digits" : "a set in MNIST's layout";
    }

    /** What TF_ENABLE_ONEDNN_OPTS asks of TensorFlow: {@code on}, {@code off}, or {@code default} where it is not set. */
    public static String oneDnn() {
        String option = System.getenv("TF_ENABLE_ONEDNN_OPTS");
        return option == null ? "default" : option.equals("0") ? "off" : "on";
    }
}
