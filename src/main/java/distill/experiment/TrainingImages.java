package distill.experiment;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Images;
import distill.run.Settings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which images a training has, and in which batches.
 *
 * @param used what it is trained and tested on
 * @param validation the last training images, where they are kept back to tell when to stop; else null
 */
record TrainingImages(Settings settings, DataSet used, Images validation) {

    /** @param all the images of all trainings */
    static TrainingImages of(Settings settings, DataSet all) {
        Images train = all.train();
        int keptBack = settings.stopping().keptBack();
        if (keptBack > 0) {
            int rest = train.size() - keptBack;
            Images last = train.subset(IntStream.range(rest, train.size()).toArray());
            return new TrainingImages(settings, new DataSet(train.first(rest), all.test(), all.origin()), last);
        }
        DataSet used = settings.rareClass() == null
                ? all
                : new DataSet(train.subset(thinned(settings, train)), all.test(), all.origin());
        return new TrainingImages(settings, used, null);
    }

    /** The indices of the training images that are left where few of a class are used. */
    static int[] thinned(Settings settings, Images train) {
        return train.thinned(settings.rareClass(), Settings.RARE_EVERY);
    }

    /**
     * The batches of an epoch, as indices of training images. Task 1 drops the last one where it would not be full, as
     * the report's programs do; Task 2 does not.
     */
    List<int[]> batches(int epoch) {
        int images = used.train().size();
        int size = settings.schedule().batchSize();
        EpochOrder order = new EpochOrder(settings.stream("order"));
        return settings.isTransfer() ? order.allBatches(epoch, images, size) : order.batches(epoch, images, size);
    }

    /** How many steps an epoch has. */
    int steps() {
        return batches(1).size();
    }
}
