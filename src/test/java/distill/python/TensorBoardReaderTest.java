package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.data.Augmentation;
import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.experiment.EpochListener;
import distill.experiment.MhistPlan;
import distill.experiment.MnistTrainer;
import distill.experiment.SavedModels;
import distill.experiment.StartingWeights;
import distill.experiment.TensorBoard;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.experiment.TrainingListener;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.EpochResult;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorBoard's own reader finds what is in the run store. */
@Tag("python")
class TensorBoardReaderTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int SIZE = 32;

    @TempDir
    private Path folder;

    @BeforeEach
    void assumePython() {
        Python.assume();
    }

    @Test
    void eachTrainingOfTaskOneIsARunWithItsLossesAccuraciesAndRate() throws Exception {
        DataSet data = Mnist.generate(600, 100);
        Run student = mnist(data, events()).student("q5", 4, .5, 1);
        Run plain = mnist(data, events()).plainStudent("q7", 1);
        JsonNode found = read();
        assertEquals(3, found.size(), "teacher, student with distillation, student without");
        JsonNode scalars = scalars(found, student);
        assertEpochs(student, EpochResult::loss, scalars.get("loss/total"));
        assertEpochs(student, EpochResult::hard, scalars.get("loss/hard"));
        assertEpochs(student, EpochResult::soft, scalars.get("loss/soft"));
        assertEpochs(student, EpochResult::testAccuracy, scalars.get("accuracy/test"));
        assertEpochs(student, result -> student.settings().schedule().learningRate(), scalars.get("learning_rate"));
        assertEquals((float) student.trainAccuracy(), last(scalars.get("accuracy/train")));
        assertEquals(6, scalars.size());
        assertEpochs(plain, EpochResult::hard, scalars(found, plain).get("loss/hard"));
        assertEquals(5, scalars(found, plain).size(), "without distillation there is no soft loss");
    }

    @Test
    void aTrainingThatWasKilledOnceItsEpochWasWrittenHasNoStepTwice() throws Exception {
        DataSet data = Mnist.generate(600, 100);
        TrainingListener killer = (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterEpoch(EpochResult result) {
                if (result.epoch() == 2) {
                    throw new IllegalStateException("killed");
                }
            }
        };
        assertThrows(IllegalStateException.class, () -> mnist(data, TrainingListener.both(events(), killer))
                .teacher(1));
        Run teacher = mnist(data, events()).teacher(1);
        JsonNode scalars = scalars(read(), teacher);
        assertEpochs(teacher, EpochResult::loss, scalars.get("loss/total"));
        assertEpochs(teacher, EpochResult::testAccuracy, scalars.get("accuracy/test"));
    }

    @Test
    void aTrainingOfTaskTwoShowsItsPhasesRatesAndItsFirstImagesAsItSawThem() throws Exception {
        DataSet data = Mhist.generate(40, 34, SIZE, 1 << 20).set();
        Reading reading = Reading.of(Settings.TASK2, Variant.AS_WRITTEN);
        Training training = new MhistPlan(
                        reading,
                        BaseModel.MOBILENETV2,
                        StartingWeights.random(),
                        StartingWeights.random(),
                        new MhistPlan.Epochs(1, 2, 1),
                        new Settings.Images(
                                data.origin().digest(), data.train().size(), false, SIZE, true, null, null, null),
                        null,
                        new KnowledgeDistillation(),
                        AdamForm.KERAS2,
                        Steps.REPORTS,
                        MhistPlan.Student.REPORTS,
                        DEVICE)
                .teacher(1);
        Run run = new Trainer(
                        new Trainer.Setup(data, List.of(), null, DEVICE, false),
                        new RunStore(folder),
                        new SavedModels(folder.resolve("saved-models"), DEVICE),
                        events())
                .run(training);
        JsonNode found = read();
        JsonNode scalars = scalars(found, run);
        assertEpochs(run, EpochResult::loss, scalars.get("loss/total"));
        assertEpochs(run, EpochResult::rocAuc, scalars.get("roc_auc/test"));
        assertEpochs(run, result -> result.phase().equals("initial") ? 1e-4 : 1e-5, scalars.get("learning_rate"));
        assertEquals((float) run.trainAccuracy(), last(scalars.get("accuracy/train")));

        Settings settings = run.settings();
        ImageBatch seen = data.train()
                .batch(
                        new EpochOrder(settings.stream("order"))
                                .allBatches(
                                        1,
                                        data.train().size(),
                                        settings.schedule().batchSize())
                                .get(0),
                        new Augmentation(settings.stream("augmentation"), Augmentation.Convention.KERAS_PREPROCESSING),
                        1,
                        0);
        JsonNode images = of(found, run).get("images");
        assertEquals(4, images.size());
        int values = SIZE * SIZE * 3;
        for (int i = 0; i < images.size(); i++) {
            JsonNode events = images.get("augmented/" + i);
            assertEquals(1, events.size());
            assertEquals(1, events.get(0).get(0).asInt());
            float[] expected = Arrays.copyOfRange(seen.levels(), i * values, (i + 1) * values);
            for (int k = 0; k < values; k++) {
                assertEquals(
                        Math.round(expected[k]), events.get(0).get(1).get(k).asInt());
            }
        }
    }

    private TensorBoard events() {
        return new TensorBoard(folder.resolve("tensorboard"));
    }

    private MnistTrainer mnist(DataSet data, TrainingListener listener) {
        return MnistTrainer.of(
                Reading.of(Settings.TASK1, Variant.AS_WRITTEN), 3, data, folder.resolve("runs"), listener);
    }

    private JsonNode read() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(Python.run(
                        "src/test/python/read_events.py",
                        folder.resolve("tensorboard").toString()));
    }

    private JsonNode of(JsonNode found, Run run) {
        return found.get(run.settings().label() + "-" + run.identity());
    }

    private JsonNode scalars(JsonNode found, Run run) {
        return of(found, run).get("scalars");
    }

    /** Events hold float32. */
    private static void assertEpochs(Run run, ToDoubleFunction<EpochResult> value, JsonNode events) {
        List<List<Object>> expected = new ArrayList<>();
        run.history().forEach(result -> expected.add(List.of(result.epoch(), (float) value.applyAsDouble(result))));
        assertEquals(
                expected,
                StreamSupport.stream(events.spliterator(), false)
                        .map(event -> List.<Object>of(
                                event.get(0).asInt(), event.get(1).floatValue()))
                        .toList());
    }

    private static float last(JsonNode events) {
        return events.get(events.size() - 1).get(1).floatValue();
    }
}
