package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.data.Mnist;
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

    /** Appends runs with seeds from 1,000 on from eight threads. A store needs no Keras, which takes long to load. */
    private static final String APPEND =
            """
            import json, sys, types
            from concurrent.futures import ThreadPoolExecutor
            from pathlib import Path
            sys.modules.update(keras=types.SimpleNamespace(__version__=""), tensorflow=types.SimpleNamespace())
            sys.path.insert(0, "reference")
            import runs
            folder, run, count = Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
            # As a run of Keras, whose identity is not held against ours.
            del run["provenance"]["tensorflow_java"]
            with ThreadPoolExecutor(8) as threads:
                list(threads.map(lambda i: runs.append(folder, {**run, "seed": 1000 + i}), range(count)))
            run["train_accuracy"] = float("nan")
            runs.append(folder, {**run, "seed": 1000 + count})
            """;

    @Test
    void threadsOfJavaAndOfPythonNeitherLoseNorMixLinesAndNaNIsRead() throws Exception {
        Python.assume();
        int count = 300;
        RunStore store = new RunStore(folder);
        store.append(Runs.student(4, .5, 0, 97.5));
        String line = Files.readString(Runs.file(store, "task1")).strip();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Void>> appended = LongStream.range(1, count)
                .mapToObj(seed -> threads.<Void>submit(() -> {
                    store.append(Runs.student(4, .5, seed, 97.5));
                    return null;
                }))
                .toList();
        threads.shutdown();
        Python.run("-c", APPEND, store.folder("task1").toString(), line, String.valueOf(count));
        for (Future<Void> one : appended) {
            one.get();
        }
        List<Run> runs = store.runs("task1");
        assertEquals(
                LongStream.concat(LongStream.range(0, count), LongStream.rangeClosed(1000, 1000 + count))
                        .boxed()
                        .toList(),
                runs.stream().map(run -> run.settings().seed()).sorted().toList());
        int lines = 0;
        for (Path file : store.files("task1")) {
            lines += Files.readAllLines(file).size();
        }
        assertEquals(runs.size(), lines, "each line is whole");
        assertEquals(
                1,
                runs.stream().filter(run -> Double.isNaN(run.trainAccuracy())).count());
    }
}
