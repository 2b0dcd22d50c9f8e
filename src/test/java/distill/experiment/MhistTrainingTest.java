package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Mhist;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.EpochResult;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** Small trainings of MobileNetV2 on drawn crypts of 32 x 32: 40 to train on in two steps, 34 to test on. */
class MhistTrainingTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int SIZE = 32;
    private static final int TEST = 34;
    private static DataSet data;

    @TempDir
    private Path folder;

    private final List<String> trained = new ArrayList<>();

    @BeforeAll
    static void draw() throws IOException {
        data = Mhist.generate(40, TEST, SIZE, 1 << 20).set();
    }

    private static MhistPlan plan(Reading reading, int initial, int fine, boolean augmentation) {
        return new MhistPlan(
                reading,
                BaseModel.MOBILENETV2,
                StartingWeights.random(),
                StartingWeights.random(),
                new MhistPlan.Epochs(initial, fine, 1),
                new Settings.Images(
                        data.origin().digest(), data.train().size(), false, SIZE, augmentation, null, null, null),
                null,
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.REPORTS,
                DEVICE);
    }

    private static final Reading WRITTEN = Reading.of(Settings.TASK2, Variant.AS_WRITTEN, List.of());
    private static final Reading DESCRIBED = Reading.of(Settings.TASK2, Variant.AS_DESCRIBED, List.of());

    private Trainer experiment(String name, List<StartingWeights> weights, TrainingListener listener) {
        return new Trainer(
                new Trainer.Setup(data, weights, null, DEVICE, false),
                new RunStore(folder.resolve(name)),
                new SavedModels(folder.resolve(name).resolve("saved-models"), DEVICE),
                listener);
    }

    private TrainingListener recording() {
        return (settings, steps, done) -> {
            trained.add(settings.role() + (done == 0 ? "" : " after " + done));
            return EpochListener.SILENT;
        };
    }

    /** Kills the process, as it were, before an epoch is kept. */
    private static TrainingListener killedIn(int epoch) {
        return (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterEpoch(EpochResult result) {
                if (result.epoch() == epoch) {
                    throw new IllegalStateException("killed");
                }
            }
        };
    }

    @Test
    void aTrainingThatWasKilledInAPhaseAndBetweenPhasesEndsWithTheSameWeights() throws IOException {
        Training training = plan(WRITTEN, 2, 1, true).teacher(1);
        Run whole = experiment("whole", List.of(), TrainingListener.SILENT).run(training);
        for (int epoch = 2; epoch <= 3; epoch++) {
            TrainingListener killer = killedIn(epoch);
            assertThrows(IllegalStateException.class, () -> experiment("killed", List.of(), killer)
                    .run(training));
        }
        Run resumed = experiment("killed", List.of(), recording()).run(training);
        assertEquals(List.of("teacher after 2"), trained);
        assertEquals(whole.weightsDigest(), resumed.weightsDigest());
        assertEquals(whole.evaluation(), resumed.evaluation());
        assertEquals(
                List.of("initial", "initial", "fine"),
                resumed.history().stream().map(EpochResult::phase).toList());
        assertArrayEquals(
                new String[] {"epoch-03"},
                folder.resolve("killed/saved-models").toFile().listFiles()[0].list(),
                "only the last state is kept");
        assertEquals(resumed, experiment("killed", List.of(), recording()).run(training));
        assertEquals(1, trained.size(), "what is stored is not trained again");
    }

    @Test
    void aTrainingWhoseKeptStateIsDamagedStartsAgainAndEndsWithTheSameWeights() throws IOException {
        Training training = plan(WRITTEN, 1, 0, true).teacher(1);
        Run whole = experiment("damaged", List.of(), TrainingListener.SILENT).run(training);
        Path kept =
                folder.resolve("damaged/saved-models").toFile().listFiles()[0].toPath();
        Path values = kept.resolve("epoch-01/state.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(values);
        Files.write(values, Arrays.copyOf(bytes, bytes.length / 2));
        // As if killed before the run was stored.
        Files.delete(Runs.file(new RunStore(folder.resolve("damaged")), "task2"));
        Run again = experiment("damaged", List.of(), recording()).run(training);
        assertEquals(List.of("teacher"), trained);
        assertEquals(whole.weightsDigest(), again.weightsDigest());
        assertTrue(Files.exists(kept.resolve("epoch-01.damaged")));
    }

    @Test
    void aStudentTrainsItsTeacherFirstAndTellsBothPartsOfItsLoss() throws IOException {
        Training student = plan(WRITTEN, 1, 0, true).sweep(List.of(4.), 1).get(0);
        Run run = experiment("student", List.of(), recording()).run(student);
        assertEquals(List.of("teacher", "student"), trained);
        EpochResult epoch = run.history().get(0);
        assertEquals(.5 * epoch.hard() + .5 * epoch.soft(), epoch.loss(), 1e-5 * Math.abs(epoch.loss()));
        assertNotNull(epoch.notebookAccuracy());
        assertNotNull(run.evaluation().notebookReport());
        assertEquals(TEST, images(run.evaluation().notebookReport().confusion()));
        assertEquals(TEST, images(run.evaluation().batchStatistics().confusion()));
        assertEquals(run, new RunStore(folder.resolve("student")).runs("task2").get(1));
        Run repeated = experiment("student", List.of(), TrainingListener.SILENT).repeat(run.settings());
        assertEquals(run.weightsDigest(), repeated.weightsDigest());
    }

    /**
     * The frozen base is trained no further, but the loss looks at what it puts out, so it is computed in each step.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLossOnFeaturesLooksIntoAFrozenBase(boolean augmentation) throws IOException {
        Training kd = plan(DESCRIBED, 1, 0, augmentation).sweep(List.of(4.), 1).get(0);
        Settings settings = Runs.with(Runs.with(kd.settings(), "loss", "similarity"), "temperature", null);
        Training student = Training.taught(settings, kd.teacher());
        Run run = experiment("features", List.of(), TrainingListener.SILENT).run(student);
        EpochResult epoch = run.history().get(0);
        assertTrue(epoch.soft() > 0);
        assertEquals(.5 * epoch.soft() + .5 * epoch.hard(), epoch.loss(), 1e-5 * epoch.loss());
        Run repeated =
                experiment("features", List.of(), TrainingListener.SILENT).repeat(settings);
        assertEquals(run.weightsDigest(), repeated.weightsDigest());
        assertTrue(new TrainingEstimates(experiment("estimated", List.of(), TrainingListener.SILENT), DEVICE)
                        .of(student)
                        .seconds()
                > 0);
    }

    @Test
    void asDescribedTestsAllImagesOnceAndMovesNoStatistics() throws IOException {
        Training training = standingStill(plan(DESCRIBED, 1, 1, true).teacher(1));
        Trainer experiment = experiment("described", List.of(), TrainingListener.SILENT);
        Run run = experiment.run(training);
        assertNull(run.history().get(0).notebookAccuracy());
        assertNull(run.evaluation().notebookReport());
        assertEquals(TEST, images(run.evaluation().confusion()));
        Weights weights = experiment.weights(training);
        for (Weights.Weight weight : weights.values()) {
            if (weight.name().endsWith("moving_mean")) {
                assertArrayEquals(new double[weight.values().length], weight.values(), weight.name());
            }
        }
    }

    /** A base is drawn in doubles, and kept in floats. */
    @Test
    void theWeightsOfATrainingThatEndsWithADrawnAndFrozenBaseAreThoseOfItsRun() throws IOException {
        Training training = plan(DESCRIBED, 1, 0, false).teacher(1);
        Run run = experiment("frozen", List.of(), recording()).run(training);
        assertEquals(
                run.weightsDigest(),
                experiment("frozen", List.of(), recording()).weights(training).digest());
        assertEquals(List.of("teacher"), trained, "it is not trained again");
    }

    /** Writes down epochs and warnings. */
    private static TrainingListener hearing(List<String> heard) {
        return (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterEpoch(EpochResult result) {
                heard.add("epoch " + result.epoch());
            }

            @Override
            public void warn(String what) {
                heard.add(what);
            }
        };
    }

    /**
     * As drawn, MobileNetV2's features are of the order of 1e-11 in inference; a batch's own statistics make them felt.
     */
    @Test
    void aTrainingWhoseFeaturesVanishIsWarnedOfBeforeItsFirstStepAndAtItsEnd() throws IOException {
        List<String> heard = new ArrayList<>();
        experiment("described", List.of(), hearing(heard))
                .run(standingStill(plan(DESCRIBED, 1, 0, false).teacher(1)));
        assertTrue(heard.get(0).startsWith("can learn next to nothing from its starting weights"), heard.get(0));
        assertEquals("epoch 1", heard.get(1));
        assertTrue(heard.get(2).matches("predicts class (HP|SSA) for all 34 images .*"), heard.get(2));
    }

    private static int images(List<List<Integer>> confusion) {
        return confusion.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** A training as-described that keeps its statistics, as one from pre-trained weights does. */
    private static Training standingStill(Training training) {
        return Training.of(Runs.with(training.settings(), "trainedStatistics", null));
    }

    @Test
    void asDescribedABaseFromRandomWeightsMovesItsStatistics() throws IOException {
        Training training = plan(DESCRIBED, 1, 1, true).teacher(1);
        Trainer trainer = experiment("statistics", List.of(), TrainingListener.SILENT);
        assertTrue(trainer.weights(training).values().stream()
                .filter(weight -> weight.name().endsWith("moving_mean"))
                .allMatch(weight -> Arrays.stream(weight.values()).anyMatch(mean -> mean != 0)));
    }

    /**
     * The fused convolutions may round one image's features differently in another batch, by a unit in the last place:
     * hence a tolerance, a thousandth of the change that training makes.
     */
    @Test
    void aFrozenBaseWhoseFeaturesAreComputedOnceTrainsTheHeadAsTheWholeNetworkDoes() throws IOException {
        BaseModel.WithHead network = BaseModel.MOBILENETV2.withHead(SIZE, false);
        Weights start = network.whole().initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(5L));
        // As drawn, the features are of the order of 1e-11 in inference: larger scales make them felt.
        Weights louder = new Weights(start.values().stream()
                .map(weight -> weight.name().endsWith("gamma")
                        ? new Weights.Weight(
                                weight.name(),
                                weight.shape(),
                                Arrays.stream(weight.values())
                                        .map(value -> 2.5 * value)
                                        .toArray())
                        : weight)
                .toList());
        List<int[]> batches = new EpochOrder(3).allBatches(1, data.train().size(), 32);
        Settings settings = plan(DESCRIBED, 1, 0, false).teacher(1).settings();
        PhasePlan phase = PhasePlan.initial(1, 1e-3, true);
        try (PhaseTraining onFeatures =
                        new PhaseTraining(settings, TrainedNetwork.of(settings), phase, List.of(), DEVICE);
                CompiledModel<TFloat32> whole = CompiledModel.compile(
                        network.trained(true),
                        new ReadingGraph(DESCRIBED).inputs(),
                        new ReadingGraph(DESCRIBED).phase(),
                        TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)),
                        TFloat32.class,
                        DEVICE)) {
            onFeatures.setWeights(louder);
            whole.setWeights(louder);
            List<Double> losses = new ArrayList<>();
            onFeatures.train(
                    data.train(),
                    batches,
                    1,
                    PhaseTraining.Teacher.NONE,
                    (step, batch, loss) -> losses.add(loss.loss()));
            for (int i = 0; i < batches.size(); i++) {
                ImageBatch batch = data.train().batch(batches.get(i));
                double loss =
                        whole.trainOnBatch(batch, TeacherOutputs.NONE, 0, i).loss();
                assertEquals(loss, losses.get(i), 1e-5 * loss);
            }
            assertSame(whole.getWeights(), onFeatures.getWeights());
            assertEquals(
                    whole.stateSpecs().stream().map(spec -> spec.name()).toList(),
                    onFeatures.stateSpecs().stream().map(spec -> spec.name()).toList());
            Weights state = onFeatures.getState();
            onFeatures.setState(state);
            assertEquals(state.digest(), onFeatures.getState().digest());
        }
    }

    private static void assertSame(Weights expected, Weights actual) {
        for (int i = 0; i < expected.values().size(); i++) {
            assertEquals(expected.values().get(i).name(), actual.values().get(i).name());
            assertArrayEquals(
                    expected.values().get(i).values(),
                    actual.values().get(i).values(),
                    1e-6,
                    expected.values().get(i).name());
        }
    }

    @Test
    void aLossThatIsNoNumberStopsTheTrainingWithTheStepAndTheBatchsImages() throws IOException {
        Weights broken = new Weights(BaseModel.MOBILENETV2
                .withHead(SIZE, true)
                .base()
                .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(5L))
                .values()
                .stream()
                .map(weight -> weight.name().equals("predictions/bias")
                        ? new Weights.Weight(
                                weight.name(),
                                weight.shape(),
                                Stream.generate(() -> Double.NaN)
                                        .limit(weight.values().length)
                                        .mapToDouble(Double::doubleValue)
                                        .toArray())
                        : weight)
                .toList());
        StartingWeights start = new StartingWeights("broken", Map.of("e".repeat(64), broken), "e".repeat(64), "f");
        MhistPlan plan = new MhistPlan(
                WRITTEN,
                BaseModel.MOBILENETV2,
                start,
                start,
                new MhistPlan.Epochs(1, 1, 1),
                new Settings.Images(data.origin().digest(), data.train().size(), false, SIZE, true, null, null, null),
                null,
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.REPORTS,
                DEVICE);
        String message = assertThrows(
                        IOException.class, () -> experiment("nan", List.of(start), TrainingListener.SILENT)
                                .run(plan.teacher(1)))
                .getMessage();
        int first = new EpochOrder(plan.teacher(1).settings().stream("order"))
                .allBatches(1, data.train().size(), 32)
                .get(0)[0];
        assertTrue(
                message.contains("the loss of step 1 of 2 in epoch 1 is NaN, on the images "
                        + data.train().name(first)),
                message);
    }

    @Test
    void weightsThatWereNotGivenAreAskedFor() {
        StartingWeights start =
                new StartingWeights("gone", Map.of("e".repeat(64), new Weights(List.of())), "e".repeat(64), "f");
        MhistPlan plan = new MhistPlan(
                WRITTEN,
                BaseModel.MOBILENETV2,
                start,
                start,
                new MhistPlan.Epochs(1, 1, 1),
                new Settings.Images(data.origin().digest(), data.train().size(), false, SIZE, true, null, null, null),
                null,
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.REPORTS,
                DEVICE);
        String message = assertThrows(IOException.class, () -> experiment("none", List.of(), TrainingListener.SILENT)
                        .run(plan.teacher(1)))
                .getMessage();
        assertTrue(message.endsWith("which were not given: name them with --weights"), message);
    }
}
