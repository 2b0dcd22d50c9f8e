package distill.experiment;

import distill.loss.LossInputs;
import distill.loss.TemperatureEffect;
import distill.metrics.Classification;
import distill.nn.Device;
import distill.run.Settings;

/**
 * How near a student is to its teacher. Source: Stanton et al. 2021, Does Knowledge Distillation Really Work?, section
 * 3.1.
 *
 * @param teacherEpochs of the teacher's training
 * @param width units of each of the student's hidden layers
 * @param seed of both
 * @param agreement the share of images, 0 to 1, of which both predict the same class
 * @param divergence the mean divergence of the student's softened outputs from the teacher's targets, in nats
 */
public record Fidelity(int teacherEpochs, int width, long seed, double agreement, double divergence) {

    /**
     * How far a student is from its teacher on some images.
     *
     * @param student of a variation that has a width and a teacher's epochs
     * @param temperature T, at which both are softened
     * @param teacher images * classes logits
     * @param logits the student's
     */
    public static Fidelity of(
            LossInputs inputs,
            Settings student,
            double temperature,
            double[] teacher,
            double[] logits,
            int classes,
            Device device) {
        return new Fidelity(
                student.teacherEpochs(),
                student.width(),
                student.seed(),
                Classification.agreement(
                        Classification.largest(logits, classes), Classification.largest(teacher, classes)),
                TemperatureEffect.of(inputs, teacher, logits, classes, temperature, device)
                        .divergence());
    }
}
