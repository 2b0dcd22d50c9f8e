package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Mnist;
import distill.files.Folders;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.run.AdamForm;
import distill.run.EpochResult;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class MnistTrainingTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final DataSet DATA = Mnist.generate(600, 100);

    @TempDir
    private Path folder;

    private final List<String> trained = new ArrayList<>();

    private MnistTrainer experiment(Variant variant, boolean fresh) {
        return experiment(variant, fresh, recording());
    }

    private TrainingListener recording() {
        return (settings, steps, done) -> {
            trained.add(settings.label() + (done == 0 ? "" : " after " + done));
            return EpochListener.SILENT;
        };
    }

    private MnistTrainer experiment(Variant variant, boolean fresh, TrainingListener listener) {
        return experiment(variant, new Trainer.Setup(DATA, List.of(), null, DEVICE, fresh), "runs", listener);
    }

    private MnistTrainer experiment(Variant variant, Trainer.Setup setup, String store, TrainingListener listener) {
        return experiment(Reading.of(Settings.TASK1, variant), setup, store, listener);
    }

    private MnistTrainer experiment(Reading reading, Trainer.Setup setup, String store, TrainingListener listener) {
        return MnistTrainer.of(reading, 3, DATA, setup, folder.resolve(store), listener);
    }

    private static Run run(MnistTrainer experiment, Function<MnistPlan, Training> training) throws IOException {
        return experiment.trainer().run(training.apply(experiment.plan()));
    }

    private static final String TEACHER = "task1-as-written-teacher-seed1";
    private static final String STUDENT = "task1-as-written-q5-student-T4-alpha0.5-seed1";

    @Test
    void aStudentTrainsItsTeacherOnceAndNeitherIsTrainedAgain() throws IOException {
        Run student = experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        assertEquals(List.of(TEACHER, STUDENT), trained);
        assertEquals(student, experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1));
        experiment(Variant.AS_WRITTEN, false).teacher(1);
        assertEquals(List.of(TEACHER, STUDENT), trained);
        assertEquals(3, student.history().size());
        assertTrue(student.provenance().synthetic());
    }

    @Test
    void aStudentsRunHasOnHowManyTestImagesItPredictsWhatItsTeacherPredicts() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        Run student = experiment.student("q5", 4, .5, 1);
        Run early = run(experiment, plan -> plan.earlyStoppedStudent("q13-single-trajectory", 1, 4, .5, 1));
        assertEquals(agreement(experiment, student, 3), student.teacherAgreement());
        assertEquals(agreement(experiment, early, 1), early.teacherAgreement());
        assertNull(experiment.teacher(1).teacherAgreement());
        Run repeated = experiment.trainer().repeat(early.settings());
        assertEquals(early.teacherAgreement(), repeated.teacherAgreement());
    }

    /** In percent; computed image by image from what both networks put out, of a hundred test images. */
    private static double agreement(MnistTrainer experiment, Run student, int teacherEpochs) throws IOException {
        double[] says = experiment.models().testLogits(student, 100);
        double[] teacherSays = experiment.models().teacherTestLogits(1, teacherEpochs, 100);
        long same = IntStream.range(0, 100)
                .filter(image -> largest(says, image) == largest(teacherSays, image))
                .count();
        assertTrue(same > 0 && same < 100, "neither all nor none, which would prove little: " + same);
        return same;
    }

    private static int largest(double[] outputs, int image) {
        return IntStream.range(0, 10)
                .boxed()
                .max(Comparator.comparingDouble(label -> outputs[10 * image + label]))
                .orElseThrow();
    }

    /** A convolutional network of another kind than the report's, as a file of Keras. */
    private Path other(String name, Shape input, Activation output) throws IOException {
        Network network = Network.sequential(
                new Network.Names(),
                input,
                new Conv2D(4, 3, Activation.RELU),
                new MaxPooling2D(4, 4),
                new Flatten(),
                new Dense(10, Activation.LINEAR),
                new ActivationLayer(output));
        Path file = folder.resolve(name);
        KerasFormat.KERAS.write(file, network, network.initialWeights(1), TFloat32.class, DEVICE);
        return file;
    }

    @Test
    void aNetworkOfAnyKindTeachesWhoseInputAndClassesFit() throws IOException {
        ModelLibrary library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        Path file = other("other.keras", Shape.of(28, 28, 1), Activation.SOFTMAX);
        library.importFile(file, null, null, library.folder().resolve("other"));
        Reading written = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
        Reading described = Reading.of(Settings.TASK1, Variant.AS_DESCRIBED);
        GivenTeacher given = GivenTeacher.ofTask1(library, file.toString(), written, DataSpec.MNIST);
        assertEquals(
                given.identity(),
                GivenTeacher.ofTask1(library, "other", written, DataSpec.MNIST).identity());
        assertNotEquals(given.weights().digest(), given.identity(), "its layers count, too");
        assertEquals(Activation.SOFTMAX, given.network().outputActivation());
        assertEquals(
                Activation.LINEAR,
                GivenTeacher.ofTask1(library, "other", described, DataSpec.MNIST)
                        .network()
                        .outputActivation());
        Run student = experiment(Variant.AS_WRITTEN, MnistTrainer.given(DATA, given), "runs", recording())
                .student("q5", 4, .5, 1);
        assertEquals(given.identity(), student.settings().teacher());
        Path small = other("small.keras", Shape.of(14, 14, 1), Activation.SOFTMAX);
        assertEquals(
                small + ", a Keras model sequential, takes examples of shape [14, 14, 1] and gives [10];"
                        + " a teacher here takes [28, 28, 1] and gives [10]",
                assertThrows(
                                IOException.class,
                                () -> GivenTeacher.ofTask1(library, small.toString(), written, DataSpec.MNIST))
                        .getMessage());
        Path usual = folder.resolve("usual.keras");
        Network sigmoid = MnistTeacher.buildCnn(new Network.Names(), Activation.SIGMOID);
        KerasFormat.KERAS.write(usual, sigmoid, sigmoid.initialWeights(1), TFloat32.class, DEVICE);
        assertEquals(
                usual + ", a Keras model sequential, ends in sigmoid; a teacher ends in softmax or linear",
                assertThrows(
                                IOException.class,
                                () -> GivenTeacher.ofTask1(library, usual.toString(), written, DataSpec.MNIST))
                        .getMessage());
        Path relu = other("relu.keras", Shape.of(28, 28, 1), Activation.RELU);
        assertEquals(
                relu + ", a Keras model sequential, ends in relu; a teacher ends in softmax or linear",
                assertThrows(
                                IOException.class,
                                () -> GivenTeacher.ofTask1(library, relu.toString(), written, DataSpec.MNIST))
                        .getMessage());
    }

    @Test
    void aGivenTeacherTeachesInPlaceOfTheSeedsOwn() throws IOException {
        Run own = experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        ModelLibrary library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        Reading written = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
        GivenTeacher given = GivenTeacher.ofTask1(library, TEACHER, written, DataSpec.MNIST);
        trained.clear();
        MnistTrainer experiment = experiment(Variant.AS_WRITTEN, MnistTrainer.given(DATA, given), "runs", recording());
        Run student = experiment.student("q5", 4, .5, 1);
        assertEquals(own.weightsDigest(), student.weightsDigest(), "the teacher's weights are the seed's own");
        assertNotEquals(own.identity(), student.identity());
        assertEquals(given.weights().digest(), student.settings().teacher());
        assertTrue(student.settings().hasGivenTeacher() && !own.settings().hasGivenTeacher());
        assertEquals(
                List.of("task1-as-written-q5-student-T4-alpha0.5-teacher"
                        + given.identity().substring(0, 8) + "-seed1"),
                trained,
                "no teacher is trained");
        assertEquals(student, experiment.student("q5", 4, .5, 1));
        assertEquals(
                experiment(Variant.AS_WRITTEN, false).teacher(1).testAccuracy(),
                experiment.trainer().evaluate(given));
        assertEquals(
                student.weightsDigest(),
                experiment.trainer().repeat(student.settings()).weightsDigest());
        String message = assertThrows(
                        IOException.class,
                        () -> experiment(Variant.AS_WRITTEN, false).trainer().repeat(student.settings()))
                .getMessage();
        assertTrue(message.contains("give the same one with --teacher"), message);
    }

    @Test
    void aTeachersOutputsAreKeptFromItsTrainingAndMadeAgainWhereTheyAreDamaged() throws IOException {
        experiment(Variant.AS_WRITTEN, false).teacher(1);
        Path kept = onlyFolderOf(folder.resolve("saved-models/teacher-outputs"));
        Path values = kept.resolve("state.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(values);
        assertEquals(DATA.train().size() * 10 * Float.BYTES, bytes.length, "ten numbers an image");
        Run student = experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        Run again = experiment(Variant.AS_WRITTEN, true).student("q5", 4, .5, 1);
        assertEquals(student.weightsDigest(), again.weightsDigest());
        Files.write(values, new byte[100]);
        assertEquals(
                student.weightsDigest(),
                experiment(Variant.AS_WRITTEN, true).student("q5", 4, .5, 1).weightsDigest());
        assertArrayEquals(bytes, Files.readAllBytes(values), "made again, and the same");
    }

    private static Path onlyFolderOf(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> all = folders.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    @Test
    void theReportsQuestions5And6TrainTheSameSettingsWithDifferentChance() throws IOException {
        Run q5 = experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        Run q6 = experiment(Variant.AS_WRITTEN, false).student("q6", 4, .5, 1);
        assertNotEquals(q5.weightsDigest(), q6.weightsDigest());
    }

    @Test
    void freshTrainsAgainAndStoresNothingTwiceWhereTheWeightsAgree() throws IOException {
        Run plain = experiment(Variant.AS_DESCRIBED, false).plainStudent("q7", 1);
        assertEquals(plain, experiment(Variant.AS_DESCRIBED, true).plainStudent("q7", 1));
        assertEquals(2, trained.size());
        assertEquals(List.of(plain), new RunStore(folder.resolve("runs")).runs("task1"));
    }

    @Test
    void anInterruptedTeacherGoesOnAfterItsLastWholeEpochAndEndsWithTheSameWeights() throws IOException {
        TrainingListener killer = (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterStep(int epoch, int step, int of) {
                if (epoch == 3) {
                    throw new IllegalStateException("killed");
                }
            }
        };
        assertThrows(IllegalStateException.class, () -> experiment(Variant.AS_WRITTEN, false, killer)
                .teacher(1));
        assertEquals(List.of(), new RunStore(folder.resolve("runs")).runs("task1"));
        Run resumed = experiment(Variant.AS_WRITTEN, false).teacher(1);
        assertEquals(List.of(TEACHER + " after 2"), trained);
        assertEquals(
                List.of(1, 2, 3),
                resumed.history().stream().map(EpochResult::epoch).toList());

        Run straight = experiment(
                        Variant.AS_WRITTEN,
                        new Trainer.Setup(DATA, List.of(), null, DEVICE, false),
                        "other/runs",
                        TrainingListener.SILENT)
                .teacher(1);
        assertEquals(straight.weightsDigest(), resumed.weightsDigest());
        assertEquals(straight.identity(), resumed.identity());
    }

    @Test
    void modelsToExplainThatAreGoneAreTrainedAgain() throws IOException {
        Run student = experiment(Variant.AS_DESCRIBED, false).student("q5", 4, .5, 1);
        Run plain = experiment(Variant.AS_DESCRIBED, false).plainStudent("q7", 1);
        Example example = experiment(Variant.AS_DESCRIBED, false).models().testImage(7);
        List<String> names = List.of("teacher", "student with KD", "student without KD");
        List<double[]> kept = new ArrayList<>();
        for (ExplainedModel model :
                experiment(Variant.AS_DESCRIBED, false).models().explainedModels(student, plain)) {
            assertEquals(names.get(kept.size()), model.name());
            kept.add(model.probabilities(example.image().pixels(), 1));
            model.close();
        }
        trained.clear();
        Folders.delete(folder.resolve("saved-models"));
        List<ExplainedModel> again =
                experiment(Variant.AS_DESCRIBED, false).models().explainedModels(student, plain);
        assertEquals(3, trained.size(), trained.toString());
        for (int i = 0; i < again.size(); i++) {
            assertArrayEquals(
                    kept.get(i), again.get(i).probabilities(example.image().pixels(), 1));
            again.get(i).close();
        }
    }

    @Test
    void theFirstBatchIsTheTeachersAndEachSeedHasItsOwn() throws IOException {
        int[] batch = experiment(Variant.AS_WRITTEN, false).models().firstBatch(1);
        Settings teacher = experiment(Variant.AS_WRITTEN, false).teacher(1).settings();
        assertArrayEquals(
                new EpochOrder(teacher.stream("order")).batches(1, 600, 256).get(0), batch);
        assertEquals(
                256,
                Arrays.stream(batch).distinct().filter(i -> i >= 0 && i < 600).count());
        assertArrayEquals(batch, experiment(Variant.AS_WRITTEN, true).models().firstBatch(1));
        assertFalse(Arrays.equals(
                batch, experiment(Variant.AS_WRITTEN, false).models().firstBatch(2)));
    }

    @Test
    void testImagesAreDrawnWithoutReplacement() throws IOException {
        List<Integer> drawn = experiment(Variant.AS_WRITTEN, false).models().testImages(20, 1).stream()
                .map(Example::index)
                .toList();
        assertEquals(20, drawn.stream().distinct().count());
        assertEquals(
                100,
                experiment(Variant.AS_WRITTEN, false)
                        .models()
                        .testImages(200, 1)
                        .size(),
                "there are no more");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> experiment(Variant.AS_WRITTEN, false).models().testImage(100))
                .getMessage();
        assertEquals("the test images have the indices 0 to 99, found 100", message);
    }

    @Test
    void aTeacherWhoseWeightsAreGoneIsTrainedAgainForItsStudents() throws IOException {
        Run teacher = experiment(Variant.AS_WRITTEN, false).teacher(1);
        for (int epoch = 1; epoch <= 3; epoch++) {
            Path kept = models().folder(teacher.settings()).resolve("epoch-0" + epoch);
            Files.move(kept, folder.resolve("away-" + epoch));
        }
        experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        assertEquals(List.of(TEACHER, TEACHER, STUDENT), trained);
        assertEquals(
                2, new RunStore(folder.resolve("runs")).runs("task1").size(), "the equal teacher is not stored twice");
    }

    private SavedModels models() {
        return new SavedModels(folder.resolve("saved-models"), DEVICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.index", "state.data-00000-of-00001", "history.json"})
    void aDamagedEpochIsPutAsideAndTrainedAgain(String file) throws IOException {
        TrainingListener killer = (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterStep(int epoch, int step, int of) {
                if (epoch == 3) {
                    throw new IllegalStateException("killed");
                }
            }
        };
        MnistTrainer killed = experiment(Variant.AS_WRITTEN, false, killer);
        assertThrows(IllegalStateException.class, () -> killed.teacher(1));
        try (var folders = Files.list(folder.resolve("saved-models"))) {
            Files.writeString(
                    folders.findFirst().orElseThrow().resolve("epoch-02").resolve(file), "{}");
        }
        Run resumed = experiment(Variant.AS_WRITTEN, false).teacher(1);
        assertEquals(List.of(TEACHER + " after 1"), trained);
        assertTrue(Files.exists(models().folder(resumed.settings()).resolve("epoch-02.damaged")));
        assertEquals(
                resumed.weightsDigest(),
                experiment(Variant.AS_WRITTEN, false)
                        .trainer()
                        .repeat(resumed.settings())
                        .weightsDigest());
    }

    @Test
    void studentsDoNotLearnFromWeightsThatAreNotTheirTeachers() throws IOException {
        Run teacher = experiment(Variant.AS_WRITTEN, false).teacher(1);
        Path kept = models().folder(teacher.settings());
        Files.move(kept.resolve("epoch-03"), folder.resolve("away"));
        try (var files = Files.list(kept.resolve("epoch-02"))) {
            Files.createDirectory(kept.resolve("epoch-03"));
            for (Path file : files.toList()) {
                Files.copy(file, kept.resolve("epoch-03").resolve(file.getFileName()));
            }
        }
        experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        assertEquals(List.of(TEACHER, TEACHER, STUDENT), trained);
        assertEquals(
                teacher.weightsDigest(),
                models().load(
                                teacher.settings(),
                                3,
                                MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX)
                                        .weights())
                        .orElseThrow()
                        .digest());
    }

    @Test
    void weightsThatAreKeptButNotStoredAreStoredWithTheProvenanceOfTheirTraining() throws IOException {
        Run plain = experiment(Variant.AS_WRITTEN, false).plainStudent("q7", 1);
        Files.delete(Runs.file(new RunStore(folder.resolve("runs")), "task1"));
        assertEquals(plain, experiment(Variant.AS_WRITTEN, false).plainStudent("q7", 1));
        assertEquals(1, trained.size(), "nothing is trained again");
    }

    @Test
    void fewerImagesThanABatchAreAnError() {
        DataSet few = new DataSet(DATA.train().first(255), DATA.test(), DATA.origin());
        MnistTrainer experiment = MnistTrainer.of(
                Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
                1,
                few,
                folder.resolve("runs"),
                TrainingListener.SILENT);
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> experiment.teacher(1));
        assertEquals("a training step takes 256 images, found 255 training images in all", error.getMessage());
    }

    @Test
    void everyEpochOfATeacherIsKept() throws IOException {
        Run teacher = experiment(Variant.AS_WRITTEN, false).teacher(1);
        Path models = new SavedModels(folder.resolve("saved-models"), DEVICE).folder(teacher.settings());
        for (int epoch = 1; epoch <= 3; epoch++) {
            assertTrue(Files.exists(models.resolve("epoch-0" + epoch).resolve("state.index")), "epoch " + epoch);
        }
        try (var files = Files.list(models)) {
            assertEquals(3, files.count(), "and nothing else");
        }
    }

    @Test
    void aRepetitionGivesTheSameWeightsAndStoresNothing() throws IOException {
        Run student = experiment(Variant.AS_DESCRIBED, false).student("q5", 2, .9, 3);
        Run repeated = experiment(Variant.AS_DESCRIBED, false).trainer().repeat(student.settings());
        assertEquals(student.weightsDigest(), repeated.weightsDigest());
        assertEquals(student.testAccuracy(), repeated.testAccuracy());
        assertEquals(2, new RunStore(folder.resolve("runs")).runs("task1").size());
    }

    @Test
    void aRunFromBeforeRunsNamedTheirAdamIsRepeatedBitForBitAndHasTheWeightsOfKeras3s() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_WRITTEN, false);
        Run student = experiment.with(null).student("q5", 4, .5, 1);
        Run teacher = experiment.with(null).teacher(1);
        assertEquals(1, student.settings().computation().version());
        assertEquals(2, teacher.settings().computation().version());
        assertEquals(
                student.weightsDigest(),
                experiment.trainer().repeat(student.settings()).weightsDigest());
        Run named = experiment.with(AdamForm.KERAS3).student("q5", 4, .5, 1);
        assertEquals(3, named.settings().computation().version());
        assertNotEquals(student.identity(), named.identity());
        assertEquals(student.weightsDigest(), named.weightsDigest());
        assertNotEquals(
                student.weightsDigest(), experiment.student("q5", 4, .5, 1).weightsDigest());
    }

    /** Its teacher pooled otherwise, and would be another here: only the weights that it left behind will do. */
    @Test
    void aStudentOfATeacherOfTheFirstVersionIsRepeatedWhereThatTeachersWeightsAreKept() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_WRITTEN, false);
        Run student = experiment.with(null).student("q5", 4, .5, 1);
        Run teacher = experiment.with(null).teacher(1);
        Settings first = Runs.with(teacher.settings(), "version", 1);
        assertTrue(Trainer.computes(teacher.settings()));
        assertFalse(Trainer.computes(first));
        Settings taughtByFirst = Runs.with(student.settings(), "teacher", first.identity());
        String message = assertThrows(
                        IOException.class, () -> experiment.trainer().repeat(taughtByFirst))
                .getMessage();
        assertTrue(message.contains("--out names the store that has both"), message);

        Run stored = Runs.with(Runs.with(teacher, "settings", first), "identity", first.identity());
        new RunStore(folder.resolve("runs")).append(stored);
        message = assertThrows(IOException.class, () -> experiment.trainer().repeat(taughtByFirst))
                .getMessage();
        assertTrue(message.contains("which version 1 of the computation trained"), message);

        Weights weights = models().load(
                        teacher.settings(),
                        3,
                        MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX)
                                .weights())
                .orElseThrow();
        models().save(new SavedModels.Progress(first, teacher.history(), teacher.provenance()), weights);
        assertEquals(
                student.weightsDigest(),
                experiment.trainer().repeat(taughtByFirst).weightsDigest());
    }

    @Test
    void aRepetitionTakesTheTeacherThatTheStoreHasWhateverItsSettings() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        Run teacher = experiment.with(AdamForm.KERAS3).teacher(2);
        Settings student = experiment.plan().student("q5", 2., .9, 3).settings();
        Training taught = Training.taught(
                Runs.with(student, "teacher", teacher.identity()),
                experiment.with(AdamForm.KERAS3).plan().teacher(2));
        Run run = experiment.trainer().run(taught);
        assertEquals(
                run.weightsDigest(), experiment.trainer().repeat(run.settings()).weightsDigest());
    }

    @Test
    void aRepetitionWithoutTheTeacherAtHandTrainsItWithoutATrace() throws IOException {
        Run student = experiment(Variant.AS_DESCRIBED, false).student("q5", 2, .9, 3);
        MnistTrainer elsewhere = experiment(
                Variant.AS_DESCRIBED,
                new Trainer.Setup(DATA, List.of(), null, DEVICE, false),
                "elsewhere/runs",
                TrainingListener.SILENT);
        assertEquals(
                student.weightsDigest(),
                elsewhere.trainer().repeat(student.settings()).weightsDigest());
        assertFalse(Files.exists(folder.resolve("elsewhere")));
    }

    @Test
    void thePlainStudentHasNoTeacherAndNoSoftTerm() throws IOException {
        Run plain = experiment(Variant.AS_WRITTEN, false).plainStudent("q7", 1);
        assertEquals(List.of("task1-as-written-q7-student-plain-seed1"), trained);
        assertFalse(plain.history().stream().anyMatch(epoch -> epoch.soft() != 0 || epoch.loss() != epoch.hard()));
        // The doubled softmax: no cross-entropy under ln(e + 9) - 1.
        assertTrue(plain.history().stream().allMatch(epoch -> epoch.loss() > 1.4611 && epoch.loss() < 2.4613));
    }

    @Test
    void theReportsQuestion13TrainsANewTeacherForEachNumberOfEpochs() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_WRITTEN, false);
        Run one = run(experiment, plan -> plan.earlyStoppedStudent("q13", 1, 4, .5, 1));
        Run two = run(experiment, plan -> plan.earlyStoppedStudent("q13", 2, 4, .5, 1));
        assertEquals(
                List.of(
                        "task1-as-written-q13-teacher-epochs1-seed1",
                        "task1-as-written-q13-student-T4-alpha0.5-epochs1-seed1",
                        "task1-as-written-q13-teacher-epochs2-seed1",
                        "task1-as-written-q13-student-T4-alpha0.5-epochs2-seed1"),
                trained);
        assertEquals(3, one.history().size());
        Run teacher = run(experiment, plan -> plan.earlyStoppedTeacher(2, 1));
        assertEquals(4, trained.size(), "stored with its student");
        assertEquals(teacher.identity(), two.settings().teacher());
        assertEquals(2, teacher.history().size());
        assertNotEquals(
                run(experiment, plan -> plan.earlyStoppedTeacher(1, 1))
                        .history()
                        .get(0)
                        .loss(),
                teacher.history().get(0).loss(),
                "two teachers, and not one that went on");
        try (var kept = Files.list(models().folder(teacher.settings()))) {
            assertEquals(
                    List.of("epoch-02"),
                    kept.map(path -> path.getFileName().toString()).toList(),
                    "only its end is kept");
        }
        assertEquals(
                two.weightsDigest(),
                experiment(Variant.AS_WRITTEN, false)
                        .trainer()
                        .repeat(two.settings())
                        .weightsDigest());
    }

    @Test
    void onASingleTrajectoryTheSeedsTeacherTeachesAsItWasAfterEachEpoch() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        Run student = run(experiment, plan -> plan.earlyStoppedStudent("q13-single-trajectory", 2, 4, .5, 1));
        Run teacher = experiment.teacher(1);
        assertEquals(
                List.of(
                        "task1-as-described-teacher-seed1",
                        "task1-as-described-q13-single-trajectory-student-T4-alpha0.5-epochs2-seed1"),
                trained,
                "no teacher but the seed's");
        assertEquals(teacher.identity(), student.settings().teacher());

        Run whole = run(experiment, plan -> plan.earlyStoppedStudent("q13-single-trajectory", 3, 4, .5, 1));
        assertNotEquals(student.weightsDigest(), whole.weightsDigest());

        Folders.delete(folder.resolve("saved-models"));
        assertEquals(
                student.weightsDigest(),
                experiment(Variant.AS_DESCRIBED, false)
                        .trainer()
                        .repeat(student.settings())
                        .weightsDigest(),
                "two epochs of the teacher are all it takes");
    }

    @Test
    void anEpochOfTheTrajectoryThatIsGoneOrNotItsRunsIsTrainedAgain() throws IOException {
        Run student = run(
                experiment(Variant.AS_WRITTEN, false),
                plan -> plan.earlyStoppedStudent("q13-single-trajectory", 1, 4, .5, 1));
        Path kept =
                models().folder(experiment(Variant.AS_WRITTEN, false).teacher(1).settings());
        for (String found : List.of("nothing", "another epoch")) {
            trained.clear();
            Folders.delete(kept.resolve("epoch-01"));
            if (found.equals("another epoch")) {
                Files.createDirectory(kept.resolve("epoch-01"));
                try (var files = Files.list(kept.resolve("epoch-02"))) {
                    for (Path file : files.toList()) {
                        Files.copy(file, kept.resolve("epoch-01").resolve(file.getFileName()));
                    }
                }
            }
            // A student that is not stored, so that it looks for its teacher.
            double temperature = found.equals("nothing") ? 8 : 16;
            run(
                    experiment(Variant.AS_WRITTEN, false),
                    plan -> plan.earlyStoppedStudent("q13-single-trajectory", 1, temperature, .5, 1));
            assertEquals(2, trained.size(), found + ": " + trained);
            assertEquals(TEACHER, trained.get(0), found);
        }
        assertEquals(
                student.weightsDigest(),
                experiment(Variant.AS_WRITTEN, false)
                        .trainer()
                        .repeat(student.settings())
                        .weightsDigest());
    }

    @Test
    void whereDistillationEndsTheLabelsAreLeftAndTheOptimiserGoesOnAsItIs() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_WRITTEN, false);
        Run student = run(experiment, plan -> plan.studentDistilledUntil(1, 4, .5, 1));
        assertEquals("task1-as-written-q13-distil-until-student-T4-alpha0.5-until1-seed1", trained.get(1));
        assertTrue(student.history().get(0).soft() > 0);
        for (EpochResult after : student.history().subList(1, 3)) {
            assertEquals(0, after.soft());
            assertEquals(after.hard(), after.loss());
        }

        Settings settings = student.settings();
        TeacherOutputs teacher =
                outputs(Activation.SOFTMAX, experiment.teacher(1).settings());
        LossFunction<TFloat32> distils = LossFunction.student(SoftTargets.UNNORMALISED, 4, .5);
        try (CompiledModel<TFloat32> distilling = student(Activation.SOFTMAX, distils);
                CompiledModel<TFloat32> plain = student(Activation.SOFTMAX, LossFunction.plainStudent())) {
            distilling.setWeights(distilling
                    .network()
                    .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(settings.stream("weights"))));
            train(distilling, settings, teacher, 1, 1);
            plain.setState(distilling.getState());
            train(plain, settings, TeacherOutputs.NONE, 2, 3);
            assertEquals(student.weightsDigest(), plain.getWeights().digest());

            plain.setWeights(distilling.getWeights());
            train(plain, settings, TeacherOutputs.NONE, 2, 3);
            assertNotEquals(student.weightsDigest(), plain.getWeights().digest(), "not with a new optimiser");
        }
    }

    @Test
    void whatALossLearntItselfEndsWithTheDistillation() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        Training kd = experiment.plan().studentDistilledUntil(1, 4, .5, 1);
        Settings settings = Runs.with(Runs.with(kd.settings(), "loss", "hints"), "temperature", null);
        Run student = experiment.trainer().run(Training.taught(settings, kd.teacher()));
        assertEquals(
                List.of(true, false, false),
                student.history().stream().map(epoch -> epoch.soft() > 0).toList());
        assertEquals(
                student.weightsDigest(), experiment.trainer().repeat(settings).weightsDigest());
    }

    /** Which networks and targets a student without some slips has: those of the formulas where both are gone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DOUBLE_SOFTMAX                      | LINEAR  | UNNORMALISED",
                "UNNORMALISED_TARGETS                | SOFTMAX | SOFTMAX",
                "DOUBLE_SOFTMAX,UNNORMALISED_TARGETS | LINEAR  | SOFTMAX"
            })
    void withoutSlipsAStudentTrainsWhatTheFormulasSayInTheirPlace(String slips, Activation output, SoftTargets targets)
            throws IOException {
        List<Slip> without = Arrays.stream(slips.split(",")).map(Slip::valueOf).toList();
        Reading reading = Reading.of(Settings.TASK1, Variant.AS_WRITTEN, without);
        MnistTrainer experiment =
                experiment(reading, new Trainer.Setup(DATA, List.of(), null, DEVICE, false), "runs", recording());
        Run written = experiment(Variant.AS_WRITTEN, false).student("q5", 4, .5, 1);
        trained.clear();
        Run student = experiment.student("q5", 4, .5, 1);
        Run plain = experiment.plainStudent("q7", 1);
        String name = "task1-as-written-without-" + reading.without().replace(',', '-');
        assertEquals(
                List.of(
                        name + "-teacher-seed1",
                        name + "-q5-student-T4-alpha0.5-seed1",
                        name + "-q7-student-plain-seed1"),
                trained,
                "nothing of as-written is taken for it, the teacher neither");
        assertEquals(reading, student.settings().reading());
        assertEquals(experiment.teacher(1).identity(), student.settings().teacher());
        assertNotEquals(written.identity(), student.identity());
        assertNotEquals(written.weightsDigest(), student.weightsDigest());

        assertTrains(
                student,
                output,
                LossFunction.student(targets, 4, .5),
                outputs(output, experiment.teacher(1).settings()));
        assertTrains(plain, output, LossFunction.plainStudent(), TeacherOutputs.NONE);
        assertEquals(
                student.weightsDigest(),
                experiment.trainer().repeat(student.settings()).weightsDigest());
    }

    /** Whether a loop of its own gives the weights of a run. */
    private void assertTrains(Run run, Activation output, LossFunction<TFloat32> loss, TeacherOutputs teacher)
            throws IOException {
        Settings settings = run.settings();
        try (CompiledModel<TFloat32> model = student(output, loss)) {
            model.setWeights(model.network()
                    .initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(settings.stream("weights"))));
            train(model, settings, teacher, 1, settings.epochs());
            assertEquals(run.weightsDigest(), model.getWeights().digest());
        }
    }

    @Test
    void settingsChooseTheLossAndItsRunsAreNotThoseOfTheReportsLoss() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        Training kd = experiment.plan().student("q5", 4., .25, 1);
        Settings settings = Runs.with(Runs.with(kd.settings(), "loss", "logit-mse"), "temperature", null);
        Training training = Training.taught(settings, kd.teacher());
        Run run = experiment.trainer().run(training);
        assertEquals("task1-as-described-q5-student-loss-logit-mse-alpha0.25-seed1", trained.get(1));
        for (EpochResult epoch : run.history()) {
            assertEquals(.25 * epoch.soft() + .75 * epoch.hard(), epoch.loss(), 1e-5 * epoch.loss());
        }
        assertTrue(
                run.history().get(2).soft() < .5 * run.history().get(0).soft(),
                "the student comes near to its teacher");
        assertEquals(run, experiment.trainer().stored(training).orElseThrow());
        assertTrue(experiment.trainer().stored(kd).isEmpty());
        assertEquals(run.weightsDigest(), experiment.trainer().repeat(settings).weightsDigest());

        Training unknown = Training.taught(Runs.with(settings, "loss", "mse"), training.teacher());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> experiment.trainer().run(unknown))
                .getMessage();
        assertTrue(message.startsWith("there is no loss mse: kd, dkd, dist, logit-mse"), message);
    }

    @Test
    void aLossOnFeaturesComparesLayersOfStudentAndTeacher() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_WRITTEN, false);
        Training kd = experiment.plan().student("q5", 4., .25, 1);
        Settings settings = Runs.with(Runs.with(kd.settings(), "loss", "similarity"), "temperature", null);
        Training training = Training.taught(settings, kd.teacher());
        experiment.trainer().run(kd);
        Run run = experiment.trainer().run(training);
        assertEquals("task1-as-written-q5-student-loss-similarity-alpha0.25-seed1", trained.get(2));
        for (EpochResult epoch : run.history()) {
            assertTrue(epoch.soft() > 0);
            assertEquals(.25 * epoch.soft() + .75 * epoch.hard(), epoch.loss(), 1e-5 * epoch.loss());
        }
        assertEquals(run.weightsDigest(), experiment.trainer().repeat(settings).weightsDigest());
        Files.delete(Runs.file(new RunStore(folder.resolve("runs")), "task1"));
        assertEquals(
                run.weightsDigest(),
                experiment(Variant.AS_WRITTEN, false).trainer().run(training).weightsDigest(),
                "what was trained and not stored is measured without its teacher");
    }

    /** A loop of its own, which knows nothing of the trainer. */
    private static void train(
            CompiledModel<TFloat32> model, Settings settings, TeacherOutputs teacher, int first, int last)
            throws IOException {
        EpochOrder order = new EpochOrder(settings.stream("order"));
        long seed = settings.stream("dropout");
        for (int epoch = first; epoch <= last; epoch++) {
            List<int[]> batches = order.batches(epoch, DATA.train().size(), 256);
            for (int step = 0; step < batches.size(); step++) {
                long steps = (long) (epoch - 1) * batches.size() + step;
                int[] batch = batches.get(step);
                model.trainOnBatch(DATA.train().batch(batch), teacher.of(batch), seed, steps);
            }
        }
    }

    private CompiledModel<TFloat32> student(Activation output, LossFunction<TFloat32> loss) {
        Network network = MnistStudent.buildFc(new Network.Names(), output);
        return CompiledModel.compile(network, TrainingStep.of(loss, Adam.of(1e-3)), DEVICE);
    }

    private TeacherOutputs outputs(Activation output, Settings teacher) throws IOException {
        Network network = MnistTeacher.buildCnn(new Network.Names(), output);
        try (CompiledModel<TFloat32> model = CompiledModel.of(network, Inputs.BYTES, TFloat32.class, DEVICE)) {
            model.setWeights(
                    models().load(teacher, teacher.epochs(), network.weights()).orElseThrow());
            return new TeacherOutputs(10, model.predict(DATA.train()));
        }
    }

    @Test
    void ofAGivenTeacherNoEarlierEpochsAreKnown() throws IOException {
        Network network = MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);
        Weights weights = network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
        Reading written = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
        GivenTeacher given = new GivenTeacher("given", network, new ReadingGraph(written), weights, weights.digest());
        MnistTrainer experiment =
                experiment(Variant.AS_WRITTEN, MnistTrainer.given(DATA, given), "runs", TrainingListener.SILENT);
        assertThrows(
                IllegalStateException.class,
                () -> run(experiment, plan -> plan.earlyStoppedStudent("q13-single-trajectory", 1, 4, .5, 1)));
    }

    @Test
    void aTeacherAfterAnEpochIsTheOneThatWasTrainedForSoLong() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        experiment.teacher(1);
        double[] early = experiment.models().teacherTestLogits(1, 2, 100);
        MnistTrainer shorter = MnistTrainer.of(
                Reading.of(Settings.TASK1, Variant.AS_DESCRIBED),
                2,
                DATA,
                folder.resolve("elsewhere/runs"),
                TrainingListener.SILENT);
        Run teacher = shorter.teacher(1);
        assertArrayEquals(shorter.models().testLogits(teacher, 100), early);
    }

    @Test
    void studentsUnderAnEarlyStoppedTeacherNeedNoOtherTraining() throws IOException {
        Run early = run(experiment(Variant.AS_DESCRIBED, false), plan -> plan.studentOfWidth(12, 1, 4, .5, 1));
        assertEquals(
                List.of(
                        "task1-as-described-teacher-seed1",
                        "task1-as-described-q10-student-width12-T4-alpha0.5-epochs1-seed1"),
                trained);
        assertEquals(3, early.history().size());
        assertEquals(
                early.weightsDigest(),
                experiment(Variant.AS_DESCRIBED, false)
                        .trainer()
                        .repeat(early.settings())
                        .weightsDigest());
        Folders.delete(folder.resolve("saved-models"));
        assertEquals(
                early.weightsDigest(),
                experiment(Variant.AS_DESCRIBED, false)
                        .trainer()
                        .repeat(early.settings())
                        .weightsDigest(),
                "the teacher is trained for one epoch, without a trace");
        assertFalse(Files.exists(folder.resolve("saved-models")));
    }

    @Test
    void anEarlyEpochThatIsGoneIsTrainedAgain() throws IOException {
        experiment(Variant.AS_DESCRIBED, false).teacher(1);
        double[] early = experiment(Variant.AS_DESCRIBED, false).models().teacherTestLogits(1, 1, 10);
        Folders.delete(folder.resolve("saved-models"));
        assertArrayEquals(
                early, experiment(Variant.AS_DESCRIBED, false).models().teacherTestLogits(1, 1, 10));
    }

    @Test
    void aRareClassIsKnownByAConfusionMatrixAndAWidthByItsWeights() throws IOException {
        MnistTrainer experiment = experiment(Variant.AS_DESCRIBED, false);
        Run plain = run(experiment, plan -> plan.rarePlainStudent(3, 1));
        assertEquals(100, plain.evaluation().matrix().total());
        assertEquals(plain.testAccuracy(), 100 * plain.evaluation().matrix().accuracy(), 1e-9);
        assertEquals(
                plain,
                new RunStore(folder.resolve("runs"))
                        .find("task1", plain.identity())
                        .orElseThrow());
        Run both = run(experiment, plan -> plan.rareStudent(MnistPlan.TEACHER_OF_THE_SAME_IMAGES, 3, 4, .5, 1));
        assertEquals(
                run(experiment, plan -> plan.rareTeacher(3, 1)).identity(),
                both.settings().teacher());
        assertEquals(
                experiment.teacher(1).identity(),
                run(experiment, plan -> plan.rareStudent("q1", 3, 4, .5, 1))
                        .settings()
                        .teacher());
        assertEquals(
                both.weightsDigest(),
                experiment(Variant.AS_DESCRIBED, false)
                        .trainer()
                        .repeat(both.settings())
                        .weightsDigest());
        Run narrow = run(
                experiment, plan -> plan.plainStudentsByWidth(List.of(12), 1).get(0));
        assertEquals(100 * 10, experiment.models().testLogits(narrow, 1000).length);
        assertEquals(100 * 10, experiment.models().untrainedTestLogits(narrow, 1000).length);
    }

    /** 600 images in batches of 256: two steps, 88 images left out. */
    @Test
    void anEpochHasOnlyFullBatchesAndTheListenerHearsOfEach() throws IOException {
        List<String> heard = new ArrayList<>();
        TrainingListener listener = (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterStep(int epoch, int step, int of) {
                heard.add(epoch + ":" + step + "/" + of);
            }

            @Override
            public void afterEpoch(EpochResult result) {
                heard.add("end of " + result.epoch());
            }

            @Override
            public void doing(String what) {
                heard.add(what);
            }

            @Override
            public void stored(Run run) {
                heard.add("stored at " + run.testAccuracy());
            }
        };
        Run run = experiment(Variant.AS_WRITTEN, false, listener).teacher(1);
        assertEquals(
                List.of(
                        "1:1/2",
                        "1:2/2",
                        "end of 1",
                        "2:1/2",
                        "2:2/2",
                        "end of 2",
                        "3:1/2",
                        "3:2/2",
                        "end of 3",
                        "measuring the accuracy on the 600 training images",
                        "stored at " + run.testAccuracy()),
                heard);
        // All 100 test images are counted, though 64 do not divide them: accuracies are whole per cents.
        run.history().forEach(result -> assertEquals(Math.rint(result.testAccuracy()), result.testAccuracy(), 1e-9));
    }

    @Test
    void aStudentLearnsTheGeneratedDigits() throws IOException {
        DataSet digits = Mnist.generate(6400, 1000);
        List<EpochResult> history = MnistTrainer.of(
                        Reading.of(Settings.TASK1, Variant.AS_DESCRIBED),
                        4,
                        digits,
                        folder.resolve("runs"),
                        TrainingListener.SILENT)
                .plainStudent("q7", 1)
                .history();
        assertTrue(
                history.get(3).testAccuracy() > 85, "accuracy " + history.get(3).testAccuracy());
        assertTrue(history.get(3).loss() < history.get(0).loss() / 2, "the loss falls");
    }

    @Test
    @Tag("gpu")
    void onAGpuTheSameSeedsGiveTheSameWeightsAndNearlyTheCpusLoss() throws IOException {
        Device gpu = Device.auto(2);
        assumeTrue(gpu.gpu(), "TensorFlow finds no CUDA device here");
        List<Run> runs = new ArrayList<>();
        for (Device device : List.of(gpu, gpu, DEVICE)) {
            runs.add(experiment(
                            Variant.AS_WRITTEN,
                            new Trainer.Setup(DATA, List.of(), null, device, false),
                            "gpu-" + runs.size() + "/runs",
                            TrainingListener.SILENT)
                    .teacher(1));
        }
        assertEquals(runs.get(0).weightsDigest(), runs.get(1).weightsDigest());
        assertEquals(
                runs.get(2).history().get(0).loss(),
                runs.get(0).history().get(0).loss(),
                .01);
    }
}
