package distill.run;

import distill.data.Mnist;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs for tests of what is made from runs. */
public final class Runs {

    private Runs() {}

    /** Settings like the report's, of a run from before runs named their Adam. */
    public static Settings settings(String question, Role role, Double temperature, Double alpha, long seed) {
        return new Settings(
                Settings.TASK1,
                question,
                Variant.AS_WRITTEN,
                null,
                Settings.Model.of(role, null, null, null),
                Settings.Distillation.kd(temperature, alpha, role == Role.STUDENT ? "0123456789abcdef" : null),
                Settings.Schedule.of(12, 256, 1e-3),
                new Settings.Images(Mnist.DIGEST, 60_000, false, null, null, null, null, null),
                Stopping.NONE,
                new Settings.Computation(
                        "float32",
                        "cpu",
                        2,
                        "on",
                        Settings.Computation.currentVersion(role == Role.TEACHER, null),
                        null),
                seed);
    }

    /** The record but for one component, of its own or of a record within it. */
    public static <R extends Record> R with(R record, String component, Object value) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) record.getClass();
        try {
            RecordComponent[] components = type.getRecordComponents();
            boolean own =
                    Arrays.stream(components).anyMatch(one -> one.getName().equals(component));
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object old = components[i].getAccessor().invoke(record);
                values[i] = components[i].getName().equals(component)
                        ? value
                        : !own && old instanceof Record inner && has(inner, component)
                                ? with(inner, component, value)
                                : old;
            }
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean has(Record record, String component) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .anyMatch(one -> one.getName().equals(component));
    }

    /** The first file of a store that has runs. */
    public static Path file(RunStore store, String task) throws IOException {
        for (Path file : store.files(task)) {
            if (Files.size(file) > 0) {
                return file;
            }
        }
        throw new AssertionError(store + " has no runs of " + task);
    }

    /** Settings of transfer learning, with the report's lengths on MHIST. */
    public static Settings transfer(Settings settings, String network, String startingWeights) {
        return new Settings(
                Settings.TASK2,
                settings.question(),
                settings.variant(),
                settings.without(),
                Settings.Model.of(settings.role(), network, null, startingWeights),
                settings.distillation(),
                new Settings.Schedule(
                        35,
                        32,
                        settings.role() == Role.TEACHER ? 1e-4 : 1e-3,
                        10,
                        25,
                        settings.teacherEpochs(),
                        null,
                        null),
                new Settings.Images(settings.data(), 2175, false, 224, true, null, null, null),
                Stopping.NONE,
                settings.computation(),
                settings.seed());
    }

    /** Settings with another width, a rare class, and a teacher that was taken early. */
    public static Settings varied(Settings settings, Integer width, Integer rareClass, Integer teacherEpochs) {
        return with(with(with(settings, "width", width), "rareClass", rareClass), "teacherEpochs", teacherEpochs);
    }

    /** The same as a quick cut. */
    public static Settings quick(Settings settings) {
        return with(with(with(settings, "quick", true), "epochs", 2), "trainImages", 24_000);
    }

    /** A run that ended at some test accuracy, after lower ones. */
    public static Run run(Settings settings, double accuracy) {
        List<EpochResult> history = new ArrayList<>();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            history.add(epoch(epoch, accuracy - (settings.epochs() - epoch) * .1, 1.5, 1.5, 0, 3.5));
        }
        return new Run(
                settings.identity(),
                settings,
                accuracy,
                accuracy + 1,
                null,
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
                        "2026-01-01T00:00:00Z",
                        null),
                null);
    }

    /** What an epoch of Task 1 gave. */
    public static EpochResult epoch(
            int epoch, double testAccuracy, double loss, double hard, double soft, double seconds) {
        return new EpochResult(epoch, testAccuracy, loss, hard, soft, seconds, null, null, null, null, null, null);
    }

    /** A student with distillation of question 5. */
    public static Run student(double temperature, double alpha, long seed, double accuracy) {
        return run(settings("q5", Role.STUDENT, temperature, alpha, seed), accuracy);
    }

    /** A student of question 13 or one of its other forms, of a teacher with this identity. */
    public static Run earlyStopped(String question, int teacherEpochs, String teacher, long seed, double accuracy) {
        Settings settings = with(settings(question, Role.STUDENT, 4., .5, seed), "teacher", teacher);
        return run(with(settings, "teacherEpochs", teacherEpochs), accuracy);
    }

    /** The same run with other mean training losses. */
    public static Run losses(Run run, double... losses) {
        List<EpochResult> history = new ArrayList<>();
        for (double loss : losses) {
            int epoch = history.size() + 1;
            history.add(epoch(epoch, Math.min(100, 90 + epoch), loss, loss, 0, 60));
        }
        return new Run(
                run.identity(),
                run.settings(),
                run.testAccuracy(),
                run.trainAccuracy(),
                run.teacherAgreement(),
                history,
                run.weightsDigest(),
                run.provenance(),
                null);
    }
}
