package distill.experiment;

import distill.loss.DistillationLoss;
import distill.loss.LayerPair;
import distill.run.Settings;
import distill.run.Settings.Distillation;

/** What the loss that a plan's students learn by makes of their settings. */
final class ChosenLoss {

    private ChosenLoss() {}

    /**
     * A student with distillation: by this loss, or where it has no teacher by the report's.
     *
     * @param temperature left out where the loss has none
     */
    static Distillation distillation(DistillationLoss loss, Double temperature, double alpha, String teacher) {
        return loss.hasTeacher()
                ? new Distillation(
                        loss.hasTemperature() ? temperature : null,
                        alpha,
                        teacher,
                        loss.name(),
                        LayerPair.text(loss.named()))
                : Distillation.kd(temperature, alpha, teacher);
    }

    /**
     * A student without distillation: by this loss where it has no teacher, else by the report's.
     *
     * @param temperature of the report's loss; null where that has none
     */
    static Distillation withoutDistillation(DistillationLoss loss, Double temperature) {
        return isOfPlainStudents(loss)
                ? new Distillation(null, null, null, loss.name(), null)
                : Distillation.kd(temperature, null, null);
    }

    /** The loss that settings name, on the layers that they name. */
    static DistillationLoss of(Settings settings) {
        DistillationLoss loss = DistillationLoss.named(settings.loss());
        return settings.lossLayers() == null ? loss : loss.on(LayerPair.list(settings.lossLayers()));
    }

    /** Whether students without distillation learn by this loss, and not by the report's. */
    static boolean isOfPlainStudents(DistillationLoss loss) {
        return !loss.hasTeacher() && !Distillation.isReports(loss.name());
    }
}
