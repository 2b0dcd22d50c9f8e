package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mhist;
import distill.files.Folders;
import distill.loss.KnowledgeDistillation;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Layer;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.report.Marks;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Steps;
import distill.run.Variant;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Networks of one's own as students of Task 2, on drawn crypts of 32 x 32. */
class OwnStudentOfTask2Test {

    private static final Device DEVICE = Device.cpu(2);
    private static final int SIZE = 32;
    private static final Shape CRYPTS = Shape.of(SIZE, SIZE, 3);
    private static final Reading WRITTEN = Reading.of(Settings.TASK2, Variant.AS_WRITTEN);
    private static final Reading DESCRIBED = Reading.of(Settings.TASK2, Variant.AS_DESCRIBED);
    private static DataSet data;

    @TempDir
    private Path folder;

    @BeforeAll
    static void draw() throws IOException {
        data = Mhist.generate(24, 8, SIZE, 1 << 20).set();
    }

    private ModelLibrary library() {
        return new ModelLibrary(folder.resolve("saved-models"), DEVICE);
    }

    private Path file(String name, Network network) throws IOException {
        Path file = folder.resolve(name + ".keras");
        KerasFormat.KERAS.write(file, network, network.initialWeights(3), TFloat32.class, DEVICE);
        return file;
    }

    private Path file(String name, Shape input, Layer... layers) throws IOException {
        return file(name, Network.sequential(new Network.Names(), input, layers));
    }

    /** conv2d, batch_normalization, global_average_pooling2d; then its head, dense and activation. */
    private Path convolutional() throws IOException {
        return file(
                "convolutional",
                CRYPTS,
                new Conv2D(4, 3, Activation.RELU),
                new BatchNormalization(),
                new GlobalAveragePooling2D(),
                new Dense(2, Activation.LINEAR),
                new ActivationLayer(Activation.SOFTMAX));
    }

    private GivenStudent given(Path file, boolean keepsWeights) throws IOException {
        GivenStudent student = GivenStudent.ofTask2(library(), file.toString(), SIZE, 2, keepsWeights);
        new SavedModels(library().folder(), DEVICE).keep(student);
        return student;
    }

    private static MhistPlan plan(Reading reading, GivenStudent student, int fine, GivenTeacher teacher) {
        return new MhistPlan(
                reading,
                BaseModel.MOBILENETV2,
                StartingWeights.random(),
                StartingWeights.random(),
                new MhistPlan.Epochs(1, fine, 1),
                new Settings.Images(data.origin().digest(), data.train().size(), false, SIZE, false, null, null, null),
                teacher == null ? null : teacher.identity(),
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MhistPlan.Student.of(student.architecture(), student.startingWeights()),
                DEVICE);
    }

    private Trainer trainer(GivenTeacher teacher) {
        return new Trainer(
                new Trainer.Setup(data, List.of(), teacher, DEVICE, false),
                new RunStore(folder.resolve("runs")),
                new SavedModels(library().folder(), DEVICE),
                TrainingListener.SILENT);
    }

    /** The layers whose weights a training changed. */
    private static Set<String> changed(Weights before, Weights after) {
        Map<String, List<Double>> values =
                before.values().stream().collect(Collectors.toMap(Weights.Weight::name, OwnStudentOfTask2Test::floats));
        return after.values().stream()
                .filter(weight -> !values.get(weight.name()).equals(floats(weight)))
                .map(weight -> weight.name().substring(0, weight.name().indexOf('/')))
                .collect(Collectors.toSet());
    }

    private static List<Double> floats(Weights.Weight weight) {
        return Arrays.stream(weight.values())
                .mapToObj(value -> (double) (float) value)
                .toList();
    }

    @Test
    void withItsWeightsKeptTheInitialPhaseTrainsTheHeadAloneAndTheFinePhaseEverything() throws IOException {
        GivenStudent student = given(convolutional(), true);
        assertEquals("dense, activation", student.headInWords());
        Training initial =
                plan(DESCRIBED, student, 0, null).scratch(List.of(), 1).get(0);
        assertEquals(student.weights().digest(), initial.settings().startingWeights());
        assertEquals("pre-trained", initial.settings().start());
        assertEquals(Set.of("dense"), changed(student.weights(), trainer(null).weights(initial)));
        Training both = plan(DESCRIBED, student, 1, null).scratch(List.of(), 1).get(0);
        assertEquals(
                Set.of("conv2d", "batch_normalization", "dense"),
                changed(student.weights(), trainer(null).weights(both)));
    }

