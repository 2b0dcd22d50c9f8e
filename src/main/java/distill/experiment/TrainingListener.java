package distill.experiment;

import distill.training.TrainAndEvaluate;

/** Hears which training an experiment starts, and what happens in it. */
public interface TrainingListener {

    /** A listener that hears nothing. */
    TrainingListener SILENT = (settings, steps, done) -> new TrainAndEvaluate.Listener() {};

    /**
     * A training starts.
     *
     * @param steps steps per epoch
     * @param done epochs that an earlier process has done
     */
    TrainAndEvaluate.Listener start(Settings settings, int steps, int done);
}
