package distill.training;

/**
 * The loss of one step, before its update, as means over the batch.
 *
 * @param loss what the notebook's loss averages to: alpha * soft + (1 - alpha) * hard with distillation, hard without
 * @param hard the cross-entropy part, before alpha
 * @param soft the distillation part with T^2, before alpha; 0 without distillation
 */
public record StepLoss(double loss, double hard, double soft) {}
