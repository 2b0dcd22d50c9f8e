package distill.experiment;

import distill.cost.Cost;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * How long trainings to come will take, their tests, the accuracy on the training images at their end and what is asked
 * of their teachers included. Times are those of steps in {@code docs/performance.md} times a factor, which is taken
 * from what is nearest: what epochs of the same kind, or steps of the first one that is under way, took here and now;
 * what epochs of its kind in stored runs took, times what others of these take here; what other kinds take here. The
 * factor of an epoch that nothing is known of is 1.
 */
public final class EpochTimes {

    /** Seconds of a step on two cores, a student's on one of them: {@code docs/performance.md}, the newer machine. */
    private static final Map<String, Double> STEP = Map.of(
            Role.TEACHER.toString(), .0782,
            Role.STUDENT.toString(), .0115,
            BaseModel.RESNET50V2.toString(), 2.1295,
            BaseModel.MOBILENETV2.toString(), .4898);

    /** Height and width of the images of Task 2 in those steps. */
    private static final double STEP_SIZE = 224;

    /** Forwards alone, of forwards and backwards. */
    private static final double FORWARDS = 1. / 3;

    /** Of a student's step, what does not depend on its width. */
    private static final double BESIDE_PRODUCTS = .1;

    private static final double MNIST_TEST_IMAGES = 10_000;

    private static final double MNIST_INPUTS = 28 * 28;

    /** MNIST's test images, of its training images, which images of one's own are taken to have, too. */
    private static final double MNIST_TEST_SHARE = 1. / 6;

    /** MHIST's test images, of its training images; a quick cut has as many as these. */
    private static final double MHIST_TEST_SHARE = 977. / 2175;

    /** Task 2 ends with two more looks at the test images: {@link Measures}. */
    static final int LAST_TESTS = 2;

    /** Of the epochs of a kind that were trained here, so many of the last count. */
    private static final int LATEST = 8;

    private final Map<String, Settings> networks = new HashMap<>();
    /** Factors: medians. */
    private final Map<List<Object>, Double> stored = new HashMap<>();

    private final Map<List<Object>, List<Double>> here = new HashMap<>();
    /** Factors of steps, until an epoch of their kind has ended. */
    private final Map<List<Object>, Double> underWay = new HashMap<>();

    /** Seconds that trainings here took beside their epochs and what is measured at their end. */
    private final List<Double> beside = new ArrayList<>();

    private final Set<List<Object>> asked = new HashSet<>();
    private final Map<String, Double> steps = new HashMap<>();

    /** The times of stored runs that this program trained. */
    public static EpochTimes from(Collection<Run> runs) {
        EpochTimes times = new EpochTimes();
        runs.forEach(run -> times.know(run.settings()));
        Map<List<Object>, List<Double>> stored = new HashMap<>();
        runs.stream().filter(run -> run.provenance().isOurs()).forEach(run -> run.history()
                .forEach(result -> times.add(stored, run.settings(), result)));
        stored.forEach((kind, factors) -> times.stored.put(kind, median(factors)));
        return times;
    }

    /** A training starts here, and has what it needs of its teacher. */
    public void start(Settings settings) {
        know(settings);
        asked.add(question(settings));
    }

    /** Adds an epoch that was trained here and now: it counts for more than all stored ones of its kind. */
    public void add(Settings settings, EpochResult result) {
        add(here, settings, result);
        keepLatest(here.get(kind(settings, result.epoch())));
    }

    /**
     * Adds what a training took here beside its epochs: building graphs, measuring, storing, and what was done between
     * it and the one before.
     */
    public void addRest(Settings settings, double seconds) {
        double end = expected(settings, settings.epochs(), end(settings)).seconds();
        beside.add(Math.max(0, seconds - end));
        keepLatest(beside);
    }

    private static void keepLatest(List<Double> values) {
        if (values.size() > LATEST) {
            values.remove(0);
        }
    }

    /**
     * Adds what steps of an epoch take that is under way here. They count until an epoch of their kind has ended.
     *
     * @param seconds of one step
     */
    public void addSteps(Settings settings, int epoch, double seconds) {
        underWay.put(kind(settings, epoch), seconds / step(settings, epoch));
    }

    /** Whether an epoch of the same kind was timed here and now, or some of its steps. */
    public boolean isTimedHere(Settings settings, int epoch) {
        List<Object> kind = kind(settings, epoch);
        return here.containsKey(kind) || underWay.containsKey(kind);
    }

    /** Remembers a training, which may teach another. */
    void know(Settings settings) {
        networks.put(settings.identity(), settings);
    }

