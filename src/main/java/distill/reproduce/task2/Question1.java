package distill.reproduce.task2;

import distill.nn.Device;
import distill.reproduce.DeviceOptions;
import distill.reproduce.Reproduce;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Question 1: transfer learning, residual blocks, ResNets, MobileNets, gradients and cost, each with something
 * computed. The answers themselves are in {@code docs/theory.md}.
 */
@Command(name = "q1", description = "Theory, a to f, each with something computed from real graphs: docs/theory.md.")
public final class Question1 implements Callable<Integer> {

    @ParentCommand
    private Task2 task2;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Reproduce.main("task2", "q1", args);
    }

    @Override
    public Integer call() throws Exception {
        Device device = task2.deviceOptions().device(spec.commandLine());
        Sheets sheets = new Sheets(
                task2.out(), task2.quick(), device, spec.commandLine().getOut());
        sheets.print(DeviceOptions.line(device) + "\n");
        TransferLearning.a(sheets);
        ResNets.b(sheets);
        ResNets.c(sheets);
        MobileNets.d(sheets);
        Gradients.e(sheets, task2.seed());
        MobileNets.f(sheets);
        return 0;
    }
}
