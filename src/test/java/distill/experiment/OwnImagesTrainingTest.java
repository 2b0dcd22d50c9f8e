package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Images;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

/** Trainings on images and classes that are not as the report's. */
class OwnImagesTrainingTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private Path folder;

    /** Images of one colour: the class, which is the brightness of the last channel. */
    private static Images images(int count, int height, int width, int channels, int classes) {
        byte[] labels = new byte[count];
        byte[] pixels = new byte[count * height * width * channels];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % classes);
            for (int p = channels - 1; p < height * width * channels; p += channels) {
                pixels[i * height * width * channels + p] = (byte) (255 * (i % classes) / (classes - 1));
            }
        }
        return Images.inMemory(height, width, channels, classes, pixels, labels);
    }

    private static DataSet set(int train, int test, int height, int width, int channels, int classes) {
        DataSet.Origin origin =
                new DataSet.Origin("one's own", "one's own, not MNIST", false, false, "5e7".repeat(21) + "0");
        return new DataSet(
                images(train, height, width, channels, classes),
                images(test, height, width, channels, classes),
                origin);
    }

    @Test
    void task1TrainsTeacherAndStudentOnTheSmallestColourImagesOfThreeClasses() throws IOException {
        DataSet data = set(520, 30, 7, 9, 3, 3);
        Trainer.Setup setup = new Trainer.Setup(data, List.of(), null, DEVICE, false);
        Reading reading = Reading.of(Settings.TASK1, Variant.AS_DESCRIBED);
        MnistTrainer experiment =
                MnistTrainer.of(reading, 1, data, setup, folder.resolve("runs"), TrainingListener.SILENT);
        Run student = experiment.student("q5", 4, .5, 1);
        Settings settings = student.settings();
        assertEquals(List.of(7, 9, 3), settings.images().inputShape());
        assertEquals(3, settings.images().classCount());
        assertEquals(new DataSpec(Shape.of(7, 9, 3), 3), MnistPlan.spec(settings));
        assertTrue(student.testAccuracy() > 30, student.toString());
        RunStore store = new RunStore(folder.resolve("runs"));
        assertEquals(student, store.find(Settings.TASK1, student.identity()).orElseThrow());
        assertEquals(
                student.weightsDigest(),
                new Trainer(setup, store, new SavedModels(folder.resolve("elsewhere"), DEVICE), TrainingListener.SILENT)
                        .repeat(settings)
                        .weightsDigest());
        // Its teacher teaches others of these images, and none of MNIST.
        ModelLibrary library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        String teacher = "task1-as-described-teacher";
        assertEquals(
                settings.teacher().length() * 4,
                GivenTeacher.ofTask1(library, teacher, reading, MnistPlan.spec(settings))
                        .identity()
                        .length());
        IOException refused =
                assertThrows(IOException.class, () -> GivenTeacher.ofTask1(library, teacher, reading, DataSpec.MNIST));
        assertTrue(
                refused.getMessage()
                        .endsWith(
                                "takes examples of shape [7, 9, 3] and gives [3]; a teacher here takes [28, 28, 1] and gives [10]"),
                refused.getMessage());
    }

    @Test
    void task2TellsFourClassesApartAndMeasuresThem() throws IOException {
        DataSet data = set(8, 8, 32, 32, 3, 4);
        MhistPlan plan = new MhistPlan(
                Reading.of(Settings.TASK2, Variant.AS_WRITTEN),
                BaseModel.MOBILENETV2,
                StartingWeights.random(),
                StartingWeights.random(),
                new MhistPlan.Epochs(1, 0, 1),
                new Settings.Images(data.origin().digest(), 8, false, 32, false, null, null, 4),
                null,
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.REPORTS,
                DEVICE);
        Trainer trainer = new Trainer(
                new Trainer.Setup(data, List.of(), null, DEVICE, false),
                new RunStore(folder.resolve("runs")),
                new SavedModels(folder.resolve("saved-models"), DEVICE),
                TrainingListener.SILENT);
        Run run = trainer.run(plan.teacher(1));
        assertEquals(4, run.evaluation().matrix().classes().size());
        assertTrue(run.evaluation().rocAuc() >= 0 && run.evaluation().rocAuc() <= 1);
        assertNull(run.evaluation().rocCurve());
        assertEquals(4, run.evaluation().batchStatistics().confusion().size());
        assertEquals(
                run,
                new RunStore(folder.resolve("runs"))
                        .find(Settings.TASK2, run.identity())
                        .orElseThrow());
    }
}
