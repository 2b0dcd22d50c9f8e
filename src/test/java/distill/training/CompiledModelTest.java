package distill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.data.StrokeDigits;
import distill.data.TinyMnist;
import distill.loss.Loss;
import distill.loss.LossInputs;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Dropout;
import distill.nn.Flatten;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Variable;
import distill.nn.Weights;
import distill.nn.zoo.MnistStudent;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

class CompiledModelTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final Images DIGITS = StrokeDigits.generate(600, 1);

    private static Network small(Activation output) {
        return Network.sequential(
                new Network.Names(),
                Shape.of(28, 28, 1),
                new MaxPooling2D(4, 4),
                new Conv2D(3, 3, Activation.RELU),
                new MaxPooling2D(2, 1),
                new Flatten(),
                new Dropout(.5),
                new Dense(10, output));
    }

    private static Weights weights(Network network, long seed) {
        return network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(seed));
    }

    private static CompiledModel<TFloat64> student(
            Network network, LossInputs reading, double temperature, double alpha) {
        return CompiledModel.compile(
                network,
                Inputs.BYTES,
                Phase::training,
                TrainingStep.of(LossFunction.student(reading.softTargets(), temperature, alpha), Adam.of(1e-3)),
                TFloat64.class,
                DEVICE);
    }

    private static CompiledModel<TFloat32> plain(Network network) {
        return CompiledModel.compile(network, TrainingStep.of(LossFunction.plainStudent(), Adam.of(1e-3)), DEVICE);
    }

    private static LossInputs inputs(Variant variant) {
        return variant == Variant.AS_WRITTEN ? LossInputs.PROBABILITIES : LossInputs.LOGITS;
    }

    /** Adam's first step hides a gradient's size, but its m is then (1 - .9f) g. */
    @ParameterizedTest
    @CsvSource({"AS_DESCRIBED, .4", "AS_WRITTEN, 0"})
    void theGradientOfEveryWeightIsTheDerivativeOfTheSummedLoss(Variant variant, double alpha) throws IOException {
        LossInputs reading = inputs(variant);
        // As-written goes through the network's own softmax; its distillation term, which is no derivative, is left
        // out.
        Network network = small(reading.outputActivation());
        ImageBatch batch = DIGITS.batch(TinyMnist.range(0, 6));
        TeacherOutputs teacher = new TeacherOutputs(
                10, new java.util.Random(1).doubles(60, -2, 2).toArray());
        // Biases apart from 0, where ReLU of an empty part of an image has no derivative.
        Weights start = Weights.of(
                network.weights(), spec -> new java.util.Random(spec.name().hashCode())
                        .doubles(spec.shape().size(), .05, .5)
                        .map(v -> spec.name().endsWith("kernel") ? v - .3 : v)
                        .toArray());
        try (CompiledModel<TFloat64> model = student(network, reading, 2, alpha)) {
            model.setWeights(start);
            model.trainOnBatch(batch, teacher.of(batch.indices()), 0, 0);
            List<Weights.Weight> state = model.getState().values();
            for (int w = 0; w < start.values().size(); w++) {
                String name = start.values().get(w).name();
                double[] m = state.stream()
                        .filter(s -> s.name().equals("adam/m/" + name))
                        .findFirst()
                        .orElseThrow()
                        .values();
                for (int i = 0; i < m.length; i += Math.max(1, m.length / 7)) {
                    double h = 1e-5;
                    double difference = (summedLoss(model, start, w, i, h, batch, teacher)
                                    - summedLoss(model, start, w, i, -h, batch, teacher))
                            / (2 * h);
                    assertEquals(difference, m[i] / (1 - (double) .9f), 1e-6, name + "[" + i + "]");
                }
            }
        }
    }

    private static double summedLoss(
            CompiledModel<TFloat64> model,
            Weights start,
            int weight,
            int index,
            double change,
            ImageBatch batch,
            TeacherOutputs teacher) {
        List<Weights.Weight> changed = new ArrayList<>(start.values());
        Weights.Weight old = changed.get(weight);
        double[] values = old.values().clone();
        values[index] += change;
        changed.set(weight, new Weights.Weight(old.name(), old.shape(), values));
        model.setWeights(new Weights(changed));
        return batch.size()
                * model.trainOnBatch(batch, teacher.of(batch.indices()), 0, 0).loss();
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void teacherOutputsLookedUpAfterShufflingAreThoseOfTheBatchsImages(Variant variant) throws IOException {
        LossInputs reading = inputs(variant);
        Network network = small(reading.outputActivation());
        try (CompiledModel<TFloat64> teacher = CompiledModel.of(network, Inputs.BYTES, TFloat64.class, DEVICE)) {
            teacher.setWeights(weights(network, 5));
            TeacherOutputs outputs = new TeacherOutputs(10, teacher.predict(DIGITS));
            for (int[] indices : new EpochOrder(3).batches(2, DIGITS.size(), 100)) {
                ImageBatch batch = DIGITS.batch(indices);
                byte[] labels = new byte[batch.size()];
                double[] direct = teacher.predict(Images.inMemory(28, 28, 1, 10, batch.bytes(), labels));
                assertArrayEquals(direct, outputs.of(indices).values(), 1e-12);
            }
        }
    }

    @Test
    void theStudentsStepUsesTheTeachersOutputsOfItsImages() throws IOException {
        Network network = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        double[] outputs =
                new java.util.Random(2).doubles(DIGITS.size() * 10, -2, 2).toArray();
        int[] indices = {17, 3, 599, 42};
        try (CompiledModel<TFloat64> model = student(network, LossInputs.LOGITS, 1, 1)) {
            model.setWeights(weights(network, 1));
            double[] z = model.predict(DIGITS);
            double expected = 0;
            for (int image : indices) {
                double[] v = Arrays.copyOfRange(outputs, image * 10, image * 10 + 10);
                double[] s = Arrays.copyOfRange(z, image * 10, image * 10 + 10);
                double sumV = Arrays.stream(v).map(Math::exp).sum();
                double sumS = Arrays.stream(s).map(Math::exp).sum();
                for (int k = 0; k < 10; k++) {
                    expected -= Math.exp(v[k]) / sumV * (s[k] - Math.log(sumS)) / indices.length;
                }
            }
            StepLoss loss =
                    model.trainOnBatch(DIGITS.batch(indices), new TeacherOutputs(10, outputs).of(indices), 0, 0);
            assertEquals(expected, loss.soft(), 1e-10);
            assertEquals(loss.soft(), loss.loss(), 1e-12, "alpha is 1");
        }
    }

    @Test
    void pixelsAreScaledByTheFloatNearestToAnEverySecondFiftyFifth() throws IOException {
        // A network that only passes its input on: one weight of 1, bias 0.
        Network network = Network.sequential(
                new Network.Names(), Shape.of(1, 1, 1), new Flatten(), new Dense(1, Activation.LINEAR));
        byte[] pixels = new byte[256];
        for (int v = 0; v < 256; v++) {
            pixels[v] = (byte) v;
        }
        double[] scaled;
        try (CompiledModel<TFloat64> model = CompiledModel.of(network, Inputs.BYTES, TFloat64.class, DEVICE)) {
            model.setWeights(
                    Weights.of(network.weights(), w -> w.name().endsWith("kernel") ? new double[] {1} : new double[1]));
            scaled = model.predict(Images.inMemory(1, 1, 1, 10, pixels, new byte[256]));
        }
        int unlikeDivision = 0;
        for (int v = 0; v < 256; v++) {
            assertEquals(v * (1f / 255f), scaled[v], 0, "pixel " + v);
            unlikeDivision += scaled[v] == v / 255f ? 0 : 1;
        }
        assertEquals(126, unlikeDivision, "values that differ from v / 255 in the last bit");
    }

    @Test
    void accuracyCountsEveryImageOnceAlsoInTheLastPartialBatch() throws IOException {
        Network network = small(Activation.SOFTMAX);
        Images set = DIGITS.first(300);
        try (CompiledModel<TFloat32> model = CompiledModel.of(network, Inputs.BYTES, TFloat32.class, DEVICE)) {
            model.setWeights(weights(network, 1));
            double[] outputs = model.predict(set);
            int right = 0;
            for (int i = 0; i < set.size(); i++) {
                int best = 0;
                for (int k = 1; k < 10; k++) {
                    best = outputs[i * 10 + k] > outputs[i * 10 + best] ? k : best;
                }
                right += best == set.label(i) ? 1 : 0;
            }
            assertEquals(100.0 * right / 300, model.evaluate(set), 1e-12);
        }
    }

    @Test
    void setWeightsStartsTheOptimiserAfresh() throws IOException {
        Network network = small(Activation.LINEAR);
        try (CompiledModel<TFloat32> model = plain(network)) {
            model.setWeights(weights(network, 1));
            model.trainOnBatch(DIGITS.batch(TinyMnist.range(0, 64)), TeacherOutputs.NONE, 1, 0);
            String once = model.getWeights().digest();
            model.trainOnBatch(DIGITS.batch(TinyMnist.range(64, 128)), TeacherOutputs.NONE, 1, 1);
            model.setWeights(weights(network, 1));
            model.trainOnBatch(DIGITS.batch(TinyMnist.range(0, 64)), TeacherOutputs.NONE, 1, 0);
            assertEquals(once, model.getWeights().digest());
        }
    }

    @Test
    void dropoutActsInTrainingOnly() throws IOException {
        Network network = small(Activation.LINEAR);
        try (CompiledModel<TFloat32> model = plain(network)) {
            model.setWeights(weights(network, 1));
            double first = model.trainOnBatch(DIGITS.batch(TinyMnist.range(0, 64)), TeacherOutputs.NONE, 1, 0)
                    .loss();
            model.setWeights(weights(network, 1));
            assertNotEquals(
                    first,
                    model.trainOnBatch(DIGITS.batch(TinyMnist.range(0, 64)), TeacherOutputs.NONE, 2, 0)
                            .loss(),
                    "another dropout seed");
            model.setWeights(weights(network, 1));
            assertArrayEquals(model.predict(DIGITS.first(10)), model.predict(DIGITS.first(10)));
        }
    }

    @Test
    void weightsOfAnotherNetworkAreNamed() {
        Network network = small(Activation.LINEAR);
        try (CompiledModel<TFloat32> model = plain(network)) {
            Weights others = weights(MnistStudent.buildFc(new Network.Names(), Activation.LINEAR), 1);
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> model.setWeights(others));
            assertEquals("sequential has 4 weights, found 6", error.getMessage());
        }
    }

    @Test
    void aModelWithoutALossCannotBeTrained() {
        Network network = small(Activation.LINEAR);
        try (CompiledModel<TFloat32> model = CompiledModel.of(network, Inputs.BYTES, TFloat32.class, DEVICE)) {
            assertTrue(assertThrows(
                            IllegalStateException.class,
                            () -> model.trainOnBatch(DIGITS.batch(TinyMnist.range(0, 1)), TeacherOutputs.NONE, 0, 0))
                    .getMessage()
                    .contains("not compiled with a loss"));
        }
    }

    @Test
    void aModelWithoutWeightsSaysHowToGiveItSome() throws IOException {
        try (CompiledModel<TFloat32> model = plain(small(Activation.LINEAR))) {
            String message =
                    "sequential has no weights yet: set them with setWeights, such as network.initialWeights(seed)";
            ImageBatch batch = DIGITS.batch(TinyMnist.range(0, 1));
            for (Executable asked : List.<Executable>of(
                    () -> model.predict(DIGITS),
                    () -> model.trainOnBatch(batch, TeacherOutputs.NONE, 0, 0),
                    model::getWeights,
                    model::getState)) {
                assertEquals(
                        message,
                        assertThrows(IllegalStateException.class, asked).getMessage());
            }
        }
    }

    @Test
    void aLossThatLooksAtATeacherSaysSoWhereThereIsNone() throws IOException {
        Network network = small(Activation.LINEAR);
        try (CompiledModel<TFloat64> model = student(network, LossInputs.LOGITS, 4, .5)) {
            model.setWeights(weights(network, 1));
            ImageBatch batch = DIGITS.batch(TinyMnist.range(0, 1));
            assertEquals(
                    "the loss of sequential looks at a teacher's outputs, and none are given: ask the teacher for them with"
                            + " TeacherOutputs.of",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> model.trainOnBatch(batch, TeacherOutputs.NONE, 0, 0))
                            .getMessage());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryDoesNotGrowWithTheNumberOfSteps() throws IOException {
        Network network = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        TeacherOutputs teacher = new TeacherOutputs(10, new double[DIGITS.size() * 10]);
        ImageBatch batch = DIGITS.batch(TinyMnist.range(0, 256));
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                TrainingStep.of(LossFunction.student(LossInputs.PROBABILITIES.softTargets(), 4, .5), Adam.of(1e-3)),
                DEVICE)) {
            model.setWeights(weights(network, 1));
            for (int step = 0; step < 50; step++) {
                model.trainOnBatch(batch, teacher.of(batch.indices()), 1, step);
            }
            System.gc();
            long before = residentKilobytes();
            for (int step = 50; step < 350; step++) {
                model.trainOnBatch(batch, teacher.of(batch.indices()), 1, step);
            }
            System.gc();
            // A step feeds 250 kB: had 300 of them been kept, 75 MB.
            assertTrue(residentKilobytes() - before < 40_000, "grew by " + (residentKilobytes() - before) + " kB");
        }
    }

    /** The network is one that hands on what it is given. */
    @Test
    void whatIsFedIsScaledAsKerasScalesIt() {
        Network handsOn = Network.sequential(new Network.Names(), Shape.of(1, 1, 3), new Flatten());
        float[] levels = {0, 51.5f, 255};
        Map<Inputs, double[]> expected = Map.of(
                Inputs.GREY_LEVELS, new double[] {0, 51.5f * (1f / 255f), 255 * (1f / 255f)},
                Inputs.GREY_LEVELS_SYMMETRIC, new double[] {-1, 51.5f / 127.5f - 1f, 1},
                Inputs.FEATURES, new double[] {0, 51.5, 255});
        expected.forEach((inputs, values) -> {
            try (CompiledModel<TFloat32> model = CompiledModel.of(handsOn, inputs, TFloat32.class, DEVICE)) {
                assertArrayEquals(values, model.predictOnBatch(levels), inputs.toString());
            }
        });
        try (CompiledModel<TFloat32> bytes = CompiledModel.of(handsOn, Inputs.BYTES, TFloat32.class, DEVICE)) {
            assertEquals(
                    "this model was compiled for BYTES, fed as TUint8, found TFloat32",
                    assertThrows(IllegalArgumentException.class, () -> bytes.predictOnBatch(levels))
                            .getMessage());
        }
    }

    /** training=False trains gamma and beta, and leaves the statistics alone. */
    @Test
    void whereTheNetworkIsCalledInInferenceATrainingStepLeavesTheMovingStatistics() {
        Network network = Network.sequential(
                new Network.Names(), Shape.of(2, 2, 3), new BatchNormalization(.9, 1e-3), new Flatten());
        float[] values = new float[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Map<String, double[]> start = byName(weights(network, 1));
        Map<String, double[]> stored = byName(afterAStep(network, values, key -> Phase.inference()));
        Map<String, double[]> batch = byName(afterAStep(network, values, Phase::training));
        for (String statistic : List.of("moving_mean", "moving_variance")) {
            String name = "batch_normalization/" + statistic;
            assertArrayEquals(start.get(name), stored.get(name), name);
            assertFalse(Arrays.equals(start.get(name), batch.get(name)), name);
        }
        assertFalse(
                Arrays.equals(start.get("batch_normalization/gamma"), stored.get("batch_normalization/gamma")),
                "gamma");
    }

    private static Weights afterAStep(Network network, float[] values, Function<Operand<TInt64>, Phase> phase) {
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                Inputs.FEATURES,
                phase,
                TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)),
                TFloat32.class,
                DEVICE)) {
            model.setWeights(weights(network, 1));
            model.trainOnBatch(values, new int[] {0, 1}, TeacherOutputs.NONE, 1, 0);
            return model.getWeights();
        }
    }

    /** Its step changes the last bias alone, where all the weights are trained otherwise. */
    @Test
    void aModelTrainsWithTheStepThatItIsGiven() throws IOException {
        Network network = small(Activation.LINEAR);
        ImageBatch batch = DIGITS.batch(TinyMnist.range(0, 6));
        TrainingStep<TFloat32> biasAlone = (tf, model, fed) -> {
            Loss<TFloat32> loss = LossFunction.<TFloat32>teacher()
                    .of(tf, fed.labels(), model.call(tf, fed.images(), fed.training()), fed.teacherOutputs());
            List<Variable<TFloat32>> bias =
                    List.of(model.variables().get(model.variables().size() - 1));
            return new TrainingStep.Result<>(
                    loss, Adam.of(1e-3).applyGradients(tf, GradientTape.gradient(tf, loss, bias), bias));
        };
        try (CompiledModel<TFloat32> model = CompiledModel.compile(network, biasAlone, DEVICE);
                CompiledModel<TFloat32> whole = plain(network)) {
            model.setWeights(weights(network, 1));
            whole.setWeights(weights(network, 1));
            Map<String, double[]> start = byName(model.getWeights());
            double loss = model.trainOnBatch(batch, TeacherOutputs.NONE, 7, 0).loss();
            assertEquals(whole.trainOnBatch(batch, TeacherOutputs.NONE, 7, 0).loss(), loss, "the same masks and loss");
            byName(model.getWeights())
                    .forEach((name, values) ->
                            assertEquals(name.equals("dense/bias"), !Arrays.equals(start.get(name), values), name));
        }
    }

    private static Map<String, double[]> byName(Weights weights) {
        return weights.values().stream().collect(Collectors.toMap(Weights.Weight::name, Weights.Weight::values));
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStepOnImagesAsksTheTeacherAboutTheSameImages() {
        Network network = Network.sequential(
                new Network.Names(), Shape.of(2, 2, 3), new Flatten(), new Dense(2, Activation.LINEAR));
        byte[] pixels = {9, 8, 7, 60, 50, 40, 3, 2, 1, 0, 5, -6, 30, 20, 10, 6, 5, 4, -56, 100, 0, 1, 1, 1};
        ImageBatch batch = new ImageBatch(new int[] {0, 1}, new int[] {0, 1}, pixels, null);
        LossFunction<TFloat32> loss = LossFunction.student(SoftTargets.SOFTMAX, 4, .5);
        try (CompiledModel<TFloat32> teacher = CompiledModel.of(network, Inputs.GREY_LEVELS, TFloat32.class, DEVICE);
                CompiledModel<TFloat32> asked = onImages(network, loss);
                CompiledModel<TFloat32> told = onImages(network, loss)) {
            teacher.setWeights(weights(network, 1));
            asked.setWeights(weights(network, 2));
            told.setWeights(weights(network, 2));
            StepLoss one = asked.trainOnBatch(batch, TeacherOutputs.of(teacher, batch), 0, 0);
            double[] outputs = teacher.predictOnBatch(batch.levels());
            assertEquals(told.trainOnBatch(batch.levels(), batch.labels(), new TeacherOutputs(2, outputs), 0, 0), one);
            assertEquals(told.getWeights().digest(), asked.getWeights().digest());
            told.setWeights(weights(network, 2));
            told.trainOnBatch(batch.levels(), batch.labels(), new TeacherOutputs(2, new double[4]), 0, 0);
            assertNotEquals(told.getWeights().digest(), asked.getWeights().digest(), "the teacher matters");
        }
    }

    @Test
    void aTeacherThatIsFedBytesIsAskedAboutABatch() throws IOException {
        Network network = Network.sequential(
                new Network.Names(), Shape.of(2, 2, 3), new Flatten(), new Dense(2, Activation.LINEAR));
        byte[] pixels = {9, 8, 7, 60, 50, 40, 3, 2, 1, 0, 5, -6};
        ImageBatch batch = new ImageBatch(new int[] {0}, new int[] {0}, pixels, null);
        try (CompiledModel<TFloat32> bytes =
                        CompiledModel.compile(network, TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)), DEVICE);
                CompiledModel<TFloat32> levels =
                        CompiledModel.of(network, Inputs.GREY_LEVELS, TFloat32.class, DEVICE)) {
            bytes.setWeights(weights(network, 1));
            levels.setWeights(weights(network, 1));
            assertArrayEquals(
                    levels.predictOnBatch(batch.levels()),
                    TeacherOutputs.of(bytes, batch).values());
        }
    }

    private static CompiledModel<TFloat32> onImages(Network network, LossFunction<TFloat32> loss) {
        return CompiledModel.compile(
                network,
                Inputs.GREY_LEVELS,
                Phase::training,
                TrainingStep.of(loss, Adam.of(1e-3)),
                TFloat32.class,
                DEVICE);
    }
}
