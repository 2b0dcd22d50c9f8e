package distill.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.command.ConsoleCommand;
import distill.command.DeviceOptions;
import distill.experiment.StepBenchmark;
import distill.experiment.StepBenchmark.Case;
import distill.experiment.StepBenchmark.Step;
import distill.nn.Device;
import distill.page.Cell;
import distill.page.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code ./reproduce bench}: how long a training step takes, and how near that is to what the machine can do. */
@Command(
        name = "bench",
        description = "Times a training step of each network against the machine's own rate for matrix products.")
final class Bench extends ConsoleCommand {

    private static final Path KERAS = Path.of("reference", "bench_keras.py");

    @Parameters(
            arity = "0..*",
            paramLabel = "NETWORK",
            completionCandidates = Cases.class,
            description = "${COMPLETION-CANDIDATES} (default: all).")
    private List<String> networks = new Cases();

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description = "A Python with Keras, such as .venv/bin/python: Keras's step is timed after each of ours.")
    private String python;

    @Mixin
    private DeviceOptions deviceOptions;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Case> cases = cases();
        if (python != null && !Files.exists(KERAS)) {
            throw new IOException("there is no " + KERAS + " here: start this in the project's folder");
        }
        Device device = deviceOptions.device(commandLine());
        println(DeviceOptions.line(device));
        double rate = StepBenchmark.matrixRate(device);
        List<List<Cell>> rows = new ArrayList<>();
        for (Case network : cases) {
            Step step = StepBenchmark.step(network, device);
            rows.add(row(network.toString(), step, rate));
            if (python != null) {
                rows.add(row(network + ", Keras", keras(step), rate));
            }
        }
        println(new Table(
                        "Training steps",
                        List.of(
                                "network",
                                "batch",
                                "median ms",
                                "best ms",
                                "GFLOP/s",
                                "of the matrix rate",
                                "peak memory MB"),
                        rows,
                        List.of(
                                String.format(
                                        Locale.ROOT,
                                        "Matrix rate: %.0f GFLOP/s (products of 2048 x 2048 in float32), measured in this run.",
                                        rate),
                                "GFLOP/s counts matrix products and convolutions, forwards and backwards, over the median step.",
                                "Memory is the most that the process has taken so far; Keras has a process for each network.",
                                "The batch is generated. Only figures taken while nothing else runs mean anything."))
                .console());
        return 0;
    }

    private static List<Cell> row(String name, Step step, double rate) {
        return List.of(
                Cell.text(name),
                Cell.number(step.network().batchSize()),
                Cell.number(step.medianMilliseconds(), 1),
                Cell.number(step.bestMilliseconds(), 1),
                Cell.number(step.gflops(), 0),
                Cell.percent(100 * step.gflops() / rate, 0),
                Cell.number(step.peakMegabytes().orElse(Double.NaN), 0));
    }

    /** Converted here: an optional parameter that picocli cannot convert is to it one too many. */
    private List<Case> cases() {
        try {
            return networks.stream().map(Case::of).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), e.getMessage());
        }
    }

    /** Keras's step of the same network, whose operations are counted as ours are. */
    private Step keras(Step ours) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        python, KERAS.toString(), ours.network().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // The launcher asks ours for what repeats on a GPU; Keras is timed as it comes.
        builder.environment().keySet().removeAll(Set.of("TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC"));
        Process process = builder.start();
        byte[] printed = process.getInputStream().readAllBytes();
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException(
                    "%s %s %s ended with %d: run it to see why".formatted(python, KERAS, ours.network(), exitCode));
        }
        JsonNode keras = new ObjectMapper().readTree(printed);
        double median = keras.get("median").asDouble();
        JsonNode memory = keras.get("memory");
        return new Step(
                ours.network(),
                median,
                keras.get("best").asDouble(),
                ours.gflops() * ours.medianMilliseconds() / median,
                memory.isNull() ? OptionalDouble.empty() : OptionalDouble.of(memory.asDouble()));
    }

    static final class Cases extends ArrayList<String> {

        Cases() {
            super(Arrays.stream(Case.values()).map(Case::toString).toList());
        }
    }
}