    /**
     * What epochs have in common that take the same time for each image. Beside the steps of Task 2 the two forms of
     * Adam make no difference.
     */
    private List<Object> kind(Settings s, int epoch) {
        return Arrays.asList(
                network(s),
                s.width(),
                s.architecture(),
                s.teacher() == null ? null : teacherNetwork(s),
                s.images().imageSize(),
                s.images().inputShape(),
                s.augmented(),
                PhasePlan.of(s, epoch).frozenBase(),
                s.isTransfer() ? null : s.adam(),
                s.schedule().batchSize(),
                s.schedule().momentum(),
                s.computation().device(),
                s.computation().threads(),
                s.quick());
    }

    /** An own student, which may have convolutions, is taken for as slow as the teacher until it was timed. */
    private static String network(Settings s) {
        if (s.isTransfer()) {
            return s.isOfOwnStudent() ? BaseModel.RESNET50V2.toString() : s.network();
        }
        boolean slow = s.role() == Role.TEACHER || s.isOfOwnStudent();
        return (slow ? Role.TEACHER : Role.STUDENT).toString();
    }

    /** The network of a student's teacher; of one that is not known here the report's. */
    private String teacherNetwork(Settings student) {
        Settings teacher = networks.get(student.teacher());
        return teacher != null
                ? network(teacher)
                : student.isTransfer() ? BaseModel.RESNET50V2.toString() : Role.TEACHER.toString();
    }

    private void add(Map<List<Object>, List<Double>> factors, Settings settings, EpochResult result) {
        double expected = training(settings, result.epoch()) + test(settings);
        factors.computeIfAbsent(kind(settings, result.epoch()), kind -> new ArrayList<>())
                .add(result.seconds() / expected);
    }

    /**
     * How long something is expected to take.
     *
     * @param seconds in all
     * @param fromSteps seconds of these that are of epochs of which none was trained before
     */
    public record Estimate(double seconds, double fromSteps) {

        static final Estimate NOTHING = new Estimate(0, 0);

        /** Whether every epoch is of a kind that was trained before. */
        public boolean measured() {
            return fromSteps == 0;
        }

        /** What is left of it after some seconds. */
        private Estimate after(double passed) {
            double left = seconds == 0 ? 0 : Math.max(0, 1 - passed / seconds);
            return new Estimate(left * seconds, left * fromSteps);
        }

        private Estimate plus(Estimate other) {
            return new Estimate(seconds + other.seconds, fromSteps + other.fromSteps);
        }
    }

    /** How long a whole training takes that has all it needs of its teacher. */
    public Estimate estimate(Settings settings) {
        return left(Left.whole(settings));
    }

    private Estimate left(Left training) {
        Settings settings = training.settings();
        Estimate left = expected(settings, settings.epochs(), end(settings));
        for (int epoch = training.done() + 1; epoch <= settings.epochs(); epoch++) {
            double toTrain = (epoch == training.done() + 1 ? 1 - training.ofNext() : 1) * training(settings, epoch);
            left = left.plus(expected(settings, epoch, toTrain + test(settings)));
        }
        double part = 1 - (double) training.done() / settings.epochs();
        double rest = beside.isEmpty() ? 0 : part * median(beside);
        return left.plus(new Estimate(rest, 0)).after(training.since());
    }

    /**
     * What is left of a training.
     *
     * @param done epochs that are done
     * @param ofNext the part of the next epoch's steps that is done, from 0 to 1
     * @param since seconds that have passed since it was so
     */
    public record Left(Settings settings, int done, double ofNext, double since) {

        /** All of it. */
        public static Left whole(Settings settings) {
            return new Left(settings, 0, 0, 0);
        }
    }

    /**
     * How long trainings take together, as {@link Jobs} carries them out: some of them teach others, which wait for
     * them.
     *
     * @param trainings in their order, those under way first
     * @param places how many there is room for at a time
     * @param takes how many of the places a training takes, from 1 to all
     */
    public Estimate estimate(Collection<Left> trainings, int places, ToIntFunction<Settings> takes) {
        trainings.forEach(left -> know(left.settings()));
        Set<List<Object>> toAsk = new HashSet<>(asked);
        double[] free = new double[places];
        Map<String, Double> ends = new HashMap<>();
        Estimate all = Estimate.NOTHING;
        for (Left left : trainings) {
            Settings settings = left.settings();
            Estimate own = left(left);
            if (settings.teacherEpochs() != null && !settings.augmented() && toAsk.add(question(settings))) {
                own = own.plus(asking(settings));
            }
            all = all.plus(own);
            Arrays.sort(free);
            int taken = takes.applyAsInt(settings);
            double start = Math.max(
                    free[taken - 1],
                    Math.max(
                            ends.getOrDefault(settings.teacher(), 0.),
                            ends.getOrDefault(settings.startingWeights(), 0.)));
            Arrays.fill(free, 0, taken, start + own.seconds());
            ends.put(settings.identity(), start + own.seconds());
        }
        double last = Arrays.stream(free).max().orElse(0);
        return new Estimate(last, all.seconds() == 0 ? 0 : last * all.fromSteps() / all.seconds());
    }

