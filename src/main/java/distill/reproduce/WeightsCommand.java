package distill.reproduce;

import distill.report.Table;
import distill.weights.KerasFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./reproduce weights}: what Keras's files hold. */
@Command(
        name = "weights",
        description = "Weights in files that Keras saved.",
        subcommands = WeightsCommand.Inspect.class)
final class WeightsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "what is to be done? For example: weights inspect FILE");
    }

    @Command(
            name = "inspect",
            description =
                    "Shows a file's format, the Keras that wrote it, and every weight's name, shape, type and digest.")
    static final class Inspect implements Callable<Integer> {

        private static final int DIGEST_DIGITS = 16;

        @Parameters(paramLabel = "FILE", description = "A .h5, .weights.h5 or .keras file.")
        private Path file;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            KerasFile found = KerasFile.read(file);
            List<List<String>> rows = found.weights().stream()
                    .map(weight -> List.of(
                            weight.path(),
                            Arrays.stream(weight.shape().asArray())
                                    .mapToObj(Long::toString)
                                    .collect(Collectors.joining(", ", "(", ")")),
                            weight.dtype(),
                            weight.digest().substring(0, DIGEST_DIGITS)))
                    .toList();
            long numbers = found.weights().stream()
                    .mapToLong(weight -> weight.values().length)
                    .sum();
            PrintWriter out = spec.commandLine().getOut();
            out.println(new Table(
                            file + ": " + found.format(),
                            List.of("weight", "shape", "type", "SHA-256"),
                            rows,
                            List.of("Keras " + found.kerasVersion().orElse("version unknown") + ", "
                                    + found.weights().size() + " weights, " + numbers + " numbers."))
                    .console());
            out.flush();
            return 0;
        }
    }
}
