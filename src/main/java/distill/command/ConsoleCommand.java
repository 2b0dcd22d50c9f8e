package distill.command;

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
public abstract class ConsoleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** The command as picocli knows it. */
    protected final CommandLine commandLine() {
        return spec.commandLine();
    }

    /** Whether {@code --verbose} stands on the command line. */
    final boolean verbose() {
        return spec.root().userObject() instanceof Program program && program.verbose();
    }

    /** The console. The program flushes it at the command's end. */
    protected final PrintWriter console() {
        return spec.commandLine().getOut();
    }

    protected final void println(String text) {
        console().println(text);
    }

    /** Prints at once, for what follows takes a while. */
    protected final void say(String text) {
        println(text);
        console().flush();
    }

    /** Prints, with a point in numbers everywhere. */
    protected final void printf(String format, Object... values) {
        console().printf(Locale.ROOT, format, values);
    }

    /**
     * Refuses the command line.
     *
     * @throws ParameterException unless it is right
     */
    protected final void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
