package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Mnist;
import distill.run.Appends;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Steps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
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
        assertNull(runs.get(0).teacherAgreement());
        double student = runs.get(1).testAccuracy();
        double teacher = runs.get(0).testAccuracy();
        double agreement = runs.get(1).teacherAgreement();
        assertTrue(agreement >= student + teacher - 100, "both are right on at least so many");
        assertTrue(
                agreement <= 100 - Math.abs(student - teacher),
                "one is right where the other is not on at least so many");
    }

    @Test
    void aRunOfKerasWithOtherStepsAndAnotherWidthHasTheIdentityOfItsSettings() throws Exception {
        Python.assume();
        Python.assumeMnist(Mnist.load());
        List<String> arguments =
                List.of(("reference/task1.py q7 --epochs 1 --train-images 512 --learning-rate .01 --batch-size 128"
                                + " --optimizer sgd --momentum .9 --width 20 --out " + folder)
                        .split(" "));
        Python.run(arguments.toArray(String[]::new));
        Run run = new RunStore(folder).runs("task1").get(0);
        assertEquals(new Steps(128, .01, .9), Steps.of(run.settings()));
        assertEquals(20, run.settings().width());
        assertEquals(run.settings().identity(), run.identity());
    }

    @Test
    void threadsOfJavaAndOfPythonNeitherLoseNorMixLines() throws Exception {
        Python.assume();
        int count = 300;
        int threads = 8;
        RunStore store = new RunStore(folder);
        store.append(Runs.student(4, .5, 0, 97.5));
        String line = Files.readString(Runs.file(store, "task1")).strip();
        ExecutorService beside = Executors.newSingleThreadExecutor();
        Future<Void> appended = beside.submit(() -> {
            Appends.append(store, 1, count, threads);
            return null;
        });
        beside.shutdown();
        append(store, line, 1000, count, threads);
        appended.get();
        List<Run> runs = store.runs("task1");
        assertEquals(
                LongStream.concat(LongStream.rangeClosed(0, count), LongStream.range(1000, 1000 + count))
                        .boxed()
                        .toList(),
                runs.stream().map(run -> run.settings().seed()).sorted().toList());
        int lines = 0;
        for (Path file : store.files("task1")) {
            lines += Files.readAllLines(file).size();
        }
        assertEquals(runs.size(), lines, "each line is whole");
    }

    @Test
    void aRunOfKerasThatHasNaNIsRead() throws Exception {
        Python.assume();
        RunStore store = new RunStore(folder);
        store.append(Runs.student(4, .5, 0, 97.5));
        String line = Files.readString(Runs.file(store, "task1")).strip();
        append(store, line.replace("\"train_accuracy\":98.5", "\"train_accuracy\":NaN"), 1, 1, 1);
        assertTrue(Double.isNaN(store.runs("task1").get(1).trainAccuracy()));
    }

    private static void append(RunStore store, String line, int first, int count, int threads) throws Exception {
        Python.run(
                "src/test/python/append_runs.py",
                store.folder("task1").toString(),
                line,
                String.valueOf(first),
                String.valueOf(count),
                String.valueOf(threads));
    }
}
