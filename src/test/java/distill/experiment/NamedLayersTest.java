package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mnist;
import distill.loss.AttentionTransfer;
import distill.loss.ComparedLayers;
import distill.loss.DistillationLoss;
import distill.loss.Hints;
import distill.loss.LayerPair;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import distill.nn.zoo.MnistStudent;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat64;

/** Losses that compare layers which are named. */
class NamedLayersTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private Path folder;

    /** Two convolutions of one number each, called conv2d and conv2d_1, and three classes. */
    private static Network network(int classes) {
        return Network.sequential(
                new Network.Names(),
                Shape.of(2, 2, 1),
                new Conv2D(1, 1, Activation.LINEAR),
                new Conv2D(1, 1, Activation.LINEAR),
                new GlobalAveragePooling2D(),
                new Dense(classes, Activation.LINEAR));
    }

    private static Weights weights(Network network, double first, double second) {
        return Weights.of(network.weights(), weight -> {
            double[] values = new double[Math.toIntExact(weight.shape().size())];
            Arrays.fill(
                    values,
                    weight.name().equals("conv2d/kernel")
                            ? first
                            : weight.name().equals("conv2d_1/kernel") ? second : 0);
            return values;
        });
    }

    /**
     * Every pixel is 1, so a layer puts out one number everywhere: the student's convolutions 1 and 1 * 2 = 2, the
     * teacher's 3 and 3 * 5 = 15. Half the squared difference of the pair is the loss: (3 - 1)^2 / 2 = 2, (15 - 2)^2 /
     * 2 = 84.5, (3 - 2)^2 / 2 = .5, (15 - 1)^2 / 2 = 98.
     */
    @ParameterizedTest
    @CsvSource({"conv2d=conv2d, 2", "conv2d_1=conv2d_1, 84.5", "conv2d=conv2d_1, .5", "conv2d_1=conv2d, 98"})
    void theLayersThatAreNamedAreTheOnesThatAreCompared(String pair, double expected) {
        Network network = network(3);
        DistillationLoss loss = new Hints().on(List.of(LayerPair.of(pair)));
        List<ComparedLayers> compared = loss.layers(network, network);
        float[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
        TeacherOutputs taught;
        try (CompiledModel<TFloat64> teacher = CompiledModel.of(network, Inputs.FEATURES, TFloat64.class, DEVICE)) {
            teacher.setWeights(weights(network, 3, 5));
            List<double[]> outputs = teacher.predictWithLayersOnBatch(
                    ones, List.of(compared.get(0).teacher().name()));
            taught = new TeacherOutputs(3, outputs.get(0), List.of(outputs.get(1)));
        }
        TrainingStep<TFloat64> step = TrainingStep.of(
                loss, new DistillationLoss.Parameters(SoftTargets.SOFTMAX, null, .5), compared, Adam.of(1e-3));
        try (CompiledModel<TFloat64> student = CompiledModel.compile(
                network, Inputs.FEATURES, key -> Phase.inference(), step, TFloat64.class, DEVICE)) {
            student.setWeights(weights(network, 1, 2));
            assertEquals(
                    expected,
                    student.trainOnBatch(ones, new int[] {0, 1}, taught, 1, 0).soft(),
                    1e-12);
        }
    }

    private static String refused(DistillationLoss loss, Network student) {
        return assertThrows(IllegalArgumentException.class, () -> loss.layers(student, network(3)))
                .getMessage();
    }

    @Test
    void whatIsNotThereOrDoesNotFitIsToldWithTheLayersAndTheirShapes() {
        List<LayerPair> unknown = LayerPair.list("conv2d=block_9");
        assertEquals(
                "the student has no layer block_9; its layers are conv2d (2 x 2 x 1), conv2d_1 (2 x 2 x 1),"
                        + " global_average_pooling2d (1), dense (3)",
                refused(new Hints().on(unknown), network(3)));
        assertTrue(refused(new AttentionTransfer().on(LayerPair.list("flat=conv2d")), network(3))
                .startsWith("the teacher has no layer flat; its layers are conv2d (2 x 2 x 1)"));
        Network larger = Network.sequential(
                new Network.Names(),
                Shape.of(3, 3, 1),
                new Conv2D(1, 1, Activation.LINEAR),
                new Flatten(),
                new Dense(3, Activation.LINEAR));
        List<LayerPair> sizes = LayerPair.list("conv2d_1=conv2d");
        String found = " found conv2d_1 (2 x 2 x 1) of the teacher and conv2d (3 x 3 x 1) of the student";
        assertEquals(
                "the loss attention compares maps of the same height and width," + found,
                refused(new AttentionTransfer().on(sizes), larger));
        assertEquals(
                "the loss hints compares maps of the same height and width, or vectors," + found,
                refused(new Hints().on(sizes), larger));
        assertEquals(
                "the loss hints compares one layer of each network, so it takes one pair, found 2: a=b,c=d",
                assertThrows(IllegalArgumentException.class, () -> new Hints().on(LayerPair.list("a=b,c=d")))
                        .getMessage());
    }

    @Test
    void attentionComparesAllThatAreNamedInTheirOrder() {
        Network network = network(3);
        List<ComparedLayers> compared = new AttentionTransfer()
                .on(LayerPair.list("conv2d_1=conv2d,conv2d=conv2d_1"))
                .layers(network, network);
        assertEquals(
                List.of("conv2d_1", "conv2d"),
                compared.stream().map(pair -> pair.teacher().name()).toList());
        assertEquals(
                List.of("conv2d", "conv2d_1"),
                compared.stream().map(pair -> pair.student().name()).toList());
    }

    @Test
    void namedLayersAreASettingThatIsKeptRepeatedAndAnotherTraining() throws IOException {
        DataSet data = Mnist.generate(300, 40);
        Reading described = Reading.of(Settings.TASK1, Variant.AS_DESCRIBED);
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(28, 28, 1),
                new Flatten(),
                new Dense(6, Activation.RELU),
                new Dense(10, Activation.LINEAR));
        GivenTeacher teacher = new GivenTeacher(
                "own", network, new ReadingGraph(described), network.initialWeights(1), "ab".repeat(32));
        MnistTrainer usual = MnistTrainer.of(
                described,
                1,
                data,
                new Trainer.Setup(data, List.of(), teacher, DEVICE, false),
                folder.resolve("runs"),
                TrainingListener.SILENT);
        Training found = Runs.with(usual.plan(), "loss", new Hints()).student("q5", null, .5, 1);
        DistillationLoss named = new Hints().on(LayerPair.list("dense=dense"));
        Training training = Runs.with(usual.plan(), "loss", named).student("q5", null, .5, 1);
        Settings settings = training.settings();
        assertNull(found.settings().lossLayers());
        assertEquals("dense=dense", settings.lossLayers());
        assertEquals("hints on dense=dense", settings.lossInWords());
        assertNotEquals(found.settings().identity(), settings.identity());
        assertNotEquals(found.settings().stream("order"), settings.stream("order"));
        assertNotEquals(found.settings().cell(), settings.cell());
        assertTrue(settings.label().contains("-loss-hints-layers"), settings.label());

        Run run = usual.trainer().run(training);
        RunStore store = new RunStore(folder.resolve("runs"));
        Run stored = store.runs(Settings.TASK1).get(0);
        assertEquals(settings, stored.settings());
        assertEquals(
                run.weightsDigest(), usual.trainer().repeat(stored.settings()).weightsDigest());
        // What the loss finds itself are the layers before the last: dense of the teacher, dense_1 of the student.
        Network student = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        assertEquals(
                "dense_1", new Hints().layers(student, network).get(0).student().name());
        assertEquals("dense", named.layers(student, network).get(0).student().name());
    }
}
