package distill.report;

import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import distill.report.Chart.Axis;
import distill.report.Chart.Line;
import distill.report.Chart.Look;
import distill.report.Chart.Marker;
import distill.report.Chart.Point;
import distill.report.Chart.Scale;
import distill.report.Chart.Series;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The gradient at the beginning of a network over that at its end, with a line for each variant: colours tell networks
 * with shortcuts from those without, dashes tell apart those of one colour. Points are geometric means over the seeds.
 */
public final class GradientCharts {

    private static final List<Line> LINES = List.of(Line.SOLID, Line.DASHED, Line.DOTTED);

    private GradientCharts() {}

    /** The ratio at the first block against the number of blocks. */
    public static Chart byDepth(List<Measurement> measurements, Marks marks) {
        int[] depths = measurements.stream()
                .mapToInt(Measurement::blocks)
                .distinct()
                .sorted()
                .toArray();
        return chart(
                "Gradient at the first block over that at the last, before training",
                marks,
                new Axis("blocks of two convolutions", Scale.LOG2),
                variant -> Series.of(
                        variant.toString(),
                        Arrays.stream(depths)
                                .mapToObj(blocks -> new Point(
                                        blocks, mean(of(measurements, variant, blocks), one -> one.relative(0))))
                                .toList()));
    }

    /** The ratio after each block of the deepest networks. */
    public static Chart byBlock(List<Measurement> measurements, Marks marks) {
        int deepest = measurements.stream().mapToInt(Measurement::blocks).max().orElseThrow();
        return chart(
                "Gradient after each of %d blocks over that after the last, before training".formatted(deepest),
                marks,
                new Axis("block (0: what enters the first)", Scale.LINEAR),
                variant -> Series.of(
                                variant.toString(),
                                IntStream.rangeClosed(0, deepest)
                                        .mapToObj(block -> new Point(
                                                block,
                                                mean(of(measurements, variant, deepest), one -> one.relative(block))))
                                        .toList())
                        .with(Marker.NONE));
    }

    private static Chart chart(String title, Marks marks, Axis x, Function<Variant, Series> series) {
        return new Chart(
                title,
                marks,
                x,
                new Axis("ratio of gradient norms", Scale.LOG10),
                Arrays.stream(Variant.values())
                        .map(variant -> series.apply(variant)
                                .with(variant.shortcuts() ? Look.FIRST : Look.SECOND)
                                .with(LINES.get(variant.ordinal() % LINES.size())))
                        .toList());
    }

    private static List<Measurement> of(List<Measurement> measurements, Variant variant, int blocks) {
        return measurements.stream()
                .filter(one -> one.variant() == variant && one.blocks() == blocks)
                .toList();
    }

    private static double mean(List<Measurement> seeds, ToDoubleFunction<Measurement> value) {
        return Math.pow(
                10,
                seeds.stream()
                        .mapToDouble(one -> Math.log10(value.applyAsDouble(one)))
                        .average()
                        .orElseThrow());
    }
}
