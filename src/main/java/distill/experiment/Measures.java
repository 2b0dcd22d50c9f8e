package distill.experiment;

import distill.data.EpochOrder;
import distill.data.Images;
import distill.metrics.Classification;
import distill.metrics.ConfusionMatrix;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Slip;
import distill.training.CompiledModel;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.tensorflow.types.TFloat32;

/**
 * What is measured of a training, after an epoch and at its end. Task 1 measures the accuracy, and of a rare class the
 * confusion matrix at the end; Task 2 measures F1 and the area under the ROC curve, too, and what its program's slips
 * make of them.
 *
 * @param settings of the training
 * @param network that it trains
 * @param images what it is trained and tested on
 * @param device where to compute
 */
record Measures(Settings settings, Network network, TrainingImages images, Device device) {

    /**
     * The accuracy on all training images, in percent.
     *
     * @param outputs of the network for each of them
     */
    double trainAccuracy(double[] outputs) {
        return percent(
                Classification.of(images.train().classes(), images.train().labels(), outputs));
    }

    /** Stored runs have these roundings: Task 1 divides last, Task 2 first. */
    private double percent(Classification classification) {
        return settings.isTransfer()
                ? 100 * classification.accuracy()
                : 100.0 * right(classification) / classification.confusion().total();
    }

    private static long right(Classification classification) {
        int classes = classification.confusion().classes().size();
        return IntStream.range(0, classes)
                .mapToLong(classification.confusion()::right)
                .sum();
    }

    /**
     * An epoch and its test.
     *
     * @param result what is stored of it
     * @param confusion of all test images
     */
    record Tested(EpochResult result, ConfusionMatrix confusion) {}

    /**
     * Tests a network after an epoch.
     *
     * @param losses the means of its steps
     * @param start when it began: {@link System#nanoTime}
     */
    Tested epoch(PhaseTraining model, int epoch, StepLoss losses, long start) throws IOException {
        double[] outputs = model.predict(images.test());
        Classification measured = onTest(outputs);
        Images validation = images.validation();
        double[] kept = validation == null ? null : model.predict(validation);
        Evaluation.Measures more = settings.isTransfer() ? Evaluation.Measures.of(measured) : null;
        EpochResult result = new EpochResult(
                epoch,
                percent(measured),
                losses.loss(),
                losses.hard(),
                losses.soft(),
                (System.nanoTime() - start) / 1e9,
                PhasePlan.of(settings, epoch).name(),
                more == null ? null : more.confusion(),
                more == null ? null : more.rocAuc(),
                notebookAccuracy(epoch, outputs),
                kept == null ? null : Classification.meanCrossEntropy(kept, validation.labels()),
                kept == null ? null : Classification.percentRight(kept, validation.labels()));
        return new Tested(result, measured.confusion());
    }

    private Classification onTest(double[] outputs) {
        return onTest(images.test().labels(), outputs);
    }

    /** What Task 2's networks put out are logits; Task 1 measures no area under a ROC curve. */
    private Classification onTest(int[] truth, double[] outputs) {
        List<String> classes = images.test().classes();
        return settings.isTransfer()
                ? Classification.ofLogits(classes, truth, outputs)
                : Classification.of(classes, truth, outputs);
    }

    /**
     * The run of a training that has ended.
     *
     * @param trainOutputs what the network puts out for each training image
     * @param teacherSays the class that the teacher of Task 1 predicts of each test image; null without one
     */
    Run run(
            PhaseTraining model,
            Weights weights,
            double[] trainOutputs,
            int[] teacherSays,
            List<EpochResult> history,
            Provenance trainedBy)
            throws IOException {
        return new Run(
                settings.identity(),
                settings,
                history.get(settings.stopping().taken(history) - 1).testAccuracy(),
                trainAccuracy(trainOutputs),
                teacherSays == null ? null : Classification.percentRight(model.predict(images.test()), teacherSays),
                history,
                weights.digest(),
                trainedBy,
                evaluation(model, weights));
    }

    /** What {@link #run} is given and measures, in words. */
    String atTheEnd() {
        String train = String.format(
                Locale.ROOT,
                "measuring the accuracy on the %,d training images",
                images.train().size());
        return settings.isTransfer() ? train + ", then the test images with running and with batch statistics" : train;
    }

    private Evaluation evaluation(PhaseTraining model, Weights weights) throws IOException {
        if (!settings.isTransfer() && settings.rareClass() == null) {
            return null;
        }
        double[] outputs = model.predict(images.test());
        return settings.isTransfer()
                ? Evaluation.of(onTest(outputs), withBatchStatistics(weights), notebookReport(outputs))
                : Evaluation.of(onTest(outputs), null, null);
    }

    /**
     * The accuracy that the report's program of Task 2 prints: on floor((n - 1) / batch size) batches of the shuffled
     * test set. A set of a single batch is tested whole. Null without that slip.
     */
    private Double notebookAccuracy(int epoch, double[] outputs) {
        if (!settings.reading().has(Slip.PARTIAL_TEST)) {
            return null;
        }
        int size = images.test().size();
        int batch = settings.schedule().batchSize();
        int full = (size - 1) / batch * batch;
        int[] order = new EpochOrder(settings.stream("test")).permutation(epoch, size);
        int[] tested = Arrays.copyOf(order, full == 0 ? size : full);
        return 100 * classification(tested, outputs).accuracy();
    }

    /**
     * What the report's program makes its classification report on: the first images of as many batches of the
     * shuffled, endless test set as there are test images. Null without that slip.
     */
    private Evaluation.Measures notebookReport(double[] outputs) {
        if (!settings.reading().has(Slip.RESAMPLED_REPORT)) {
            return null;
        }
        int size = images.test().size();
        EpochOrder order = new EpochOrder(settings.stream("report"));
        int[] firsts = IntStream.iterate(1, pass -> pass + 1)
                .boxed()
                .flatMap(
                        pass -> order.allBatches(pass, size, settings.schedule().batchSize()).stream())
                .mapToInt(batch -> batch[0])
                .limit(size)
                .toArray();
        return Evaluation.Measures.of(classification(firsts, outputs));
    }

    /** How well some test images, which may repeat, are told apart, given the outputs on all. */
    private Classification classification(int[] indices, double[] outputs) {
        Images test = images.test();
        return onTest(
                Arrays.stream(indices).map(test::label).toArray(),
                new TeacherOutputs(test.classes().size(), outputs).of(indices).values());
    }

    /** On the test images in a shuffled order, for the file's has long rows of one class. */
    private Evaluation.Measures withBatchStatistics(Weights weights) throws IOException {
        Images test = images.test();
        List<int[]> batches = new EpochOrder(settings.stream("batch-statistics"))
                .allBatches(1, test.size(), settings.schedule().batchSize());
        try (CompiledModel<TFloat32> model = CompiledModel.withBatchStatistics(
                network, ReadingGraph.of(settings).inputs(), device)) {
            model.setWeights(weights);
            double[] outputs = model.predict(test, batches);
            int[] truth = batches.stream()
                    .flatMapToInt(Arrays::stream)
                    .map(test::label)
                    .toArray();
            return Evaluation.Measures.of(onTest(truth, outputs));
        }
    }
}
