package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.DataSet;
import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.experiment.MnistTrainer;
import distill.experiment.TrainingListener;
import distill.run.Provenance;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised of a repeated run, and what is repeated. */
class RerunTest {

    @TempDir
    private Path folder;

    private static final Provenance HERE = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9)
            .provenance();

    @Test
    void theSameWeightsArePromisedOnTheSameProcessorWithTheSameTensorFlow() {
        Provenance then = Runs.with(Runs.with(HERE, "os", "another kernel"), "commit", "0ther");
        assertEquals(
                new Rerun.Promise(
                        true,
                        "The same weights are to come out, bit for bit: the run was made on a CPU with TensorFlow 2.18.0, as here."),
                Rerun.Promise.of(then, HERE, false));
    }

    @Test
    void onAnotherProcessorOrWithAnotherTensorFlowTheyAreNotAndItSaysWhichDiffer() {
        Provenance then = Runs.with(Runs.with(HERE, "cpu", "another CPU"), "tensorflow", "2.20.0");
        Rerun.Promise promise = Rerun.Promise.of(then, HERE, false);
        assertFalse(promise.sameWeights());
        assertTrue(
                promise.text()
                        .startsWith("The same weights cannot be promised: the run was made on another CPU (here: a CPU)"
                                + " and with TensorFlow 2.20.0 (here: 2.18.0). "),
                promise.text());
    }

    @Test
    void onAGpuTheyAreNotForTheStoreDoesNotSayWhich() {
        assertFalse(Rerun.Promise.of(HERE, HERE, true).sameWeights());
    }

    /**
     * 300 drawn digits, in epochs of one step: what is repeated has no weights at hand, so each teacher is trained
     * anew.
     */
    @Test
    void allRunsOfAStoreAreRepeatedWithTheirTeachersAndTheirValidation() throws IOException {
        Images train = Mnist.generate(300, 20).train();
        Path digits = folder.resolve("digits");
        TinyMnist.write(digits, TinyMnist.idxFiles(train, train.first(20)));
        DataSet all = Mnist.load(digits);
        for (DataSet data : List.of(all, Mnist.withValidation(all, 40))) {
            MnistTrainer trainer = MnistTrainer.of(
                    Reading.of(Settings.TASK1, Variant.AS_DESCRIBED),
                    1,
                    data,
                    folder.resolve("runs"),
                    TrainingListener.SILENT);
            trainer.student("q5", 4, .5, 1);
        }
        RunStore store = new RunStore(folder.resolve("runs"));
        Run stored = store.runs(Settings.TASK1).get(1);
        store.append(Runs.run(Runs.with(stored.settings(), "data", "e".repeat(64)), 50));
        store.append(Runs.with(Runs.with(stored, "weightsDigest", "cd".repeat(32)), "date", "2027-01-01T00:00:00Z"));
        String said = run(1, "rerun --out %s --data-dir %s --sample 20 --seed 2".formatted(store.folder(), digits));
        assertEquals(3, said.split("The digests agree", -1).length - 1, said);
        assertTrue(said.contains("its last 40 training images in place of the test images"), said);
        assertTrue(said.contains("Not repeated: the run used other data (SHA-256 eeee"), said);
        assertTrue(
                said.endsWith("Of 5 runs of the 5 in %s, drawn with the seed 2:%n".formatted(store.folder())
                        + "  3 gave the same weights, bit for bit%n".formatted()
                        + "  1 gave others, which should not be%n".formatted()
                        + "  1 could not be repeated%n".formatted()),
                said);
    }

    private static String run(int code, String line) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        assertEquals(code, Program.run(Reproduce.COMMANDS, writer, writer, line.split(" ")), out.toString());
        return out.toString();
    }
}
