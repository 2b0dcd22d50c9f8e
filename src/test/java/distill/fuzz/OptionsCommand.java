package distill.fuzz;

import distill.command.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command that does nothing, with an option of each kind, which a file of options may give. */
@Command(name = "options")
final class OptionsCommand implements Callable<Integer> {

    @Option(names = "--config")
    private Path config;

    @Option(names = "--epochs")
    private Integer epochs;

    @Option(names = "--alphas", split = ",")
    private List<Double> alphas;

    @Option(names = "--label")
    private String label;

    @Option(names = "--early-stopping", arity = "0..1", fallbackValue = "5")
    private Integer earlyStopping;

    @Option(names = "--quick")
    private boolean quick;

    private OptionsCommand() {}

    @Override
    public Integer call() {
        return 0;
    }

    /** Runs it with a file of options, whose faults are wrong usage. */
    static void run(Path options) throws IOException {
        StringWriter errors = new StringWriter();
        PrintWriter err = new PrintWriter(errors);
        int code = Program.run(List.of(OptionsCommand.class), err, err, "options", "--config=" + options);
        if (code == 2) {
            throw new IOException(errors.toString());
        }
        if (code != 0) {
            throw new AssertionError("exit code " + code + ": " + errors);
        }
    }
}
