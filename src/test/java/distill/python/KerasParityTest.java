package distill.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.experiment.ModelLibrary;
import distill.experiment.ModelLibrary.StoredModel;
import distill.experiment.Replay;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.Sgd;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same training here and in Keras, from the same weights on the same batches, step by step. What came out is added
 * to target/parity.md. {@code -Dparity.steps=200 -Dparity.batch=256} is what docs/parity.md records.
 */
@Tag("python")
class KerasParityTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int STEPS = Integer.getInteger("parity.steps", 20);
    private static final int BATCH = Integer.getInteger("parity.batch", 32);
    private static final int WARM_UP = 50;
    private static final int WARM_UP_BATCH = 64;

    @TempDir
    private static Path folder;

    private static DataSet data;
    private static final Map<Variant, StoredModel> TEACHERS = new LinkedHashMap<>();
    private static StoredModel student;
    private static StoredModel newTeacher;

    /** One training. */
    private record Case(String name, Replay replay, List<String> arguments) {

        private Weights start() {
            return (replay.role() == Role.TEACHER ? newTeacher : student).weights();
        }

        private Weights teacher() {
            return replay.role() == Role.STUDENT
                    ? TEACHERS.get(replay.reading().variant()).weights()
                    : null;
        }

        private List<String> optimizer() {
            return replay().optimizer() instanceof Sgd sgd
                    ? List.of("--momentum", Double.toString(sgd.momentum()))
                    : List.of("--adam", ((Adam) replay().optimizer()).form().toString());
        }

        private Path file(String dtype, String ending) {
            return folder.resolve(name.replaceAll("[ ,]+", "-") + "-" + dtype + ending);
        }
    }

    @BeforeAll
    static void makeStartingWeightsAndOrderAndTrainInKeras() throws Exception {
        Python.assume();
        DataSet mnist = Mnist.load();
        Python.assumeMnist(mnist);
        // No more of MNIST than is used: each side predicts all test images ten times.
        int used = STEPS * BATCH;
        Images train = mnist.train().first(Math.max(used, WARM_UP * WARM_UP_BATCH));
        Images test = mnist.test().first(Math.min(used, mnist.test().size()));
        TinyMnist.write(mnistFolder(), TinyMnist.idxFiles(train, test));
        data = Mnist.load(mnistFolder());
        newTeacher = started(Architecture.MNIST_TEACHER, 1);
        student = started(Architecture.MNIST_STUDENT, 2);
        newTeacher.write(KerasFormat.H5, folder.resolve("new-teacher.h5"), DEVICE);
        student.write(KerasFormat.H5, folder.resolve("student.h5"), DEVICE);
        for (Variant reading : Variant.values()) {
            List<int[]> batches = new EpochOrder(2)
                    .batches(1, data.train().size(), WARM_UP_BATCH)
                    .subList(0, WARM_UP);
            StoredModel teacher = Replay.ofTask1(Reading.of(Settings.TASK1, reading), Role.TEACHER, null, null, DEVICE)
                    .run("float32", newTeacher.weights(), null, data, batches, loss -> {})
                    .model();
            teacher.write(KerasFormat.H5, folder.resolve(reading + "-teacher.h5"), DEVICE);
            TEACHERS.put(reading, teacher);
        }
        Files.write(
                folder.resolve("order.csv"),
                batches().stream()
                        .map(batch ->
                                Arrays.stream(batch).mapToObj(Integer::toString).collect(Collectors.joining(",")))
                        .toList());
        runKeras();
    }

    private static Path mnistFolder() {
        return folder.resolve("mnist");
    }

    private static StoredModel started(Architecture architecture, long seed) {
        return new StoredModel(
                "new",
                architecture,
                Activation.SOFTMAX,
                "float32",
                rounded(architecture
                        .build(Activation.SOFTMAX)
                        .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(seed))));
    }

    /** As a file in float32 has them. */
    static Weights rounded(Weights weights) {
        return new Weights(weights.values().stream()
                .map(w -> new Weights.Weight(
                        w.name(),
                        w.shape(),
                        Arrays.stream(w.values()).map(v -> (float) v).toArray()))
                .toList());
    }

    private static List<int[]> batches() {
        return new EpochOrder(1).batches(1, data.train().size(), BATCH).subList(0, STEPS);
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Variant reading : Variant.values()) {
            String start = folder.resolve("student.h5").toString();
            for (double temperature : new double[] {1, 4, 64}) {
                double alpha = temperature == 64 ? .9 : .5;
                cases.add(new Case(
                        "%s T=%.0f alpha=%s".formatted(reading, temperature, alpha),
                        Replay.ofTask1(Reading.of(Settings.TASK1, reading), Role.STUDENT, temperature, alpha, DEVICE),
                        List.of(
                                "--student", start,
                                "--teacher",
                                        folder.resolve(reading + "-teacher.h5").toString(),
                                "--temperature", Double.toString(temperature),
                                "--alpha", Double.toString(alpha))));
            }
            cases.add(new Case(
                    reading + " without KD",
                    Replay.ofTask1(Reading.of(Settings.TASK1, reading), Role.STUDENT_PLAIN, null, null, DEVICE),
                    List.of("--student", start, "--plain")));
            cases.add(new Case(
                    reading + " teacher",
                    Replay.ofTask1(Reading.of(Settings.TASK1, reading), Role.TEACHER, null, null, DEVICE),
                    List.of(
                            "--train", "teacher",
                            "--teacher", folder.resolve("new-teacher.h5").toString(),
                            "--dropout", "0")));
        }
        // Of Keras 2's Adam a few: what is trained and by which loss is nothing to it.
        cases.addAll(cases.stream()
                .filter(one -> one.name().contains("T=4") || one.name().equals("as-written teacher"))
                .map(one -> new Case(one.name() + ", keras2", one.replay().with(AdamForm.KERAS2), one.arguments()))
                .toList());
        for (double momentum : new double[] {0, .9}) {
            Case one = cases.get(1);
            cases.add(new Case(
                    one.name() + ", SGD with momentum " + momentum, one.replay().withSgd(momentum), one.arguments()));
        }
        return cases;
    }

    /** In one process, for TensorFlow takes seconds to start. */
    private static void runKeras() throws IOException, InterruptedException {
        List<List<String>> all = new ArrayList<>();
        for (String dtype : List.of("float64", "float32")) {
            for (Case one : cases()) {
                List<String> arguments = new ArrayList<>(one.arguments());
                arguments.addAll(List.of(
                        "--variant", one.replay().reading().toString(),
                        "--order", folder.resolve("order.csv").toString(),
                        "--data-dir", mnistFolder().toString(),
                        "--dtype", dtype,
                        "--csv", one.file(dtype, ".csv").toString(),
                        "--save", one.file(dtype, ".h5").toString(),
                        "--predictions", one.file(dtype, "-predictions.csv").toString()));
                arguments.addAll(one.optimizer());
                all.add(arguments);
            }
        }
        Python.run("src/test/python/replays.py", Python.json(all));
    }

    private static Parity.Side keras(Case one, String dtype) throws IOException {
        Architecture architecture =
                one.replay().role() == Role.TEACHER ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
        return new Parity.Side(
                Python.csv(one.file(dtype, ".csv")),
                new ModelLibrary(folder, DEVICE)
                        .read(one.file(dtype, ".h5"), architecture, null)
                        .weights(),
                Python.csv(one.file(dtype, "-predictions.csv")).stream()
                        .mapToInt(line -> (int) line[0])
                        .toArray());
    }

    private static Parity.Side ours(Case one, String dtype) throws IOException {
        List<double[]> steps = new ArrayList<>();
        Replay.Outcome outcome = one.replay()
                .run(
                        dtype,
                        one.start(),
                        one.teacher(),
                        data,
                        batches(),
                        loss -> steps.add(new double[] {steps.size() + 1, loss.loss(), loss.hard(), loss.soft()}));
        return new Parity.Side(steps, outcome.model().weights(), outcome.predictions());
    }

    private static void record(String dtype, List<String> rows) throws IOException {
        Python.record(
                "| %s, %d steps of %d images, oneDNN %s | loss | hard | soft | weights' change | predictions of %,d that differ |"
                        .formatted(
                                dtype,
                                STEPS,
                                BATCH,
                                Settings.Computation.oneDnn(),
                                data.test().size()),
                rows);
    }

    @Test
    void inFloat64EveryStepIsKerass() throws Exception {
        List<String> rows = new ArrayList<>();
        List<String> apart = new ArrayList<>();
        for (Case one : cases()) {
            Parity parity = Parity.of(one.start(), ours(one, "float64"), keras(one, "float64"));
            rows.add(parity.row(one.name()));
            if (!parity.within(1e-11, 1e-9)) {
                apart.add(parity.row(one.name()));
            }
        }
        record("float64", rows);
        assertTrue(apart.isEmpty(), String.join("\n", apart));
    }

    /**
     * With oneDNN on both sides round alike: every column within 1e-5. Without it rounding alone drives two right
     * programs apart. Where a gradient is of the size of its rounding, Adam, which divides it by its own size, makes a
     * whole step of it, so that a training leaves the exact one. At which step is chance, how far it gets is not: so of
     * all steps ours may be no further from Keras's float64 than three times the furthest of Keras's own float32. A
     * replay that ends after ours has left and before Keras's has can fail all the same.
     */
    @Test
    void inFloat32EveryStepIsAsNearAsRoundingLets() throws Exception {
        boolean alike = Settings.Computation.oneDnn().equals("on");
        List<String> rows = new ArrayList<>();
        List<String> apart = new ArrayList<>();
        for (Case one : cases()) {
            Parity.Side ours = ours(one, "float32");
            Parity.Side keras = keras(one, "float32");
            Parity parity = Parity.of(one.start(), ours, keras);
            boolean near = alike
                    ? parity.loss() <= 1e-5 && parity.hard() <= 1e-5 && parity.soft() <= 1e-5
                    : nearerThanThreeTimes(ours, keras, keras(one, "float64"));
            String row = parity.row(one.name());
            rows.add(row);
            if (!near || parity.predictions() > .03 * ours.predictions().length) {
                apart.add(row);
            }
        }
        record("float32", rows);
        assertTrue(apart.isEmpty(), String.join("\n", apart));
    }

    private static boolean nearerThanThreeTimes(Parity.Side ours, Parity.Side keras, Parity.Side exact) {
        return IntStream.rangeClosed(1, 3)
                .allMatch(column -> largest(ours, exact, column) <= Math.max(3 * largest(keras, exact, column), 1e-5));
    }

    /** The largest relative distance of a column from the exact one, of all steps. */
    private static double largest(Parity.Side side, Parity.Side exact, int column) {
        return IntStream.range(0, exact.steps().size())
                .mapToDouble(step -> Parity.relative(
                        side.steps().get(step)[column], exact.steps().get(step)[column]))
                .max()
                .orElseThrow();
    }
}
