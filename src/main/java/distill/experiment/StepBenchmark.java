package distill.experiment;

import distill.cost.Cost;
import distill.data.EpochOrder;
import distill.data.LabelledImages;
import distill.data.StrokeDigits;
import distill.loss.Losses;
import distill.loss.Reading;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.simple.RandomSource;
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
 *
 * @param matrixRate in GFLOP/s, the fastest of ten products of 2048 x 2048 matrices in float32
 * @param steps of each network
 */
public record StepBenchmark(double matrixRate, List<Step> steps) {

    /** Images per step. */
    public static final int BATCH_SIZE = 256;

    private static final int MATRIX_SIZE = 2048;
    private static final int MATRIX_RUNS = 10;
    private static final int WARM_UP = 5;
    private static final int STUDENT_STEPS = 100;
    private static final int TEACHER_STEPS = 20;

    /**
     * The steps of one network.
     *
     * @param network which
     * @param medianMilliseconds per step
     * @param bestMilliseconds per step
     * @param gflops GFLOP/s of matrix products and convolutions, forwards and backwards, over the median step
     */
    public record Step(String network, double medianMilliseconds, double bestMilliseconds, double gflops) {}

    /** Measures on a generated batch. */
    public static StepBenchmark measure(Device device) {
        LabelledImages.Batch batch =
                StrokeDigits.generate(BATCH_SIZE, 1).batch(new EpochOrder(1).permutation(1, BATCH_SIZE));
        double[] outputs = new double[BATCH_SIZE * 10];
        Arrays.fill(outputs, .1);
        Reading reading = Reading.AS_WRITTEN;
        double rate = matrixRate(device);
        return new StepBenchmark(
                rate,
                List.of(
                        step(
                                "student with KD",
                                MnistStudent.buildFc(new Network.Names(), reading.outputActivation()),
                                (tf, labels, z, v) ->
                                        Losses.computeStudentLoss(tf, reading.softTargets(), labels, v, z, 4, .5),
                                Optional.of(new TeacherOutputs(10, outputs)),
                                STUDENT_STEPS,
                                batch,
                                device),
                        step(
                                "teacher",
                                MnistTeacher.buildCnn(new Network.Names(), reading.outputActivation()),
                                (tf, labels, z, v) -> Losses.computeTeacherLoss(tf, labels, z),
                                Optional.empty(),
                                TEACHER_STEPS,
                                batch,
                                device)));
    }

    private static Step step(
            String name,
            Network network,
            LossFunction<TFloat32> loss,
            Optional<TeacherOutputs> teacher,
            int steps,
            LabelledImages.Batch batch,
            Device device) {
        double[] milliseconds = new double[steps];
        try (CompiledModel<TFloat32> model =
                CompiledModel.compile(network, loss, Adam.of(1e-3), TFloat32.class, device)) {
            model.setWeights(network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)));
            for (int step = -WARM_UP; step < steps; step++) {
                long start = System.nanoTime();
                model.trainOnBatch(batch, teacher, 1, step);
                if (step >= 0) {
                    milliseconds[step] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.sort(milliseconds);
        double median = milliseconds[steps / 2];
        return new Step(name, median, milliseconds[0], Cost.trainingProducts(network, BATCH_SIZE) / median / 1e6);
    }

    private static double matrixRate(Device device) {
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
            double best = Double.MAX_VALUE;
            try (Session session = device.open(graph);
                    TFloat32 tensor = Tensors.of(TFloat32.class, shape, values)) {
                session.runner()
                        .feed(a.fed(), tensor)
                        .addTarget(a.assign())
                        .run()
                        .close();
                for (int i = 0; i < MATRIX_RUNS; i++) {
                    long start = System.nanoTime();
                    session.runner().addTarget(multiply).run().close();
                    best = Math.min(best, (System.nanoTime() - start) / 1e9);
                }
            }
            return 2.0 * MATRIX_SIZE * MATRIX_SIZE * MATRIX_SIZE / best / 1e9;
        }
    }
}
