package distill.experiment;

import distill.data.DataSet;
import distill.data.Images;
import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistTeacher;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Slip;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Training without chance: from given weights on given batches of images as they are, so that another program's steps
 * can be held against ours. {@code reference/replay_keras.py} does the same in Keras. Of Task 2 it is one phase of a
 * training.
 *
 * @param reading decides the networks' ends, the inputs and the losses
 * @param role what is trained
 * @param networks which networks
 * @param adam the report's: Keras's defaults at the rate of the role and phase
 * @param temperature T of a student's loss; NaN where that has none
 * @param alpha weight of a student with distillation, else NaN
 * @param device where to compute
 */
public record Replay(
        Reading reading, Role role, Networks networks, Adam adam, double temperature, double alpha, Device device) {

    private static final double LEARNING_RATE = 1e-3;

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

    /** A student of Task 1 with distillation. */
    public static Replay student(Reading reading, double temperature, double alpha, Device device) {
        return ofTask1(reading, Role.STUDENT, temperature, alpha, device);
    }

    /** A student of Task 1 without distillation. */
    public static Replay plainStudent(Reading reading, Device device) {
        return ofTask1(reading, Role.STUDENT_PLAIN, Double.NaN, Double.NaN, device);
    }

    /** A teacher of Task 1 without dropout, whose masks are chance. */
    public static Replay teacher(Reading reading, Device device) {
        return ofTask1(reading, Role.TEACHER, Double.NaN, Double.NaN, device);
    }

    private static Replay ofTask1(Reading reading, Role role, double temperature, double alpha, Device device) {
        Activation output = new ReadingGraph(reading).outputActivation();
        boolean teaches = role == Role.TEACHER;
        Network network = teaches
                ? MnistTeacher.buildCnn(new Network.Names(), output, 0)
                : Architecture.MNIST_STUDENT.build(output);
        String name = (teaches ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT).toString();
        Networks networks = new Networks(name, network, network, Architecture.MNIST_TEACHER.build(output));
        return new Replay(reading, role, networks, Adam.of(LEARNING_RATE), temperature, alpha, device);
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
     * @param temperature T of a student's loss; NaN where that has none
     * @param alpha weight of a student with distillation, else NaN
     */
    public static Replay ofTask2(
            Reading reading, Role role, Transfer transfer, double temperature, double alpha, Device device) {
        double rate = MhistPlan.learningRate(role);
        PhasePlan phase = transfer.fine() ? PhasePlan.fine(1, rate) : PhasePlan.initial(1, rate, reading);
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
                Adam.of(phase.learningRate()),
                temperature,
                alpha,
                device);
    }

    /** The replay with another optimiser. */
    public Replay with(Adam other) {
        return new Replay(reading, role, networks, other, temperature, alpha, device);
    }

    /** The network that is trained. */
    public Network network() {
        return networks.whole();
    }

    /**
     * Trains in float32.
     *
     * @param start the trained network's starting weights
     * @param teacher weights of a student's teacher; empty where nothing is distilled
     * @param batches for each step the indices of its training images
     * @param listener is given each step's loss before its update
     * @throws IOException where an image cannot be read any more
     */
    public Outcome float32(
            Weights start, Optional<Weights> teacher, DataSet data, List<int[]> batches, Consumer<StepLoss> listener)
            throws IOException {
        return run(TFloat32.class, start, teacher, data, batches, listener);
    }

    /** As {@link #float32}, in float64; the pixels are rounded to float32 all the same. */
    public Outcome float64(
            Weights start, Optional<Weights> teacher, DataSet data, List<int[]> batches, Consumer<StepLoss> listener)
            throws IOException {
        return run(TFloat64.class, start, teacher, data, batches, listener);
    }

    private <T extends TFloating> Outcome run(
            Class<T> dtype,
            Weights start,
            Optional<Weights> teacher,
            DataSet data,
            List<int[]> batches,
            Consumer<StepLoss> listener)
            throws IOException {
        Images train = data.train();
        TeacherOutputs outputs =
                teacher.isPresent() ? teacherOutputs(dtype, teacher.get(), train, batches) : TeacherOutputs.NONE;
        ReadingGraph graph = new ReadingGraph(reading);
        try (CompiledModel<T> model = CompiledModel.compile(
                networks.trained(),
                graph.inputs(),
                graph.phase(),
                TrainingStep.of(graph.<T>loss(role, temperature, alpha), adam),
                dtype,
                device)) {
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
                            graph.outputActivation(),
                            dtype == TFloat64.class ? "float64" : "float32",
                            model.getWeights()),
                    Classification.largest(
                            model.predict(data.test()), data.test().classes().size()));
        }
    }

    /** A table for all training images; those that no batch has stay NaN. */
    private <T extends TFloating> TeacherOutputs teacherOutputs(
            Class<T> dtype, Weights weights, Images train, List<int[]> batches) throws IOException {
        int[] used = batches.stream()
                .flatMapToInt(Arrays::stream)
                .sorted()
                .distinct()
                .toArray();
        int classes = train.classes().size();
        double[] table = new double[train.size() * classes];
        Arrays.fill(table, Double.NaN);
        try (CompiledModel<T> model =
                CompiledModel.of(networks.teacher(), new ReadingGraph(reading).inputs(), dtype, device)) {
            model.setWeights(weights);
            double[] outputs = model.predict(train, used);
            for (int i = 0; i < used.length; i++) {
                System.arraycopy(outputs, i * classes, table, used[i] * classes, classes);
            }
        }
        return new TeacherOutputs(classes, table);
    }
}
