package distill.report;

import static distill.run.Settings.number;

import distill.run.Run;
import distill.statistics.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Fig. 7: the student's test accuracy against the temperature, once with the temperatures as categories, as the report
 * draws it, and once on a logarithmic axis.
 */
public final class TemperatureCurve {

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
        for (Map.Entry<Double, Map<Double, Sample>> row :
                MnistTables.cells(students).entrySet()) {
            Sample cell = row.getValue().values().iterator().next();
            temperatures.add(row.getKey());
            means.add(cell.mean());
            deviations.add(cell.n() == 1 ? 0 : cell.sd());
        }
        boolean several =
                students.stream().map(run -> run.settings().seed()).distinct().count() > 1;
        String title = "Student test accuracy vs. temperature, "
                + students.get(0).settings().reading();
        String ours = (several ? "ours (mean, standard deviation)" : "ours (one run)") + marks.suffix();

        CategoryChart categories = new CategoryChartBuilder()
                .width(Charts.WIDTH)
                .height(Charts.HEIGHT)
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

        categories.getStyler().setYAxisDecimalPattern("0.0#");
        Charts.style(categories.getStyler());
        XYChart log = Charts.lines(title, new Marks(List.of()), "temperature (logarithmic)", "test accuracy (%)");
        log.getStyler().setYAxisDecimalPattern("0.0#");
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
        List<Path> files = new ArrayList<>(Charts.save(categories, folder.resolve(name + "-categories")));
        files.addAll(Charts.save(log, folder.resolve(name + "-log")));
        return files;
    }

    /** XChart's own logarithmic axis has ticks at powers of ten only. */
    static List<Double> powersOfTwo(List<Double> values) {
        return values.stream().map(value -> Math.log(value) / Math.log(2)).toList();
    }
}
