package distill.training;

import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.run.EpochResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.tensorflow.types.family.TFloating;

/**
 * The report's {@code train_and_evaluate} (Question 4): epochs of shuffled full batches, the test accuracy after each.
 *
 * @param train the training images
 * @param test the test images
 * @param order in which order each epoch sees the training images
 * @param dropoutSeed decides the dropout masks
 * @param batchSize images per step; the report's is 256
 */
public record TrainAndEvaluate(Images train, Images test, EpochOrder order, long dropoutSeed, int batchSize) {

    /** Hears of a training as it goes on. */
    public interface Listener {

        /** Before the first step, where training images are augmented: the first ones as the model will see them. */
        default void augmented(ImageBatch images) {}

        /** After step {@code step} of {@code steps} of an epoch, both counted from 1. */
        default void afterStep(int epoch, int step, int steps) {}

        /** After an epoch. */
        default void afterEpoch(EpochResult result) {}

        /** After an epoch; the accuracy on all training images, in percent, is measured where it is asked for. */
        default void afterEpoch(EpochResult result, DoubleSupplier trainAccuracy) {
            afterEpoch(result);
        }
    }

    /** How many steps an epoch has: the last images that fill no batch are left out. */
    public int stepsPerEpoch() {
        return train.size() / batchSize;
    }

    /**
     * Trains from after epoch {@code done} to the end of epoch {@code epochs}. An epoch depends on its number and the
     * model's state alone, so a training that stopped goes on as if it had not.
     *
     * @param teacher the teacher's outputs on all training images, where the loss has a teacher
     * @param done how many epochs the model has behind it, 0 for a new one
     * @return the results of the epochs that were trained
     */
    public <T extends TFloating> List<EpochResult> run(
            CompiledModel<T> model, Optional<TeacherOutputs> teacher, int done, int epochs, Listener listener)
            throws IOException {
        List<EpochResult> results = new ArrayList<>();
        for (int epoch = done + 1; epoch <= epochs; epoch++) {
            long start = System.nanoTime();
            double loss = 0;
            double hard = 0;
            double soft = 0;
            List<int[]> batches = order.batches(epoch, train.size(), batchSize);
            for (int step = 0; step < batches.size(); step++) {
                long steps = (long) (epoch - 1) * batches.size() + step;
                StepLoss stepLoss = model.trainOnBatch(train.batch(batches.get(step)), teacher, dropoutSeed, steps);
                loss += stepLoss.loss();
                hard += stepLoss.hard();
                soft += stepLoss.soft();
                listener.afterStep(epoch, step + 1, batches.size());
            }
            double accuracy = model.evaluate(test);
            double seconds = (System.nanoTime() - start) / 1e9;
            int n = batches.size();
            EpochResult result = new EpochResult(epoch, accuracy, loss / n, hard / n, soft / n, seconds);
            results.add(result);
            listener.afterEpoch(result, () -> evaluate(model));
        }
        return results;
    }

    private double evaluate(CompiledModel<?> model) {
        try {
            return model.evaluate(train);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
