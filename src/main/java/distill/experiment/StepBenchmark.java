package distill.experiment;

import distill.cost.Cost;
import distill.loss.LossInputs;
import distill.nn.Device;
import distill.nn.Labels;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How long training steps take, and how near that is to what the device can do: its rate for products of large
 * matrices, measured in the same process.
 */
public final class StepBenchmark {

    private static final int MATRIX_SIZE = 2048;
    private static final int MATRIX_RUNS = 10;
    private static final int IMAGE_SIZE = 224;

    private StepBenchmark() {}

    /** What is timed: the training step of one network, as-written. */
    public enum Case {
        MNIST_STUDENT(Architecture.MNIST_STUDENT, 256, 100),
        MNIST_TEACHER(Architecture.MNIST_TEACHER, 256, 20),
        MOBILENETV2(Architecture.MOBILENETV2, 32, 8),
        RESNET50V2(Architecture.RESNET50V2, 32, 5);

        private final Architecture architecture;
        private final int batchSize;
        private final int steps;

        Case(Architecture architecture, int batchSize, int steps) {
            this.architecture = architecture;
            this.batchSize = batchSize;
            this.steps = steps;
        }

        /**
         * The case with a label.
         *
         * @throws IllegalArgumentException where there is none
         */
        public static Case of(String label) {
            return Labels.find("networks", values(), label);
        }

        /** Images per step. */
        public int batchSize() {
            return batchSize;
        }

        /** As-written: the large ones with the report's head, Dense(2) on ImageNet's 1000 logits. */
        private Network network() {
            return switch (this) {
                case MNIST_STUDENT, MNIST_TEACHER -> architecture.build(LossInputs.PROBABILITIES.outputActivation());
                case MOBILENETV2 ->
                    BaseModel.MOBILENETV2.withHead(IMAGE_SIZE, true).whole();
                case RESNET50V2 ->
                    BaseModel.RESNET50V2.withHead(IMAGE_SIZE, true).whole();
            };
        }

        /** Floating-point operations of a step's matrix products and convolutions, forwards and backwards. */
        public long products() {
            return Cost.trainingProducts(network(), batchSize);
        }

        /** Numbers that the network has, those of batch normalisation's statistics among them. */
        public long parameters() {
            return network().parameters();
        }

        private boolean hasTeacher() {
            return this == MNIST_STUDENT || this == MOBILENETV2;
        }

        /** {@code mobilenetv2} */
        @Override
        public String toString() {
            return architecture.toString();
        }
    }

    /**
     * The steps of one network.
     *
     * @param medianMilliseconds per step
     * @param bestMilliseconds per step
     * @param peakMegabytes the most memory that the process has taken so far; NaN where the system does not say
     */
    public record Step(double medianMilliseconds, double bestMilliseconds, double peakMegabytes) {}

    /** Measures one network on a generated batch. */
    public static Step step(Case which, Device device) {
        Network network = which.network();
        int batch = which.batchSize();
        int classes = Math.toIntExact(network.output().size());
        double[] outputs = new double[batch * classes];
        Arrays.fill(outputs, 1. / classes);
        TeacherOutputs teacher = which.hasTeacher() ? new TeacherOutputs(classes, outputs) : TeacherOutputs.NONE;
        LossFunction<TFloat32> loss = which.hasTeacher()
                ? LossFunction.student(LossInputs.PROBABILITIES.softTargets(), 4, .5)
                : LossFunction.teacher();
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                Inputs.GREY_LEVELS,
                Phase::trainingAsKeras2,
                TrainingStep.of(loss, Adam.of(1e-3)),
                TFloat32.class,
                device)) {
            model.setWeights(network.initialWeights(StepTimes.random()));
            StepTimes times = StepTimes.ofTraining(model, batch, teacher, which.steps);
            return new Step(times.median(), times.fastest(), peakMegabytes().orElse(Double.NaN));
        }
    }

    /** What Linux calls the high-water mark of the process's memory. */
    static OptionalDouble peakMegabytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    /** The device's rate for matrix products in GFLOP/s: the fastest of ten of 2048 x 2048 in float32. */
    public static double matrixRate(Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Shape shape = Shape.of(MATRIX_SIZE, MATRIX_SIZE);
            Variable<TFloat32> a = Variable.create(tf, "a", shape, TFloat32.class);
            Variable<TFloat32> product = Variable.create(tf, "product", shape, TFloat32.class);
            Operand<TFloat32> squared = tf.linalg.matMul(a.value(), a.value());
            // Kept in a variable, so that the product is really computed.
            Op multiply = product.assign(tf, squared);
            double[] values = new double[MATRIX_SIZE * MATRIX_SIZE];
            Arrays.setAll(values, i -> i % 7 / 7.);
            try (Session session = device.open(graph);
                    TFloat32 tensor = Tensors.of(TFloat32.class, shape, values)) {
                session.runner()
                        .feed(a.fed(), tensor)
                        .addTarget(a.assign())
                        .run()
                        .close();
                StepTimes times = StepTimes.of(
                        MATRIX_RUNS,
                        run -> session.runner().addTarget(multiply).run().close());
                return 2.0 * MATRIX_SIZE * MATRIX_SIZE * MATRIX_SIZE / times.fastest() / 1e6;
            }
        }
    }
}
