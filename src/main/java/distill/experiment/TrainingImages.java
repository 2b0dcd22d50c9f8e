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
 * @param train what it is trained on
 * @param test what it is tested on
 * @param validation the last training images, where they are kept back to tell when to stop; else null
 */
record TrainingImages(Settings settings, Images train, Images test, Images validation) {

    /** @param all the images of all trainings */
    static TrainingImages of(Settings settings, DataSet all) {
        Images train = all.train();
        int keptBack = settings.stopping().keptBack();
        if (keptBack > 0) {
            int rest = train.size() - keptBack;
            Images last = train.subset(IntStream.range(rest, train.size()).toArray());
            return new TrainingImages(settings, train.first(rest), all.test(), last);
        }
        Images used = settings.rareClass() == null ? train : train.subset(thinned(settings, train));
        return new TrainingImages(settings, used, all.test(), null);
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
        int images = train.size();
        int size = settings.schedule().batchSize();
        EpochOrder order = new EpochOrder(settings.stream("order"));
        return settings.isTransfer() ? order.allBatches(epoch, images, size) : order.batches(epoch, images, size);
    }

    /** How many steps an epoch has. */
    int steps() {
        return batches(1).size();
    }
}
