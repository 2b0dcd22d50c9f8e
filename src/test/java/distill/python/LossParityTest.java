package distill.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.experiment.ModelLibrary;
import distill.experiment.ModelLibrary.StoredModel;
import distill.experiment.Replay;
import distill.loss.DistillationLoss;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.zoo.Architecture;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Variant;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Task 1's students by each loss of the field here and in Keras, step by step in float64, on drawn digits and from
 * drawn weights. What came out is added to target/parity.md.
 */
@Tag("python")
class LossParityTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int BATCH = 32;
    private static final int STEPS = 5;
    private static final double TEMPERATURE = 4;
    private static final double ALPHA = .3;

    @TempDir
    private static Path folder;

    private static DataSet data;
    private static StoredModel student;
    private static StoredModel teacher;

    /** One training. */
    private record Case(Variant reading, DistillationLoss loss) {

        private Role role() {
            return loss.hasTeacher() ? Role.STUDENT : Role.STUDENT_PLAIN;
        }

        private Replay replay() {
            return Replay.ofTask1(
                            Reading.of(Settings.TASK1, reading),
                            role(),
                            loss.hasTemperature() ? TEMPERATURE : null,
                            loss.hasTeacher() ? ALPHA : null,
                            DEVICE)
                    .with(loss);
        }

        private String name() {
            return reading + ", " + loss.name();
        }

        private Path file(String ending) {
            return folder.resolve(name().replaceAll("[ ,]+", "-") + ending);
        }

        private List<String> arguments() {
            List<String> arguments = new ArrayList<>(List.of(
                    "--loss", loss.name(),
                    "--variant", reading.toString(),
                    "--student", folder.resolve("student.h5").toString(),
                    "--order", folder.resolve("order.csv").toString(),
                    "--data-dir", folder.resolve("mnist").toString(),
                    "--dtype", "float64",
                    "--csv", file(".csv").toString(),
                    "--save", file(".h5").toString(),
                    "--predictions", file("-predictions.csv").toString()));
            if (loss.hasTeacher()) {
                arguments.addAll(List.of(
                        "--teacher", folder.resolve("teacher.h5").toString(), "--alpha", Double.toString(ALPHA)));
            } else {
                arguments.add("--plain");
            }
            if (loss.hasTemperature()) {
                arguments.addAll(List.of("--temperature", Double.toString(TEMPERATURE)));
            }
            return arguments;
        }
    }

    /**
     * Those of the report are held by {@link KerasParityTest}; and for the attention the student of Task 1 has no maps,
     * so that {@link TransferParityTest} holds it.
     */
    private static List<Case> cases() {
        return Arrays.stream(Variant.values())
                .flatMap(reading -> DistillationLoss.names().stream()
                        .filter(name -> !name.equals("attention") && !Settings.Distillation.isReports(name))
                        .map(name -> new Case(reading, DistillationLoss.named(name))))
                .toList();
    }

    @BeforeAll
    static void trainInKeras() throws Exception {
        Python.assume();
        DataSet drawn = Mnist.generate(STEPS * BATCH, 100);
        TinyMnist.write(folder.resolve("mnist"), TinyMnist.idxFiles(drawn.train(), drawn.test()));
        data = Mnist.load(folder.resolve("mnist"));
        student = started(Architecture.MNIST_STUDENT, 1);
        teacher = started(Architecture.MNIST_TEACHER, 2);
        student.write(KerasFormat.H5, folder.resolve("student.h5"), DEVICE);
        teacher.write(KerasFormat.H5, folder.resolve("teacher.h5"), DEVICE);
        Files.write(
                folder.resolve("order.csv"),
                batches().stream()
                        .map(batch ->
                                Arrays.stream(batch).mapToObj(Integer::toString).collect(Collectors.joining(",")))
                        .toList());
        Python.run(
                "src/test/python/replays.py",
                Python.json(cases().stream().map(Case::arguments).toList()));
    }

    private static StoredModel started(Architecture architecture, long seed) {
        return new StoredModel(
                "new",
                architecture,
                Activation.SOFTMAX,
                "float32",
                KerasParityTest.rounded(architecture.build(Activation.SOFTMAX).initialWeights(seed)));
    }

    private static List<int[]> batches() {
        return new EpochOrder(1).batches(1, data.train().size(), BATCH);
    }

    private static Parity.Side ours(Case one) throws IOException {
        List<double[]> steps = new ArrayList<>();
        Replay.Outcome outcome = one.replay()
                .run(
                        "float64",
                        student.weights(),
                        one.loss().hasTeacher() ? teacher.weights() : null,
                        data,
                        batches(),
                        loss -> steps.add(new double[] {steps.size() + 1, loss.loss(), loss.hard(), loss.soft()}));
        return new Parity.Side(steps, outcome.model().weights(), outcome.predictions());
    }

    private static Parity.Side keras(Case one) throws IOException {
        return new Parity.Side(
                Python.csv(one.file(".csv")),
                new ModelLibrary(folder, DEVICE)
                        .read(one.file(".h5"), Architecture.MNIST_STUDENT, null)
                        .weights(),
                Python.csv(one.file("-predictions.csv")).stream()
                        .mapToInt(line -> (int) line[0])
                        .toArray());
    }

    @Test
    void inFloat64EveryStepOfEachLossIsKerass() throws Exception {
        List<String> rows = new ArrayList<>();
        List<String> apart = new ArrayList<>();
        for (Case one : cases()) {
            Parity parity = Parity.of(student.weights(), ours(one), keras(one));
            rows.add(parity.row(one.name()));
            if (!parity.within(1e-11, 1e-9)) {
                apart.add(parity.row(one.name()));
            }
        }
        Python.record(
                "| losses, float64, %d steps of %d images | loss | hard | soft | weights' change | predictions of 100 that differ |"
                        .formatted(STEPS, BATCH),
                rows);
        assertTrue(apart.isEmpty(), String.join("\n", apart));
    }
}
