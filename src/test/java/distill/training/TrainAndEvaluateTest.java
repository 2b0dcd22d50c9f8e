package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import distill.data.EpochOrder;
import distill.data.Images;
import distill.data.StrokeDigits;
import distill.loss.LossInputs;
import distill.loss.Losses;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.run.EpochResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TFloat32;

class TrainAndEvaluateTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final TrainAndEvaluate.Listener SILENT = new TrainAndEvaluate.Listener() {};

    private static CompiledModel<TFloat32> teacher() {
        return teacher(DEVICE);
    }

    private static CompiledModel<TFloat32> teacher(Device device) {
        Network network = MnistTeacher.buildCnn(new Network.Names(), LossInputs.LOGITS.outputActivation());
        CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                (tf, labels, outputs, teacher) -> Losses.computeTeacherLoss(tf, labels, outputs),
                Adam.of(1e-3),
                TFloat32.class,
                device);
        model.setWeights(network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)));
        return model;
    }

    private static TrainAndEvaluate loop(long order, long dropout) {
        return new TrainAndEvaluate(
                StrokeDigits.generate(300, 1), StrokeDigits.generate(50, 2), new EpochOrder(order), dropout, 64);
    }

    private static String train(TrainAndEvaluate loop) throws IOException {
        try (CompiledModel<TFloat32> model = teacher()) {
            loop.run(model, Optional.empty(), 0, 2, SILENT);
            return model.getWeights().digest();
        }
    }

    @Test
    void theSameSeedsGiveTheSameWeightsBitForBitAndOthersDoNot() throws IOException {
        String digest = train(loop(1, 2));
        assertEquals(digest, train(loop(1, 2)));
        assertNotEquals(digest, train(loop(3, 2)), "another order");
        assertNotEquals(digest, train(loop(1, 4)), "other dropout masks");
    }

    @Test
    void aTrainingThatStopsAndGoesOnEndsWithTheSameWeights() throws IOException {
        Weights state;
        try (CompiledModel<TFloat32> model = teacher()) {
            loop(1, 2).run(model, Optional.empty(), 0, 1, SILENT);
            state = model.getState();
        }
        try (CompiledModel<TFloat32> model = teacher()) {
            model.setState(state);
            loop(1, 2).run(model, Optional.empty(), 1, 2, SILENT);
            assertEquals(train(loop(1, 2)), model.getWeights().digest());
        }
    }

    @Test
    void anEpochHasOnlyFullBatchesAndTheListenerHearsOfEach() throws IOException {
        List<String> heard = new ArrayList<>();
        List<EpochResult> results;
        try (CompiledModel<TFloat32> model = teacher()) {
            results = loop(1, 2).run(model, Optional.empty(), 0, 2, new TrainAndEvaluate.Listener() {
                @Override
                public void afterStep(int epoch, int step, int steps) {
                    heard.add(epoch + ":" + step + "/" + steps);
                }

                @Override
                public void afterEpoch(EpochResult result) {
                    heard.add("end of " + result.epoch());
                }
            });
        }
        // 300 images in batches of 64: four steps, 44 images left out.
        assertEquals(
                List.of("1:1/4", "1:2/4", "1:3/4", "1:4/4", "end of 1", "2:1/4", "2:2/4", "2:3/4", "2:4/4", "end of 2"),
                heard);
        assertEquals(List.of(1, 2), results.stream().map(EpochResult::epoch).toList());
        // The last batch of 50 test images is counted with its real size: accuracies are multiples of 2 %.
        results.forEach(result -> assertEquals(0, result.testAccuracy() % 2, 1e-9));
    }

    @Test
    @Tag("gpu")
    void onAGpuTheSameSeedsGiveTheSameWeightsAndNearlyTheCpusLoss() throws IOException {
        Device gpu = Device.auto(2);
        assumeTrue(gpu.gpu(), "TensorFlow finds no CUDA device here");
        List<String> digests = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (Device device : List.of(gpu, gpu, DEVICE)) {
            try (CompiledModel<TFloat32> model = teacher(device)) {
                losses.add(loop(1, 2)
                        .run(model, Optional.empty(), 0, 1, SILENT)
                        .get(0)
                        .loss());
                digests.add(model.getWeights().digest());
            }
        }
        assertEquals(digests.get(0), digests.get(1));
        assertEquals(losses.get(2), losses.get(0), .01);
    }

    @Test
    void aStudentLearnsTheGeneratedDigits() throws IOException {
        Images train = StrokeDigits.generate(6400, 1);
        Images test = StrokeDigits.generate(1000, 2);
        Network network = MnistStudent.buildFc(new Network.Names(), LossInputs.LOGITS.outputActivation());
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                (tf, labels, outputs, teacher) -> Losses.computePlainCrossEntropyLoss(tf, labels, outputs),
                Adam.of(1e-3),
                TFloat32.class,
                DEVICE)) {
            model.setWeights(network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)));
            List<EpochResult> results = new TrainAndEvaluate(train, test, new EpochOrder(1), 1, 256)
                    .run(model, Optional.empty(), 0, 4, SILENT);
            assertTrue(
                    results.get(3).testAccuracy() > 85,
                    "accuracy " + results.get(3).testAccuracy());
            assertTrue(results.get(3).loss() < results.get(0).loss() / 2, "the loss falls");
        }
    }
}
