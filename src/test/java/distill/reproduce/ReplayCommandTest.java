package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.TinyMhist;
import distill.data.TinyMnist;
import distill.experiment.ModelLibrary;
import distill.experiment.ModelLibrary.StoredModel;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.Matching;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TFloat32;

/** On 30 training images of no meaning, and of Task 2 on six. */
class ReplayCommandTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private static Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void makeDataAndWeights() throws IOException {
        TinyMnist.write(folder.resolve("data"), TinyMnist.idxFiles());
        for (Architecture architecture : List.of(Architecture.MNIST_TEACHER, Architecture.MNIST_STUDENT)) {
            Weights weights =
                    architecture.build(Activation.SOFTMAX).initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
            new StoredModel("", architecture, Activation.SOFTMAX, "float32", weights)
                    .write(KerasFormat.H5, folder.resolve(architecture + ".h5"), DEVICE);
        }
        Files.writeString(folder.resolve("order.csv"), "0,1,2,3\n29,28,27,26\n4,5,6,7\n");
        TinyMhist.write(folder.resolve("mhist"));
        Network network = pooled().whole();
        for (long seed = 1; seed <= 2; seed++) {
            Weights weights = network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(seed));
            KerasFormat.H5.write(
                    folder.resolve(seed == 1 ? "m-student.h5" : "m-teacher.h5"),
                    network,
                    weights,
                    TFloat32.class,
                    DEVICE);
        }
        Files.writeString(folder.resolve("m-order.csv"), "0,1,2,3\n5,4,3,2\n");
    }

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String defaults = (line.contains("--data-dir") ? "" : "--data-dir DIR/data ")
                + (line.contains("--order") ? "" : "--order DIR/order.csv ");
        String command = ("replay " + defaults + line).replace("DIR", folder.toString());
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), command.split(" "));
    }

    /** MobileNetV2 with two logits of its pooled features. */
    private static BaseModel.WithHead pooled() {
        return BaseModel.MOBILENETV2.withHead(32, false);
    }

    /** A student's replay of Task 2, taught at T = 4 and alpha .25. */
    private int runMhist(String line) {
        return run("--model mobilenetv2 --teacher-model mobilenetv2 --image-size 32 --data-dir DIR/mhist"
                + " --order DIR/m-order.csv --student DIR/m-student.h5 --teacher DIR/m-teacher.h5 --temperature 4"
                + " --alpha .25 " + line);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    @Test
    void aStudentsStepsArePrintedAndWrittenWithTheirTerms() throws IOException {
        String options = "--student DIR/mnist-student.h5 --teacher DIR/mnist-teacher.h5 --temperature 4 --alpha .25";
        assertEquals(
                0,
                run(options + " --dtype float64 --csv DIR/a.csv --save DIR/a.h5 --predictions DIR/a-p.csv"),
                err.toString());
        assertEquals(lines(), Files.readAllLines(folder.resolve("a.csv")));
        assertEquals("step,loss,hard,soft", lines().get(0));
        assertEquals(4, lines().size());
        for (int step = 1; step <= 3; step++) {
            String[] cells = lines().get(step).split(",");
            assertEquals(Integer.toString(step), cells[0]);
            double hard = Double.parseDouble(cells[2]);
            double soft = Double.parseDouble(cells[3]);
            assertEquals(.25 * soft + .75 * hard, Double.parseDouble(cells[1]), 1e-12);
            assertTrue(cells[1].replace(".", "").length() >= 14, "15 significant digits: " + cells[1]);
        }
        assertEquals(20, Files.readAllLines(folder.resolve("a-p.csv")).size());
        ModelLibrary library = new ModelLibrary(folder, DEVICE);
        StoredModel saved = library.read(folder.resolve("a.h5"), Architecture.MNIST_STUDENT, null);
        assertEquals("float64", saved.dtype());
        assertEquals(Activation.SOFTMAX, saved.output());
        assertNotEquals(
                library.read(folder.resolve("mnist-student.h5"), Architecture.MNIST_STUDENT, null)
                        .weights()
                        .digest(),
                saved.weights().digest());
    }

    @Test
    void withoutDistillationTheLossIsTheCrossEntropyInNineDigits() {
        assertEquals(0, run("--student DIR/mnist-student.h5 --plain --steps 2"), err.toString());
        assertEquals(3, lines().size());
        String[] cells = lines().get(1).split(",");
        assertEquals(cells[1], cells[2]);
        assertEquals("0", cells[3]);
        assertTrue(cells[1].length() <= 10, cells[1]);
    }

    @Test
    void aTeacherStartsFromItsFileAndRepeatsBitForBit() throws IOException {
        String options = "--train teacher --dropout 0 --teacher DIR/mnist-teacher.h5 --variant as-described --steps 2";
        assertEquals(0, run(options + " --save DIR/t1.h5"), err.toString());
        List<String> first = lines();
        assertEquals(0, run(options + " --save DIR/t2.h5"), err.toString());
        assertEquals(first, lines());
        ModelLibrary library = new ModelLibrary(folder, DEVICE);
        Weights one = library.find(folder.resolve("t1.h5").toString(), Architecture.MNIST_TEACHER)
                .weights();
        Weights two = library.find(folder.resolve("t2.h5").toString(), Architecture.MNIST_TEACHER)
                .weights();
        assertArrayEquals(one.values().get(0).values(), two.values().get(0).values());
        assertEquals(one.digest(), two.digest());
    }

    @Test
    void asDescribedTheHeadAloneIsTrainedInTheInitialPhase() throws IOException {
        assertEquals(0, runMhist("--variant as-described --save DIR/m.h5 --predictions DIR/m-p.csv"), err.toString());
        assertEquals("step,loss,hard,soft", lines().get(0));
        assertEquals(3, lines().size());
        for (String line : lines().subList(1, 3)) {
            double[] values = Arrays.stream(line.split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertEquals(.25 * values[3] + .75 * values[2], values[1], 1e-5);
        }
        assertEquals(4, Files.readAllLines(folder.resolve("m-p.csv")).size());
        assertEquals(List.of("dense/kernel", "dense/bias"), changed("m-student.h5", "m.h5"));
    }

    /** The names of the weights that differ. */
    private static List<String> changed(String from, String to) throws IOException {
        List<Weights.Weight> start = mhistWeights(from).values();
        List<Weights.Weight> end = mhistWeights(to).values();
        return IntStream.range(0, start.size())
                .filter(i -> !Arrays.equals(start.get(i).values(), end.get(i).values()))
                .mapToObj(i -> start.get(i).name())
                .toList();
    }

    private static Weights mhistWeights(String file) throws IOException {
        return Matching.of(KerasFile.read(folder.resolve(file), DEVICE), pooled().whole(), file)
                .weights();
    }

    @Test
    void theFormOfAdamIsKeras3sUnlessTheOtherIsAskedFor() throws IOException {
        List<String> digests = new ArrayList<>();
        for (String adam : List.of("", " --adam keras3", " --adam keras2")) {
            Path saved = folder.resolve("adam" + digests.size() + ".h5");
            String line = "--student DIR/mnist-student.h5 --plain --steps 1 --save " + saved + adam;
            assertEquals(0, run(line), err.toString());
            digests.add(new ModelLibrary(folder, DEVICE)
                    .read(saved, Architecture.MNIST_STUDENT, null)
                    .weights()
                    .digest());
        }
        assertEquals(digests.get(0), digests.get(1));
        assertNotEquals(digests.get(1), digests.get(2));
    }

    @Test
    void theFinePhaseTrainsTheBaseToo() throws IOException {
        assertEquals(0, runMhist("--variant as-described --phase fine --steps 1 --save DIR/m-fine.h5"), err.toString());
        List<Weights.Weight> start = mhistWeights("m-student.h5").values();
        List<Weights.Weight> end = mhistWeights("m-fine.h5").values();
        assertTrue(changed("m-student.h5", "m-fine.h5").contains("Conv_1/kernel"), "the base's last convolution");
        double[] kernel = start.get(start.size() - 2).values();
        double[] moved = end.get(start.size() - 2).values();
        for (int i = 0; i < kernel.length; i++) {
            // Adam's first step is its rate, here a tenth of 1e-3.
            assertTrue(Math.abs(moved[i] - kernel[i]) < 1.01e-4, "moved by " + (moved[i] - kernel[i]));
        }
    }

    @Test
    void asWrittenAlphaIsOnTheCrossEntropy() {
        assertEquals(
                0,
                runMhist("--dtype float64 --steps 1 --without imagenet-head,no-freezing,batch-statistics"),
                err.toString());
        double[] values = Arrays.stream(lines().get(1).split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertEquals(.75 * values[3] + .25 * values[2], values[1], 1e-12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--plain                                                     | 2 | --student is missing",
                "--student DIR/mnist-student.h5                              | 2 | --teacher is missing",
                "--student a.h5 --teacher b.h5 --alpha .5                    | 2 | --temperature is missing",
                "--student a.h5 --teacher b.h5 --alpha .5 --temperature 0    | 2 | --temperature takes a number over 0, found 0.0",
                "--student a.h5 --teacher b.h5 --alpha 2 --temperature 1     | 2 | --alpha takes a number from 0 to 1, found 2.0",
                "--train teacher --teacher b.h5                              | 2 | needs --dropout 0, found 0.5",
                "--train teacher --teacher b.h5 --dropout 0 --plain          | 2 | takes no --student and no --plain",
                "--student a.h5 --plain --save x.weights.h5                  | 2 | .weights.h5",
                "--student a.h5 --plain --variant asWritten                  | 2 | found asWritten",
                "--student a.h5 --plain                                      | 1 | there is no file a.h5, and no model of that name",
                "--student DIR/mnist-teacher.h5 --plain                      | 1 | is it another network?",
                "--student DIR/mnist-student.h5 --plain --steps 4            | 1 | has 3 batches, found --steps 4",
                "--student DIR/mnist-student.h5 --plain --steps 0            | 1 | has 3 batches, found --steps 0",
                "--student DIR/mnist-student.h5 --plain --csv DIR/order.csv  | 1 | is there already and was left alone",
                "--student a.h5 --plain --phase fine                         | 2 | are of Task 2, which needs --model",
                "--student a.h5 --plain --without bessel                     | 2 | the slips of task1 are double-softmax",
                "--student a.h5 --plain --model vgg16                        | 2 | the networks are resnet50v2, mobilenetv2, found vgg16",
                "--student a.h5 --plain --model mobilenetv2                  | 2 | --temperature is missing",
                "--student a.h5 --plain --model mobilenetv2 --temperature 0  | 2 | --temperature takes a number over 0, found 0.0",
                "--student a.h5 --plain --model mobilenetv2 --variant as-described --temperature 4 | 2 | --plain takes no --teacher, no --temperature",
                "--student a.h5 --plain --model mobilenetv2 --variant as-described --without bessel | 2 | as-described has no slips",
                "--student a.h5 --plain --model mobilenetv2 --variant as-described --image-size 31 | 2 | --image-size takes a number from 32, found 31",
                "--student a.h5 --plain --model mobilenetv2 --temperature 4 --without no-such | 2 | there is no slip no-such",
                "--student a.h5 --plain --model mobilenetv2 --variant as-described --phase last | 2 | last",
                "--train teacher --teacher b.h5 --model resnet50v2 --alpha .5 | 2 | takes no --temperature and no --alpha",
                "--student a.h5 --plain --model mobilenetv2 --variant as-described --data-dir DIR/mhist | 1 | has the index 29, expected 0 to 5",
                "--student a.h5 --plain --model mobilenetv2 --variant as-described --data-dir DIR/mhist --order DIR/m-order.csv | 1 | there is no file a.h5",
                "--student DIR/m-student.h5 --plain --model mobilenetv2 --temperature 4 --image-size 32 --data-dir DIR/mhist --order DIR/m-order.csv | 1 | has no weight predictions/kernel"
            })
    void wrongUseIsOneLine(String options, int exitCode, String message) {
        assertEquals(exitCode, run(options));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals("", out.toString());
    }
}