    @Test
    void theSlipThatFreezesNothingTrainsAllOfItAtOnce() throws IOException {
        GivenStudent student = given(convolutional(), true);
        Training training =
                plan(WRITTEN, student, 0, null).scratch(List.of(4.), 1).get(0);
        assertEquals(
                Set.of("conv2d", "batch_normalization", "dense"),
                changed(student.weights(), trainer(null).weights(training)));
        assertTrue(PhasePlan.of(plan(WRITTEN.without(Slip.NO_FREEZING), student, 0, null)
                        .scratch(List.of(4.), 1)
                        .get(0)
                        .settings())
                .get(0)
                .frozenBase());
    }

    @Test
    void drawnWeightsAreFrozenInNoPhaseAndOfEachSeedOthers() throws IOException {
        GivenStudent student = given(convolutional(), false);
        MhistPlan plan = plan(DESCRIBED, student, 0, null);
        Training one = plan.scratch(List.of(), 1).get(0);
        Settings settings = one.settings();
        assertEquals("random", settings.start());
        assertEquals(
                List.of(false),
                PhasePlan.of(settings).stream().map(PhasePlan::frozenBase).toList());
        assertEquals(
                "task2-as-described-q2-student-plain-32-random-network%s-seed1"
                        .formatted(Settings.digits(student.architecture())),
                settings.label());
        Run run = trainer(null).run(one);
        assertNotEquals(
                run.weightsDigest(),
                trainer(null).run(plan.scratch(List.of(), 2).get(0)).weightsDigest());
        assertEquals(run.weightsDigest(), trainer(null).repeat(settings).weightsDigest());
        List<Run> stored = new RunStore(folder.resolve("runs")).runs(Settings.TASK2);
        assertEquals(2, stored.size(), "a store takes them, and gives them back");
        assertEquals(settings, stored.get(0).settings());
        assertTrue(Marks.of(stored)
                .words()
                .containsAll(List.of("OWN STUDENT " + Settings.digits(student.architecture()), Marks.RANDOM_WEIGHTS)));
        assertEquals("Keras model sequential", library().find(settings.label()).architecture());

        Folders.delete(library().folder().resolve("students"));
        String gone = assertThrows(IOException.class, () -> trainer(null).repeat(settings))
                .getMessage();
        assertTrue(gone.endsWith("config.json, which is gone: give the model again with --student"), gone);
    }

    @Test
    void anotherNetworkOrOtherKeptWeightsAreAnotherTrainingAndOnesOfTheReportsNetworkAreNot() throws IOException {
        Path file = convolutional();
        GivenStudent kept = given(file, true);
        GivenStudent drawn = given(file, false);
        GivenStudent wider = given(
                file(
                        "wider",
                        CRYPTS,
                        new Conv2D(5, 3, Activation.RELU),
                        new GlobalAveragePooling2D(),
                        new Dense(2, Activation.LINEAR)),
                true);
        List<Settings> all = List.of(kept, drawn, wider).stream()
                .map(student -> plan(DESCRIBED, student, 0, null)
                        .scratch(List.of(), 1)
                        .get(0)
                        .settings())
                .toList();
        assertEquals(3, all.stream().map(Settings::identity).distinct().count());
        assertEquals(
                3,
                all.stream()
                        .map(settings -> settings.stream("order"))
                        .distinct()
                        .count());
        assertEquals(3, all.stream().map(Settings::condition).distinct().count());
        MhistPlan.Student one = MhistPlan.Student.of(kept.architecture(), kept.startingWeights());
        assertEquals(List.of(true, false, false), all.stream().map(one::isOf).toList());
        assertFalse(MhistPlan.Student.REPORTS.isOf(all.get(1)));
        Settings teacher = plan(DESCRIBED, kept, 0, null).teacher(1).settings();
        assertEquals("mobilenetv2", teacher.network(), "the teacher stays");
        assertTrue(one.isOf(teacher));
        assertEquals(
                List.of("pre-trained", "random"),
                plan(DESCRIBED, kept, 0, null).effects(1).stream()
                        .map(Training::settings)
                        .filter(Settings::isOfOwnStudent)
                        .map(Settings::start)
                        .distinct()
                        .toList());
    }

    @Test
    void itLearnsFromAnotherNetworkOfOnesOwnIsCarriedToTheNextTemperatureAndTeachesThen() throws IOException {
        GivenStudent student = given(convolutional(), false);
        GivenTeacher teacher = new GivenTeacher(
                "own",
                student.network(),
                new ReadingGraph(WRITTEN),
                student.network().initialWeights(9),
                "ab".repeat(32));
        List<Training> chain = plan(WRITTEN, student, 0, teacher).sweep(List.of(1., 4.), 1);
        Run first = trainer(teacher).run(chain.get(0));
        Run next = trainer(teacher).run(chain.get(1));
        assertEquals(first.identity(), next.settings().startingWeights());
        assertTrue(next.settings().carried());
        assertNotEquals(first.weightsDigest(), next.weightsDigest());
        GivenTeacher trained =
                GivenTeacher.ofTask2(library(), next.settings().label(), null, BaseModel.RESNET50V2, WRITTEN, SIZE, 2);
        assertEquals(next.weightsDigest(), trained.weights().digest());
    }

