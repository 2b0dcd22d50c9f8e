package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mhist} starts, and where it ends. */
class MhistCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), line.split(" "));
    }

    @Test
    void itsOptionsGoToTheCommandsThatItStartsWhichSayWhereTheyAreWrong() {
        assertEquals(2, run("mhist --seeds 0"));
        assertTrue(err.toString().contains("--seeds takes a number from 1, found 0"), err.toString());
        assertEquals(2, run("mhist --image-size 4"));
        assertTrue(err.toString().contains("--image-size takes a number from 32, found 4"), err.toString());
        assertEquals(2, run("mhist --part sweep"));
        assertTrue(err.toString().contains("there is no option --part"), err.toString());
    }

    @Test
    void aPlanSaysFirstHowLongAllOfItTakesAndNothingIsStartedAfterACommandThatFails() {
        Path nowhere = folder.resolve("nowhere");
        assertEquals(1, run("mhist --plan --seeds 3 --shard 1/2 --data-dir " + nowhere + " --out " + folder));
        String said = out.toString();
        assertTrue(said.startsWith("With the report's settings all of it takes about "), said);
        assertTrue(said.contains(" h "), said);
        assertTrue(
                said.contains("./reproduce task2 q3 --seeds 3 --variant as-written --out " + folder
                        + " --shard 1/2 --data-dir " + nowhere + " --plan"),
                said);
        assertEquals(2, said.split("./reproduce task2").length, said);
        assertTrue(err.toString().contains(nowhere + " is no folder"), err.toString());
    }
}
