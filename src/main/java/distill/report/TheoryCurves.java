package distill.report;

import static distill.run.Settings.number;

import distill.loss.TemperatureEffect;
import distill.run.Run;
import distill.statistics.Sample;
import java.awt.BasicStroke;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The figures of Task 1's theory questions. Each writes .png and .svg beside each other and returns both. */
public final class TheoryCurves {

    private static final float[] DASH = {6, 4};

    private TheoryCurves() {}

    /**
     * The soft targets of one image: a group of bars for each class, a bar for each temperature.
     *
     * @param effects of some temperatures
     * @param image which of their images
     * @param what what the title says of it
     * @param path without an ending
     */
    public static List<Path> targets(List<TemperatureEffect> effects, int image, String what, Marks marks, Path path)
            throws IOException {
        return Charts.save(targets(effects, image, what, marks), path);
    }

    static CategoryChart targets(List<TemperatureEffect> effects, int image, String what, Marks marks) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(Charts.WIDTH)
                .height(Charts.HEIGHT)
                .title("The teacher's soft targets of " + what)
                .xAxisTitle("class" + marks.suffix())
                .yAxisTitle("target")
                .build();
        Charts.style(chart.getStyler());
        chart.getStyler().setYAxisDecimalPattern("0.0");
        for (TemperatureEffect effect : effects) {
            double[] target = effect.targets()[image];
            chart.addSeries(
                    "T = " + number(effect.temperature()),
                    IntStream.range(0, target.length).mapToObj(String::valueOf).toList(),
                    boxed(target));
        }
        return chart;
    }

    /**
     * The mean entropy of the targets against the temperature, below its upper limit, ln of the number of classes.
     *
     * @param path without an ending
     */
    public static List<Path> entropy(List<TemperatureEffect> effects, String reading, Marks marks, Path path)
            throws IOException {
        return Charts.save(entropy(effects, reading, marks), path);
    }

    static XYChart entropy(List<TemperatureEffect> effects, String reading, Marks marks) {
        XYChart chart =
                Charts.lines("Entropy of the soft targets, " + reading, marks, "temperature (logarithmic)", "nats");
        powersOfTwo(chart);
        List<Double> x = TemperatureCurve.powersOfTwo(temperatures(effects));
        chart.addSeries("mean over test images", x, values(effects, TemperatureEffect::entropy))
                .setMarker(SeriesMarkers.CIRCLE);
        int classes = effects.get(0).targets()[0].length;
        dashed(chart.addSeries(
                "ln " + classes, x, x.stream().map(any -> Math.log(classes)).toList()));
        return chart;
    }

    /**
     * The length of the distillation loss's gradient with and without T^2, both axes logarithmic.
     *
     * @param hard the same of the student loss
     * @param path without an ending
     */
    public static List<Path> gradients(
            String title, List<TemperatureEffect> effects, double hard, Marks marks, Path path) throws IOException {
        return Charts.save(gradients(title, effects, hard, marks), path);
    }

    static XYChart gradients(String title, List<TemperatureEffect> effects, double hard, Marks marks) {
        XYChart chart = Charts.lines(title, marks, "temperature (logarithmic)", "length of the gradient (logarithmic)");
        powersOfTwo(chart);
        chart.getStyler()
                .setyAxisTickLabelsFormattingFunction(power -> String.format(Locale.ROOT, "%.1e", Math.pow(10, power)));
        List<Double> x = TemperatureCurve.powersOfTwo(temperatures(effects));
        chart.addSeries("with T\u00b2", x, values(effects, effect -> Math.log10(effect.gradient())))
                .setMarker(SeriesMarkers.CIRCLE);
        chart.addSeries("without", x, values(effects, effect -> Math.log10(effect.gradientWithoutSquare())))
                .setMarker(SeriesMarkers.DIAMOND);
        dashed(chart.addSeries(
                "of the student loss",
                x,
                x.stream().map(any -> Math.log10(hard)).toList()));
        return chart;
    }

    /**
     * Test accuracy against alpha, a line for each temperature.
     *
     * @param students of question 5
     * @param path without an ending
     */
    public static List<Path> alphas(List<Run> students, Path path) throws IOException {
        return Charts.save(alphas(students), path);
    }

    static XYChart alphas(List<Run> students) {
        XYChart chart = Charts.lines(
                "Student test accuracy vs. alpha, " + students.get(0).settings().reading(),
                Marks.of(students),
                "alpha, the weight of the distillation loss",
                "test accuracy (%)");
        MnistTables.cells(students).forEach((temperature, row) -> chart.addSeries(
                        "T = " + number(temperature),
                        List.copyOf(row.keySet()),
                        row.values().stream().map(Sample::mean).toList())
                .setMarker(SeriesMarkers.CIRCLE));
        return chart;
    }

    /**
     * Something of students against the epochs of their teacher, a line for each width.
     *
     * @param values by width, then by the teacher's epochs; the means are drawn
     * @param path without an ending
     */
    public static List<Path> byTeacherEpochs(
            String title, String yTitle, Map<Integer, ? extends Map<Integer, Sample>> values, Marks marks, Path path)
            throws IOException {
        return Charts.save(byTeacherEpochs(title, yTitle, values, marks), path);
    }

    static XYChart byTeacherEpochs(
            String title, String yTitle, Map<Integer, ? extends Map<Integer, Sample>> values, Marks marks) {
        XYChart chart = Charts.lines(title, marks, "epochs of the teacher", yTitle);
        for (Map.Entry<Integer, ? extends Map<Integer, Sample>> width : new TreeMap<>(values).entrySet()) {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            List<Double> deviations = new ArrayList<>();
            new TreeMap<>(width.getValue()).forEach((epochs, cell) -> {
                x.add((double) epochs);
                y.add(cell.mean());
                deviations.add(cell.n() == 1 ? 0 : cell.sd());
            });
            boolean several = deviations.stream().anyMatch(sd -> sd > 0);
            chart.addSeries("width " + width.getKey(), x, y, several ? deviations : null)
                    .setMarker(SeriesMarkers.CIRCLE);
        }
        return chart;
    }

    private static void powersOfTwo(XYChart chart) {
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        power -> power == Math.rint(power) ? number(Math.pow(2, power)) : "");
    }

    private static void dashed(XYSeries series) {
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASH, 0));
    }

    private static List<Double> temperatures(List<TemperatureEffect> effects) {
        return values(effects, TemperatureEffect::temperature);
    }

    private static List<Double> values(List<TemperatureEffect> effects, ToDoubleFunction<TemperatureEffect> value) {
        return effects.stream().map(effect -> value.applyAsDouble(effect)).toList();
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
