package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TensorBoard's own reader makes of the files is in {@code distill.python}. */
class TensorBoardTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private Path folder;

    @Test
    void aTrainingOfTaskOneEndsWithTheSameWeightsWithEventFilesAndWithout() throws IOException {
        DataSet data = Mnist.generate(600, 100);
        Run with =
                mnist(data, "with", new TensorBoard(folder.resolve("events"))).student("q5", 4, .5, 1);
        Run without = mnist(data, "without", TrainingListener.SILENT).student("q5", 4, .5, 1);
        assertEquals(without.weightsDigest(), with.weightsDigest());
        assertEquals(losses(without), losses(with));
        assertEventFiles("task1-as-written-q5-student-T4-alpha0.5-seed1-" + with.identity());
    }

    @Test
    void aTrainingOfTaskTwoEndsWithTheSameWeightsWithEventFilesAndWithout() throws IOException {
        DataSet data = Mhist.generate(40, 34, 32, 1 << 20).set();
        Training student = new MhistPlan(
                        Reading.of(Settings.TASK2, Variant.AS_WRITTEN),
                        BaseModel.MOBILENETV2,
                        StartingWeights.random(),
                        StartingWeights.random(),
                        new MhistPlan.Epochs(1, 0, 1),
                        new Settings.Images(
                                data.origin().digest(), data.train().size(), false, 32, true, null, null, null),
                        null,
                        new KnowledgeDistillation(),
                        AdamForm.KERAS2,
                        Steps.REPORTS,
                        MhistPlan.Student.REPORTS,
                        DEVICE)
                .scratch(List.of(1.), 1)
                .get(0);
        Run with =
                mhist(data, "with", new TensorBoard(folder.resolve("events"))).run(student);
        Run without = mhist(data, "without", TrainingListener.SILENT).run(student);
        assertEquals(without.weightsDigest(), with.weightsDigest());
        assertEquals(losses(without), losses(with));
        assertEventFiles(with.settings().label() + "-" + with.identity());
    }

    private MnistTrainer mnist(DataSet data, String name, TrainingListener listener) {
        return MnistTrainer.of(
                Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
                2,
                data,
                folder.resolve(name).resolve("runs"),
                listener);
    }

    private Trainer mhist(DataSet data, String name, TrainingListener listener) {
        return new Trainer(
                new Trainer.Setup(data, List.of(), null, DEVICE, false),
                new RunStore(folder.resolve(name)),
                new SavedModels(folder.resolve(name).resolve("saved-models"), DEVICE),
                listener);
    }

    private static List<Double> losses(Run run) {
        return run.history().stream().map(result -> result.loss()).toList();
    }

    private void assertEventFiles(String training) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("events").resolve(training))) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("events.out.tfevents.")));
        }
    }
}
