package distill.experiment;

import distill.data.ImageBatch;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.util.function.DoubleSupplier;

/** Hears which training an experiment starts, and what happens in it. */
@FunctionalInterface
public interface TrainingListener {

    /** A listener that hears nothing. */
    TrainingListener SILENT = (settings, steps, done) -> EpochListener.SILENT;

    /**
     * A training starts.
     *
     * @param steps steps per epoch
     * @param done epochs that an earlier process has done
     * @throws IOException where the listener cannot write what it is to write
     */
    EpochListener start(Settings settings, int steps, int done) throws IOException;

    /**
     * Something begins before a training starts that takes a while.
     *
     * @param what such as {@code asking the teacher for its outputs}
     */
    default void doing(String what) {}

    /** Two listeners that hear the same, the first one first. */
    static TrainingListener both(TrainingListener one, TrainingListener other) {
        return new TrainingListener() {
            @Override
            public EpochListener start(Settings settings, int steps, int done) throws IOException {
                return both(one.start(settings, steps, done), other.start(settings, steps, done));
            }

            @Override
            public void doing(String what) {
                one.doing(what);
                other.doing(what);
            }
        };
    }

    private static EpochListener both(EpochListener first, EpochListener second) {
        return new EpochListener() {
            @Override
            public void augmented(ImageBatch images) {
                first.augmented(images);
                second.augmented(images);
            }

            @Override
            public void afterStep(int epoch, int step, int of) {
                first.afterStep(epoch, step, of);
                second.afterStep(epoch, step, of);
            }

            @Override
            public void afterEpoch(EpochResult result, DoubleSupplier trainAccuracy) {
                first.afterEpoch(result, trainAccuracy);
                second.afterEpoch(result, trainAccuracy);
            }

            @Override
            public void doing(String what) {
                first.doing(what);
                second.doing(what);
            }

            @Override
            public void stored(Run run) {
                first.stored(run);
                second.stored(run);
            }

            @Override
            public void warn(String what) {
                first.warn(what);
                second.warn(what);
            }
        };
    }
}
