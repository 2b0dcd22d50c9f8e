package distill.reproduce;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./reproduce generate-man}: the manual page, made from what picocli knows of the commands, in the macros of
 * man(7). Each command has a section with the options of its own; those that its subcommands have too are told once.
 */
@Command(
        name = "generate-man",
        description = "Prints the manual page: ./reproduce generate-man > reproduce.1; man -l reproduce.1")
final class ManPage implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(of(spec.root()));
        out.flush();
        return 0;
    }

    /** The page of a program. */
    static String of(CommandSpec root) {
        StringBuilder page = new StringBuilder();
        page.append(".TH ")
                .append(root.name().toUpperCase(Locale.ROOT))
                .append(" 1 \"\" \"")
                .append(root.version()[0])
                .append("\"\n");
        page.append(".SH NAME\n")
                .append(root.name())
                .append(" \\- ")
                .append(text(root.usageMessage().description()))
                .append('\n');
        page.append(".SH SYNOPSIS\n");
        page.append(bold(root.name())).append(" [\\fIOPTION\\fR...] \\fICOMMAND\\fR\n");
        page.append(".SH OPTIONS\nThese go with every command.\n");
        root.options().forEach(option -> append(page, option));
        page.append(".SH COMMANDS\n");
        subcommands(root).forEach(command -> append(page, command));
        page.append(".SH EXIT STATUS\n");
        root.usageMessage().exitCodeList().forEach((code, meaning) -> page.append(".TP\n")
                .append(bold(code))
                .append('\n')
                .append(text(meaning))
                .append('\n'));
        return page.toString();
    }

    private static List<CommandSpec> subcommands(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .distinct()
                .toList();
    }

    /** A command and those below it. */
    private static void append(StringBuilder page, CommandSpec command) {
        List<OptionSpec> options = own(command);
        page.append(".SS \"").append(bold(command.qualifiedName()));
        if (!options.isEmpty()) {
            page.append(" [\\fIOPTION\\fR...]");
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            page.append(' ').append(label(parameter));
        }
        page.append("\"\n").append(text(command.usageMessage().description())).append('\n');
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            page.append(".TP\n").append(label(parameter)).append('\n');
            page.append(text(parameter.description())).append('\n');
        }
        options.forEach(option -> append(page, option));
        subcommands(command).forEach(below -> append(page, below));
    }

    /** The options that the command does not share with the one above it. */
    private static List<OptionSpec> own(CommandSpec command) {
        List<OptionSpec> own = new ArrayList<>(command.options());
        List<String> above = command.parent().options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .toList();
        own.removeIf(option -> new HashSet<>(above).containsAll(List.of(option.names())));
        return own;
    }

    private static void append(StringBuilder page, OptionSpec option) {
        String names = Arrays.stream(option.names()).map(ManPage::bold).collect(Collectors.joining(", "));
        String value = option.arity().max() == 0
                ? ""
                : option.arity().min() == 0 ? "[=" + label(option) + "]" : " " + label(option);
        page.append(".TP\n").append(names).append(value).append('\n');
        page.append(text(option.description())).append('\n');
    }

    private static String label(ArgSpec argument) {
        String label = "\\fI" + escaped(argument.paramLabel()) + "\\fR";
        return argument.arity().max() > 1 ? "[" + label + "...]" : label;
    }

    private static String bold(String words) {
        return "\\fB" + escaped(words) + "\\fR";
    }

    /** A description; picocli's have their percent signs doubled. */
    private static String text(String... description) {
        String words = escaped(String.format(String.join(" ", description)).strip());
        // At the start of a line these would be requests.
        return words.startsWith(".") || words.startsWith("'") ? "\\&" + words : words;
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }
}
