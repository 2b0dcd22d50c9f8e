package distill.reproduce;

import distill.experiment.Settings;
import distill.experiment.TrainingListener;
import distill.training.EpochResult;
import distill.training.TrainAndEvaluate;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Tells how trainings come along: a line for each epoch, and in a terminal a progress bar while one runs.
 *
 * @param terminal whether a person watches
 */
public record ConsoleProgress(PrintWriter out, boolean terminal) implements TrainingListener {

    @Override
    public TrainAndEvaluate.Listener start(Settings settings, int steps, int done) {
        out.printf(
                Locale.ROOT,
                "Training %s: %d epochs of %d steps%s%n",
                settings.label(),
                settings.epochs(),
                steps,
                done == 0 ? "" : ", going on after epoch " + done);
        out.flush();
        return terminal ? new Bar(settings, steps) : new Lines(settings);
    }

    private void print(Settings settings, EpochResult result) {
        String terms = settings.temperature() == null
                ? ""
                : String.format(Locale.ROOT, " (hard %.4f, soft %.4f)", result.hard(), result.soft());
        out.printf(
                Locale.ROOT,
                "  epoch %2d/%d: test accuracy %.2f %%, loss %.4f%s, %.1f s%n",
                result.epoch(),
                settings.epochs(),
                result.testAccuracy(),
                result.loss(),
                terms,
                result.seconds());
        out.flush();
    }

    private final class Lines implements TrainAndEvaluate.Listener {

        private final Settings settings;

        private Lines(Settings settings) {
            this.settings = settings;
        }

        @Override
        public void afterEpoch(EpochResult result) {
            print(settings, result);
        }
    }

    private final class Bar implements TrainAndEvaluate.Listener {

        private final Settings settings;
        private final int steps;
        private ProgressBar bar;

        private Bar(Settings settings, int steps) {
            this.settings = settings;
            this.steps = steps;
        }

        @Override
        public void afterStep(int epoch, int step, int of) {
            if (bar == null) {
                bar = new ProgressBarBuilder()
                        .setTaskName("  epoch %2d/%d".formatted(epoch, settings.epochs()))
                        .setInitialMax(steps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .clearDisplayOnFinish()
                        .build();
            }
            bar.stepTo(step);
        }

        @Override
        public void afterEpoch(EpochResult result) {
            bar.close();
            bar = null;
            print(settings, result);
        }
    }
}
