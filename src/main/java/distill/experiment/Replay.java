package distill.experiment;

import distill.data.DataSet;
import distill.data.Images;
import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.MnistTeacher;
import distill.run.Reading;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Training without chance: from given weights on given batches, so that another program's steps can be held against
 * ours. {@code reference/replay_keras.py} does the same in Keras.
 *
 * @param reading decides the output activation and the soft targets
 * @param trained what is trained
 * @param temperature T of a student with distillation
 * @param alpha weight of its distillation
 * @param adam the report's: Keras's defaults at 1e-3
 * @param device where to compute
 */
public record Replay(Reading reading, Trained trained, double temperature, double alpha, Adam adam, Device device) {

    private static final double LEARNING_RATE = 1e-3;

    /** What is trained. */
    public enum Trained {
        /** A student with distillation. */
        STUDENT,
        /** A student without. */
        PLAIN_STUDENT,
        /** A teacher, without dropout. */
        TEACHER
    }

    /**
     * What came of a replay.
     *
     * @param model what was trained, after the last step
     * @param predictions the class of each test image after the last step
     */
    public record Outcome(ModelLibrary.StoredModel model, int[] predictions) {}

    /** A student with distillation. */
    public static Replay student(Reading reading, double temperature, double alpha, Device device) {
        return new Replay(reading, Trained.STUDENT, temperature, alpha, Adam.of(LEARNING_RATE), device);
    }

    /** A student without distillation. */
    public static Replay plainStudent(Reading reading, Device device) {
        return new Replay(reading, Trained.PLAIN_STUDENT, Double.NaN, Double.NaN, Adam.of(LEARNING_RATE), device);
    }

    /** A teacher without dropout. */
    public static Replay teacher(Reading reading, Device device) {
        return new Replay(reading, Trained.TEACHER, Double.NaN, Double.NaN, Adam.of(LEARNING_RATE), device);
    }

    /** The network that is trained; a teacher is without dropout. */
    public Network network() {
        Activation output = graph().outputActivation();
        return trained == Trained.TEACHER
                ? MnistTeacher.buildCnn(new Network.Names(), output, 0)
                : architecture().build(output);
    }

    private ReadingGraph graph() {
        return new ReadingGraph(reading);
    }

    private Architecture architecture() {
        return trained == Trained.TEACHER ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
    }

    /**
     * Trains in float32.
     *
     * @param start the trained network's starting weights
     * @param teacher weights of a student's teacher; empty where nothing is distilled
     * @param batches for each step the indices of its training images
     * @param listener is given each step's loss before its update
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
        Optional<TeacherOutputs> outputs = teacher.isPresent()
                ? Optional.of(teacherOutputs(dtype, teacher.get(), data.train(), batches))
                : Optional.empty();
        try (CompiledModel<T> model = CompiledModel.compile(network(), this.<T>lossFunction(), adam, dtype, device)) {
            model.setWeights(start);
            for (int step = 0; step < batches.size(); step++) {
                listener.accept(model.trainOnBatch(data.train().batch(batches.get(step)), outputs, 0, step));
            }
            return new Outcome(
                    new ModelLibrary.StoredModel(
                            "replay",
                            architecture(),
                            graph().outputActivation(),
                            dtype == TFloat64.class ? "float64" : "float32",
                            model.getWeights()),
                    Classification.largest(
                            model.predict(data.test()), data.test().classes().size()));
        }
    }

    private <T extends TFloating> TeacherOutputs teacherOutputs(
            Class<T> dtype, Weights weights, Images train, List<int[]> batches) throws IOException {
        int[] used = used(batches);
        Network network = Architecture.MNIST_TEACHER.build(graph().outputActivation());
        try (CompiledModel<T> model = CompiledModel.of(network, dtype, device)) {
            model.setWeights(weights);
            return table(train.size(), train.classes().size(), used, model.predict(train, used));
        }
    }

    /** The images that a training uses, in ascending order. */
    static int[] used(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).sorted().distinct().toArray();
    }

    /**
     * A table for all training images; those that no batch has stay NaN.
     *
     * @param outputs of the images {@code used}, in that order
     */
    static TeacherOutputs table(int images, int classes, int[] used, double[] outputs) {
        double[] table = new double[images * classes];
        Arrays.fill(table, Double.NaN);
        for (int i = 0; i < used.length; i++) {
            System.arraycopy(outputs, i * classes, table, used[i] * classes, classes);
        }
        return new TeacherOutputs(classes, table);
    }

    private <T extends TFloating> LossFunction<T> lossFunction() {
        return switch (trained) {
            case STUDENT -> LossFunction.student(graph().softTargets(), temperature, alpha);
            case PLAIN_STUDENT -> LossFunction.plainStudent();
            case TEACHER -> LossFunction.teacher();
        };
    }
}