    /**
     * What a student asks its teacher. What a teacher puts out after its last epoch is known from its own training; one
     * that was taken earlier is asked anew, once for all its students.
     */
    private static List<Object> question(Settings student) {
        return Arrays.asList(student.teacher(), student.teacherEpochs());
    }

    private Estimate asking(Settings student) {
        Settings teacher = networks.get(student.teacher());
        double images = batches(student, student.trainImages());
        return teacher == null ? Estimate.NOTHING : expected(teacher, teacher.epochs(), images * forwards(teacher));
    }

    /** Seconds of the table, as those of an epoch take here. */
    private Estimate expected(Settings settings, int epoch, double seconds) {
        Double known = known(kind(settings, epoch));
        return known != null ? new Estimate(known * seconds, 0) : new Estimate(pace() * seconds, pace() * seconds);
    }

    /** The factor of a kind; null where nothing is known of it. */
    private Double known(List<Object> kind) {
        if (here(kind) != null || !stored.containsKey(kind)) {
            return here(kind);
        }
        List<Double> slower = stored.keySet().stream()
                .filter(other -> here(other) != null)
                .map(other -> here(other) / stored.get(other))
                .toList();
        if (!slower.isEmpty()) {
            return median(slower) * stored.get(kind);
        }
        // Where other kinds alone were timed here, what is stored may be of another machine.
        return here.isEmpty() && underWay.isEmpty() ? stored.get(kind) : null;
    }

    /** The factor of a kind that was timed here; else null. */
    private Double here(List<Object> kind) {
        return here.containsKey(kind) ? Double.valueOf(median(here.get(kind))) : underWay.get(kind);
    }

    /** The factor of kinds of which nothing is known. */
    private double pace() {
        Set<List<Object>> timed = new HashSet<>(here.keySet());
        timed.addAll(underWay.keySet());
        return timed.isEmpty() ? 1 : median(timed.stream().map(this::here).toList());
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Seconds of the steps of an epoch, by the table. */
    private double training(Settings s, int epoch) {
        return batches(s, s.trainImages()) * step(s, epoch);
    }

    /** Seconds of a look at the test images, by the table. */
    private double test(Settings s) {
        return batches(s, testImages(s)) * forwards(s);
    }

    /** Seconds of what is measured after the last epoch, by the table. */
    private double end(Settings s) {
        return batches(s, s.trainImages()) * forwards(s) + (s.isTransfer() ? LAST_TESTS * test(s) : 0);
    }

    private static double testImages(Settings s) {
        if (s.isTransfer()) {
            return s.trainImages() * (s.quick() ? 1 : MHIST_TEST_SHARE);
        }
        return isLikeMnist(s) ? MNIST_TEST_IMAGES : s.trainImages() * MNIST_TEST_SHARE;
    }

    private static double batches(Settings s, double images) {
        return images / s.schedule().batchSize();
    }

    private double step(Settings s, int epoch) {
        double own = PhasePlan.of(s, epoch).frozenBase() ? forwards(s) : size(s) * step(network(s));
        double teaching = s.teacher() == null || !s.augmented() ? 0 : size(s) * FORWARDS * step(teacherNetwork(s));
        return own + teaching;
    }

    /** Seconds of a batch's way through a network, by the table. */
    private double forwards(Settings s) {
        return size(s) * FORWARDS * step(network(s));
    }

    /** How much more than in the table there is to compute: by the numbers of an image, and by a student's width. */
    private static double size(Settings s) {
        if (s.isTransfer()) {
            return Math.pow(s.images().imageSize() / STEP_SIZE, 2);
        }
        if (s.role() == Role.TEACHER || s.isOfOwnStudent()) {
            return inputs(s) / MNIST_INPUTS;
        }
        return s.width() == null && isLikeMnist(s)
                ? 1
                : BESIDE_PRODUCTS
                        + (1 - BESIDE_PRODUCTS)
                                * products(inputs(s), Objects.requireNonNullElse(s.width(), MnistStudent.WIDTH))
                                / products(MNIST_INPUTS, MnistStudent.WIDTH);
    }

    /** Whether images of Task 1 are of MNIST's size and as many classes. */
    private static boolean isLikeMnist(Settings s) {
        return s.images().inputShape() == null && s.images().classCount() == null;
    }

    /** How many numbers an image of Task 1 has. */
    private static double inputs(Settings s) {
        List<Integer> shape = s.images().inputShape();
        return shape == null
                ? MNIST_INPUTS
                : shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    }

    /** Multiplications of the two hidden layers of a student of Task 1 for one image. */
    private static double products(double inputs, double width) {
        return inputs * width + width * width;
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
}
