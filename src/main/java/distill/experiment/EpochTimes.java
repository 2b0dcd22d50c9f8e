package distill.experiment;

import distill.cost.Cost;
import distill.nn.zoo.BaseModel;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How long epochs take, to tell how long trainings to come will: as long as the median of those that were trained of
 * the same kind, in proportion to their images. Where none was, as long as its steps take in
 * {@code docs/performance.md}, in proportion to what that would have said of the last epoch that was trained here.
 */
public final class EpochTimes {

    /**
     * Seconds of a step on two cores, a student's on one of them, testing left out: {@code docs/performance.md}, the
     * newer machine.
     */
    private static final Map<String, Double> STEP = Map.of(
            Role.TEACHER.toString(), .0782,
            Role.STUDENT.toString(), .0115,
            BaseModel.RESNET50V2.toString(), 2.1295,
            BaseModel.MOBILENETV2.toString(), .4898);

    /** Height and width of the images of Task 2 in those steps. */
    private static final double STEP_SIZE = 224;

    /** Forwards alone, of forwards and backwards. */
    private static final double FORWARDS = 1. / 3;

    private final Map<String, String> networks = new HashMap<>();
    /** Medians. */
    private final Map<List<Object>, Double> stored = new HashMap<>();

    private final Map<List<Object>, List<Double>> here = new HashMap<>();
    private final Map<String, Double> steps = new HashMap<>();
    private double pace = 1;

    /** The times of stored runs that this program trained. */
    public static EpochTimes from(Collection<Run> runs) {
        EpochTimes times = new EpochTimes();
        runs.forEach(run -> times.know(run.settings()));
        Map<List<Object>, List<Double>> stored = new HashMap<>();
        runs.stream().filter(run -> run.provenance().isOurs()).forEach(run -> run.history()
                .forEach(result -> times.add(stored, run.settings(), result)));
        stored.forEach((kind, seconds) -> times.stored.put(kind, median(seconds)));
        return times;
    }

    /** Adds an epoch that was trained here and now: it counts for more than all stored ones of its kind. */
    public void add(Settings settings, EpochResult result) {
        add(here, settings, result);
        pace = result.seconds() / fromSteps(settings, result.epoch());
    }

    /** Remembers which network a training is of, which may teach another. */
    private void know(Settings settings) {
        if (settings.isTransfer()) {
            networks.put(settings.identity(), settings.network());
        }
    }

    /**
     * Seconds of a step of a network; of one that was never timed in proportion to its multiplications and additions.
     */
    private double step(String network) {
        return steps.computeIfAbsent(network, EpochTimes::stepOf);
    }

    private static double stepOf(String network) {
        return STEP.containsKey(network)
                ? STEP.get(network)
                : STEP.get(BaseModel.RESNET50V2.toString())
                        * products(BaseModel.of(network))
                        / products(BaseModel.RESNET50V2);
    }

    private static double products(BaseModel network) {
        return Cost.trainingProducts(network.withHead((int) STEP_SIZE, true).whole(), 1);
    }

    private static String network(Settings s) {
        return s.isTransfer() ? s.network() : (s.role() == Role.TEACHER ? Role.TEACHER : Role.STUDENT).toString();
    }

    /** What epochs have in common that take the same time for each image. */
    private List<Object> kind(Settings s, int epoch) {
        return Arrays.asList(
                network(s),
                s.width(),
                s.teacher() == null ? null : networks.getOrDefault(s.teacher(), "a teacher"),
                s.images().imageSize(),
                s.augmented(),
                PhasePlan.of(s, epoch).frozenBase(),
                s.computation().device(),
                s.computation().threads(),
                s.quick());
    }

    private void add(Map<List<Object>, List<Double>> times, Settings settings, EpochResult result) {
        times.computeIfAbsent(kind(settings, result.epoch()), kind -> new ArrayList<>())
                .add(result.seconds() / settings.trainImages());
    }

    /**
     * How long a training is expected to take.
     *
     * @param seconds in all
     * @param fromSteps seconds of these that are of epochs of which none was trained before
     */
    public record Estimate(double seconds, double fromSteps) {

        /** Whether every epoch is of a kind that was trained before. */
        public boolean measured() {
            return fromSteps == 0;
        }
    }

    /** How long the epochs of a training take that come after the first {@code done}. */
    public Estimate estimate(Settings settings, int done) {
        double seconds = 0;
        double fromSteps = 0;
        for (int epoch = done + 1; epoch <= settings.epochs(); epoch++) {
            List<Object> kind = kind(settings, epoch);
            Double known = here.containsKey(kind) ? Double.valueOf(median(here.get(kind))) : stored.get(kind);
            if (known != null) {
                seconds += known * settings.trainImages();
            } else {
                fromSteps += pace * fromSteps(settings, epoch);
            }
        }
        return new Estimate(seconds + fromSteps, fromSteps);
    }

    /** How long whole trainings take, one after another, some of which may teach others. */
    public Estimate estimate(Collection<Settings> trainings) {
        return estimate(trainings, settings -> 1);
    }

    /** How long whole trainings take together, each of which has a part of the machine, from 0 to 1. */
    public Estimate estimate(Collection<Settings> trainings, ToDoubleFunction<Settings> share) {
        trainings.forEach(this::know);
        double seconds = 0;
        double fromSteps = 0;
        for (Settings settings : trainings) {
            Estimate alone = estimate(settings, 0);
            seconds += share.applyAsDouble(settings) * alone.seconds();
            fromSteps += share.applyAsDouble(settings) * alone.fromSteps();
        }
        return new Estimate(seconds, fromSteps);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double fromSteps(Settings s, int epoch) {
        String teacher = networks.getOrDefault(s.teacher(), BaseModel.RESNET50V2.toString());
        double teaching = s.teacher() == null || !s.augmented() ? 0 : step(teacher) * FORWARDS;
        double own = step(network(s)) * (PhasePlan.of(s, epoch).frozenBase() ? FORWARDS : 1);
        double size = s.isTransfer() ? s.images().imageSize() / STEP_SIZE : 1;
        return (double) s.trainImages() / s.schedule().batchSize() * (own + teaching) * Math.pow(size, 2);
    }
}
