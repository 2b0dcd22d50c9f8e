package distill.report;

import static distill.run.Settings.number;

import distill.loss.TemperatureEffect;
import distill.page.Chart;
import distill.page.Chart.Axis;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Marker;
import distill.page.Chart.Point;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The charts of Task 1's theory questions. */
public final class TheoryCharts {

    private static final Axis TEMPERATURE = new Axis("temperature", Scale.LOG2);

    private TheoryCharts() {}

    /**
     * The soft targets of one image: a group of bars for each class, a bar for each temperature.
     *
     * @param effects of some temperatures
     * @param image which of their images
     * @param what what the title says of it
     */
    public static Chart targets(List<TemperatureEffect> effects, int image, String what, Marks marks) {
        List<Series> series = new ArrayList<>();
        for (TemperatureEffect effect : effects) {
            double[] targets = effect.targets()[image];
            List<Point> points = IntStream.range(0, targets.length)
                    .mapToObj(label -> new Point(label, targets[label]))
                    .toList();
            series.add(new Series("T = " + number(effect.temperature()), Look.NEXT, Line.NONE, Marker.NONE, points));
        }
        return new Chart(
                "The teacher's soft targets of " + what,
                marks.suffix(),
                new Axis("class", Scale.CATEGORIES),
                new Axis("target", Scale.LINEAR),
                series);
    }

    /** The mean entropy of the targets against the temperature, below its upper limit, ln of the number of classes. */
    public static Chart entropy(List<TemperatureEffect> effects, String reading, Marks marks) {
        int classes = effects.get(0).targets()[0].length;
        return new Chart(
                "Entropy of the soft targets, " + reading,
                marks.suffix(),
                TEMPERATURE,
                new Axis("nats", Scale.LINEAR),
                List.of(
                        Series.of("mean over test images", points(effects, TemperatureEffect::entropy)),
                        reference("ln " + classes, points(effects, effect -> Math.log(classes)))));
    }

    /**
     * The length of the distillation loss's gradient with and without T^2, both axes logarithmic.
     *
     * @param hard the length of the student loss's gradient
     */
    public static Chart gradients(String title, List<TemperatureEffect> effects, double hard, Marks marks) {
        return new Chart(
                title,
                marks.suffix(),
                TEMPERATURE,
                new Axis("length of the gradient", Scale.LOG10),
                List.of(
                        Series.of("with T\u00b2", points(effects, TemperatureEffect::gradient)),
                        new Series(
                                "without",
                                Look.NEXT,
                                Line.SOLID,
                                Marker.DIAMOND,
                                points(effects, TemperatureEffect::gradientWithoutSquare)),
                        reference("of the student loss", points(effects, effect -> hard))));
    }

    /**
     * A measure of students against the epochs of their teacher, a line for each width.
     *
     * @param y what is measured
     * @param values by width, then by the teacher's epochs, each in order
     */
    public static Chart byTeacherEpochs(
            String title, String y, Map<Integer, ? extends Map<Integer, Sample>> values, Marks marks) {
        List<Series> series = new ArrayList<>();
        values.forEach((width, cells) -> series.add(Series.of(
                "width " + width,
                cells.entrySet().stream()
                        .map(cell -> new Point(cell.getKey(), cell.getValue()))
                        .toList())));
        return new Chart(
                title,
                marks.suffix(),
                new Axis("epochs of the teacher", Scale.LINEAR),
                new Axis(y, Scale.LINEAR),
                series);
    }

    private static List<Point> points(List<TemperatureEffect> effects, ToDoubleFunction<TemperatureEffect> value) {
        return Point.means(effects, TemperatureEffect::temperature, value);
    }

    private static Series reference(String name, List<Point> points) {
        return new Series(name, Look.NEXT, Line.REFERENCE, Marker.NONE, points);
    }
}
