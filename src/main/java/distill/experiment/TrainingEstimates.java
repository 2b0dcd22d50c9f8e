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
import java.util.List;
import java.util.Map;

/**
 * How long trainings of transfer learning will take, teaching, testing and what is measured at their end included, from
 * a few steps of their networks on this device. Weights do not matter for time, so that random ones are taken.
 */
public final class TrainingEstimates {

    private static final int TIMED_STEPS = 4;

    private final DataSet data;
    private final SavedModels models;
    private final Device device;
    private final Map<List<Object>, Times> times = new HashMap<>();

    /** Estimates for the trainings that a trainer carries out. */
    public TrainingEstimates(Trainer trainer, Device device) {
        this.data = trainer.data();
        this.models = trainer.models();
        this.device = device;
    }

    /**
     * What a few steps of a network took.
     *
     * @param step seconds of one training step of a full batch
     * @param batch seconds of one prediction of a full batch
     * @param peakMegabytes as of {@link Estimate}
     */
    private record Times(double step, double batch, double peakMegabytes) {}

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
        List<ComparedLayers> compared = ReadingGraph.compared(
                settings,
                models.network(settings).whole(),
                models.network(teacher).whole());
        int batch = settings.schedule().batchSize();
        double seconds = 0;
        double peak = 0;
        double lastBatch = 0;
        for (PhasePlan phase : PhasePlan.of(settings)) {
            Times own = times(settings, phase, compared);
            peak = Math.max(peak, own.peakMegabytes());
            double teaching = settings.teacher() == null || !settings.augmented()
                    ? 0
                    : training.teacher() == null
                            ? own.batch()
                            : times(teacher, PhasePlan.of(teacher).get(0), List.of())
                                    .batch();
            seconds += phase.epochs()
                    * (batches(data.train(), batch) * (own.step() + teaching)
                            + batches(data.test(), batch) * own.batch());
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
                : (indices, levels) -> new TeacherOutputs(
                        classes,
                        new double[indices.length * classes],
                        compared.stream()
                                .map(pair -> new double
                                        [Math.toIntExact(indices.length
                                                * pair.teacher().output().size())])
                                .toList());
        TrainedNetwork network = models.network(settings);
        try (PhaseTraining model = new PhaseTraining(settings, network, phase, compared, device)) {
            model.setWeights(network.whole().initialWeights(1L));
            List<int[]> batches = EpochOrder.fileOrder(train.size(), size);
            List<int[]> timed = batches.subList(0, Math.min(TIMED_STEPS, batches.size()));
            model.train(train, batches.subList(0, 1), 1, teacher, (step, batch, loss) -> {});
            long start = System.nanoTime();
            model.train(train, timed, 2, teacher, (step, batch, loss) -> {});
            double step = (System.nanoTime() - start) / 1e9 / timed.size();
            model.predict(train.first(size));
            start = System.nanoTime();
            model.predict(train.first(size));
            double batch = (System.nanoTime() - start) / 1e9;
            return new Times(step, batch, StepBenchmark.peakMegabytes().orElse(0));
        }
    }
}
