package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.data.Mnist;
import distill.run.Run;
import distill.run.RunStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference programs write the run store that this program reads. */
@Tag("python")
class ReferenceRunsTest {

    @TempDir
    private Path folder;

    @Test
    void aRunOfKerasIsReadAndHasTheIdentityOfItsSettings() throws Exception {
        Python.assume();
        Python.assumeMnist(Mnist.load());
        Python.run(
                "reference/task1.py",
                "q5",
                "--epochs",
                "1",
                "--train-images",
                "512",
                "--temperatures",
                "4",
                "--alphas",
                ".5",
                "--out",
                folder.toString());
        List<Run> runs = new RunStore(folder).runs("task1");
        assertEquals(
                List.of("teacher", "student"),
                runs.stream().map(run -> run.settings().role().toString()).toList());
        for (Run run : runs) {
            assertEquals(
                    run.settings().identity(), run.identity(), run.settings().label());
            assertEquals(Mnist.DIGEST, run.settings().data());
            assertEquals(1, run.history().size());
        }
        assertEquals(runs.get(0).identity(), runs.get(1).settings().teacher());
    }
}
