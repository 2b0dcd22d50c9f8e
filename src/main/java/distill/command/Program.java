package distill.command;

import distill.report.Wrapping;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program, {@code ./reproduce}, with the options that all of its commands have, and how it ends. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = "distill 0.1.0",
        description = "Reproduces a university report on knowledge distillation, question by question.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"})
public final class Program implements Callable<Integer> {

    /** What the system's loader of libraries says of a disk that is mounted noexec. */
    private static final String NO_EXECUTION = "failed to map segment";

    /** What the system's loader of libraries says of a file that is there and lacks another, or its own end. */
    private static final Pattern UNPACKED_FILE =
            Pattern.compile("(/[^:]+): .*(cannot open shared object file|file too short).*");

    private static final long UNPACKED_BYTES = 650L << 20;

    private static final String ELSEWHERE =
            "have it unpacked to another disk: JAVA_TOOL_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=FOLDER in the environment";

    /** Names the descriptor of the error stream for this program's own lines; without it they go to the usual one. */
    private static final String OWN_ERRORS = "distill.stderr";

    private static final int HELP_WIDTH = 110;
    private static final int MOST_SHOWN = 2000;

    /**
     * How slf4j-simple writes the program's log. They are set here, and are no file in the jar, which others may have
     * on their class path.
     */
    private static final Map<String, String> LOG_SETTINGS = Map.of(
            "org.slf4j.simpleLogger.showThreadName", "false",
            "org.slf4j.simpleLogger.showShortLogName", "true",
            "org.slf4j.simpleLogger.log.io.jhdf", "error");

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show every table of a whole task, and the stack trace of an error.")
    private boolean verbose;

    private ConfigFile config = ConfigFile.NONE;

    @Spec
    private CommandSpec spec;

    private Program() {}

    /**
     * Runs one command line and ends the Java machine with its exit code.
     *
     * @param commands the classes of the commands that the program has
     */
    public static void main(List<Class<?>> commands, String... args) {
        // Numbers, TensorFlow-Java's names of operations among them, are written the same in every language.
        Locale.setDefault(Locale.ROOT);
        LOG_SETTINGS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        Integer descriptor = Integer.getInteger(OWN_ERRORS);
        if (descriptor != null) {
            System.setErr(stream(descriptor));
        }
        System.exit(run(commands, console(System.out), console(System.err), args));
    }

    /** A stream of the console, whose lines end between words in a terminal. Flushed after each line of errors. */
    private static PrintWriter console(PrintStream stream) {
        PrintWriter plain = new PrintWriter(stream);
        OptionalInt width = Wrapping.terminalWidth();
        return new PrintWriter(
                width.isPresent() ? new WrappedLines(plain, width.getAsInt()) : plain, stream == System.err);
    }

