package distill.command;

import distill.nn.Device;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** Where to compute: options of every command that does. */
public final class DeviceOptions {

    private enum Choice {
        auto,
        cpu,
        gpu
    }

    @Option(
            names = "--threads",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "Threads that compute, of each training (default: all processors; a training of Task 1 takes 1"
                            + " for a student and 4 for a teacher).")
    private Integer threads;

    @Option(
            names = "--device",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|cpu|gpu",
            defaultValue = "auto",
            description = "auto (default): a CUDA device where TensorFlow finds one, else the CPU.")
    private Choice choice;

    /**
     * The device that was asked for.
     *
     * @throws ParameterException where the options make no sense
     * @throws IllegalStateException where a GPU was asked for and there is none
     */
    public Device device(CommandLine command) {
        if (threads != null && threads < 1) {
            throw new ParameterException(command, "--threads takes a number from 1, found " + threads);
        }
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Device device =
                switch (choice) {
                    case cpu -> Device.cpu(count);
                    case gpu -> gpu(count);
                    case auto -> Device.auto(count);
                };
        return threads == null ? device.asUsual() : device;
    }

    private static Device gpu(int threads) {
        try {
            return Device.gpu(threads);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + "; --device cpu does without", e);
        }
    }

    /** As {@link #device}, but looked for when first used, unless it is a GPU that was asked for by name. */
    public Supplier<Device> whenUsed(CommandLine command) {
        if (choice == Choice.gpu) {
            Device gpu = device(command);
            return () -> gpu;
        }
        return () -> device(command);
    }

    /** What a command says of its device. */
    public static String line(Device device) {
        return "Device: %s, %d threads".formatted(device.gpu() ? "CUDA" : "CPU", device.threads());
    }
}
