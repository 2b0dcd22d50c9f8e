package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import distill.command.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ManPageTest {

    private static final CommandLine PROGRAM = Program.of(Reproduce.COMMANDS);
    private static final String PAGE = ManPage.of(PROGRAM.getCommandSpec());

    @TempDir
    private Path folder;

    @Test
    void everyCommandHasASectionAndEveryOptionAnEntry() {
        List<String> missing = new ArrayList<>();
        collectMissing(PROGRAM, missing);
        assertEquals(List.of(), missing);
    }

    private static void collectMissing(CommandLine command, List<String> missing) {
        String name = command.getCommandSpec().qualifiedName().replace("-", "\\-");
        if (command.getParent() != null && !PAGE.contains(".SS \"\\fB" + name + "\\fR")) {
            missing.add(name);
        }
        command.getCommandSpec().options().forEach(option -> {
            for (String optionName : option.names()) {
                if (!PAGE.contains("\\fB" + optionName.replace("-", "\\-") + "\\fR")) {
                    missing.add(name + " " + optionName);
                }
            }
        });
        command.getSubcommands().values().forEach(below -> collectMissing(below, missing));
    }

    @Test
    void anOptionOfSeveralCommandsIsToldOnceWithTheOneAboveThem() {
        assertEquals(
                2, PAGE.split("\\\\fB\\\\-\\\\-tensorboard\\\\fR\\[=\\\\fIDIR", -1).length - 1, "one for each task");
        assertEquals(2, PAGE.split("\\\\-\\\\-fresh\\\\fR\n", -1).length - 1);
    }

    @Test
    void aQuestionThatUsesFewOfItsTasksOptionsSaysWhich() {
        assertTrue(
                PAGE.contains(
                        "Of the options of \\fBtask1\\fR it takes \\fB\\-\\-variant\\fR, \\fB\\-\\-without\\fR, \\fB\\-\\-quiet\\fR, \\fB\\-\\-data\\-dir\\fR.\n"),
                PAGE);
    }

    @Test
    void noLineOfTextIsTakenForARequest() {
        PAGE.lines()
                .filter(line -> line.startsWith(".") || line.startsWith("'"))
                .forEach(line -> assertTrue(line.matches("\\.(TH .*|SH .*|SS \".*\"|TP)"), line));
    }

    @Test
    void groffHasNothingToSayAgainstIt() throws IOException, InterruptedException {
        Path groff = Path.of("/usr/bin/groff");
        assumeTrue(Files.isExecutable(groff), "SKIPPED: no groff here");
        Path page = Files.writeString(folder.resolve("reproduce.1"), PAGE);
        Process process = new ProcessBuilder(groff.toString(), "-man", "-ww", "-z", "-Tutf8", "-Kutf8", page.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        assertEquals("", said);
    }
}
