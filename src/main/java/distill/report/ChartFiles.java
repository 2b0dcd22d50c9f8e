package distill.report;

import distill.files.WholeFile;
import distill.page.Chart;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Marker;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.series.MarkerSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Writes charts as PNG and SVG, with XChart. */
public final class ChartFiles {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;

    /** With more series than these the legend stands beside the plot, for below it would be cut off. */
    private static final int MOST_BELOW = 3;

    /** How long the title below the plot may be in pixels. */
    private static final int ROOM = 720;

    /** How long the title below the plot may be in pixels where the legend stands beside it. */
    private static final int ROOM_BESIDE = 520;

    /** Over more powers of ten than these XChart has ticks at whole powers alone. */
    private static final int POWERS_WITH_TICKS_BETWEEN = 8;

    private static final Color GRID = new Color(0xdddddd);

    /** Told apart by people who see colours differently, too: Okabe and Ito's, darkest first. */
    private static final Color[] COLORS = IntStream.of(
                    0x005a9c, 0xc44e00, 0x008b64, 0xb0508c, 0x4a9fd0, 0x9a7d00, 0x555555)
            .mapToObj(Color::new)
            .toArray(Color[]::new);

    private static final Map<Look, Color> CHOSEN = Map.of(Look.FIRST, COLORS[0], Look.SECOND, COLORS[1]);

