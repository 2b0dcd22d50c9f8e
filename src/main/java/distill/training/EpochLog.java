package distill.training;

/**
 * What an epoch of {@link CompiledModel#fit} gave: Keras's {@code logs}.
 *
 * @param epoch counted from 1
 * @param loss mean over the epoch's images, each before the update of its step
 * @param hard its cross-entropy part, before alpha
 * @param soft its distillation part with T^2, before alpha; 0 without distillation
 * @param validationAccuracy in percent of the validation images, after the epoch; NaN without such images
 * @param seconds training and validation together
 */
public record EpochLog(int epoch, double loss, double hard, double soft, double validationAccuracy, double seconds) {}
