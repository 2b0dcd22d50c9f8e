package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.experiment.SavedModels;
import distill.run.Json;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of weights in {@code saved-models/} that a store has no run of. */
class SharedWeightsTest {

    private static final String LABEL = "task1-as-written-q7-student-plain-seed1";

    @TempDir
    private Path folder;

    @Test
    void whatIsTakenFromAnotherStoresTrainingAndWhatWasBegunAreSaid() throws Exception {
        Images train = Mnist.generate(300, 20).train();
        TinyMnist.write(folder.resolve("digits"), TinyMnist.idxFiles(train, train.first(20)));
        String line = "task1 q7 --epochs 1 --device cpu --threads 2 --data-dir digits --out ";
        String trained = Launched.reproduce(folder, line + "one --tensorboard");
        assertTrue(trained.contains("TensorBoard: tensorboard --logdir one/tensorboard"), trained);
        assertFalse(trained.contains("Taken from saved-models"), trained);

        String taken = Launched.reproduce(folder, line + "two --tensorboard");
        assertTrue(
                taken.contains("Taken from saved-models, where they are trained already: " + LABEL + " (--fresh"),
                taken);
        assertTrue(taken.contains("TensorBoard: nothing is left to train, so nothing is written"), taken);
        assertFalse(Files.exists(folder.resolve("two/tensorboard")));
        Run run = new RunStore(folder.resolve("two")).runs("task1").get(0);
        assertEquals(new RunStore(folder.resolve("one")).runs("task1").get(0).weightsDigest(), run.weightsDigest());

        Settings longer = Runs.with(run.settings(), "epochs", 3);
        Path begun = Files.createDirectories(folder.resolve("saved-models/begun/epoch-01"));
        Files.writeString(
                begun.resolve("history.json"),
                Json.write(new SavedModels.Progress(longer, run.history(), run.provenance())));
        String lacking = Launched.reproduce(1, folder, "task1 q7 --epochs 3 --from two");
        assertTrue(
                lacking.contains("has no run of question 7 (as-written, 3 epochs) with these options: train without"
                        + " --from first; begun, and kept in saved-models: " + longer.label() + ", 1 of 3 epochs."),
                lacking);
    }
}
