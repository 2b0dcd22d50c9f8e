package distill.task2;

import distill.experiment.GradientByDepth;
import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import distill.page.Cell;
import distill.page.Table;
import distill.report.TheoryCharts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Question 1e: the size of the gradient by depth, with and without shortcuts. */
final class Gradients {

    private static final String FORMAT = "%.1e";

    private Gradients() {}

    static void e(TheoryAnswers answers, long seed) throws IOException {
        List<Integer> depths = answers.quick() ? List.of(1, 4, 16) : List.of(1, 2, 4, 8, 16, 32);
        List<Long> seeds =
                LongStream.range(seed, seed + (answers.quick() ? 2 : 5)).boxed().toList();
        List<Measurement> all = new ArrayList<>();
        List<List<Cell>> rows = new ArrayList<>();
        for (Variant variant : Variant.values()) {
            for (int blocks : depths) {
                List<Measurement> measured = GradientByDepth.of(variant, blocks, seeds, answers.device());
                all.addAll(measured);
                DoubleSummaryStatistics ratios =
                        measured.stream().mapToDouble(Gradients::ratio).summaryStatistics();
                rows.add(List.of(
                        Cell.text(variant.toString()),
                        Cell.number(blocks),
                        Cell.number(measured.get(0).convolutions()),
                        mean(measured.stream(), Gradients::ratio),
                        Cell.number(ratios.getMin(), FORMAT),
                        Cell.number(ratios.getMax(), FORMAT),
                        mean(measured.stream(), one -> one.norms().get(0)),
                        mean(measured.stream(), Measurement::firstKernel)));
            }
        }
        int deepest = depths.get(depths.size() - 1);
        answers.publish(
                "q1-e-gradients",
                new Table(
                        "e. The gradient at the beginning of a network, by depth",
                        List.of(
                                "network",
                                "blocks",
                                "convolutions",
                                "first / last block",
                                "least",
                                "most",
                                "norm at the first block",
                                "norm at the first kernel"),
                        rows,
                        List.of(
                                TheoryAnswers.text(
                                        "Through %d blocks the gradient becomes %s of what it was without shortcuts, and %s of it with them.",
                                        deepest,
                                        ratio(all, Variant.PLAIN, deepest),
                                        ratio(all, Variant.RESIDUAL, deepest)),
                                "Norms of the gradient of the mean cross-entropy, before training, geometric means over %d seeds."
                                        .formatted(seeds.size()),
                                "First / last block: with respect to what enters the first block, over that to what leaves the last; least and most of the seeds.",
                                "Blocks of two 3 x 3 convolutions of %d filters on %d drawn crypts of %d x %d pixels; Glorot's initialisation unless another is named."
                                        .formatted(
                                                GradientByDepth.FILTERS,
                                                GradientByDepth.BATCH,
                                                GradientByDepth.IMAGE_SIZE,
                                                GradientByDepth.IMAGE_SIZE))));
        answers.draw("q1-e-gradient-by-depth", TheoryCharts.gradientByDepth(all, answers.marks()));
        answers.draw("q1-e-gradient-by-block", TheoryCharts.gradientByBlock(all, answers.marks()));
    }

    /** The gradient at what enters the first block, over that at what leaves the last. */
    private static double ratio(Measurement one) {
        return one.relative(0);
    }

    private static String ratio(List<Measurement> all, Variant variant, int blocks) {
        return mean(all.stream().filter(one -> one.variant() == variant && one.blocks() == blocks), Gradients::ratio)
                .text();
    }

    /** The geometric mean. */
    private static Cell mean(Stream<Measurement> measured, ToDoubleFunction<Measurement> value) {
        double mean = measured.mapToDouble(one -> Math.log(value.applyAsDouble(one)))
                .average()
                .orElseThrow();
        return Cell.number(Math.exp(mean), FORMAT);
    }
}
