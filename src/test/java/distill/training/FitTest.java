package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.data.StrokeDigits;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.BatchNormalization;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Dropout;
import distill.nn.Flatten;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import distill.training.Callbacks.Monitor;
import distill.weights.KerasFile;
import distill.weights.Matching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class FitTest {

    private static final Device DEVICE = Device.cpu(1);
    private static final Images DIGITS = StrokeDigits.generate(150, 1);
    private static final Images OTHERS = StrokeDigits.generate(50, 2);

    @TempDir
    private Path folder;

    private static Network network() {
        return Network.sequential(
                new Network.Names(),
                Shape.of(28, 28, 1),
                new MaxPooling2D(4, 4),
                new BatchNormalization(),
                new Flatten(),
                new Dropout(.2),
                new Dense(10, Activation.LINEAR));
    }

    private static CompiledModel<TFloat32> model(LossFunction<TFloat32> loss) {
        return CompiledModel.compile(network(), TrainingStep.of(loss, Adam.of(1e-3)), DEVICE);
    }

    private static CompiledModel<TFloat32> model() {
        return model(LossFunction.teacher());
    }

    /** 150 images in batches of 64 are steps of 64, 64 and 22. */
    @Test
    void fitTrainsOnAllImagesOfEachEpochInItsOrderAndGivesTheLossesMeans() throws IOException {
        try (CompiledModel<TFloat32> fitted = model();
                CompiledModel<TFloat32> byHand = model()) {
            List<EpochLog> logs =
                    fitted.fit(DIGITS, Fit.epochs(2).batchSize(64).seed(3).validation(OTHERS));
            byHand.setWeights(network().initialWeights(3));
            long step = 0;
            for (int epoch = 1; epoch <= 2; epoch++) {
                double sum = 0;
                for (int[] indices : new EpochOrder(3).allBatches(epoch, 150, 64)) {
                    ImageBatch batch = DIGITS.batch(indices);
                    sum += batch.size()
                            * byHand.trainOnBatch(batch, TeacherOutputs.NONE, 3, step++)
                                    .loss();
                }
                EpochLog log = logs.get(epoch - 1);
                assertEquals(epoch, log.epoch());
                assertEquals(sum / 150, log.loss(), 1e-12);
                assertEquals(byHand.evaluate(OTHERS), log.validationAccuracy());
            }
            assertEquals(6, step);
            assertEquals(2, logs.size());
            assertEquals(byHand.getWeights().digest(), fitted.getWeights().digest());
        }
    }

    @Test
    void aSecondFitGoesOnFromTheWeightsAndTheOptimiserOfTheFirst() throws IOException {
        try (CompiledModel<TFloat32> twice = model();
                CompiledModel<TFloat32> goesOn = model()) {
            twice.fit(DIGITS, Fit.epochs(1).batchSize(150));
            goesOn.setState(twice.getState());
            twice.fit(DIGITS, Fit.epochs(1).batchSize(150));
            int[] order = new EpochOrder(0).permutation(1, 150);
            goesOn.trainOnBatch(DIGITS.batch(order), TeacherOutputs.NONE, 0, 0);
            assertEquals(goesOn.getState().digest(), twice.getState().digest());
        }
    }

    @Test
    void aStudentLearnsFromWhatItsTeacherPutsOutForTheSameImages() throws IOException {
        try (CompiledModel<TFloat32> teacher = model();
                CompiledModel<TFloat32> student = model(LossFunction.student(SoftTargets.SOFTMAX, 4, .5))) {
            teacher.fit(DIGITS, Fit.epochs(5));
            TeacherOutputs outputs = TeacherOutputs.of(teacher, DIGITS);
            EpochLog log = student.fit(DIGITS, Fit.epochs(1).teacher(outputs)).get(0);
            assertEquals(.5 * log.hard() + .5 * log.soft(), log.loss(), 1e-4);
            assertTrue(log.soft() > 0, log.toString());
            assertEquals(
                    "the teacher's outputs are 1500 numbers for 50 images in 10 classes: ask it for these images with TeacherOutputs.of",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> student.fit(OTHERS, Fit.epochs(1).teacher(outputs)))
                            .getMessage());
        }
    }

    @Test
    void imagesThatAreFedAsGreyLevelsAreTrainedOnToo() throws IOException {
        try (CompiledModel<TFloat32> levels = CompiledModel.compile(
                        network(),
                        Inputs.GREY_LEVELS,
                        Phase::training,
                        TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)),
                        TFloat32.class,
                        DEVICE);
                CompiledModel<TFloat32> bytes = model()) {
            // Both scale a level by the same number.
            assertEquals(
                    bytes.fit(DIGITS, Fit.epochs(1)).get(0).loss(),
                    levels.fit(DIGITS, Fit.epochs(1)).get(0).loss());
        }
    }

    @Test
    void aCallbackEndsATraining() throws IOException {
        List<String> heard = new ArrayList<>();
        Callback callback = new Callback() {
            @Override
            public void onTrainBegin(CompiledModel<?> model) {
                heard.add("begin");
            }

            @Override
            public boolean onEpochEnd(CompiledModel<?> model, EpochLog log) {
                heard.add("epoch " + log.epoch());
                return log.epoch() < 2;
            }

            @Override
            public void onTrainEnd(CompiledModel<?> model) {
                heard.add("end");
            }
        };
        try (CompiledModel<TFloat32> model = model()) {
            assertEquals(
                    2,
                    model.fit(DIGITS, Fit.epochs(5).callback(callback).callback((one, log) -> true))
                            .size());
        }
        assertEquals(List.of("begin", "epoch 1", "epoch 2", "end"), heard);
    }

    /** After which epoch a training of these losses ends; 0 where it does not. */
    private static int endsAfter(Callback callback, double... losses) throws IOException {
        callback.onTrainBegin(null);
        for (int i = 0; i < losses.length; i++) {
            if (!callback.onEpochEnd(null, log(i + 1, losses[i], Double.NaN))) {
                return i + 1;
            }
        }
        return 0;
    }

    private static EpochLog log(int epoch, double loss, double accuracy) {
        return new EpochLog(epoch, loss, loss, 0, accuracy, 1);
    }

    /** The epochs are those after which keras.callbacks.EarlyStopping of Keras 3.15 ends; it counts them from 0. */
    @Test
    void earlyStoppingEndsWhereKerasDoes() throws IOException {
        assertEquals(5, endsAfter(stopping(0, 2), 1, .8, .6, .7, .7, .1));
        assertEquals(4, endsAfter(stopping(0, 1), 1, .8, .6, .6, .5), "an equal loss is no better one");
        assertEquals(4, endsAfter(stopping(0, 0), 1, .8, .6, .7));
        assertEquals(2, endsAfter(stopping(0, 0), 1, 1, 1), "never after the first");
        assertEquals(3, endsAfter(stopping(.25, 2), 1, .8, .76, .4), "too little an improvement");
        assertEquals(0, endsAfter(stopping(.25, 3), 1, .8, .7, .4));
        assertEquals(0, endsAfter(stopping(0, 2), 1, 1.1, .9, 1, .8));
        Callback again = stopping(0, 2);
        assertEquals(3, endsAfter(again, 1, 2, 3));
        assertEquals(3, endsAfter(again, 5, 6, 7), "the next training starts anew");
    }

    private static Callback stopping(double minDelta, int patience) {
        return Callbacks.earlyStopping(Monitor.LOSS, minDelta, patience, false);
    }

    @Test
    void earlyStoppingGivesTheWeightsOfTheBestEpochBackWhereItIsAskedTo() throws IOException {
        double[] accuracies = {50, 70, 60, 65};
        for (boolean restores : List.of(true, false)) {
            try (CompiledModel<TFloat32> model = model()) {
                Callback callback = Callbacks.earlyStopping(Monitor.VALIDATION_ACCURACY, 0, 2, restores);
                callback.onTrainBegin(model);
                for (int i = 0; i < accuracies.length; i++) {
                    model.setWeights(network().initialWeights(i));
                    assertEquals(i < 3, callback.onEpochEnd(model, log(i + 1, 1, accuracies[i])), "epoch " + (i + 1));
                }
                callback.onTrainEnd(model);
                assertEquals(
                        rounded(network().initialWeights(restores ? 1 : 3)),
                        model.getWeights().digest());
            }
        }
    }

    @Test
    void weightsThatAreGivenBackLeaveTheOptimiserAsItIs() throws IOException {
        try (CompiledModel<TFloat32> model = model()) {
            model.fit(DIGITS, Fit.epochs(1).batchSize(20));
            int weights = model.getWeights().values().size();
            List<Weights.Weight> before = model.getState().values();
            Callback callback = Callbacks.earlyStopping(Monitor.VALIDATION_ACCURACY, 0, 2, true);
            callback.onTrainBegin(model);
            callback.onEpochEnd(model, log(1, 1, 50));
            callback.onTrainEnd(model);
            List<Weights.Weight> after = model.getState().values();
            assertTrue(before.size() > weights);
            assertEquals(new Weights(before).digest(), new Weights(after).digest());
        }
    }

    private static String rounded(Weights weights) {
        return new Weights(weights.values().stream()
                        .map(weight -> new Weights.Weight(
                                weight.name(),
                                weight.shape(),
                                Arrays.stream(weight.values())
                                        .map(value -> (float) value)
                                        .toArray()))
                        .toList())
                .digest();
    }

    @Test
    void whoWatchesTheValidationAccuracyIsToldWhereThereIsNone() {
        Callback callback = Callbacks.earlyStopping(Monitor.VALIDATION_ACCURACY, 0, 2, false);
        assertEquals(
                "a callback watches the validation accuracy, and there are no validation images: give some with Fit.validation",
                assertThrows(IllegalStateException.class, () -> callback.onEpochEnd(null, log(1, 1, Double.NaN)))
                        .getMessage());
    }

    @Test
    void theCsvLoggerWritesALineForEachEpochAndReplacesAnOlderFile() throws IOException {
        Path file = folder.resolve("new/log.csv");
        for (int repeat = 0; repeat < 2; repeat++) {
            Callback callback = Callbacks.csvLogger(file);
            callback.onTrainBegin(null);
            assertTrue(callback.onEpochEnd(null, new EpochLog(1, .5, .25, .75, 97.5, 2)));
            assertTrue(callback.onEpochEnd(null, new EpochLog(2, .25, .25, 0, Double.NaN, 1.5)));
        }
        assertEquals(
                List.of(
                        "epoch,loss,hard,soft,validationAccuracy,seconds",
                        "1,0.5,0.25,0.75,97.5,2.0",
                        "2,0.25,0.25,0.0,,1.5"),
                Files.readAllLines(file));
    }

    @Test
    void theCheckpointIsTheModelOfTheBestEpoch() throws IOException {
        Path file = folder.resolve("best.keras");
        Files.writeString(file, "an older file");
        Callback callback = Callbacks.modelCheckpoint(file, Monitor.LOSS);
        double[] losses = {.9, .5, .7};
        try (CompiledModel<TFloat32> model = model()) {
            callback.onTrainBegin(model);
            for (int i = 0; i < losses.length; i++) {
                model.setWeights(network().initialWeights(i));
                assertTrue(callback.onEpochEnd(model, log(i + 1, losses[i], Double.NaN)));
            }
        }
        Weights stored = Matching.of(KerasFile.read(file, DEVICE), network(), file.toString())
                .weights();
        assertEquals(rounded(network().initialWeights(1)), stored.digest());
        assertEquals(List.of(file), Files.list(folder).toList());
        assertThrows(
                IllegalArgumentException.class,
                () -> Callbacks.modelCheckpoint(folder.resolve("best.h5"), Monitor.LOSS));
    }

    @Test
    void aBatchNormalizationHasTheDefaultsOfKeras() {
        assertEquals(new BatchNormalization(.99, .001), new BatchNormalization());
    }

    @Test
    void twoModelsOfOneProcessAreTrainedAtTheSameTimeAsEachAlone() throws Exception {
        List<String> alone = List.of(trained(1), trained(2));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<String>> together =
                    threads.invokeAll(List.<Callable<String>>of(() -> trained(1), () -> trained(2)));
            assertEquals(alone, List.of(together.get(0).get(), together.get(1).get()));
        } finally {
            threads.shutdown();
        }
        assertNotEquals(alone.get(0), alone.get(1));
    }

    private static String trained(long seed) throws IOException {
        try (CompiledModel<TFloat32> model = model()) {
            model.fit(DIGITS, Fit.epochs(3).seed(seed));
            return model.getWeights().digest();
        }
    }

    @Test
    void imagesOfAnotherSizeOrOtherClassesAreNamed() {
        Images twoClasses = Images.inMemory(28, 28, 1, 2, new byte[784], new byte[1]);
        Images small = Images.inMemory(8, 8, 1, 10, new byte[64], new byte[1]);
        try (CompiledModel<TFloat32> model = model()) {
            assertEquals(
                    "sequential puts out 10 classes, and the images have 2",
                    assertThrows(IllegalArgumentException.class, () -> model.fit(twoClasses, Fit.epochs(1)))
                            .getMessage());
            assertEquals(
                    "sequential takes images of shape [28, 28, 1], found images of 64 numbers",
                    assertThrows(IllegalArgumentException.class, () -> model.fit(small, Fit.epochs(1)))
                            .getMessage());
        }
    }
}
