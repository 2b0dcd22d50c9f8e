package distill.report;

import static distill.experiment.Settings.number;

import distill.experiment.Run;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Fig. 7: the student's test accuracy against the temperature, once with the temperatures as categories, as the report
 * draws it, and once on a logarithmic axis.
 */
public final class TemperatureCurve {

    private static final Color OURS = new Color(0x00, 0x5a, 0x9c);
    private static final Color REPORT = new Color(0xc4, 0x4e, 0x00);
    private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;

    private TemperatureCurve() {}

    /**
     * Draws both curves.
     *
     * @param students of question 6, of one reading
     * @param folder where {@code NAME-categories} and {@code NAME-log}, each .png and .svg, go
     * @return the files
     */
    public static List<Path> draw(List<Run> students, Path folder, String name) throws IOException {
        Marks marks = Marks.of(students);
        List<Double> temperatures = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        for (Map.Entry<Double, Map<Double, Cell>> row :
                MnistTables.cells(students).entrySet()) {
            Cell cell = row.getValue().values().iterator().next();
            temperatures.add(row.getKey());
            means.add(cell.mean());
            deviations.add(cell.n() == 1 ? 0 : cell.sd());
        }
        boolean several =
                students.stream().map(run -> run.settings().seed()).distinct().count() > 1;
        String title = "Student test accuracy vs. temperature, "
                + students.get(0).settings().variant();
        String ours = (several ? "ours (mean, standard deviation)" : "ours (one run)") + marks.suffix();

        CategoryChart categories = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("temperature")
                .yAxisTitle("test accuracy (%)")
                .build();
        categories
                .getStyler()
                .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line)
                .setOverlapped(true);
        List<String> labels = temperatures.stream().map(t -> number(t)).toList();
        categories.addSeries(ours, labels, means, several ? deviations : null).setMarker(SeriesMarkers.CIRCLE);

        XYChart log = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("temperature (logarithmic)")
                .yAxisTitle("test accuracy (%)")
                .build();
        log.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        power -> power == Math.rint(power) ? number(Math.pow(2, power)) : "");
        log.addSeries(ours, powersOfTwo(temperatures), means, several ? deviations : null)
                .setMarker(SeriesMarkers.CIRCLE);

        if (marks.comparable()) {
            List<Double> shared = temperatures.stream()
                    .filter(t -> Published.table2(t).isPresent())
                    .toList();
            List<Double> report =
                    shared.stream().map(t -> Published.table2(t).orElseThrow()).toList();
            if (shared.equals(temperatures)) {
                categories.addSeries("report", labels, report).setMarker(SeriesMarkers.DIAMOND);
            }
            if (!shared.isEmpty()) {
                log.addSeries("report", powersOfTwo(shared), report).setMarker(SeriesMarkers.DIAMOND);
            }
        }
        List<Path> files = new ArrayList<>(save(categories, folder.resolve(name + "-categories")));
        files.addAll(save(log, folder.resolve(name + "-log")));
        return files;
    }

    /** XChart's own logarithmic axis has ticks at powers of ten only. */
    private static List<Double> powersOfTwo(List<Double> values) {
        return values.stream().map(value -> Math.log(value) / Math.log(2)).toList();
    }

    private static List<Path> save(Chart<? extends AxesChartStyler, ?> chart, Path path) throws IOException {
        AxesChartStyler styler = chart.getStyler();
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setPlotGridLinesColor(GRID);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setYAxisDecimalPattern("0.0#");
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setSeriesColors(new Color[] {OURS, REPORT});
        BitmapEncoder.saveBitmap(chart, path.toString(), BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path.toString(), VectorGraphicsFormat.SVG);
        return List.of(
                path.resolveSibling(path.getFileName() + ".png"), path.resolveSibling(path.getFileName() + ".svg"));
    }
}
