package distill.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Chart.Axis;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import distill.statistics.Sample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static Chart chart(Axis x, List<Point> points) {
        return new Chart("a title", " [QUICK]", x, new Axis("loss", Scale.LINEAR), List.of(Series.of("a", points)));
    }

    @Test
    void manyPlacesHaveFewTicksButEveryPointSaysItsOwnPlace() {
        Chart chart = chart(
                new Axis("epoch", Scale.LINEAR),
                IntStream.rangeClosed(1, 16)
                        .mapToObj(epoch -> new Point(epoch, 1. / epoch))
                        .toList());
        assertEquals(List.of("1", "5", "10", "15"), List.copyOf(chart.ticks().values()));
        assertEquals("0.500 at 2", chart.words(chart.series().get(0).points().get(1)));
        assertEquals(
                "loss against epoch. a: from 1.000 at 1 to 0.063 at 16, between 0.063 and 1.000.", chart.description());
        assertEquals("a title [QUICK]", chart.caption());
    }

    @Test
    void namedPlacesHaveTheirNamesThoughPointsStandBesideThem() {
        Chart chart = chart(
                new Axis("student", Scale.CATEGORIES, List.of("without KD", "with KD")),
                List.of(new Point(-.08, 97), new Point(.08, 98)));
        assertEquals(List.of("without KD", "with KD"), List.copyOf(chart.ticks().values()));
        assertTrue(chart.description().endsWith("a: 97.00 at without KD, 98.00 at without KD."), chart.description());
    }

    @Test
    void manyPointsOfFewPlacesAreToldByPlace() {
        Chart chart = chart(
                new Axis("student", Scale.CATEGORIES, List.of("without KD", "with KD")),
                IntStream.range(0, 16)
                        .mapToObj(i -> new Point(i < 10 ? -.08 + .01 * i : .96 + .01 * (i - 10), 97 + .1 * i))
                        .toList());
        assertEquals(
                "loss against student. a: 10 points from 97.00 to 97.90, on average 97.45 (without KD),"
                        + " 6 points from 98.00 to 98.50, on average 98.25 (with KD).",
                chart.description());
    }

    @Test
    void pointsOfOnePlaceBecomeTheirMeanWithItsSpread() {
        List<Point> points = Point.means(List.of(1., 3., 8.), value -> value < 4 ? 1 : 2, value -> value);
        assertEquals(List.of(new Point(1, Sample.of(1, 3)), new Point(2, 8)), points);
        assertEquals(2 - Math.sqrt(2), points.get(0).low(), 1e-12);
        assertEquals(8, points.get(1).high());
    }
}
