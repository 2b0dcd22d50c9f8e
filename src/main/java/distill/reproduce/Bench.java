package distill.reproduce;

import distill.cost.Cost;
import distill.data.EpochOrder;
import distill.data.LabelledImages;
import distill.data.StrokeDigits;
import distill.loss.Losses;
import distill.loss.Reading;
import distill.nn.Device;
import distill.nn.MatrixRate;
import distill.nn.Network;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.report.Table;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.rng.simple.RandomSource;
import org.tensorflow.types.TFloat32;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./reproduce bench}: how long a training step takes, and how near that is to what the machine can do. */
@Command(name = "bench", description = "Times a training step of each network against the machine's own rate for matrix products.")
final class Bench implements Callable<Integer> {

    private static final int BATCH_SIZE = 256;
    private static final int WARM_UP = 5;
    private static final int STUDENT_STEPS = 100;
    private static final int TEACHER_STEPS = 20;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute (default: all processors).")
    private Integer threads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Device device = Device.auto(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
        LabelledImages images = StrokeDigits.generate(BATCH_SIZE, 1);
        double rate = MatrixRate.measure(device);
        Reading reading = Reading.AS_WRITTEN;
        TeacherOutputs teacher = new TeacherOutputs(10, uniform(BATCH_SIZE * 10));
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("student with KD", MnistStudent.buildFc(new Network.Names(), reading.outputActivation()),
                (tf, labels, outputs, t) -> Losses.computeStudentLoss(tf, reading.softTargets(), labels, t, outputs, 4, .5),
                Optional.of(teacher), STUDENT_STEPS, images, device, rate));
        rows.add(row("teacher", MnistTeacher.buildCnn(new Network.Names(), reading.outputActivation()),
                (tf, labels, outputs, t) -> Losses.computeTeacherLoss(tf, labels, outputs),
                Optional.empty(), TEACHER_STEPS, images, device, rate));
        spec.commandLine().getOut().println(new Table("Training steps at batch " + BATCH_SIZE,
                List.of("network", "median ms", "best ms", "GFLOP/s", "of the matrix rate"), rows, List.of(
                        String.format(Locale.ROOT, "Matrix rate: %.0f GFLOP/s (products of 2048 x 2048 in float32), measured in this run.", rate),
                        "GFLOP/s counts matrix products and convolutions, forwards and backwards, over the median step.",
                        device.kind() + ", " + device.threads() + " threads; the batch is generated.")).console());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static List<String> row(String name, Network network, LossFunction<TFloat32> loss, Optional<TeacherOutputs> teacher,
            int steps, LabelledImages images, Device device, double rate) {
        double[] milliseconds = new double[steps];
        try (CompiledModel<TFloat32> model = CompiledModel.compile(network, loss, Adam.of(1e-3), TFloat32.class, device)) {
            model.setWeights(network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)));
            LabelledImages.Batch batch = images.batch(new EpochOrder(1).permutation(1, BATCH_SIZE));
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
        double gflops = Cost.trainingProducts(network, BATCH_SIZE) / median / 1e6;
        return List.of(name, number("%.1f", median), number("%.1f", milliseconds[0]), number("%.0f", gflops),
                number("%.0f %%", 100 * gflops / rate));
    }

    private static double[] uniform(int n) {
        double[] values = new double[n];
        Arrays.fill(values, .1);
        return values;
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
