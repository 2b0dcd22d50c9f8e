package distill.experiment;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Images;
import distill.loss.ComparedLayers;
import distill.nn.Device;
import distill.run.Settings;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long trainings of transfer learning will take, teaching, testing and what is measured at their end included, from
 * a few steps of their networks on this device. Weights do not matter for time, so that random ones are taken.
 */
public final class TrainingEstimates {

    private static final int TIMED_STEPS = 4;

    private final Trainer trainer;
    private final DataSet data;
    private final SavedModels models;
    private final Device device;
    private final Map<List<Object>, Times> times = new HashMap<>();
    private final Set<String> asked = new HashSet<>();

    /** Estimates for the trainings that a trainer carries out. */
    public TrainingEstimates(Trainer trainer, Device device) {
        this.trainer = trainer;
        this.data = trainer.data();
        this.models = trainer.models();
        this.device = device;
    }

    /**
     * What a few steps of a network took.
     *
     * @param step seconds of one training step of a full batch
     * @param batch seconds of one prediction of a full batch
     * @param features seconds of what the frozen base makes of a full batch, once in a phase; 0 where that is not kept
     * @param peakMegabytes as of {@link Estimate}
     */
    private record Times(double step, double batch, double features, double peakMegabytes) {}

    /**
     * What a training is expected to take.
     *
     * @param seconds in all
     * @param peakMegabytes the most memory that the process took while it was estimated; 0 where the system does not
     *     say
     */
    public record Estimate(double seconds, double peakMegabytes) {}

    /** What a training is expected to take; a given teacher is taken to be as the student is. */
    public Estimate of(Training training) throws IOException {
        Settings settings = training.settings();
        Settings teacher =
                training.teacher() == null ? settings : training.teacher().settings();
        List<ComparedLayers> compared = trainer.compared(training);
        int batch = settings.schedule().batchSize();
        double seconds = 0;
        double peak = 0;
        double lastBatch = 0;
        for (PhasePlan phase : PhasePlan.of(settings)) {
            Times own = times(settings, phase, compared);
            peak = Math.max(peak, own.peakMegabytes());
            double teaching = settings.teacher() == null
                    ? 0
                    : training.teacher() == null
                            ? own.batch()
                            : times(teacher, PhasePlan.of(teacher).get(0), List.of())
                                    .batch();
            boolean eachTime = settings.augmented();
            seconds += phase.epochs()
                    * (batches(data.train(), batch) * (own.step() + (eachTime ? teaching : 0))
                            + batches(data.test(), batch) * own.batch());
            seconds += (batches(data.train(), batch) + batches(data.test(), batch)) * own.features();
            // A teacher that sees the same images each time is asked once, for all its students.
            if (settings.teacher() != null && !eachTime && asked.add(settings.teacher())) {
                seconds += batches(data.train(), batch) * teaching;
            }
            lastBatch = own.batch();
        }
        int measured = batches(data.train(), batch) + EpochTimes.LAST_TESTS * batches(data.test(), batch);
        return new Estimate(seconds + measured * lastBatch, peak);
    }

    private static int batches(Images images, int size) {
        return (images.size() + size - 1) / size;
    }

    private Times times(Settings settings, PhasePlan phase, List<ComparedLayers> compared) throws IOException {
        List<Object> key = Arrays.asList(
                settings.network(),
                settings.architecture(),
                settings.images().imageSize(),
                settings.augmented(),
                phase.frozenBase(),
                settings.reading().slips(),
                ReadingGraph.of(settings).trainsInInference(),
                settings.lossInName(),
                compared);
        if (!times.containsKey(key)) {
            times.put(key, measure(settings, phase, compared));
        }
        return times.get(key);
    }

    private Times measure(Settings settings, PhasePlan phase, List<ComparedLayers> compared) throws IOException {
        Images train = data.train();
        int size = Math.min(settings.schedule().batchSize(), train.size());
        int classes = train.classes().size();
        PhaseTraining.Teacher teacher = settings.teacher() == null
                ? PhaseTraining.Teacher.NONE
                : one -> new TeacherOutputs(
                        classes,
                        new double[one.size() * classes],
                        compared.stream()
                                .map(pair -> new double
                                        [Math.toIntExact(one.size()
                                                * pair.teacher().output().size())])
                                .toList());
        TrainedNetwork network = models.network(settings);
        try (PhaseTraining model = new PhaseTraining(settings, network, phase, compared, device)) {
            model.setWeights(network.whole().initialWeights(1L));
            Images few = train.first(Math.min(TIMED_STEPS * size, train.size()));
            List<int[]> batches = EpochOrder.fileOrder(few.size(), size);
            double first = seconds(() -> model.train(few, batches.subList(0, 1), 1, teacher, (i, batch, loss) -> {}));
            double step = seconds(() -> model.train(few, batches, 2, teacher, (i, batch, loss) -> {})) / batches.size();
            Images one = train.first(size);
            model.predict(one);
            double batch = seconds(() -> model.predict(one));
            // The first step waits for what the base makes of the few images.
            double features = model.usesFeatures() ? first / batches.size() : 0;
            return new Times(
                    step, batch, features, StepBenchmark.peakMegabytes().orElse(0));
        }
    }

    /** What is timed. */
    @FunctionalInterface
    private interface Timed {
        void run() throws IOException;
    }

    private static double seconds(Timed timed) throws IOException {
        long start = System.nanoTime();
        timed.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
