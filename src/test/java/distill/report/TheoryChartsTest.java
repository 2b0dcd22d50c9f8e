package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import distill.page.Chart;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Series;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TheoryChartsTest {

    @Test
    void pointsAreGeometricMeansOverTheSeeds() {
        // With one block .1 and 1000, from two seeds; with two blocks 1.
        List<Measurement> measurements = Arrays.stream(Variant.values())
                .flatMap(variant -> Stream.of(
                        new Measurement(variant, 1, 1, List.of(1., 10.), 1),
                        new Measurement(variant, 1, 2, List.of(1000., 1.), 1),
                        new Measurement(variant, 2, 1, List.of(4., 2., 4.), 1)))
                .toList();
        Marks none = new Marks(List.of());
        Chart byDepth = TheoryCharts.gradientByDepth(measurements, none);
        Series plain = byDepth.series().get(Variant.PLAIN.ordinal());
        assertEquals(10, plain.points().get(0).y().mean(), 1e-12, "of .1 and 1000");
        assertEquals(1, plain.points().get(1).y().mean(), 1e-12);
        assertEquals(List.of(Look.SECOND, Line.SOLID), List.of(plain.look(), plain.line()));
        Series normalized = byDepth.series().get(Variant.RESIDUAL_NORMALIZED.ordinal());
        assertEquals(List.of(Look.FIRST, Line.DOTTED), List.of(normalized.look(), normalized.line()));

        Series byBlock =
                TheoryCharts.gradientByBlock(measurements, none).series().get(0);
        assertEquals(
                List.of(0., 1., 2.),
                byBlock.points().stream().map(Chart.Point::x).toList(),
                "the deepest network's");
        assertEquals(.5, byBlock.points().get(1).y().mean(), 1e-12);
    }
}
