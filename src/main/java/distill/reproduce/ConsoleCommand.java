package distill.reproduce;

import distill.command.RunOptions;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have: a console, and a command line that they refuse where it makes no sense. */
@Command
abstract class ConsoleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** The command as picocli knows it. */
    final CommandLine commandLine() {
        return spec.commandLine();
    }

    /** The console. The program flushes it at the command's end. */
    final PrintWriter console() {
        return spec.commandLine().getOut();
    }

    final void println(String text) {
        console().println(text);
    }

    /** Prints, with a point in numbers everywhere. */
    final void printf(String format, Object... values) {
        console().printf(Locale.ROOT, format, values);
    }

    /**
     * Refuses the command line.
     *
     * @throws ParameterException unless it is right
     */
    final void check(boolean right, String message) {
        RunOptions.check(right, spec, message);
    }
}
