package distill.loss;

import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The report's loss: {@link Losses#computeStudentLoss}, alpha * T^2 * mean CE(targets, student / T) + (1 - alpha) *
 * CE(labels, student) (Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, 2015, section 2).
 */
public final class KnowledgeDistillation implements DistillationLoss {

    @Override
    public String name() {
        return "kd";
    }

    @Override
    public boolean hasTemperature() {
        return true;
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        return Losses.computeStudentLoss(
                tf,
                parameters.softTargets(),
                batch.labels(),
                batch.teacherOutputs(),
                batch.outputs(),
                parameters.temperature(),
                parameters.alpha());
    }
}
