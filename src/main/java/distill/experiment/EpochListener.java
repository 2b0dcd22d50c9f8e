package distill.experiment;

import distill.data.ImageBatch;
import distill.run.EpochResult;
import distill.run.Run;
import java.util.function.DoubleSupplier;

/** Hears of a training as it goes on. */
public interface EpochListener {

    /** A listener that hears nothing. */
    EpochListener SILENT = new EpochListener() {};

    /** Before the first step, where training images are augmented: the first ones as the model will see them. */
    default void augmented(ImageBatch images) {}

    /** After step {@code step} of {@code steps} of an epoch, both counted from 1. */
    default void afterStep(int epoch, int step, int steps) {}

    /** After an epoch. */
    default void afterEpoch(EpochResult result) {}

    /**
     * Something begins that takes a while, before an epoch or after the last.
     *
     * @param what such as {@code measuring the accuracy on the training images}
     */
    default void doing(String what) {}

    /** After the end, when the run is stored. */
    default void stored(Run run) {}

    /** After an epoch; the accuracy on all training images, in percent, is measured where it is asked for. */
    default void afterEpoch(EpochResult result, DoubleSupplier trainAccuracy) {
        afterEpoch(result);
    }

    /**
     * Something is wrong with the training, as is seen before its first step or after its last epoch.
     *
     * @param what in words that follow its label
     */
    default void warn(String what) {}
}
