package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;

class ChartsTest {

    @TempDir
    private Path folder;

    private XYChart saved(int series, int marks) throws IOException {
        XYChart chart = Charts.lines("title", new Marks(Collections.nCopies(marks, "NOT MHIST")), "epoch", "loss");
        for (int i = 0; i < series; i++) {
            chart.addSeries("series " + i, new double[] {0, 1}, new double[] {i, i});
        }
        Charts.save(chart, folder.resolve("chart"));
        return chart;
    }

    @Test
    void manyMarksBecomeSmallerUntilTheyFitTheFigure() throws IOException {
        XYChart few = saved(1, 1);
        XYChart many = saved(1, 12);
        Font font = many.getStyler().getAxisTitleFont();
        assertTrue(font.getSize2D() < few.getStyler().getAxisTitleFont().getSize2D());
        double width = font.getStringBounds(many.getXAxisTitle(), new FontRenderContext(null, true, true))
                .getWidth();
        assertTrue(width < Charts.WIDTH, "a title of " + width + " pixels");
    }

    @Test
    void theLegendOfManySeriesStandsBesideThePlot() throws IOException {
        assertEquals(LegendPosition.OutsideS, saved(3, 0).getStyler().getLegendPosition());
        assertEquals(LegendPosition.OutsideE, saved(4, 0).getStyler().getLegendPosition());
    }
}