    /**
     * A stream on a descriptor that the process was started with. The launcher filters what TensorFlow's library writes
     * to the usual error stream, and has this program's own lines go past the filter. Java opens streams on descriptors
     * 0 to 2 alone, but for this constructor of its own, which the launcher makes accessible.
     */
    private static PrintStream stream(int descriptor) {
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return new PrintStream(
                    new FileOutputStream(constructor.newInstance(descriptor)), true, StandardCharsets.UTF_8);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no streams on other descriptors than 0 to 2", e);
        }
    }

    /** As {@link #main(List, String...)} with one task alone: its question, then the arguments. */
    public static void main(Class<?> task, String question, String[] args) {
        String name = task.getAnnotation(Command.class).name();
        main(
                List.of(task),
                Stream.concat(Stream.of(name, question), Arrays.stream(args)).toArray(String[]::new));
    }

    /** Runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage. */
    public static int run(List<Class<?>> commands, PrintWriter out, PrintWriter err, String... args) {
        CommandLine program = of(commands);
        Program own = program.getCommand();
        program.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((exception, arguments) -> own.refuse(exception, err))
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    own.tell(own.config.located(message(exception)), exception, err);
                    return command.getCommandSpec().exitCodeOnExecutionException();
                });
        try {
            own.config = ConfigFile.of(() -> of(commands), args);
            return program.execute(own.config.after(args));
        } catch (ParameterException e) {
            return own.refuse(e, err);
        } catch (Error e) {
            own.tell(message(e), e, err);
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            out.flush();
        }
    }

    private int refuse(ParameterException exception, PrintWriter err) {
        CommandSpec command = exception.getCommandLine().getCommandSpec();
        err.println("error: " + shown(config.located(usageMessage(exception))) + " (see ./" + command.qualifiedName()
                + " --help)");
        err.flush();
        return command.exitCodeOnInvalidInput();
    }

    /** What is said of a file may have all of it in one word. */
    private static String shown(String message) {
        return message.length() <= MOST_SHOWN ? message : message.substring(0, MOST_SHOWN) + "...";
    }

    private void tell(String message, Throwable thrown, PrintWriter err) {
        err.println("error: " + shown(message));
        if (verbose) {
            thrown.printStackTrace(err);
        }
        err.flush();
    }

    /** The program with some commands. */
    public static CommandLine of(List<Class<?>> commands) {
        CommandLine program = new CommandLine(new Program());
        commands.forEach(program::addSubcommand);
        program.getSubcommands().values().stream()
                .flatMap(command -> command.getSubcommands().values().stream())
                .map(CommandLine::getCommand)
                .forEach(command -> {
                    if (command instanceof Question<?, ?> question) {
                        question.leaveOutUnusedOptions();
                    }
                });
        return program.setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpWidth(Wrapping.width(HELP_WIDTH));
    }

    /** Whether the command line asks for all that there is to show. */
    boolean verbose() {
        return verbose;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "what is to be reproduced? For example: ./reproduce task1 --quick");
    }

    /** What is wrong with a command line, in one line and without Java's names for numbers. */
    private static String usageMessage(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            String option = first.replaceFirst("=.*", "");
            if (unmatched.getCommandLine().getCommand() instanceof Question<?, ?> question
                    && question.leavesOut(option)) {
                return question.refusal(option);
            }
            List<String> alike = unmatched.getSuggestions();
            String what = unmatched.isUnknownOption()
                    ? "there is no option "
                    : unmatched.getCommandLine().getSubcommands().isEmpty()
                            ? "one argument too many: "
                            : "there is no ";
            return what + first + (alike.isEmpty() ? "" : ": did you mean " + String.join(" or ", alike) + "?");
        }
        return exception
                .getMessage()
                .lines()
                .findFirst()
                .orElse("wrong usage")
                .replaceFirst("is not an? (int|long)$", "is not a whole number")
                .replaceFirst("is not a double$", "is not a number");
    }

    /** What went wrong in Java itself, and what to do. */
    static String message(Error error) {
        if (error instanceof LinkageError linkage) {
            return message(linkage);
        }
        return error instanceof OutOfMemoryError
                ? "the memory is full that this program may take, %d MB: _JAVA_OPTIONS=-Xmx6g in the environment gives it 6 GB"
                        .formatted(Runtime.getRuntime().maxMemory() >> 20)
                : unforeseen(error);
    }

    private static String unforeseen(Throwable thrown) {
        return "unexpected " + thrown.getClass().getSimpleName() + ": " + firstLine(thrown)
                + " (--verbose shows where)";
    }

    private static String firstLine(Throwable thrown) {
        return Objects.requireNonNullElse(thrown.getMessage(), "")
                .lines()
                .findFirst()
                .orElse("no reason given");
    }

    /** Why a native library does not load, and what to do. */
    public static String message(LinkageError error) {
        List<String> reasons = Stream.iterate((Throwable) error, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return reasons.stream()
                .filter(reason -> reason.contains(NO_EXECUTION))
                .findFirst()
                .map(reason -> "TensorFlow's library was unpacked to a disk where nothing may be executed (noexec): "
                        + reason + "; " + ELSEWHERE)
                .or(() -> reasons.stream()
                        .map(UNPACKED_FILE::matcher)
                        .filter(Matcher::matches)
                        .map(file -> new File(file.group(1)).getParentFile())
                        .filter(folder -> folder.isDirectory() && folder.getUsableSpace() < UNPACKED_BYTES)
                        .map(folder ->
                                "TensorFlow's library, of %d MB, was not wholly unpacked to %s, whose disk is full but for %d MB: make room, or "
                                                .formatted(UNPACKED_BYTES >> 20, folder, folder.getUsableSpace() >> 20)
                                        + ELSEWHERE)
                        .findFirst())
                .orElseGet(() ->
                        "a native library, TensorFlow's or the one with which Java draws text, does not load on this machine: "
                                + String.join("; ", reasons));
    }

    /** What went wrong in one line. What this program did not foresee is called so. */
    private static String message(Exception exception) {
        if (exception instanceof UncheckedIOException wrapped) {
            return message(wrapped.getCause());
        }
        if (exception instanceof FileSystemException file) {
            return fileMessage(file);
        }
        boolean foreseen = exception instanceof IOException
                || exception instanceof IllegalStateException
                || exception instanceof IllegalArgumentException;
        return foreseen ? firstLine(exception) : unforeseen(exception);
    }

    /** Java's own message is the path alone. */
    private static String fileMessage(FileSystemException exception) {
        String what = exception instanceof AccessDeniedException
                ? "no permission for "
                : exception instanceof FileAlreadyExistsException
                        ? "a file stands where a folder is wanted: "
                        : exception instanceof NoSuchFileException ? "there is no " : "cannot use ";
        String reason = exception.getReason();
        return what + exception.getFile() + (reason == null ? "" : ": " + reason);
    }
}
