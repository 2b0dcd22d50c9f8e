package distill.training;

import distill.data.EpochOrder;
import distill.data.Images;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How {@link CompiledModel#fit} trains: the arguments of Keras's {@code model.fit}. {@link #epochs(int)} has Keras's
 * defaults, and each of the other methods gives a copy with one of them changed.
 *
 * @param epochs how many at most, from 1
 * @param batchSize images of a step, from 1; the last step of an epoch has fewer where they do not divide
 * @param seed of the order of the images, of the dropout masks, and of the starting weights where the model has none
 * @param teacher what the teacher puts out for the training images; {@link TeacherOutputs#NONE} where the loss has no
 *     teacher
 * @param validation images on which the accuracy is measured after each epoch; null for none
 * @param callbacks what hears of the training, in this order
 */
public record Fit(
        int epochs, int batchSize, long seed, TeacherOutputs teacher, Images validation, List<Callback> callbacks) {

    public Fit {
        if (epochs < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "a training takes epochs and a batch size from 1, found %d and %d".formatted(epochs, batchSize));
        }
        callbacks = List.copyOf(callbacks);
    }

    /** As many epochs in batches of 32, with the seed 0, without a teacher, validation images and callbacks. */
    public static Fit epochs(int epochs) {
        return new Fit(epochs, 32, 0, TeacherOutputs.NONE, null, List.of());
    }

    /** With another batch size, from 1. */
    public Fit batchSize(int images) {
        return new Fit(epochs, images, seed, teacher, validation, callbacks);
    }

    /** With another seed. */
    public Fit seed(long number) {
        return new Fit(epochs, batchSize, number, teacher, validation, callbacks);
    }

    /** With what a teacher puts out for the training images, as {@link TeacherOutputs#of} asks it. */
    public Fit teacher(TeacherOutputs outputs) {
        return new Fit(epochs, batchSize, seed, outputs, validation, callbacks);
    }

    /** With images on which the accuracy is measured after each epoch. */
    public Fit validation(Images images) {
        return new Fit(epochs, batchSize, seed, teacher, images, callbacks);
    }

    /** With one more callback, after those before. */
    public Fit callback(Callback callback) {
        return new Fit(
                epochs,
                batchSize,
                seed,
                teacher,
                validation,
                Stream.concat(callbacks.stream(), Stream.of(callback)).toList());
    }

    /** Trains a model as {@link CompiledModel#fit} says. */
    List<EpochLog> train(CompiledModel<?> model, Images images) throws IOException {
        check(model, images);
        if (!model.hasWeights()) {
            model.setWeights(model.network().initialWeights(seed));
        }
        for (Callback callback : callbacks) {
            callback.onTrainBegin(model);
        }
        List<EpochLog> logs = new ArrayList<>();
        boolean goesOn = true;
        for (int epoch = 1; goesOn && epoch <= epochs; epoch++) {
            EpochLog log = epoch(model, images, epoch);
            logs.add(log);
            for (Callback callback : callbacks) {
                goesOn &= callback.onEpochEnd(model, log);
            }
        }
        callbacks.forEach(callback -> callback.onTrainEnd(model));
        return List.copyOf(logs);
    }

    private EpochLog epoch(CompiledModel<?> model, Images images, int epoch) throws IOException {
        long start = System.nanoTime();
        List<int[]> batches = new EpochOrder(seed).allBatches(epoch, images.size(), batchSize);
        // Loss, hard, soft: sums over the images.
        double[] sums = new double[3];
        long[] step = {(long) (epoch - 1) * batches.size()};
        model.forEach(images, batches, batch -> {
            StepLoss loss = model.trainOnBatch(batch, teacher.of(batch.indices()), seed, step[0]++);
            sums[0] += loss.loss() * batch.size();
            sums[1] += loss.hard() * batch.size();
            sums[2] += loss.soft() * batch.size();
        });
        double accuracy = validation == null ? Double.NaN : model.evaluate(validation);
        int n = images.size();
        return new EpochLog(epoch, sums[0] / n, sums[1] / n, sums[2] / n, accuracy, (System.nanoTime() - start) / 1e9);
    }

    private void check(CompiledModel<?> model, Images images) {
        long outputs = model.network().output().get(0);
        if (images.classes().size() != outputs) {
            throw new IllegalArgumentException("%s puts out %d classes, and the images have %d"
                    .formatted(model.network().name(), outputs, images.classes().size()));
        }
        if (!teacher.isNone() && (teacher.classes() != outputs || teacher.values().length != images.size() * outputs)) {
            throw new IllegalArgumentException(
                    "the teacher's outputs are %d numbers for %d images in %d classes: ask it for these images with TeacherOutputs.of"
                            .formatted(teacher.values().length, images.size(), outputs));
        }
    }
}
