package distill.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How all our figures look, and how they are written. */
final class Charts {

    static final int WIDTH = 800;
    static final int HEIGHT = 500;

    private static final int MOST_BELOW = 3;

    /** How long a title below the plot may be in pixels, and with a legend beside the plot. */
    private static final int ROOM = 720;

    private static final int ROOM_BESIDE = 520;

    private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);

    /** Told apart by people who see colours differently, too: Okabe and Ito's, darkest first. */
    private static final Color[] COLORS = {
        new Color(0x00, 0x5a, 0x9c),
        new Color(0xc4, 0x4e, 0x00),
        new Color(0x00, 0x8b, 0x64),
        new Color(0xb0, 0x50, 0x8c),
        new Color(0x4a, 0x9f, 0xd0),
        new Color(0x9a, 0x7d, 0x00),
        new Color(0x55, 0x55, 0x55)
    };

    private Charts() {}

    /**
     * An empty chart of lines.
     *
     * @param marks of what it shows, which stand below it
     */
    static XYChart lines(String title, Marks marks, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle + marks.suffix())
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler().setYAxisDecimalPattern("0.0##");
        style(chart.getStyler());
        return chart;
    }

    /** Colours, grid, fonts and where the legend is. */
    static void style(AxesChartStyler styler) {
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setPlotGridLinesColor(GRID);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setSeriesColors(COLORS);
    }

    /**
     * Writes a chart. With many series its legend stands beside it, for below it would be cut off; and the marks below
     * the axis are as small as they must be.
     *
     * @param path without an ending
     * @return the files, .png and .svg
     */
    static List<Path> save(Chart<? extends AxesChartStyler, ?> chart, Path path) throws IOException {
        boolean beside = chart.getSeriesMap().size() > MOST_BELOW;
        if (beside) {
            chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
            chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
        }
        fitAxisTitle(chart, beside ? ROOM_BESIDE : ROOM);
        BitmapEncoder.saveBitmap(chart, path.toString(), BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path.toString(), VectorGraphicsFormat.SVG);
        return List.of(
                path.resolveSibling(path.getFileName() + ".png"), path.resolveSibling(path.getFileName() + ".svg"));
    }

    private static void fitAxisTitle(Chart<? extends AxesChartStyler, ?> chart, int room) {
        String title = chart.getXAxisTitle();
        if (title == null || title.isEmpty()) {
            return;
        }
        Font font = chart.getStyler().getAxisTitleFont();
        double width = font.getStringBounds(title, new FontRenderContext(null, true, true))
                .getWidth();
        if (width > room) {
            chart.getStyler().setAxisTitleFont(font.deriveFont((float) (font.getSize2D() * room / width)));
        }
    }
}
