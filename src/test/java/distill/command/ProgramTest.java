package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

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
}
