package distill.reproduce;

import distill.experiment.StepBenchmark;
import distill.nn.Device;
import distill.report.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./reproduce bench}: how long a training step takes, and how near that is to what the machine can do. */
@Command(
        name = "bench",
        description = "Times a training step of each network against the machine's own rate for matrix products.")
final class Bench implements Callable<Integer> {

    @Mixin
    private DeviceOptions deviceOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Device device = deviceOptions.device(spec.commandLine());
        out.println(DeviceOptions.line(device));
        StepBenchmark benchmark = StepBenchmark.measure(device);
        List<List<String>> rows = benchmark.steps().stream()
                .map(step -> List.of(
                        step.network(),
                        number("%.1f", step.medianMilliseconds()),
                        number("%.1f", step.bestMilliseconds()),
                        number("%.0f", step.gflops()),
                        number("%.0f %%", 100 * step.gflops() / benchmark.matrixRate())))
                .toList();
        out.println(new Table(
                        "Training steps at batch " + StepBenchmark.BATCH_SIZE,
                        List.of("network", "median ms", "best ms", "GFLOP/s", "of the matrix rate"),
                        rows,
                        List.of(
                                number(
                                        "Matrix rate: %.0f GFLOP/s (products of 2048 x 2048 in float32), measured in this run.",
                                        benchmark.matrixRate()),
                                "GFLOP/s counts matrix products and convolutions, forwards and backwards, over the median step.",
                                "The batch is generated. Only figures taken while nothing else runs mean anything."))
                .console());
        out.flush();
        return 0;
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
