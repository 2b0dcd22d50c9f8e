package distill.run;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whether a training stops before its last epoch, as Keras's callback {@code EarlyStopping(monitor, min_delta,
 * patience, restore_best_weights)} stops it. It is judged after each epoch on the last training images, which are kept
 * back, and never on the test images. All is null where nothing stops early.
 *
 * @param monitor what is looked at
 * @param patience after how many epochs in a row without a better one it stops, from 1
 * @param minDelta by how much an epoch has to be better, from 0: of the loss, or of the accuracy as a share
 * @param restoreBestWeights whether the weights of the best epoch are taken at the end, else those of the last
 * @param validationImages how many training images are kept back, from 1
 */
public record Stopping(
        Monitor monitor, Integer patience, Double minDelta, Boolean restoreBestWeights, Integer validationImages) {

    /** Nothing stops early. */
    public static final Stopping NONE = new Stopping(null, null, null, null, null);

    /** How many images are kept back unless a number is named. */
    public static final int USUAL_VALIDATION_IMAGES = 5000;

    private static final double PERCENT = 100;

    /** What is looked at, by Keras's names. */
    public enum Monitor {
        /** The mean cross-entropy with the labels, without the distillation's part: less is better. */
        val_loss,
        /** The share that is predicted right: more is better. */
        val_accuracy
    }

    /** Whether a training may stop early. */
    public boolean applies() {
        return monitor != null;
    }

    /** How many training images are kept back; 0 where nothing stops early. */
    public int keptBack() {
        return applies() ? validationImages : 0;
    }

    /** @param stops whether the training stops after the last of the epochs */
    private record Judged(int best, boolean stops) {}

    private Judged judge(List<EpochResult> history) {
        int best = 0;
        double bestValue = Double.NaN;
        int wait = 0;
        boolean stops = false;
        for (EpochResult result : history) {
            wait++;
            double value = value(result);
            boolean better = best == 0
                    || (monitor == Monitor.val_loss ? value + minDelta < bestValue : value - minDelta > bestValue);
            if (better) {
                best = result.epoch();
                bestValue = value;
                wait = 0;
            }
            stops = !better && wait >= patience;
        }
        return new Judged(best, stops);
    }

    private double value(EpochResult result) {
        return monitor == Monitor.val_loss ? result.valLoss() : result.valAccuracy() / PERCENT;
    }

    /**
     * Whether a training stops after these epochs.
     *
     * @param history what each epoch gave, from the first on
     */
    public boolean stops(List<EpochResult> history) {
        return applies() && judge(history).stops();
    }

    /**
     * The epoch whose weights are a training's at its end.
     *
     * @param history what each of its epochs gave
     */
    public int taken(List<EpochResult> history) {
        return applies() && restoreBestWeights ? judge(history).best() : history.size();
    }

    /** In names of files and trainings: {@code patience3}, with what is not usual; none where nothing stops early. */
    public List<String> inName() {
        if (!applies()) {
            return List.of();
        }
        return Stream.of(
                        "patience" + patience,
                        monitor == Monitor.val_loss ? null : "accuracy",
                        minDelta == 0 ? null : "delta" + Settings.number(minDelta),
                        restoreBestWeights ? "best" : null,
                        validationImages == USUAL_VALIDATION_IMAGES ? null : "of" + validationImages)
                .filter(Objects::nonNull)
                .toList();
    }
}
