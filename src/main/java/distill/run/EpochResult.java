package distill.run;

import java.util.List;

/**
 * What one epoch gave. What only Task 2 has is null in Task 1, and left out of the JSON.
 *
 * @param epoch counted from 1
 * @param testAccuracy in percent of all test images, after the epoch
 * @param loss of the training, mean over the epoch's steps
 * @param hard its cross-entropy part, before alpha
 * @param soft its distillation part with T^2, before alpha; 0 without distillation
 * @param seconds training and testing together
 * @param phase {@code initial}, {@code fine}, or {@code only} where there is one
 * @param confusion of the test images: {@code confusion.get(t).get(p)} of class t were predicted as p
 * @param rocAuc on the test images, from 0 to 1
 * @param notebookAccuracy in percent of the test images that the report's program would have looked at
 * @param valLoss of training images that are kept back, where they tell when to stop: the mean cross-entropy; else null
 * @param valAccuracy in percent of these images; else null
 */
public record EpochResult(
        int epoch,
        double testAccuracy,
        double loss,
        double hard,
        double soft,
        double seconds,
        String phase,
        List<List<Integer>> confusion,
        Double rocAuc,
        Double notebookAccuracy,
        Double valLoss,
        Double valAccuracy) {}