    private static final Map<Line, BasicStroke> STROKES = Map.of(
            Line.DASHED, Drawing.dashes(8, 5),
            Line.DOTTED, Drawing.dashes(2, 4),
            Line.REFERENCE, Drawing.dashes(6, 4),
            Line.GUESSING, new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, new float[] {4}, 0));

    private static final Map<Marker, org.knowm.xchart.style.markers.Marker> MARKERS = Map.of(
            Marker.NONE, SeriesMarkers.NONE,
            Marker.CIRCLE, SeriesMarkers.CIRCLE,
            Marker.DIAMOND, SeriesMarkers.DIAMOND);

    private ChartFiles() {}

    /**
     * Writes a chart.
     *
     * @param path without an ending: .png and .svg are added
     * @return the files; none where there is nothing to draw
     */
    public static List<Path> save(Chart chart, Path path) throws IOException {
        return save(chart, WIDTH, HEIGHT, path);
    }

    /**
     * Writes a chart of a given size in pixels.
     *
     * @param path without an ending: .png and .svg are added
     * @return the files; none where there is nothing to draw
     */
    public static List<Path> save(Chart chart, int width, int height, Path path) throws IOException {
        if (chart.isEmpty()) {
            return List.of();
        }
        var drawn = draw(chart, width, height);
        Path png = path.resolveSibling(path.getFileName() + ".png");
        WholeFile.replace(png, out -> BitmapEncoder.saveBitmap(drawn, out, BitmapFormat.PNG));
        Path svg = path.resolveSibling(path.getFileName() + ".svg");
        WholeFile.replace(svg, out -> VectorGraphicsEncoder.saveVectorGraphic(drawn, out, VectorGraphicsFormat.SVG));
        return List.of(png, svg);
    }

    /** What is written: the marks stand below the plot, as small as they must be. */
    static org.knowm.xchart.internal.chartpart.Chart<? extends AxesChartStyler, ?> draw(
            Chart chart, int width, int height) {
        var drawn =
                chart.x().scale() == Scale.CATEGORIES ? categories(chart, width, height) : lines(chart, width, height);
        drawn.setTitle(chart.title());
        drawn.setXAxisTitle(chart.x().label() + chart.marks());
        drawn.setYAxisTitle(chart.y().label());
        AxesChartStyler styler = drawn.getStyler();
        styler.setLocale(Locale.ROOT);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setPlotGridLinesColor(GRID);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        styler.setSeriesColors(COLORS);
        boolean beside = chart.series().size() > MOST_BELOW;
        styler.setLegendPosition(beside ? LegendPosition.OutsideE : LegendPosition.OutsideS);
        styler.setLegendLayout(beside ? LegendLayout.Vertical : LegendLayout.Horizontal);
        Font font = styler.getAxisTitleFont();
        int room = beside ? ROOM_BESIDE : ROOM;
        double length = font.getStringBounds(drawn.getXAxisTitle(), new FontRenderContext(null, true, true))
                .getWidth();
        if (length > room) {
            styler.setAxisTitleFont(font.deriveFont((float) (font.getSize2D() * room / length)));
        }
        ticks(chart, styler);
        return drawn;
    }

    /**
     * XChart's own logarithmic axes have ticks at powers of ten only, and too near to each other where there are many.
     */
    private static void ticks(Chart chart, AxesChartStyler styler) {
        if (chart.x().scale() == Scale.LOG2) {
            styler.setxAxisTickLabelsFormattingFunction(
                    power -> power == Math.rint(power) ? chart.x().name(Math.pow(2, power)) : "");
        }
        styler.setYAxisDecimalPattern("0.0##");
        if (chart.y().scale() == Scale.SHARE) {
            styler.setYAxisMin(0.).setYAxisMax(1.);
        }
        if (chart.y().scale() == Scale.LOG10) {
            var powers =
                    chart.points().mapToDouble(point -> Math.log10(mean(point))).summaryStatistics();
            boolean whole = powers.getMax() - powers.getMin() > POWERS_WITH_TICKS_BETWEEN;
            styler.setyAxisTickLabelsFormattingFunction(power ->
                    whole ? "1e" + Math.round(power) : String.format(Locale.ROOT, "%.1e", Math.pow(10, power)));
        }
    }

    private static XYChart lines(Chart chart, int width, int height) {
        XYChart drawn = new XYChart(width, height);
        for (Series series : chart.series()) {
            look(
                    series,
                    drawn.addSeries(
                            series.name(),
                            values(series.points(), point -> chart.x().scale().of(point.x())),
                            values(series.points(), point -> chart.y().scale().of(mean(point))),
                            deviations(series.points())));
        }
        return drawn;
    }

    private static CategoryChart categories(Chart chart, int width, int height) {
        CategoryChart drawn = new CategoryChart(width, height);
        List<Double> places = chart.points().map(Point::x).distinct().sorted().toList();
        for (Series series : chart.series()) {
            if (series.line() != Line.NONE) {
                drawn.getStyler()
                        .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line)
                        .setOverlapped(true);
            }
            Map<Double, Point> points = series.points().stream().collect(Collectors.toMap(Point::x, point -> point));
            List<Point> sideBySide = places.stream().map(points::get).toList();
            look(
                    series,
                    drawn.addSeries(
                            series.name(),
                            places.stream().map(chart.x()::name).toList(),
                            values(sideBySide, ChartFiles::mean),
                            deviations(sideBySide)));
        }
        return drawn;
    }

    private static void look(Series series, MarkerSeries drawn) {
        drawn.setMarker(MARKERS.get(series.marker()));
        if (STROKES.containsKey(series.line())) {
            drawn.setLineStyle(STROKES.get(series.line()));
        }
        if (CHOSEN.containsKey(series.look())) {
            drawn.setLineColor(CHOSEN.get(series.look()));
            drawn.setMarkerColor(CHOSEN.get(series.look()));
        }
    }

    private static double mean(Point point) {
        return point.y().mean();
    }

    /** A value of each point; null, for XChart, where a place has none. */
    private static List<Double> values(List<Point> points, Function<Point, Double> value) {
        return points.stream()
                .map(point -> point == null ? null : value.apply(point))
                .toList();
    }

    /** Standard deviations; null, for XChart, where no point is of several numbers. */
    private static List<Double> deviations(List<Point> points) {
        return points.stream().anyMatch(point -> point != null && point.y().n() > 1)
                ? values(points, Point::spread)
                : null;
    }
}
