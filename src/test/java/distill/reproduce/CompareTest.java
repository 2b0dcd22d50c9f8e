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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path store;
    private Path answers;

    @BeforeEach
    void aStoreWithOneStudent() throws IOException {
        store = folder.resolve("store");
        answers = folder.resolve("answers");
        new RunStore(store).append(Runs.student(16, .9, 1, 97.9));
    }

    private int compare(Object a, Object b) {
        return Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(out),
                new PrintWriter(err),
                "compare",
                a.toString(),
                b.toString(),
                "--out",
                answers.toString());
    }

    private void assertOneLine(String said) {
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("error: ") && err.toString().contains(said), err.toString());
        assertFalse(Files.exists(answers), "nothing was written");
    }

    @Test
    void aStoreIsSetBesideTheReportOnTheConsoleInMarkdownAndInCsv() throws IOException {
        assertEquals(0, compare(store, "report"), err.toString());
        assertTrue(out.toString().contains("q5 student, T = 16, alpha = 0.9"), out.toString());
        List<Path> files;
        try (Stream<Path> found = Files.list(answers)) {
            files = found.sorted().toList();
        }
        assertEquals(2, files.size(), "no temporary file stays: " + files);
        assertTrue(files.get(0).toString().endsWith("store-vs-report.csv"), files.toString());
        assertTrue(files.get(1).toString().endsWith("store-vs-report.md"), files.toString());
        assertTrue(Files.readString(files.get(0)).contains(",97.9,"));
        assertTrue(Files.readString(files.get(1))
                .contains("| q5 student, T = 16, alpha = 0.9 | 97.90 | 98.08 | -0.18 | inconclusive |"));
    }

    @Test
    void thePublishedNumbersNeedNoStore() {
        assertEquals(0, compare("report", "notebook"), err.toString());
        assertTrue(Files.exists(answers.resolve("compare-report-vs-notebook.md")));
        assertTrue(Files.exists(answers.resolve("compare-report-vs-notebook.csv")));
    }

    @Test
    void aFileOfRunsIsReadWhereverItLiesAndWhicheverProgramWroteIt() throws IOException {
        String line = Files.readString(Runs.file(new RunStore(store), "task1"))
                .replace("\"tensorflow_java\":\"1.1.0\",", "")
                .replace("\"provenance\":{", "\"provenance\":{\"program\":\"Keras\",")
                .replace("ab".repeat(32), "cd".repeat(32));
        Path file = Files.writeString(folder.resolve("python.jsonl"), line);
        assertEquals(0, compare(store, file), err.toString());
        assertTrue(out.toString().replaceAll(" +", " ").contains(" 0.00 inconclusive"), out.toString());
    }

    @Test
    void nothingInCommonIsAnAnswerToo() throws IOException {
        Path quick = folder.resolve("quick");
        new RunStore(quick).append(Runs.run(Runs.quick(Runs.settings("q5", Role.STUDENT, 16., .9, 1)), 91));
        assertEquals(0, compare(quick, "report"), err.toString());
        assertTrue(out.toString().contains("can be compared with one of report."), out.toString());
    }

    @Test
    void aMissingStoreIsOneLineAndOne() {
        assertEquals(1, compare(folder.resolve("nowhere"), "report"));
        assertOneLine(folder.resolve("nowhere") + " is not there: expected a store's folder");
    }

    @Test
    void aFolderThatIsNoStoreIsOneLineAndOne() {
        assertEquals(1, compare("report", folder));
        assertOneLine(folder + " has no run: expected a store's folder");
    }

    @Test
    void aFileWithoutARunIsOneLineAndOne() throws IOException {
        assertEquals(1, compare(Files.writeString(folder.resolve("table.csv"), "T,alpha\n1,0.1\n"), "report"));
        assertOneLine("table.csv holds no run");
    }

    @Test
    void anEmptyStoreIsOneLineAndOne() throws IOException {
        Files.writeString(Runs.file(new RunStore(store), "task1"), "\n");
        assertEquals(1, compare(store, "report"));
        assertOneLine(store + " has no run");
    }
}