    @Test
    void whatItsTrainingsWillTakeIsMeasuredOnIt() throws IOException {
        GivenStudent student = given(convolutional(), true);
        Training training =
                plan(DESCRIBED, student, 1, null).scratch(List.of(), 1).get(0);
        assertTrue(new TrainingEstimates(trainer(null), DEVICE).of(training).seconds() > 0);
    }

    private static List<String> head(Network network) {
        return TrainedNetwork.head(network).map(Network.NamedLayer::name).toList();
    }

    @Test
    void theHeadIsTheLastKernelOnEachWayToTheOutputAndWhatFollows() {
        Network.Functional branches = new Network.Functional(CRYPTS);
        int base = branches.add("base", new Conv2D(2, 3, Activation.RELU), Network.INPUT);
        int pooled = branches.add("pooled", new GlobalAveragePooling2D(), base);
        int left = branches.add("left", new Dense(2, Activation.LINEAR), pooled);
        int right = branches.add("right", new Dense(2, Activation.LINEAR), pooled);
        branches.add("both", new Add(), left, right);
        assertEquals(List.of("left", "right", "both"), head(branches.build("branches")));

        Network byConvolution = Network.sequential(
                new Network.Names(),
                CRYPTS,
                new Conv2D(2, 3, Activation.RELU),
                new Conv2D(2, 1, Activation.LINEAR),
                new BatchNormalization(),
                new GlobalAveragePooling2D());
        assertEquals(List.of("conv2d_1", "batch_normalization", "global_average_pooling2d"), head(byConvolution));
        assertEquals(
                "conv2d", new TrainedNetwork(byConvolution, null).endOfBase().orElseThrow());

        Network alone = Network.sequential(
                new Network.Names(), CRYPTS, new Conv2D(2, 1, Activation.LINEAR), new GlobalAveragePooling2D());
        assertTrue(new TrainedNetwork(alone, null).endOfBase().isEmpty(), "it is put on the images");
    }

    @Test
    void layersThatTheFileFreezesStayFrozen() throws IOException {
        Network network = Network.sequential(
                        new Network.Names(),
                        CRYPTS,
                        new Conv2D(4, 3, Activation.RELU),
                        new Conv2D(4, 3, Activation.RELU),
                        new GlobalAveragePooling2D(),
                        new Dense(2, Activation.LINEAR))
                .freeze("conv2d"::equals);
        GivenStudent student = given(file("frozen", network), true);
        Training training =
                plan(DESCRIBED, student, 1, null).scratch(List.of(), 1).get(0);
        assertEquals(
                Set.of("conv2d_1", "dense"),
                changed(student.weights(), trainer(null).weights(training)));
    }

    @Test
    void whatDoesNotFitIsRefusedInASentence() throws IOException {
        Path large = file(
                "large",
                Shape.of(96, 96, 3),
                new Conv2D(2, 3, Activation.RELU),
                new GlobalAveragePooling2D(),
                new Dense(2, Activation.LINEAR));
        refused(
                large + ", a Keras model sequential, takes images of 96 x 96 pixels, and those here have 32 x 32:"
                        + " --image-size 96 resizes them",
                large,
                false);
        Path classes = file("classes", CRYPTS, new GlobalAveragePooling2D(), new Dense(5, Activation.LINEAR));
        refused(
                classes + ", a Keras model sequential, takes examples of shape [32, 32, 3] and gives [5];"
                        + " a student here takes [32, 32, 3] and gives [2]",
                classes,
                false);
        Network network = Network.sequential(
                        new Network.Names(),
                        CRYPTS,
                        new Conv2D(2, 3, Activation.RELU),
                        new GlobalAveragePooling2D(),
                        new Dense(2, Activation.LINEAR))
                .freeze("dense"::equals);
        Path frozen = file("frozen-head", network);
        refused(
                frozen + ", a Keras model sequential: its head, dense, is frozen, and the initial phase trains the head"
                        + " alone: save it with a trainable head",
                frozen,
                true);
    }

    private void refused(String expected, Path file, boolean keepsWeights) {
        assertEquals(
                expected,
                assertThrows(IOException.class, () -> given(file, keepsWeights)).getMessage());
    }
}
