package distill.reproduce;

import distill.command.ConsoleCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/**
 * {@code ./reproduce generate-man}: the manual page, made from what picocli knows of the commands, in the macros of
 * man(7). Each command has a section with the options of its own; those that its subcommands have too are told once.
 */
@Command(
        name = "generate-man",
        description = "Prints the manual page: ./reproduce generate-man > reproduce.1; man -l reproduce.1")
final class ManPage extends ConsoleCommand {

    @Override
    public Integer call() {
        console().print(of(commandLine().getCommandSpec().root()));
        return 0;
    }

    /** The page of a program. */
    static String of(CommandSpec root) {
        StringBuilder page = new StringBuilder(
                """
                .TH %s 1 "" "%s"
                .SH NAME
                %s \\- %s
                .SH SYNOPSIS
                %s [\\fIOPTION\\fR...] \\fICOMMAND\\fR
                .SH OPTIONS
                These go with every command.
                """
                        .formatted(
                                root.name().toUpperCase(Locale.ROOT),
                                root.version()[0],
                                root.name(),
                                text(root.usageMessage().description()),
                                bold(root.name())));
        root.options().forEach(option -> append(page, option));
        page.append(".SH COMMANDS\n");
        subcommands(root).forEach(command -> append(page, command));
        page.append(".SH EXIT STATUS\n");
        root.usageMessage().exitCodeList().forEach((code, meaning) -> page.append(entry(bold(code), meaning)));
        return page.toString();
    }

    private static String entry(String term, String... description) {
        return ".TP\n" + term + "\n" + text(description) + "\n";
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
        page.append(options.isEmpty() ? "" : " [\\fIOPTION\\fR...]");
        command.positionalParameters().forEach(parameter -> page.append(' ').append(label(parameter)));
        page.append("\"\n").append(text(command.usageMessage().description())).append('\n');
        page.append(shared(command));
        command.positionalParameters()
                .forEach(parameter -> page.append(entry(label(parameter), parameter.description())));
        options.forEach(option -> append(page, option));
        subcommands(command).forEach(below -> append(page, below));
    }

    /** What is said of a command that does not have all that the one above it shares; nothing of others. */
    private static String shared(CommandSpec command) {
        CommandSpec root = command.root();
        List<OptionSpec> above = command.parent().options().stream()
                .filter(option -> option.scopeType() == ScopeType.INHERIT
                        && !root.optionsMap().containsKey(option.longestName()))
                .toList();
        List<String> taken = above.stream()
                .map(OptionSpec::longestName)
                .filter(command.optionsMap()::containsKey)
                .map(ManPage::bold)
                .toList();
        return taken.size() == above.size()
                ? ""
                : "Of the options of %s it takes %s.\n"
                        .formatted(bold(command.parent().name()), String.join(", ", taken));
    }

    /** The options that the command does not share with the one above it. */
    private static List<OptionSpec> own(CommandSpec command) {
        Map<String, OptionSpec> above = command.parent().optionsMap();
        return command.options().stream()
                .filter(option -> !above.keySet().containsAll(List.of(option.names())))
                .toList();
    }

    private static void append(StringBuilder page, OptionSpec option) {
        String names = Arrays.stream(option.names()).map(ManPage::bold).collect(Collectors.joining(", "));
        String value = option.arity().max() == 0
                ? ""
                : option.arity().min() == 0 ? "[=" + label(option) + "]" : " " + label(option);
        page.append(entry(names + value, option.description()));
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
