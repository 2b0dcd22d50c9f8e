package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.run.Role;
import distill.run.RunStore;
import distill.run.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictsCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int verdicts(Path from) {
        return Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(out),
                new PrintWriter(err),
                "verdicts",
                "--from",
                from.toString(),
                "--out",
                folder.resolve("out").toString());
    }

    @Test
    void theVerdictsAreOnTheConsoleInMarkdownAndInCsvAndMarkedRunsAreSaidToBeLeftOut() throws IOException {
        Path from = folder.resolve("store");
        RunStore store = new RunStore(from);
        for (int seed = 1; seed <= 3; seed++) {
            store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, seed), 98.6 + .1 * seed));
        }
        store.append(Runs.run(Runs.quick(Runs.settings("teacher", Role.TEACHER, null, null, 4)), 91));
        assertEquals(0, verdicts(from), err.toString());
        assertTrue(out.toString().contains("Task 1, Question 5, Fig. 4, as-written: supported"), out.toString());
        assertTrue(out.toString().contains("1 of Task 1 have other settings than the report's"), out.toString());
        String markdown = Files.readString(folder.resolve("out/verdicts-store.md"));
        assertTrue(
                markdown.contains(
                        "> \u201cThe test accuracy for teacher model is 98.78%.\u201d\n\n**Supported** (as-written)."),
                markdown);
        assertTrue(Files.readString(folder.resolve("out/verdicts-store.csv"))
                .startsWith("statement,place,reading,verdict,p,finding,test\n"));
        assertTrue(Files.readString(folder.resolve("out/verdicts-store-numbers.csv"))
                .contains(",teacher,3,98.8"));
        assertTrue(
                out.toString().contains("verdicts-store.md, verdicts-store.csv and verdicts-store-numbers.csv"),
                out.toString());
    }

    @Test
    void aStoreThatIsNotThereIsSaidInOneLine() {
        assertEquals(1, verdicts(folder.resolve("nowhere")));
        assertTrue(err.toString().startsWith("error: there is no folder "), err.toString());
        assertEquals(1, err.toString().lines().count());
        assertFalse(Files.exists(folder.resolve("out")));
    }
}
