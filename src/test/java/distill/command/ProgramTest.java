package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

class ProgramTest {

    @Test
    void aLibraryThatDoesNotLoadIsGivenAllReasonsOnce() {
        LinkageError error = new ExceptionInInitializerError(
                new UnsatisfiedLinkError("no jnitensorflow in java.library.path").initCause(new Error("disk full")));
        String said = Program.message(error);
        assertTrue(said.endsWith(": no jnitensorflow in java.library.path; disk full"), said);
        assertFalse(said.contains("noexec"), said);
    }

    @Test
    void whereItsDiskForbidsExecutionThatIsSaidAndWhatToDo() {
        String said = Program.message(new UnsatisfiedLinkError(
                "/home/one/.javacpp/cache/libtensorflow.so.2: failed to map segment from shared object"));
        assertTrue(said.contains("noexec") && said.contains("-Dorg.bytedeco.javacpp.cachedir=FOLDER"), said);
        assertEquals(1, said.lines().count());
    }

    @Command(name = "fail")
    static final class Failing implements Callable<Integer> {

        @Parameters
        private String how;

        @Override
        public Integer call() {
            if (how.equals("folder")) {
                throw new UncheckedIOException(new FileSystemException("runs/task1", null, "Read-only file system"));
            }
            throw switch (how) {
                case "memory" -> new OutOfMemoryError("Java heap space");
                case "stack" -> new StackOverflowError();
                default -> new UnsatisfiedLinkError("no such library");
            };
        }
    }

    @Test
    void aWordOfAMegabyteIsNotShownToItsEnd() {
        StringWriter err = new StringWriter();
        PrintWriter writer = new PrintWriter(err);
        assertEquals(2, Program.run(List.of(Failing.class), writer, writer, "fail", "memory", "x".repeat(1_000_000)));
        String begun = "error: one argument too many: xxx";
        String said = err.toString();
        assertTrue(
                said.startsWith(begun) && said.endsWith("xxx... (see ./reproduce fail --help)\n"),
                said.length() + " characters");
        assertTrue(said.length() < 3000, said.length() + " characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "folder | error: cannot use runs/task1: Read-only file system",
                "memory | error: the memory is full that this program may take",
                "stack | error: unexpected StackOverflowError: no reason given (--verbose shows where)",
                "library | error: a native library"
            })
    void whatIsThrownAtAllBecomesOneLineAndExitCode1(String how, String said) {
        StringWriter err = new StringWriter();
        int code = Program.run(
                List.of(Failing.class), new PrintWriter(new StringWriter()), new PrintWriter(err), "fail", how);
        assertEquals(1, code);
        assertTrue(err.toString().startsWith(said), err.toString());
        assertEquals(1, err.toString().lines().count());
    }
}
