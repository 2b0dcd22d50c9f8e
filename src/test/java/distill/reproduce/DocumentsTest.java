package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Planned;
import distill.command.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Every command line of the documents, as it stands there: each is understood, its options have the values that they
 * take, those that train nothing are run, and whatever is named of the project's files is there. {@code .ci/run} runs
 * README.md's in their order, and the {@code python} tests those of docs/keras.md.
 */
class DocumentsTest {

    private static final Path ROOT = Path.of("");
    private static final String LAUNCHER = "./reproduce";

    /** What stands for something else in a command line, with a value that will do where it is looked at. */
    private static final Map<String, String> PLACEHOLDERS = Map.ofEntries(
            Map.entry("A", "results"),
            Map.entry("B", "report"),
            Map.entry("DIR", "results"),
            Map.entry("DIR...", "results"),
            Map.entry("FILE", "model.h5"),
            Map.entry("FORMAT", "h5"),
            Map.entry("IDENTITY", "0123456789abcdef"),
            Map.entry("N", "3"),
            Map.entry("NAME", "model"),
            Map.entry("NETWORK", "mnist-teacher"),
            Map.entry("RUN", "0123456789abcdef"));

    /** Commands that train nothing and take a second; the page is made by other tests, and by {@code .ci/run}. */
    private static final Set<String> TRAIN_NOTHING = Set.of(
            "list", "verdicts", "generate-completion", "generate-man", "task1 q2", "task1 q3", "task1 q4", "task1 q8");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** Where a command ends in a shell's line: before another one, a redirection or a remark. */
    private static final Pattern END = Pattern.compile("[;)>|&#].*");

    private static final Pattern OWN_FILE = Pattern.compile(
            "(reference|cluster|notebooks-equivalent|src|docs|results|saved-models|\\.ci)/[\\w./-]*\\w");

    private static final Pattern PYTHON = Pattern.compile("(reference/\\w+\\.py)\\b(.*)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]*");
    private static final Pattern TEST_CLASS = Pattern.compile("-Dtest='?(\\w+)");

    @TempDir
    private Path folder;

    /** A line of code in a document, or code within its text, where it begins, and whether a person is to type it. */
    private record Code(Path document, int line, boolean block, String text) {

        @Override
        public String toString() {
            return document + ":" + line + ": " + text;
        }

        /** The arguments of the program that it starts; empty where it starts another, or names the launcher alone. */
        List<String> arguments() {
            int start = text.indexOf(LAUNCHER + " ");
            if (start < 0) {
                return List.of();
            }
            String line = END.matcher(text.substring(start + LAUNCHER.length())).replaceFirst("");
            return Stream.of(line.strip().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
    }

    private static List<Code> codes() throws IOException {
        List<Path> documents = new ArrayList<>(Stream.of(
                        "README.md",
                        "CONTRIBUTING.md",
                        "reference/README.md",
                        "notebooks-equivalent/README.md",
                        "saved-models/README.md",
                        "cluster/slurm.sbatch")
                .map(ROOT::resolve)
                .toList());
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        List<Code> codes = new ArrayList<>();
        for (Path document : documents) {
            codes.addAll(document.toString().endsWith(".md") ? ofMarkdown(document) : ofRemarks(document));
        }
        return codes;
    }

    private static List<Code> ofMarkdown(Path document) throws IOException {
        List<Code> codes = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        StringBuilder continued = new StringBuilder();
        boolean block = false;
        List<String> lines = Files.readAllLines(document);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean fence = line.startsWith("```");
            block ^= fence;
            boolean code = block && !fence;
            text.append(code || fence ? "" : line).append('\n');
            if (code) {
                continued.append(line.replaceFirst("\\\\$", ""));
                if (!line.endsWith("\\")) {
                    codes.add(new Code(document, i + 1, true, continued.toString()));
                    continued.setLength(0);
                }
            }
        }
        CODE.matcher(text).results().forEach(match -> {
            long before =
                    text.chars().limit(match.start()).filter(c -> c == '\n').count();
            int line = Math.toIntExact(1 + before);
            codes.add(new Code(document, line, false, match.group(1).replace('\n', ' ')));
        });
        return codes;
    }

