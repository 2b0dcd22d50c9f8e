package distill.report;

import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The gradient at the beginning of a network over that at its end, against depth, on logarithmic axes. */
public final class GradientCurves {

    private static final Color WITHOUT = new Color(0xc4, 0x4e, 0x00);
    private static final Color WITH = new Color(0x00, 0x5a, 0x9c);
    private static final int WIDTH = 900;
    private static final int HEIGHT = 620;
    private static final float[][] DASHES = {null, {8, 5}, {2, 4}};

    private GradientCurves() {}

    /**
     * Draws the ratio at the first block against the number of blocks: a line for each variant, the geometric mean over
     * the seeds.
     *
     * @param path where the drawing goes, without the ending: .png and .svg are added
     */
    public static List<Path> byDepth(List<Measurement> measurements, String suffix, Path path) throws IOException {
        XYChart chart = chart(
                "Gradient at the first block over that at the last, before training" + suffix,
                "blocks of two convolutions (logarithmic)");
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        power -> power == Math.rint(power) ? Long.toString(Math.round(Math.pow(2, power))) : "");
        for (Variant variant : Variant.values()) {
            List<Measurement> own = measurements.stream()
                    .filter(measurement -> measurement.variant() == variant)
                    .toList();
            List<Integer> blocks =
                    own.stream().map(Measurement::blocks).distinct().sorted().toList();
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int count : blocks) {
                List<Measurement> seeds =
                        own.stream().filter(one -> one.blocks() == count).toList();
                x.add(Math.log(count) / Math.log(2));
                y.add(meanLogarithm(seeds, one -> one.relative(0)));
            }
            add(chart, variant, x, y);
        }
        return Charts.save(chart, path);
    }

    /**
     * Draws the ratio after each block of the deepest networks.
     *
     * @param path where the drawing goes, without the ending: .png and .svg are added
     */
    public static List<Path> byBlock(List<Measurement> measurements, String suffix, Path path) throws IOException {
        int deepest = measurements.stream().mapToInt(Measurement::blocks).max().orElseThrow();
        XYChart chart = chart(
                "Gradient after each of %d blocks over that after the last, before training%s"
                        .formatted(deepest, suffix),
                "block (0: what enters the first)");
        for (Variant variant : Variant.values()) {
            List<Measurement> seeds = measurements.stream()
                    .filter(one -> one.variant() == variant && one.blocks() == deepest)
                    .toList();
            add(
                    chart,
                    variant,
                    IntStream.rangeClosed(0, deepest)
                            .mapToObj(block -> (double) block)
                            .toList(),
                    IntStream.rangeClosed(0, deepest)
                            .mapToObj(block -> meanLogarithm(seeds, one -> one.relative(block)))
                            .toList());
        }
        return Charts.save(chart, path);
    }

    private static double meanLogarithm(List<Measurement> seeds, ToDoubleFunction<Measurement> value) {
        return seeds.stream()
                .mapToDouble(one -> Math.log10(value.applyAsDouble(one)))
                .average()
                .orElseThrow();
    }

    /** XChart's own logarithmic axis puts its ticks too near to each other over so many powers of ten. */
    private static XYChart chart(String title, String xAxis) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle("ratio of gradient norms (logarithmic)")
                .build();
        chart.getStyler().setyAxisTickLabelsFormattingFunction(power -> "1e" + Math.round(power));
        Charts.style(chart.getStyler());
        chart.getStyler().setLegendLayout(LegendLayout.Vertical);
        return chart;
    }

    private static void add(XYChart chart, Variant variant, List<Double> x, List<Double> y) {
        XYSeries series = chart.addSeries(variant.toString(), x, y);
        float[] dash = DASHES[variant.ordinal() % DASHES.length];
        series.setLineColor(variant.shortcuts() ? WITH : WITHOUT);
        series.setMarkerColor(variant.shortcuts() ? WITH : WITHOUT);
        series.setMarker(x.size() > 10 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0));
    }
}
