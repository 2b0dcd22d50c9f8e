package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Task 2's questions call their files. */
class TransferFilesTest {

    @TempDir
    private Path folder;

    private void sweep(String... temperatures) {
        List<String> arguments =
                new ArrayList<>(List.of("task2", "q2", "--variant", "as-described", "--part", "sweep"));
        arguments.addAll(List.of("--image-size", "96", "--teacher-model", "mobilenetv2"));
        arguments.addAll(List.of("--from", "results", "--out", folder.toString()));
        arguments.addAll(List.of(temperatures));
        StringWriter err = new StringWriter();
        int code = Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                arguments.toArray(String[]::new));
        assertEquals(0, code, err.toString());
    }

    @Test
    void anotherChoiceOfTemperaturesLeavesTheWholeTableAlone() throws IOException {
        Path whole = folder.resolve("task2/q2-sweep-as-described-data35df935f-96-teacher-mobilenetv2.md");
        sweep();
        String before = Files.readString(whole);
        sweep("--temperatures", "4,1");
        assertEquals(before, Files.readString(whole));
        assertTrue(Files.exists(
                folder.resolve("task2/q2-sweep-as-described-data35df935f-96-teacher-mobilenetv2-T1-4.md")));
    }
}
