package distill.reproduce.task2;

import distill.reproduce.DeviceOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./reproduce task2}: one question of it. */
@Command(
        name = "task2",
        description = "Task 2, MHIST: the question that is named.",
        subcommands = {Question1.class})
public final class Task2 implements Callable<Integer> {

    @Option(names = "--quick", scope = ScopeType.INHERIT, description = "A small, honest cut, marked QUICK.")
    private boolean quick;

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            defaultValue = "1",
            description = "Where all chance comes from (default 1).")
    private long seed;

    @Option(
            names = "--out",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where tables and plots go (default runs).")
    private Path out;

    @Mixin
    private DeviceOptions deviceOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which question? For example: ./reproduce task2 q1 --quick");
    }

    boolean quick() {
        return quick;
    }

    long seed() {
        return seed;
    }

    Path out() {
        return out;
    }

    DeviceOptions deviceOptions() {
        return deviceOptions;
    }
}
