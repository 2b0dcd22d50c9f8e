package distill.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import distill.statistics.Sample;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

class ChartFilesTest {

    private static final int WIDTH = 800;

    private static Chart chart(Scale x, Scale y, Series... series) {
        return new Chart("title", "", new Axis("x", x), new Axis("y", y), List.of(series));
    }

    private static Chart chart(int series, int marks) {
        return new Chart(
                "title",
                new Marks(Collections.nCopies(marks, "NOT MHIST")).suffix(),
                new Axis("epoch", Scale.LINEAR),
                new Axis("loss", Scale.LINEAR),
                IntStream.range(0, series)
                        .mapToObj(i -> Series.of("series " + i, List.of(new Point(0, i), new Point(1, i))))
                        .toList());
    }

    private static org.knowm.xchart.internal.chartpart.Chart<? extends AxesChartStyler, ?> draw(Chart chart) {
        return ChartFiles.draw(chart, WIDTH, 500);
    }

    private static Map<String, XYSeries> lines(Chart chart) {
        return ((XYChart) draw(chart)).getSeriesMap();
    }

    @Test
    void aChartIsWrittenAsPngAndSvg(@TempDir Path folder) throws IOException {
        List<Path> files = ChartFiles.save(chart(1, 0), folder.resolve("chart"));
        assertEquals(List.of(folder.resolve("chart.png"), folder.resolve("chart.svg")), files);
        assertEquals(WIDTH, ImageIO.read(files.get(0).toFile()).getWidth());
        assertTrue(Files.readString(files.get(1)).contains("<svg"));
        assertEquals(List.of(), ChartFiles.save(chart(0, 0), folder.resolve("empty")));
    }

    @Test
    void manyMarksBecomeSmallerUntilTheyFitTheFigure() {
        var few = draw(chart(1, 1));
        var many = draw(chart(1, 12));
        assertEquals("epoch [NOT MHIST]", few.getXAxisTitle());
        Font font = many.getStyler().getAxisTitleFont();
        assertTrue(font.getSize2D() < few.getStyler().getAxisTitleFont().getSize2D());
        double width = font.getStringBounds(many.getXAxisTitle(), new FontRenderContext(null, true, true))
                .getWidth();
        assertTrue(width < WIDTH, "a title of " + width + " pixels");
    }

    @Test
    void theLegendOfManySeriesStandsBesideThePlot() {
        assertEquals(LegendPosition.OutsideS, draw(chart(3, 0)).getStyler().getLegendPosition());
        assertEquals(LegendPosition.OutsideE, draw(chart(4, 0)).getStyler().getLegendPosition());
    }

    @Test
    void logarithmicAxesHaveThePowersAsPlacesAndTheNumbersAsLabels() {
        Chart chart = chart(
                Scale.LOG2,
                Scale.LOG10,
                Series.of("a", List.of(new Point(.5, 1), new Point(2, 10), new Point(8, 100))));
        XYSeries a = lines(chart).get("a");
        assertArrayEquals(new double[] {-1, 1, 3}, a.getXData(), 1e-12);
        assertArrayEquals(new double[] {0, 1, 2}, a.getYData(), 1e-12);
        var drawn = draw(chart);
        assertEquals("x (logarithmic)", drawn.getXAxisTitle());
        AxesChartStyler styler = drawn.getStyler();
        assertEquals("0.5", styler.getxAxisTickLabelsFormattingFunction().apply(-1.));
        assertEquals("", styler.getxAxisTickLabelsFormattingFunction().apply(.5));
        assertEquals("3.2e-01", styler.getyAxisTickLabelsFormattingFunction().apply(-.5));
        Chart wide = chart(Scale.LINEAR, Scale.LOG10, Series.of("a", List.of(new Point(0, 1e-8), new Point(1, 10))));
        assertEquals(
                "1e-8",
                draw(wide).getStyler().getyAxisTickLabelsFormattingFunction().apply(-8.));
    }

    @Test
    void categoriesStandSideBySideAndAPlaceWithoutANumberIsLeftOut() {
        Chart chart = chart(
                Scale.CATEGORIES,
                Scale.LINEAR,
                Series.of("a", List.of(new Point(1, 5), new Point(64, 6))),
                Series.of("b", List.of(new Point(64, 7))));
        Map<String, ?> series = draw(chart).getSeriesMap();
        assertEquals(List.of("1", "64"), List.copyOf(((CategorySeries) series.get("a")).getXData()));
        assertEquals(Arrays.asList(null, 7.), new ArrayList<>(((CategorySeries) series.get("b")).getYData()));
    }

    @Test
    void spreadsAreDrawnWhereThereAreSeveralNumbers() {
        Map<String, XYSeries> series = lines(chart(
                Scale.LINEAR,
                Scale.LINEAR,
                Series.of("several", List.of(new Point(1, 3), new Point(2, Sample.of(.5, 1.5)))),
                Series.of("one", List.of(new Point(1, 3)))));
        assertArrayEquals(new double[] {0, Math.sqrt(.5)}, series.get("several").getExtraValues(), 1e-12);
        assertNull(series.get("one").getExtraValues());
    }

    @Test
    void numbersHaveAPointInEveryLanguage(@TempDir Path folder) throws IOException {
        Locale locale = Locale.getDefault();
        try {
            List<String> drawings = new ArrayList<>();
            for (Locale language : List.of(Locale.ENGLISH, Locale.GERMANY)) {
                Locale.setDefault(language);
                Series series = Series.of("a", List.of(new Point(.1, .25), new Point(.2, .35)));
                ChartFiles.save(chart(Scale.LINEAR, Scale.LINEAR, series), folder.resolve("chart"));
                drawings.add(Files.readString(folder.resolve("chart.svg")));
            }
            assertEquals(drawings.get(0), drawings.get(1));
        } finally {
            Locale.setDefault(locale);
        }
    }
}
