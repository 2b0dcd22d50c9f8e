package distill.training;

/**
 * What one epoch gave.
 *
 * @param epoch counted from 1
 * @param testAccuracy in percent of all test images, after the epoch
 * @param loss mean over the epoch's steps of {@link StepLoss#loss()}
 * @param hard mean over the epoch's steps of {@link StepLoss#hard()}
 * @param soft mean over the epoch's steps of {@link StepLoss#soft()}
 * @param seconds training and testing together
 */
public record EpochResult(int epoch, double testAccuracy, double loss, double hard, double soft, double seconds) {}
