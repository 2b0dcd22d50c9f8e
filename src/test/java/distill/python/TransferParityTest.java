package distill.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mhist;
import distill.experiment.Replay;
import distill.loss.DistillationLoss;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import distill.training.StepLoss;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.Matching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/**
 * Task 2's trainings here and in Keras, step by step, on eighteen small drawn images from drawn weights, statistics of
 * the batch normalisation among them. What came out is added to target/parity.md.
 */
@Tag("python")
class TransferParityTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int IMAGE_SIZE = 64;
    private static final double T = 4;
    private static final double ALPHA = .3;
    private static final long STUDENT_SEED = 1;
    private static final long TEACHER_SEED = 2;
    private static final int[][] BATCHES = {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}};

    @TempDir
    private static Path folder;

    /** A phase of transfer learning. */
    private enum Phase {
        INITIAL,
        FINE
    }

    /** One training. */
    private record Case(
            Reading reading,
            Role trained,
            BaseModel network,
            BaseModel teacherNetwork,
            Phase phase,
            AdamForm adam,
            DistillationLoss loss) {

        static Case of(Variant reading, Role trained, Phase phase, Slip... without) {
            return new Case(
                    Reading.of(Settings.TASK2, reading, List.of(without)),
                    trained,
                    BaseModel.MOBILENETV2,
                    BaseModel.MOBILENETV2,
                    phase,
                    AdamForm.KERAS3,
                    new KnowledgeDistillation());
        }

        Case of(BaseModel otherNetwork, BaseModel otherTeacher) {
            return new Case(reading, trained, otherNetwork, otherTeacher, phase, adam, loss);
        }

        Case withKeras2() {
            return new Case(reading, trained, network, teacherNetwork, phase, AdamForm.KERAS2, loss);
        }

        Case by(String name) {
            return new Case(reading, trained, network, teacherNetwork, phase, adam, DistillationLoss.named(name));
        }

        Replay replay() {
            return Replay.ofTask2(
                            reading,
                            trained,
                            new Replay.Transfer(network, teacherNetwork, IMAGE_SIZE, phase == Phase.FINE),
                            hasTemperature() ? T : Double.NaN,
                            trained == Role.STUDENT ? ALPHA : Double.NaN,
                            DEVICE)
                    .with(adam)
                    .with(loss);
        }

        private boolean isOfReportsLoss() {
            return Settings.Distillation.isReports(loss.name());
        }

        private boolean hasTemperature() {
            if (!isOfReportsLoss()) {
                return loss.hasTemperature();
            }
            return trained == Role.STUDENT || (trained == Role.STUDENT_PLAIN && reading.has(Slip.SCRATCH_TEMPERATURE));
        }

        String name() {
            return "%s %s, %s, %s%s%s"
                    .formatted(
                            network,
                            switch (trained) {
                                case TEACHER -> "teacher";
                                case STUDENT_PLAIN -> "without KD";
                                case STUDENT -> "taught by " + teacherNetwork;
                            },
                            reading,
                            phaseName(),
                            adam == AdamForm.KERAS2 ? ", keras2" : "",
                            isOfReportsLoss() ? "" : ", " + loss.name());
        }

        private String phaseName() {
            return phase.name().toLowerCase(Locale.ROOT);
        }

        private Path start(String role, BaseModel of) {
            String head = reading.has(Slip.IMAGENET_HEAD) ? "imagenet" : "pooled";
            return folder.resolve("%s-%s-%s.h5".formatted(role, of, head));
        }

        Path studentFile() {
            return start("student", network);
        }

        Path teacherFile() {
            return start("teacher", trained == Role.TEACHER ? network : teacherNetwork);
        }

        Path file(String dtype, String ending) {
            return folder.resolve(name().replaceAll("[ ,]+", "-") + "-" + dtype + ending);
        }

        List<String> arguments(String dtype) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--model", network.toString(),
                    "--teacher-model", teacherNetwork.toString(),
                    "--image-size", Integer.toString(IMAGE_SIZE),
                    "--phase", phaseName(),
                    "--variant", reading.variant().toString(),
                    "--adam", adam.toString(),
                    "--train", trained == Role.TEACHER ? "teacher" : "student",
                    "--order", folder.resolve("order.csv").toString(),
                    "--data-dir", folder.resolve("set").toString(),
                    "--dtype", dtype,
                    "--csv", file(dtype, ".csv").toString(),
                    "--save", file(dtype, ".h5").toString(),
                    "--predictions", file(dtype, "-predictions.csv").toString()));
            if (trained != Role.TEACHER) {
                arguments.addAll(List.of("--student", studentFile().toString()));
            }
            if (trained != Role.STUDENT_PLAIN) {
                arguments.addAll(List.of("--teacher", teacherFile().toString()));
            }
            if (hasTemperature()) {
                arguments.addAll(List.of("--temperature", Double.toString(T)));
            }
            if (trained == Role.STUDENT) {
                arguments.addAll(List.of("--alpha", Double.toString(ALPHA)));
            }
            List<String> without = reading.variant() == Variant.AS_DESCRIBED
                    ? List.of()
                    : Slip.of(Settings.TASK2).stream()
                            .filter(slip -> !reading.has(slip))
                            .map(Slip::toString)
                            .toList();
            if (!without.isEmpty()) {
                arguments.addAll(List.of("--without", String.join(",", without)));
            }
            if (trained == Role.STUDENT_PLAIN) {
                arguments.add("--plain");
            }
            if (!isOfReportsLoss()) {
                arguments.addAll(List.of("--loss", loss.name()));
            }
            return arguments;
        }

        /**
         * What one step of Adam moves each trained weight by, in L2; 0 for statistics. A beta in front of a convolution
         * and another normalisation has no gradient but rounding, which Adam follows.
         */
        double[] adamSteps() {
            double rate = (trained == Role.TEACHER ? 1e-4 : 1e-3) * (phase == Phase.FINE ? .1 : 1);
            return replay().network().weights().stream()
                    .mapToDouble(weight ->
                            weight.trainable() ? rate * Math.sqrt(weight.shape().size()) : 0)
                    .toArray();
        }
    }

    /** What a case starts from, which is in files then, too. */
    private record Starts(Weights trained, Weights teacher) {

        static Starts of(Case one) throws IOException {
            Network network = one.replay().network();
            if (one.trained() == Role.TEACHER) {
                return new Starts(draw(network, one.teacherFile(), TEACHER_SEED), null);
            }
            Weights student = draw(network, one.studentFile(), STUDENT_SEED);
            return new Starts(
                    student,
                    one.trained() == Role.STUDENT
                            ? draw(one.replay().networks().teacher(), one.teacherFile(), TEACHER_SEED)
                            : null);
        }
    }

    private static Weights weights(Path file, Network network) throws IOException {
        return Matching.of(KerasFile.read(file, DEVICE), network, file.toString())
                .weights();
    }

    @BeforeAll
    static void writeOrder() throws IOException {
        Python.assume();
        Files.write(
                folder.resolve("order.csv"),
                Arrays.stream(BATCHES)
                        .map(batch ->
                                Arrays.stream(batch).mapToObj(Integer::toString).collect(Collectors.joining(",")))
                        .toList());
    }

    /**
     * A network's starting weights, drawn so that an exchange shows, statistics (variances of .5 to 2) among them, and
     * so that signals pass the network in inference; and their file, for Keras. In float32, which the file has.
     */
    private static Weights draw(Network network, Path file, long seed) throws IOException {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        Weights weights = Weights.of(network.weights(), spec -> {
            double[] values = new double[Math.toIntExact(spec.shape().size())];
            DoubleSupplier draw = drawn(spec, random);
            Arrays.setAll(values, i -> (float) draw.getAsDouble());
            return values;
        });
        if (!Files.exists(file)) {
            KerasFormat.H5.write(file, network, weights, TFloat32.class, DEVICE);
        }
        return weights;
    }

    private static DoubleSupplier drawn(WeightSpec spec, UniformRandomProvider random) {
        String name = spec.name().substring(spec.name().lastIndexOf('/') + 1);
        return switch (name) {
            case "gamma" -> () -> random.nextDouble(.5, 1.5);
            case "beta", "moving_mean" -> () -> random.nextDouble(-.5, .5);
            case "moving_variance" -> () -> random.nextDouble(.5, 2);
            default -> {
                long[] sizes = spec.shape().asArray();
                // How many numbers a weight's products are summed over; of a depthwise kernel those of one channel.
                int summed = name.equals("depthwise_kernel") ? 2 : sizes.length - 1;
                double fanIn = Arrays.stream(sizes, 0, Math.max(1, summed)).reduce(1, (x, y) -> x * y);
                double deviation = name.equals("bias") ? 1 : 1.2 / Math.sqrt(fanIn);
                yield () -> deviation * normal(random);
            }
        };
    }

    /** A standard normal number, by Box and Muller. */
    private static double normal(UniformRandomProvider random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** Runs each case on both sides, and gives how far they are apart. */
    private static List<Parity> compare(String dtype, List<Case> cases) throws Exception {
        for (Case one : cases) {
            Starts.of(one);
        }
        Python.run(
                "src/test/python/transfer_replays.py",
                folder.resolve("set").toString(),
                Python.json(cases.stream().map(one -> one.arguments(dtype)).toList()));
        DataSet data = Mhist.load(folder.resolve("set"), new Mhist.Reading(IMAGE_SIZE, 1 << 20, false))
                .set();
        List<Parity> found = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (Case one : cases) {
            // Drawn again: all at once would need gigabytes.
            Starts starts = Starts.of(one);
            Parity parity =
                    Parity.of(starts.trained(), ours(one, starts, dtype, data), keras(one, dtype), one.adamSteps());
            found.add(parity);
            rows.add(parity.row(one.name()));
        }
        Python.record(
                "| %s, %d steps of 4 images, oneDNN %s | loss | hard | soft | weights' change | predictions of 6 that differ |"
                        .formatted(dtype, BATCHES.length, Settings.Computation.oneDnn()),
                rows);
        return found;
    }

    private static Parity.Side ours(Case one, Starts starts, String dtype, DataSet data) throws IOException {
        List<double[]> steps = new ArrayList<>();
        Consumer<StepLoss> listener =
                loss -> steps.add(new double[] {steps.size() + 1, loss.loss(), loss.hard(), loss.soft()});
        Replay replay = one.replay();
        Replay.Outcome outcome =
                replay.run(dtype, starts.trained(), starts.teacher(), data, List.of(BATCHES), listener);
        return new Parity.Side(steps, outcome.model().weights(), outcome.predictions());
    }

    private static Parity.Side keras(Case one, String dtype) throws IOException {
        return new Parity.Side(
                Python.csv(one.file(dtype, ".csv")),
                weights(one.file(dtype, ".h5"), one.replay().network()),
                Python.csv(one.file(dtype, "-predictions.csv")).stream()
                        .mapToInt(line -> (int) line[0])
                        .toArray());
    }

    private static void assertStepsAreKerass(List<Case> cases) throws Exception {
        List<Parity> found = compare("float64", cases);
        List<String> apart = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            if (!found.get(i).within(1e-9, 1e-6)) {
                apart.add(found.get(i).row(cases.get(i).name()));
            }
        }
        assertTrue(apart.isEmpty(), String.join("\n", apart));
    }

    /** As-written without Bessel's correction, which Keras 2 has not in float64. */
    @Test
    void inFloat64EveryStepIsKerass() throws Exception {
        // The head alone is trained in two of them, which is cheap.
        Slip[] cheap = {Slip.BESSEL, Slip.BATCH_STATISTICS, Slip.NO_FREEZING};
        assertStepsAreKerass(List.of(
                Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.INITIAL, Slip.BESSEL),
                Case.of(Variant.AS_WRITTEN, Role.STUDENT_PLAIN, Phase.INITIAL, cheap),
                Case.of(Variant.AS_WRITTEN, Role.TEACHER, Phase.INITIAL, cheap),
                Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.INITIAL),
                Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.FINE),
                Case.of(Variant.AS_WRITTEN, Role.TEACHER, Phase.INITIAL, cheap).withKeras2(),
                Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.FINE).withKeras2()));
    }

    @Test
    void inFloat64EveryStepOfALossOnMapsIsKerass() throws Exception {
        assertStepsAreKerass(
                List.of(Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.FINE).by("attention")));
    }

    @Test
    @Tag("slow")
    void inFloat64EveryStepOfEachOtherLossIsKerass() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String name : List.of("dkd", "dist", "logit-mse", "hints", "similarity")) {
            // Two classes correlate with 1 or -1 whatever the numbers, and where statistics are a batch's they are so
            // near
            // each other that rounding decides which: that is no case to compare programs by.
            Slip[] without =
                    name.equals("dist") ? new Slip[] {Slip.BESSEL, Slip.BATCH_STATISTICS} : new Slip[] {Slip.BESSEL};
            cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.INITIAL, without)
                    .by(name));
            cases.add(Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.INITIAL).by(name));
        }
        cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT_PLAIN, Phase.INITIAL, Slip.BESSEL)
                .by("label-smoothing"));
        cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.INITIAL, Slip.BESSEL, Slip.BATCH_STATISTICS)
                .by("attention"));
        // Of other widths, so that there is a regressor.
        cases.add(Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.FINE)
                .of(BaseModel.MOBILENETV2, BaseModel.RESNET50V2)
                .by("hints"));
        assertStepsAreKerass(cases);
    }

    @Test
    @Tag("slow")
    void inFloat64EveryStepIsKerassWithoutEachSlipAndForBothNetworks() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Slip slip : List.of(
                Slip.LOGIT_TARGETS,
                Slip.IMAGENET_HEAD,
                Slip.NO_FREEZING,
                Slip.BATCH_STATISTICS,
                Slip.RAW_INPUTS,
                Slip.ALPHA_ON_HARD)) {
            cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.INITIAL, Slip.BESSEL, slip));
        }
        cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.FINE, Slip.BESSEL));
        cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT_PLAIN, Phase.INITIAL, Slip.BESSEL));
        cases.add(
                Case.of(Variant.AS_WRITTEN, Role.STUDENT_PLAIN, Phase.INITIAL, Slip.BESSEL, Slip.SCRATCH_TEMPERATURE));
        cases.add(Case.of(Variant.AS_WRITTEN, Role.TEACHER, Phase.FINE, Slip.BESSEL));
        cases.add(Case.of(Variant.AS_DESCRIBED, Role.STUDENT_PLAIN, Phase.FINE));
        cases.add(Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.INITIAL, Slip.BESSEL)
                .of(BaseModel.MOBILENETV2, BaseModel.RESNET50V2));
        cases.add(Case.of(Variant.AS_DESCRIBED, Role.STUDENT, Phase.INITIAL)
                .of(BaseModel.MOBILENETV2, BaseModel.RESNET50V2));
        cases.add(Case.of(Variant.AS_WRITTEN, Role.TEACHER, Phase.INITIAL, Slip.BESSEL)
                .of(BaseModel.RESNET50V2, BaseModel.RESNET50V2));
        cases.add(
                Case.of(Variant.AS_DESCRIBED, Role.TEACHER, Phase.FINE).of(BaseModel.RESNET50V2, BaseModel.RESNET50V2));
        assertStepsAreKerass(cases);
    }

    /**
     * With Bessel's correction, which in float64 Keras 2 has not: the moving variances are others, and the steps not.
     */
    @Test
    @Tag("slow")
    void inFloat64EveryStepIsKeras2s() throws Exception {
        Case written = Case.of(Variant.AS_WRITTEN, Role.STUDENT, Phase.INITIAL);
        for (Parity found : compare("float64", List.of(written, written.withKeras2()))) {
            assertTrue(found.loss() <= 1e-9 && found.hard() <= 1e-9 && found.soft() <= 1e-9, found.toString());
        }
    }
}
