package distill.loss;

import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Without distillation: the cross-entropy with the labels, {@link Losses#computePlainCrossEntropyLoss}. The report's
 * student without distillation learns by it, so that runs do not name it.
 */
public final class PlainCrossEntropy implements DistillationLoss {

    @Override
    public String name() {
        return "none";
    }

    @Override
    public boolean hasTeacher() {
        return false;
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        return Losses.computePlainCrossEntropyLoss(tf, batch.labels(), batch.outputs());
    }
}