    /** The remarks of a script that are command lines. */
    private static List<Code> ofRemarks(Path script) throws IOException {
        List<Code> codes = new ArrayList<>();
        List<String> lines = Files.readAllLines(script);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("#   ")) {
                codes.add(
                        new Code(script, i + 1, true, lines.get(i).substring(1).strip()));
            }
        }
        return codes;
    }

    private static CommandLine program() {
        return Program.of(Reproduce.COMMANDS);
    }

    @Test
    void everyCommandLineOfTheDocumentsIsUnderstoodAndWhatItTrainsIsKnown() throws IOException {
        List<String> wrong = new ArrayList<>();
        CommandLine names = program();
        int understood = 0;
        for (Code code : codes()) {
            List<String> arguments = code.arguments();
            if (arguments.isEmpty() || !code.block() && namesACommand(names, arguments)) {
                continue;
            }
            try {
                String[] words = filledIn(arguments);
                Planned.of(program().parseArgs(words));
                understood++;
            } catch (ParameterException e) {
                wrong.add(code + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(understood > 60, understood + " command lines were found");
    }

    /** Whether the words are the name of a command that takes more, such as {@code weights import}. */
    private static boolean namesACommand(CommandLine program, List<String> words) {
        CommandLine command = program;
        for (String word : words) {
            command = command.getSubcommands().get(word);
            if (command == null) {
                return false;
            }
        }
        return !command.getSubcommands().isEmpty()
                || command.getCommandSpec().args().stream().anyMatch(CommandLine.Model.ArgSpec::required);
    }

    /** With placeholders filled in, and a store that is there. */
    private static String[] filledIn(List<String> arguments) {
        String[] words = arguments.stream()
                .map(word -> PLACEHOLDERS.getOrDefault(word, word))
                .toArray(String[]::new);
        int from = arguments.indexOf("--from");
        if (from >= 0 && from + 1 < words.length) {
            words[from + 1] = "results";
        }
        return words;
    }

    @Test
    void theCommandLinesThatTrainNothingAreRunInTheirOrder() throws IOException {
        Set<String> run = new LinkedHashSet<>();
        for (Code code : codes()) {
            List<String> arguments = code.arguments();
            String line = String.join(" ", arguments);
            boolean asksAlone = arguments.contains("--help") || arguments.contains("--version");
            boolean fromResults = line.contains("--from results") && !line.startsWith("page");
            if (asksAlone || fromResults || TRAIN_NOTHING.contains(line)) {
                run.add(line);
            }
        }
        assertTrue(run.containsAll(List.of("--version", "list", "task1 q6 --from results")), run.toString());
        assertTrue(run.containsAll(TRAIN_NOTHING), run.toString());
        for (String line : run) {
            List<String> words = new ArrayList<>(List.of(line.split(" ")));
            boolean writes = line.startsWith("verdicts") || line.startsWith("task") && takesOut(words);
            if (writes && !words.contains("--help")) {
                words.addAll(List.of("--out", folder.toString()));
            }
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int code = Program.run(
                    Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
            assertEquals(0, code, line + ": " + err);
            assertTrue(!out.toString().isBlank(), line);
        }
    }

    private static boolean takesOut(List<String> words) {
        CommandLine command = Program.of(Reproduce.COMMANDS);
        for (String word : words) {
            command = command.getSubcommands().getOrDefault(word, command);
        }
        return command.getCommandSpec().findOption("--out") != null;
    }

    @Test
    void everyFileOfTheProjectThatACommandLineNamesIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Code code : codes()) {
            if (code.block() && !code.text().startsWith("reader = ")) {
                OWN_FILE.matcher(code.text()).results().map(MatchResult::group).forEach(name -> {
                    if (!Files.exists(ROOT.resolve(name)) && !madeByACommand(name)) {
                        missing.add(code + ": there is no " + name);
                    }
                });
                TEST_CLASS.matcher(code.text()).results().forEach(match -> {
                    if (!isTest(match.group(1))) {
                        missing.add(code + ": there is no test " + match.group(1));
                    }
                });
            }
        }
        assertEquals(List.of(), missing);
    }

    private static boolean madeByACommand(String name) {
        return name.startsWith("saved-models/");
    }

    private static boolean isTest(String name) {
        try (Stream<Path> tests = Files.walk(ROOT.resolve("src/test/java"))) {
            return tests.anyMatch(file -> file.endsWith(name + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyOptionThatTheDocumentsNameIsTakenByACommandOrAProgramOfReference() throws IOException {
        Set<String> known = new TreeSet<>();
        options(program(), known);
        Map<String, Set<String>> ofPython = ofReference();
        ofPython.values().forEach(known::addAll);
        List<String> unknown = new ArrayList<>();
        for (Code code : codes()) {
            PYTHON.matcher(code.text()).results().forEach(match -> options(match.group(2))
                    .filter(option -> !ofPython.get(match.group(1)).contains(option))
                    .forEach(option -> unknown.add(code + ": " + match.group(1) + " has no " + option)));
            if (!code.block() && code.text().startsWith("--")) {
                options(code.text())
                        .filter(option -> !known.contains(option))
                        .forEach(option -> unknown.add(code + ": no command has " + option));
            }
        }
        assertEquals(List.of(), unknown);
    }

    private static Stream<String> options(String text) {
        return OPTION.matcher(text).results().map(MatchResult::group);
    }

    private static void options(CommandLine command, Set<String> names) {
        command.getCommandSpec().options().forEach(option -> names.addAll(Arrays.asList(option.names())));
        command.getSubcommands().values().forEach(below -> options(below, names));
    }

    /** The options of each program of {@code reference/}, by its file; runs.py has none of its own. */
    private static Map<String, Set<String>> ofReference() throws IOException {
        Map<String, Set<String>> options = new TreeMap<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("reference"))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".py")).toList()) {
                Set<String> names = new TreeSet<>(List.of("--help"));
                options(Files.readString(file)).forEach(names::add);
                options.put("reference/" + file.getFileName(), names);
            }
        }
        return options;
    }
}
