package distill.experiment;

import distill.data.DataSet;
import distill.data.Images;
import distill.loss.ComparedLayers;
import distill.loss.DistillationLoss;
import distill.loss.KnowledgeDistillation;
import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistTeacher;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Steps;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Optimizer;
import distill.training.Sgd;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.types.family.TFloating;

/**
 * Training without chance: from given weights on given batches of images as they are, so that another program's steps
 * can be held against ours. {@code reference/replay_keras.py} does the same in Keras. Of Task 2 it is one phase of a
 * training.
 *
 * @param reading decides the networks' ends, the inputs and the losses
 * @param role what is trained
 * @param networks which networks
 * @param learningRate the report's of the role and phase
 * @param optimizer Adam with Keras's defaults in Keras 3's form, unless {@link #with} or {@link #withSgd} was called
 * @param temperature T of a student's loss; null where that has none
 * @param alpha weight of a student with distillation, else null
 * @param loss what a student with distillation learns by; the report's unless {@link #with(DistillationLoss)} was
 *     called
 * @param device where to compute
 */
public record Replay(
        Reading reading,
        Role role,
        Networks networks,
        double learningRate,
        Optimizer optimizer,
        Double temperature,
        Double alpha,
        DistillationLoss loss,
        Device device) {

    /**
     * The networks of a replay.
     *
     * @param name of the one that is trained, in words
     * @param whole the network that is trained, with all that it puts out
     * @param trained the same with what is frozen in it
     * @param teacher the network that teaches a student
     */
    public record Networks(String name, Network whole, Network trained, Network teacher) {}

    /**
     * What came of a replay.
     *
     * @param model what was trained, after the last step
     * @param predictions the class of each test image after the last step
     */
    public record Outcome(ModelLibrary.StoredModel model, int[] predictions) {}

    /**
     * A training of Task 1. A teacher has no dropout, whose masks are chance.
     *
     * @param temperature T of a student's loss; null where that has none
     * @param alpha weight of a student with distillation, else null
     */
    public static Replay ofTask1(Reading reading, Role role, Double temperature, Double alpha, Device device) {
        Activation output = new ReadingGraph(reading).outputActivation();
        Architecture trained = role == Role.TEACHER ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
        Network network =
                role == Role.TEACHER ? MnistTeacher.buildCnn(new Network.Names(), output, 0) : trained.build(output);
        Networks networks =
                new Networks(trained.toString(), network, network, Architecture.MNIST_TEACHER.build(output));
        double rate = Steps.REPORTS.learningRate(reading, role, false);
        return new Replay(
                reading,
                role,
                networks,
                rate,
                Adam.of(rate, AdamForm.KERAS3),
                temperature,
                alpha,
                new KnowledgeDistillation(),
                device);
    }

    /**
     * Which phase of a training of Task 2 is replayed.
     *
     * @param network which network is trained
     * @param teacher which network teaches it
     * @param imageSize height and width of the images in pixels
     * @param fine whether it is the second phase, at a tenth of the rate, with everything trained; else it is the first
     */
    public record Transfer(BaseModel network, BaseModel teacher, int imageSize, boolean fine) {}

    /**
     * One phase of a training of Task 2.
     *
     * @param temperature T of a student's loss; null where that has none
     * @param alpha weight of a student with distillation, else null
     */
    public static Replay ofTask2(
            Reading reading, Role role, Transfer transfer, Double temperature, Double alpha, Device device) {
        double rate = Steps.REPORTS.learningRate(reading, role, true);
        PhasePlan phase =
                transfer.fine() ? PhasePlan.fine(1, rate) : PhasePlan.initial(1, rate, PhasePlan.freezes(reading));
        boolean head = reading.has(Slip.IMAGENET_HEAD);
        BaseModel.WithHead network = transfer.network().withHead(transfer.imageSize(), head);
        return new Replay(
                reading,
                role,
                new Networks(
                        transfer.network() + " with two classes",
                        network.whole(),
                        network.trained(phase.frozenBase()),
                        transfer.teacher().withHead(transfer.imageSize(), head).whole()),
                phase.learningRate(),
                Adam.of(phase.learningRate(), AdamForm.KERAS3),
                temperature,
                alpha,
                new KnowledgeDistillation(),
                device);
    }

    /** The same by another loss: of a student without distillation where it has no teacher. */
    public Replay with(DistillationLoss another) {
        return new Replay(reading, role, networks, learningRate, optimizer, temperature, alpha, another, device);
    }

    /** The same with another form of Adam than Keras 3's. */
    public Replay with(AdamForm form) {
        return with(Adam.of(learningRate, form));
    }

    /** The same with SGD in Adam's place, at the same rate. */
    public Replay withSgd(double momentum) {
        return with(new Sgd(learningRate, momentum));
    }

    private Replay with(Optimizer other) {
        return new Replay(reading, role, networks, learningRate, other, temperature, alpha, loss, device);
    }

    /** The network that is trained. */
    public Network network() {
        return networks.whole();
    }

    /**
     * Trains.
     *
     * @param dtype {@code float32} or {@code float64}: what to compute in; the pixels are rounded to float32 in any
     *     case
     * @param start the trained network's starting weights
     * @param teacher weights of a student's teacher; null where nothing is distilled
     * @param batches for each step the indices of its training images
     * @param listener is given each step's loss before its update
     * @throws IOException where an image cannot be read any more
     */
    public Outcome run(
            String dtype,
            Weights start,
            Weights teacher,
            DataSet data,
            List<int[]> batches,
            Consumer<StepLoss> listener)
            throws IOException {
        Images train = data.train();
        TeacherOutputs outputs = teacher == null ? TeacherOutputs.NONE : teacherOutputs(dtype, teacher, train, batches);
        try (CompiledModel<?> model = compiled(ModelLibrary.type(dtype))) {
            model.setWeights(start);
            for (int step = 0; step < batches.size(); step++) {
                int[] batch = batches.get(step);
                listener.accept(model.trainOnBatch(train.batch(batch), outputs.of(batch), 0, step));
            }
            return new Outcome(
                    new ModelLibrary.StoredModel(
                            "replay",
                            networks.name(),
                            networks.whole(),
                            new ReadingGraph(reading).outputActivation(),
                            dtype,
                            model.getWeights()),
                    Classification.largest(
                            model.predict(data.test()), data.test().classes().size()));
        }
    }

    private <T extends TFloating> CompiledModel<T> compiled(Class<T> type) {
        ReadingGraph graph = new ReadingGraph(reading);
        // The report's losses keep the functions that the notebooks use.
        TrainingStep<T> step = role == Role.TEACHER || Settings.Distillation.isReports(loss.name())
                ? TrainingStep.of(graph.loss(role, temperature, alpha), optimizer)
                : TrainingStep.of(loss, graph.parameters(temperature, alpha), compared(), optimizer);
        return CompiledModel.compile(networks.trained(), graph.inputs(), graph.phase(), step, type, device);
    }

    private List<ComparedLayers> compared() {
        return loss.layers(networks.whole(), networks.teacher());
    }

    /** Tables for all training images; those that no batch has stay NaN. */
    private TeacherOutputs teacherOutputs(String dtype, Weights weights, Images train, List<int[]> batches)
            throws IOException {
        int[] used = batches.stream()
                .flatMapToInt(Arrays::stream)
                .sorted()
                .distinct()
                .toArray();
        List<String> layers =
                compared().stream().map(pair -> pair.teacher().name()).toList();
        try (CompiledModel<?> model = CompiledModel.of(
                networks.teacher(), new ReadingGraph(reading).inputs(), ModelLibrary.type(dtype), device)) {
            model.setWeights(weights);
            TeacherOutputs outputs = TeacherOutputs.of(model, train.subset(used), layers);
            return new TeacherOutputs(
                    outputs.classes(),
                    table(outputs.values(), used, train.size()),
                    outputs.features().stream()
                            .map(layer -> table(layer, used, train.size()))
                            .toList());
        }
    }

    private static double[] table(double[] rows, int[] used, int images) {
        int width = rows.length / used.length;
        double[] table = new double[images * width];
        Arrays.fill(table, Double.NaN);
        for (int i = 0; i < used.length; i++) {
            System.arraycopy(rows, i * width, table, used[i] * width, width);
        }
        return table;
    }
}
