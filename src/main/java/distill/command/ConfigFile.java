package distill.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import distill.files.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A file of options, which {@code --config} names: YAML, or JSON where its name ends in {@code .json}. It has the names
 * of options without their dashes, each with a value, a list of values, or true or false for an option without a value.
 * What stands on the command line, too, is taken from there.
 *
 * @param file null where none was named
 * @param options those that are taken from the file, by their names with dashes
 */
record ConfigFile(Path file, Map<String, Entry> options) {

    /** The option that names the file. */
    static final String OPTION = "--config";

    /** No file. */
    static final ConfigFile NONE = new ConfigFile(null, Map.of());

    private static final Pattern NAMED = Pattern.compile("--[a-z][a-z0-9-]*");

    /**
     * An option of the file.
     *
     * @param line where it stands, from 1
     * @param arguments of the command line that say the same
     */
    record Entry(int line, List<String> arguments) {}

    /** A name of the file with its values, as they stand there. */
    private record Value(String name, int line, boolean isList, List<String> texts) {}

    /**
     * The file that a command line names, checked against the options of its command.
     *
     * @param program makes one that is asked what the command line says
     * @throws ParameterException where the file is not there, is no YAML or JSON, or has what the command does not take
     */
    static ConfigFile of(Supplier<CommandLine> program, String... args) {
        if (Arrays.stream(args).noneMatch(word -> word.equals(OPTION) || word.startsWith(OPTION + "="))) {
            return NONE;
        }
        List<CommandLine> commands;
        try {
            commands = program.get().parseArgs(args).asCommandLineList();
        } catch (ParameterException e) {
            // It is said when the command line is parsed to be carried out.
            return NONE;
        }
        CommandLine command = commands.get(commands.size() - 1);
        List<OptionSpec> given = commands.stream()
                .map(CommandLine::getParseResult)
                .map(ParseResult::matchedOptions)
                .flatMap(List::stream)
                .toList();
        Path file = given.stream()
                .filter(option -> option.longestName().equals(OPTION))
                .map(option -> (Path) option.getValue())
                .findFirst()
                .orElse(null);
        return file == null
                ? NONE
                : of(file, command, given.stream().map(OptionSpec::longestName).collect(Collectors.toSet()));
    }

    /** @param given names of the options that stand on the command line */
    private static ConfigFile of(Path file, CommandLine command, Set<String> given) {
        if (!Files.isRegularFile(file)) {
            throw new ParameterException(command, OPTION + ": there is no file " + file);
        }
        Map<String, Entry> options = new LinkedHashMap<>();
        for (Value value : read(file, command)) {
            String name = "--" + value.name();
            List<String> arguments = arguments(value, command.getCommandSpec().findOption(name), file, command);
            if (!given.contains(name)) {
                options.put(name, new Entry(value.line(), arguments));
            }
        }
        return new ConfigFile(file, options);
    }

    private static List<String> arguments(Value value, OptionSpec option, Path file, CommandLine command) {
        String name = "--" + value.name();
        if (option == null) {
            check(
                    NAMED.matcher(name).matches(),
                    command,
                    file,
                    value.line(),
                    "there is no option '%s'".formatted(value.name().replaceAll("\\p{Cntrl}", "?")));
            // The command line refuses it, with the options that the question has, or that are spelt alike.
            return List.of(name);
        }
        boolean ofFiles = !option.usageHelp() && !option.versionHelp() && !name.equals(OPTION);
        check(ofFiles, command, file, value.line(), value.name() + " is of the command line alone");
        List<String> texts = value.texts();
        boolean isFlag = option.arity().max() == 0;
        boolean isTruth = !value.isList() && Set.of("true", "false").contains(texts.get(0));
        if (isTruth && option.arity().min() == 0) {
            return texts.get(0).equals("true") ? List.of(name) : List.of();
        }
        check(!isFlag, command, file, value.line(), "%s takes true or false, found %s".formatted(value.name(), texts));
        boolean takesSeveral = !option.splitRegex().isEmpty();
        check(
                takesSeveral || texts.size() == 1,
                command,
                file,
                value.line(),
                "%s takes one value, found %s".formatted(value.name(), texts));
        return List.of(name + "=" + String.join(",", texts));
    }

    /** The names of a file with their values, in their order. */
    private static List<Value> read(Path file, CommandLine command) {
        boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
        Map<String, Value> values = new LinkedHashMap<>();
        try (JsonParser parser = (json ? new JsonFactory() : new YAMLFactory()).createParser(Contents.bytes(file))) {
            check(
                    parser.nextToken() == JsonToken.START_OBJECT,
                    command,
                    file,
                    Math.max(1, parser.currentTokenLocation().getLineNr()),
                    "names of options with their values are expected, such as \"epochs: 3\"");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Value value = value(parser, file, command);
                Value earlier = values.put(value.name(), value);
                int first = earlier == null ? 0 : earlier.line();
                check(
                        earlier == null,
                        command,
                        file,
                        value.line(),
                        "%s stands there twice, first on line %d".formatted(value.name(), first));
            }
            check(
                    parser.nextToken() == null,
                    command,
                    file,
                    parser.currentTokenLocation().getLineNr(),
                    "nothing is expected after the options");
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ParameterException(
                    command,
                    "%s, line %d: it is no %s (%s)"
                            .formatted(file, line, json ? "JSON" : "YAML", reason(e.getOriginalMessage())));
        } catch (IOException e) {
            throw new ParameterException(command, OPTION + ": cannot read " + file + ": " + e.getMessage(), e);
        }
        check(!values.isEmpty(), command, file, 1, "it has no options");
        return List.copyOf(values.values());
    }

    /** What a parser says, in one line: it goes on with the text that it stands before. */
    private static String reason(String message) {
        return message.lines().findFirst().orElse("").strip();
    }

    private static Value value(JsonParser parser, Path file, CommandLine command) throws IOException {
        String name = parser.currentName();
        int line = parser.currentTokenLocation().getLineNr();
        List<String> texts = new ArrayList<>();
        JsonToken token = parser.nextToken();
        boolean isList = token == JsonToken.START_ARRAY;
        if (isList) {
            token = parser.nextToken();
        }
        while (token != JsonToken.END_ARRAY) {
            check(
                    token.isScalarValue() && token != JsonToken.VALUE_NULL,
                    command,
                    file,
                    line,
                    token == JsonToken.VALUE_NULL
                            ? name + " has no value"
                            : name + " takes a value, or a list of values");
            check(
                    !(parser instanceof YAMLParser yaml && yaml.isCurrentAlias()),
                    command,
                    file,
                    line,
                    name + " has an alias, *" + parser.getText() + ", where a value is expected");
            texts.add(parser.getText());
            if (!isList) {
                break;
            }
            token = parser.nextToken();
        }
        check(!texts.isEmpty(), command, file, line, name + " has no value");
        return new Value(name, line, isList, texts);
    }

    private static void check(boolean right, CommandLine command, Path file, int line, String message) {
        if (!right) {
            throw new ParameterException(command, "%s, line %d: %s".formatted(file, line, message));
        }
    }

    /** A command line with the file's options at its end. */
    String[] after(String... args) {
        return Stream.concat(
                        Arrays.stream(args), options.values().stream().flatMap(entry -> entry.arguments().stream()))
                .toArray(String[]::new);
    }

    /** What is said of an option, with the place in the file where that comes from there. */
    String located(String message) {
        Matcher named = NAMED.matcher(message);
        Entry entry = named.find() ? options.get(named.group()) : null;
        return entry == null ? message : "%s, line %d: %s".formatted(file, entry.line(), message);
    }
}
