package distill.experiment;

import java.util.OptionalDouble;

/**
 * What a few steps of a network took: the grounds of an estimate.
 *
 * @param step seconds of one training step of a full batch
 * @param batch seconds of one prediction of a full batch
 * @param peakMegabytes the most memory that the process has taken so far; empty where the system does not say
 */
public record StepTimes(double step, double batch, OptionalDouble peakMegabytes) {}
