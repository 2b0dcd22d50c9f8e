package distill.task2;

import static distill.task2.TheoryAnswers.text;

import distill.experiment.TransferBenchmark;
import distill.experiment.TransferBenchmark.Measurement;
import distill.nn.Network;
import distill.nn.zoo.MobileNetV2;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import distill.page.Cell;
import distill.page.Table;
import distill.report.PublishedMhist;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/** Question 1a: what feature extraction and fine-tuning train, and what they cost. */
final class TransferLearning {

    private TransferLearning() {}

    static void a(TheoryAnswers answers) throws IOException {
        int size = answers.quick() ? 96 : 224;
        int batch = answers.quick() ? 8 : 32;
        int steps = answers.quick() ? 3 : 5;
        int batches = (PublishedMhist.TRAIN_IMAGES + batch - 1) / batch;
        Shape input = Shape.of(size, size, 3);
        List<Network> bases = answers.quick()
                ? List.of(MobileNetV2.build(input, Top.pooledFeatures()))
                : List.of(
                        ResNet50V2.build(input, Top.pooledFeatures()), MobileNetV2.build(input, Top.pooledFeatures()));
        List<List<Cell>> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Network base : bases) {
            List<Measurement> ways = TransferBenchmark.of(base, batch, steps, answers.device());
            Measurement extraction = ways.get(1);
            notes.add(text(
                    "%s: feature extraction trains %.2f %% of the parameters, and its step takes %.0f %% of fine-tuning's time.",
                    base.name(),
                    100. * extraction.trainable() / (extraction.trainable() + extraction.frozen()),
                    100 * extraction.stepMilliseconds() / ways.get(0).stepMilliseconds()));
            for (Measurement measured : ways) {
                rows.add(List.of(
                        Cell.text(base.name() + ", " + measured.way()),
                        Cell.number(measured.trainable()),
                        Cell.number(measured.frozen()),
                        new Cell.Share(measured.changed(), measured.weights()),
                        Cell.number(measured.products() / 1e9, 3),
                        Cell.number(measured.stepMilliseconds(), 1),
                        Cell.number(measured.epochSeconds(batches), 1),
                        measured.onceMilliseconds() == 0 ? Cell.NONE : Cell.number(measured.onceSeconds(batches), 1)));
            }
        }
        notes.add(text(
                "Pooled features and Dense(2), %d x %d pixels, batches of %d; an epoch is MHIST's %,d images, %d steps.",
                size, size, batch, PublishedMhist.TRAIN_IMAGES, batches));
        notes.add("Weights changed: kernels, biases and the like that differ after the steps that were timed.");
        notes.add(
                "GFLOP: matrix products and convolutions (depthwise ones left out) of a step, forwards and backwards.");
        notes.add(text(
                "ms: the fastest of %d steps on a generated batch; s once before: the features of all images, where they are stored.",
                steps));
        answers.publish(
                "q1-a-transfer-learning",
                new Table(
                        "a. Feature extraction and fine-tuning",
                        List.of(
                                "network, what is done",
                                "trainable",
                                "not trainable",
                                "weights changed",
                                "GFLOP per image",
                                "ms per step",
                                "s per epoch",
                                "s once before"),
                        rows,
                        notes));
    }
}
