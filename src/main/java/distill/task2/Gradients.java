package distill.task2;

import distill.experiment.GradientByDepth;
import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import distill.page.Cell;
import distill.page.Chart;
import distill.page.Table;
import distill.report.ChartFiles;
import distill.report.TheoryCharts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** Question 1e: the size of the gradient by depth, with and without shortcuts. */
final class Gradients {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 620;

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
                double[] ratios =
                        measured.stream().mapToDouble(one -> one.relative(0)).toArray();
                rows.add(List.of(
                        Cell.text(variant.toString()),
                        Cell.number(blocks),
                        Cell.number(measured.get(0).convolutions()),
                        cell(mean(measured, one -> one.relative(0))),
                        cell(Arrays.stream(ratios).min().orElseThrow()),
                        cell(Arrays.stream(ratios).max().orElseThrow()),
                        cell(mean(measured, one -> one.norms().get(0))),
                        cell(mean(measured, Measurement::firstKernel))));
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
        draw(answers, "q1-e-gradient-by-depth", TheoryCharts.gradientByDepth(all, answers.marks()));
        draw(answers, "q1-e-gradient-by-block", TheoryCharts.gradientByBlock(all, answers.marks()));
    }

    private static void draw(TheoryAnswers answers, String name, Chart chart) throws IOException {
        answers.figure(ChartFiles.save(chart, WIDTH, HEIGHT, answers.path(name)));
    }

    private static String ratio(List<Measurement> all, Variant variant, int blocks) {
        double mean = mean(
                all.stream()
                        .filter(one -> one.variant() == variant && one.blocks() == blocks)
                        .toList(),
                one -> one.relative(0));
        return cell(mean).text();
    }

    private static double mean(List<Measurement> measured, ToDoubleFunction<Measurement> value) {
        return Math.exp(measured.stream()
                .mapToDouble(one -> Math.log(value.applyAsDouble(one)))
                .average()
                .orElseThrow());
    }

    private static Cell cell(double value) {
        return Cell.number(value, "%.1e");
    }
}
