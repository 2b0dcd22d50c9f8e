package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.run.RunStore;
import distill.run.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int page(Object... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "page";
        for (int i = 0; i < arguments.length; i++) {
            all[i + 1] = arguments[i].toString();
        }
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), all);
    }

    @Test
    void thePageOfAStoreIsWrittenAndMarkdownOnlyWhenAsked() throws IOException {
        Path store = folder.resolve("store");
        new RunStore(store).append(Runs.student(16, .9, 1, 97.9));
        Path answers = folder.resolve("answers");
        assertEquals(0, page("--from", store, "--out", answers), err.toString());
        String html = Files.readString(answers.resolve("report-store.html"));
        assertTrue(html.contains("97.90") && html.contains("Total params: 1,011,466"), "a run and a network");
        assertFalse(Files.exists(folder.resolve("docs")));

        Path markdown = folder.resolve("docs/REPORT.md");
        assertEquals(0, page("--from", store, "--out", answers, "--markdown", markdown), err.toString());
        assertTrue(Files.readString(markdown).contains("97.90"));
    }

    @Test
    void thePageOfAnotherStoreOverwritesNothing() throws IOException {
        Path store = Files.createDirectories(folder.resolve("store"));
        Path other = folder.resolve("other");
        Path own = Files.writeString(store.resolve("report.html"), "the store's own");
        new RunStore(other).append(Runs.student(16, .9, 1, 96.1));
        assertEquals(0, page("--from", other, "--out", store), err.toString());
        assertEquals("the store's own", Files.readString(own));
        assertTrue(Files.readString(store.resolve("report-other.html")).contains("96.10"));
    }

    @Test
    void anEmptyStoreIsOneLineAndNothingIsWritten() throws IOException {
        Path answers = folder.resolve("answers");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertEquals(1, page("--from", empty, "--out", answers));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("./reproduce task1 --quick"), err.toString());
        assertFalse(Files.exists(answers));
    }

    @Test
    void aStoreThatIsNotThereIsOneLineThatNamesIt() {
        Path none = folder.resolve("none");
        assertEquals(1, page("--from", none, "--out", folder.resolve("answers")));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("there is no folder " + none), err.toString());
    }
}
