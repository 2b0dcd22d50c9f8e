package distill.report;

import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Marker;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The gradient at the beginning of a network over that at its end, with a line for each variant: colours tell networks
 * with shortcuts from those without, dashes tell apart those of one colour. Points are geometric means over the seeds.
 */
public final class GradientCharts {

    private static final List<Line> LINES = List.of(Line.SOLID, Line.DASHED, Line.DOTTED);

    private static final Axis RATIO = new Axis("ratio of gradient norms", Scale.LOG10);

    private GradientCharts() {}

    /** The ratio at the first block against the number of blocks. */
    public static Chart byDepth(List<Measurement> measurements, Marks marks) {
        int[] depths = measurements.stream()
                .mapToInt(Measurement::blocks)
                .distinct()
                .sorted()
                .toArray();
        return new Chart(
                "Gradient at the first block over that at the last, before training",
                marks.suffix(),
                new Axis("blocks of two convolutions", Scale.LOG2),
                RATIO,
                series(Marker.CIRCLE, variant -> Arrays.stream(depths)
                        .mapToObj(blocks -> point(blocks, of(measurements, variant, blocks), 0))));
    }

    /** The ratio after each block of the deepest networks. */
    public static Chart byBlock(List<Measurement> measurements, Marks marks) {
        int deepest = measurements.stream().mapToInt(Measurement::blocks).max().orElseThrow();
        return new Chart(
                "Gradient after each of %d blocks over that after the last, before training".formatted(deepest),
                marks.suffix(),
                new Axis("block (0: what enters the first)", Scale.LINEAR),
                RATIO,
                series(Marker.NONE, variant -> IntStream.rangeClosed(0, deepest)
                        .mapToObj(block -> point(block, of(measurements, variant, deepest), block))));
    }

    private static List<Series> series(Marker marker, Function<Variant, Stream<Point>> points) {
        return Arrays.stream(Variant.values())
                .map(variant -> new Series(
                        variant.toString(),
                        variant.shortcuts() ? Look.FIRST : Look.SECOND,
                        LINES.get(variant.ordinal() % LINES.size()),
                        marker,
                        points.apply(variant).toList()))
                .toList();
    }

    private static List<Measurement> of(List<Measurement> measurements, Variant variant, int blocks) {
        return measurements.stream()
                .filter(one -> one.variant() == variant && one.blocks() == blocks)
                .toList();
    }

    private static Point point(double x, List<Measurement> seeds, int block) {
        double power = seeds.stream()
                .mapToDouble(one -> Math.log10(one.relative(block)))
                .average()
                .orElseThrow();
        return new Point(x, Math.pow(10, power));
    }
}
