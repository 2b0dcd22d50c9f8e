package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import distill.command.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Bash offers after a line, with the script that is printed for it. */
class CompletionTest {

    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path folder;

    @BeforeEach
    void writeScript() throws IOException {
        assumeTrue(Files.isExecutable(BASH), "SKIPPED: no Bash here");
        StringWriter script = new StringWriter();
        assertEquals(
                0,
                Program.run(
                        Reproduce.COMMANDS,
                        new PrintWriter(script),
                        new PrintWriter(new StringWriter()),
                        "generate-completion"));
        Files.writeString(folder.resolve("completion.sh"), script.toString());
        Files.createDirectories(folder.resolve("saved-models/task1-as-written-teacher-seed1-0123"));
        Files.createDirectories(folder.resolve("saved-models/cnn"));
        Files.writeString(folder.resolve("saved-models/README.md"), "");
        Files.writeString(folder.resolve("cnn.keras"), "");
    }

    /** The words after {@code line}, of which the last is completed. */
    private List<String> complete(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        BASH.toString(),
                        "--norc",
                        "-c",
                        "source completion.sh; compopt() { :; }; IFS=' ' read -ra COMP_WORDS <<<\"$1\";"
                                + " [[ \"$1\" == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                                + " _complete_reproduce; printf '%s\\n' \"${COMPREPLY[@]}\"",
                        "bash",
                        line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        return said.lines().filter(word -> !word.isEmpty()).sorted().toList();
    }

    @Test
    void commandsAndQuestionsAreOffered() throws Exception {
        assertEquals(List.of("task1", "task2"), complete("reproduce task"));
        assertEquals(List.of("q1", "q2", "q3"), complete("reproduce task2 "));
    }

    @Test
    void optionsOfferTheWordsThatTheyTake() throws Exception {
        assertEquals(List.of("as-described", "as-written"), complete("reproduce task1 q5 --variant "));
        assertEquals(List.of("test", "train"), complete("reproduce task1 q9 --split "));
        assertEquals(List.of("--temperatures"), complete("reproduce task1 q6 --temp"));
        assertEquals(List.of(), complete("reproduce task1 q10 --temp"), "it has no use for them");
        assertEquals(List.of("scratch", "sweep"), complete("reproduce task2 q2 --part s"));
        assertEquals(List.of("linear", "softmax"), complete("reproduce weights import --activation "));
        assertEquals(
                List.of("predicted", "true"),
                complete("reproduce task1 q9 --class ").subList(10, 12));
    }

    @Test
    void namesInSavedModelsAreOfferedAsTheyAreNow() throws Exception {
        assertEquals(List.of("cnn", "task1-as-written-teacher-seed1-0123"), complete("reproduce weights export "));
        Files.createDirectories(folder.resolve("saved-models/later"));
        assertEquals(List.of("later"), complete("reproduce weights export l"));
        assertEquals(List.of("cnn", "cnn.keras"), complete("reproduce task1 q5 --teacher cnn"));
    }

    @Test
    void comparingOffersPublishedNumbersAndFiles() throws Exception {
        assertEquals(
                List.of("cnn.keras", "completion.sh", "notebook", "report", "saved-models"),
                complete("reproduce compare "));
    }
}
