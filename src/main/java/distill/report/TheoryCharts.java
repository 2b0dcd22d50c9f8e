package distill.report;

import static distill.report.MnistCharts.TEACHER_EPOCHS;
import static distill.report.MnistCharts.TEMPERATURE;
import static distill.run.Settings.number;

import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The charts of the theory questions: what the temperature does, and gradients with and without shortcuts. */
public final class TheoryCharts {

    private static final Axis RATIO = new Axis("ratio of gradient norms", Scale.LOG10);
    private static final List<Line> LINES = List.of(Line.SOLID, Line.DASHED, Line.DOTTED);

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
            List<Point> bars = IntStream.range(0, targets.length)
                    .mapToObj(label -> new Point(label, targets[label]))
                    .toList();
            series.add(new Series("T = " + number(effect.temperature()), Look.NEXT, Line.NONE, Marker.NONE, bars));
        }
        Axis classes = new Axis("class", Scale.CATEGORIES);
        String title = "The teacher's soft targets of " + what;
        return new Chart(title, marks.suffix(), classes, new Axis("target"), series);
    }

    /** The mean entropy of the targets against the temperature, below its upper limit, ln of the number of classes. */
    public static Chart entropy(List<TemperatureEffect> effects, String reading, Marks marks) {
        int classes = effects.get(0).targets()[0].length;
        List<Series> series = List.of(
                Series.of("mean over test images", points(effects, TemperatureEffect::entropy)),
                reference("ln " + classes, points(effects, effect -> Math.log(classes))));
        String title = "Entropy of the soft targets, " + reading;
        return new Chart(title, marks.suffix(), TEMPERATURE, new Axis("nats"), series);
    }

    /**
     * The length of the distillation loss's gradient with and without T^2, both axes logarithmic.
     *
     * @param hard the length of the student loss's gradient
     */
    public static Chart gradients(String title, List<TemperatureEffect> effects, double hard, Marks marks) {
        List<Point> without = points(effects, TemperatureEffect::gradientWithoutSquare);
        List<Series> series = List.of(
                Series.of("with T\u00b2", points(effects, TemperatureEffect::gradient)),
                new Series("without", Look.NEXT, Line.SOLID, Marker.DIAMOND, without),
                reference("of the student loss", points(effects, effect -> hard)));
        Axis length = new Axis("length of the gradient", Scale.LOG10);
        return new Chart(title, marks.suffix(), TEMPERATURE, length, series);
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
        values.forEach((width, cells) -> {
            Stream<Point> points = cells.entrySet().stream().map(cell -> new Point(cell.getKey(), cell.getValue()));
            series.add(Series.of("width " + width, points.toList()));
        });
        return new Chart(title, marks.suffix(), TEACHER_EPOCHS, new Axis(y), series);
    }

    private static List<Point> points(List<TemperatureEffect> effects, ToDoubleFunction<TemperatureEffect> value) {
        return Point.means(effects, TemperatureEffect::temperature, value);
    }

    private static Series reference(String name, List<Point> points) {
        return new Series(name, Look.NEXT, Line.REFERENCE, Marker.NONE, points);
    }

    /** The gradient at the first block of networks over that at the last, against the number of blocks. */
    public static Chart gradientByDepth(List<Measurement> measurements, Marks marks) {
        int[] depths = measurements.stream()
                .mapToInt(Measurement::blocks)
                .distinct()
                .sorted()
                .toArray();
        return new Chart(
                "Gradient at the first block over that at the last, before training",
                marks.suffix(),
                new Axis("blocks of two convolutions", Scale.LOG2),
                RATIO,
                byVariant(Marker.CIRCLE, variant -> Arrays.stream(depths)
                        .mapToObj(blocks -> ratio(blocks, measurements, variant, blocks, 0))));
    }

    /** The gradient after each block of the deepest networks over that after the last. */
    public static Chart gradientByBlock(List<Measurement> measurements, Marks marks) {
        int deepest = measurements.stream().mapToInt(Measurement::blocks).max().orElseThrow();
        return new Chart(
                "Gradient after each of %d blocks over that after the last, before training".formatted(deepest),
                marks.suffix(),
                new Axis("block (0: what enters the first)"),
                RATIO,
                byVariant(Marker.NONE, variant -> IntStream.rangeClosed(0, deepest)
                        .mapToObj(block -> ratio(block, measurements, variant, deepest, block))));
    }

    /** Colours tell networks with shortcuts from those without, dashes tell apart those of one colour. */
    private static List<Series> byVariant(Marker marker, Function<Variant, Stream<Point>> points) {
        return Arrays.stream(Variant.values())
                .map(variant -> new Series(
                        variant.toString(),
                        variant.shortcuts() ? Look.FIRST : Look.SECOND,
                        LINES.get(variant.ordinal() % LINES.size()),
                        marker,
                        points.apply(variant).toList()))
                .toList();
    }

    /** The geometric mean over the seeds of networks of so many blocks. */
    private static Point ratio(double x, List<Measurement> measurements, Variant variant, int blocks, int block) {
        double power = measurements.stream()
                .filter(one -> one.variant() == variant && one.blocks() == blocks)
                .mapToDouble(one -> Math.log10(one.relative(block)))
                .average()
                .orElseThrow();
        return new Point(x, Math.pow(10, power));
    }
}
