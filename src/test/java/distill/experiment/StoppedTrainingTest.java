package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import distill.data.DataSet;
import distill.data.Images;
import distill.data.Mnist;
import distill.metrics.Classification;
import distill.run.Reading;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Stopping;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings that stop early, on 500 of 600 drawn digits. No epoch is better than the first by half of all images, so
 * that they stop after one and as many more as they are patient.
 */
class StoppedTrainingTest {

    private static final DataSet DATA = Mnist.generate(600, 100);
    private static final int KEPT_BACK = 100;
    private static final Images TRAINED = DATA.train().first(600 - KEPT_BACK);

    @TempDir
    private Path folder;

    private MnistTrainer trainer(String name, int epochs, DataSet data, Stopping stopping) {
        MnistTrainer all = MnistTrainer.of(
                Reading.of(Settings.TASK1, Variant.AS_DESCRIBED),
                epochs,
                data,
                folder.resolve(name).resolve("runs"),
                TrainingListener.SILENT);
        MnistPlan plan = Runs.with(Runs.with(all.plan(), "stopping", stopping), "trainImages", TRAINED.size());
        return new MnistTrainer(plan, all.trainer());
    }

    private static Stopping stopping(boolean best) {
        return new Stopping(Stopping.Monitor.val_accuracy, 2, .999, best, KEPT_BACK);
    }

    /** What the training is that goes on for some epochs, whatever comes of them. */
    private Run whole(int epochs) throws IOException {
        DataSet data = new DataSet(TRAINED, DATA.test(), DATA.origin());
        return trainer("whole" + epochs, epochs, data, Stopping.NONE).plainStudent("q7", 1);
    }

    @Test
    void aStoppedTrainingIsThatOfItsEpochsAndIsTestedOnTheTestImages() throws IOException {
        Run last = trainer("last", 9, DATA, stopping(false)).plainStudent("q7", 1);
        assertEquals(3, last.history().size());
        assertEquals(whole(3).weightsDigest(), last.weightsDigest());
        assertEquals(whole(3).testAccuracy(), last.testAccuracy());
        assertEquals(whole(3).trainAccuracy(), last.trainAccuracy());

        Run best = trainer("best", 9, DATA, stopping(true)).plainStudent("q7", 1);
        assertEquals(3, best.history().size());
        assertEquals(whole(1).weightsDigest(), best.weightsDigest());
        assertEquals(whole(1).testAccuracy(), best.testAccuracy());
        assertEquals(whole(1).trainAccuracy(), best.trainAccuracy());
    }

    @Test
    void itIsJudgedOnTheImagesThatAreKeptBack() throws IOException {
        MnistTrainer trainer = trainer("judged", 9, DATA, stopping(false));
        Run run = trainer.plainStudent("q7", 1);
        Training training = trainer.plan().plainStudent("q7", 1);
        Images kept = DATA.train().subset(IntStream.range(500, 600).toArray());
        try (var model = ReadingGraph.of(run.settings())
                .model(
                        TrainedNetwork.of(run.settings()).whole(),
                        trainer.trainer().weights(training),
                        trainer.trainer().device())) {
            double[] outputs = model.predict(kept);
            assertEquals(
                    Classification.percentRight(outputs, kept.labels()),
                    run.history().get(2).valAccuracy());
            assertEquals(
                    Classification.meanCrossEntropy(outputs, kept.labels()),
                    run.history().get(2).valLoss(),
                    1e-12);
        }
    }

    @Test
    void itIsStoredKeptAndRepeatedAndTeaches() throws IOException {
        MnistTrainer trainer = trainer("teacher", 9, DATA, stopping(true));
        Run student = trainer.student("q5", 4, .5, 1);
        Run teacher = trainer.teacher(1);
        assertEquals(3, teacher.history().size());
        assertEquals(teacher.identity(), student.settings().teacher());
        assertEquals(
                teacher.weightsDigest(),
                trainer.trainer()
                        .teacherWeights(trainer.plan().student("q5", 4., .5, 1))
                        .digest());

        MnistTrainer again = trainer("teacher", 9, DATA, stopping(true));
        assertEquals(teacher, again.teacher(1), "it is not trained again");
        assertEquals(
                teacher.weightsDigest(),
                again.trainer().weights(again.plan().teacher(1)).digest());
        assertEquals(
                student.weightsDigest(),
                again.trainer().repeat(student.settings()).weightsDigest());
        assertFalse(
                again.trainer().repeat(teacher.settings()).history().size() > 3, "the repeated one stops there, too");
    }
}
