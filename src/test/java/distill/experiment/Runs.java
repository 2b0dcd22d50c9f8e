package distill.experiment;

import distill.data.Mnist;
import distill.training.EpochResult;
import java.util.ArrayList;
import java.util.List;

/** Runs for tests of what is made from runs. */
public final class Runs {

    private Runs() {}

    /** Settings like the report's. */
    public static Settings settings(String question, String model, Double temperature, Double alpha, long seed) {
        return new Settings(
                "task1",
                question,
                "as-written",
                model,
                temperature,
                alpha,
                12,
                256,
                1e-3,
                model.equals("student") ? "0123456789abcdef" : null,
                "float32",
                "cpu",
                2,
                "on",
                seed,
                Mnist.DIGEST,
                60_000,
                false,
                Settings.COMPUTATION);
    }

    /** The same as a quick cut. */
    public static Settings quick(Settings s) {
        return new Settings(
                s.task(),
                s.question(),
                s.variant(),
                s.model(),
                s.temperature(),
                s.alpha(),
                2,
                s.batchSize(),
                s.learningRate(),
                s.teacher(),
                s.dtype(),
                s.device(),
                s.threads(),
                s.onednn(),
                s.seed(),
                s.data(),
                24_000,
                true,
                s.computation());
    }

    /** The same on other data. */
    public static Settings on(String data, Settings s) {
        return new Settings(
                s.task(),
                s.question(),
                s.variant(),
                s.model(),
                s.temperature(),
                s.alpha(),
                s.epochs(),
                s.batchSize(),
                s.learningRate(),
                s.teacher(),
                s.dtype(),
                s.device(),
                s.threads(),
                s.onednn(),
                s.seed(),
                data,
                s.trainImages(),
                s.quick(),
                s.computation());
    }

    /** A run that ended at some test accuracy, after lower ones. */
    public static Run run(Settings settings, double accuracy) {
        List<EpochResult> history = new ArrayList<>();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            history.add(new EpochResult(epoch, accuracy - (settings.epochs() - epoch) * .1, 1.5, 1.5, 0, 3.5));
        }
        return new Run(
                settings.identity(),
                settings,
                accuracy,
                accuracy + 1,
                history,
                "ab".repeat(32),
                new Provenance(
                        "c0ffee",
                        "MNIST",
                        false,
                        "2.18.0",
                        "1.1.0",
                        "a JVM",
                        "an OS",
                        "a CPU",
                        "2026-01-01T00:00:00Z"));
    }

    /** A student with distillation of question 5. */
    public static Run student(double temperature, double alpha, long seed, double accuracy) {
        return run(settings("q5", "student", temperature, alpha, seed), accuracy);
    }
}
