package distill.page;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws a {@link Chart} as SVG whose colours and fonts are the page's, and whose text is text. */
final class ChartSvg {

    private static final double WIDTH = 460;
    private static final double HEIGHT = 290;
    private static final double LEFT = 60;
    private static final double RIGHT = 14;
    private static final double TOP = 10;
    private static final double BOTTOM = 46;
    private static final double MARKER = 4;
    private static final double CAP = 4;
    private static final double TICK_LABEL = 17;
    private static final double AXIS_TITLE = 38;
    private static final double MIDDLE = 4.5;
    private static final double LEGEND_LINE = 18;
    private static final double SAMPLE = 28;

    /** How much larger a file of its own is shown than its numbers say. */
    private static final double ALONE = 1.3;

    private static final int MOST_TICKS = 6;
    private static final double ROOM = .06;

    private final Chart chart;
    private final Markup out;
    private final double lowX;
    private final double highX;
    private final double lowY;
    private final double highY;

    private ChartSvg(Chart chart, Markup out) {
        this.chart = chart;
        this.out = out;
        List<Chart.Point> points = chart.series().stream()
                .flatMap(series -> series.points().stream())
                .toList();
        double firstX = Math.min(
                chart.ticks().firstKey(),
                points.stream().mapToDouble(Chart.Point::x).min().orElseThrow());
        double lastX = Math.max(
                chart.ticks().lastKey(),
                points.stream().mapToDouble(Chart.Point::x).max().orElseThrow());
        double marginX = firstX == lastX ? 1 : ROOM * (lastX - firstX);
        lowX = firstX - marginX;
        highX = lastX + marginX;
        double least = points.stream().mapToDouble(point -> low(point)).min().orElseThrow();
        double most = points.stream().mapToDouble(point -> high(point)).max().orElseThrow();
        double marginY = least == most ? 1 : ROOM * (most - least);
        lowY = least - marginY;
        highY = most + marginY;
    }

    /**
     * Writes the drawing.
     *
     * @param id of the element, unique on the page
     */
    static void write(Chart chart, String id, Markup out) {
        new ChartSvg(chart, out).write(id);
    }

    /** A file of its own, with its legend and its colours. */
    static String alone(Chart chart) {
        Markup out = new Markup();
        double height = HEIGHT + LEGEND_LINE * (chart.series().size() + .5);
        out.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "class",
                "chart",
                "width",
                number(WIDTH * ALONE),
                "height",
                number(height * ALONE),
                "viewBox",
                "0 0 " + number(WIDTH) + " " + number(height),
                "role",
                "img");
        out.element("title", chart.title()).element("desc", chart.description());
        out.element("style", StyleSheet.read("chart.css"));
        out.empty("rect", "class", "paper", "width", number(WIDTH), "height", number(height));
        ChartSvg drawing = new ChartSvg(chart, out);
        drawing.draw();
        drawing.legend();
        return out.close().line().done();
    }

    private void legend() {
        double y = HEIGHT + LEGEND_LINE / 2;
        for (Chart.Series series : chart.series()) {
            out.open("g", "class", "series " + series.look());
            if (series.line()) {
                out.empty(
                        "path",
                        "class",
                        "line",
                        "d",
                        "M" + number(LEFT) + " " + number(y) + "H" + number(LEFT + SAMPLE));
            }
            marker(series.look(), LEFT + SAMPLE / 2, y, out);
            out.close();
            out.element(
                    "text",
                    series.name(),
                    "class",
                    "tick",
                    "x",
                    number(LEFT + SAMPLE + 2 * MARKER),
                    "y",
                    number(y + MIDDLE));
            y += LEGEND_LINE;
        }
    }

    private void write(String id) {
        out.open(
                "svg",
                "class",
                "chart",
                "viewBox",
                "0 0 " + number(WIDTH) + " " + number(HEIGHT),
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc");
        out.element("title", chart.title(), "id", id + "-title");
        out.element("desc", chart.description(), "id", id + "-desc");
        draw();
        out.close();
    }

    private void draw() {
        yAxis();
        xAxis();
        chart.series().forEach(this::series);
    }

    /** The look of a series beside its name. */
    static void sample(Chart.Series series, Markup out) {
        out.open("svg", "class", "sample", "viewBox", "0 0 28 12", "aria-hidden", "true");
        out.open("g", "class", "series " + series.look());
        if (series.line()) {
            out.empty("path", "class", "line", "d", "M1 6H27");
        }
        marker(series.look(), 14, 6, out);
        out.close().close();
    }

    private void yAxis() {
        double step = step(highY - lowY);
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        for (double y = Math.ceil(lowY / step) * step; y <= highY; y += step) {
            String at = number(y(y));
            out.empty("path", "class", "grid", "d", "M" + number(LEFT) + " " + at + "H" + number(WIDTH - RIGHT));
            out.element(
                    "text",
                    String.format(Locale.ROOT, "%." + decimals + "f", y),
                    "class",
                    "tick",
                    "text-anchor",
                    "end",
                    "x",
                    number(LEFT - 6),
                    "y",
                    number(y(y) + MIDDLE));
        }
        double middle = TOP + (HEIGHT - TOP - BOTTOM) / 2;
        out.element(
                "text",
                chart.yTitle(),
                "class",
                "axis",
                "text-anchor",
                "middle",
                "transform",
                "translate(12 " + number(middle) + ") rotate(-90)");
    }

    private void xAxis() {
        double bottom = HEIGHT - BOTTOM;
        out.empty(
                "path", "class", "base", "d", "M" + number(LEFT) + " " + number(bottom) + "H" + number(WIDTH - RIGHT));
        chart.ticks()
                .forEach((x, name) -> out.element(
                        "text",
                        name,
                        "class",
                        "tick",
                        "text-anchor",
                        "middle",
                        "x",
                        number(x(x)),
                        "y",
                        number(bottom + TICK_LABEL)));
        out.element(
                "text",
                chart.xTitle(),
                "class",
                "axis",
                "text-anchor",
                "middle",
                "x",
                number(LEFT + (WIDTH - LEFT - RIGHT) / 2),
                "y",
                number(bottom + AXIS_TITLE));
    }

    private void series(Chart.Series series) {
        out.open("g", "class", "series " + series.look());
        if (series.line()) {
            out.empty(
                    "path",
                    "class",
                    "line",
                    "d",
                    series.points().stream()
                            .map(point -> number(x(point.x())) + " "
                                    + number(y(point.y().mean())))
                            .collect(Collectors.joining("L", "M", "")));
        }
        for (Chart.Point point : series.points()) {
            double x = x(point.x());
            out.open("g");
            out.element("title", series.name() + ": " + chart.words(point));
            if (point.y().n() > 1) {
                String cap = "H" + number(x + CAP);
                out.empty(
                        "path",
                        "class",
                        "bar",
                        "d",
                        "M" + number(x) + " " + number(y(low(point))) + "V" + number(y(high(point))) + "M"
                                + number(x - CAP) + " " + number(y(low(point))) + cap + "M" + number(x - CAP) + " "
                                + number(y(high(point))) + cap);
            }
            marker(series.look(), x, y(point.y().mean()), out);
            out.close();
        }
        out.close();
    }

    /** The report's are diamonds, as-described squares, all others circles: colour is not all that tells them apart. */
    private static void marker(Chart.Look look, double x, double y, Markup out) {
        switch (look) {
            case REPORT ->
                out.empty(
                        "path",
                        "class",
                        "marker",
                        "d",
                        "M%s %sl5 5l-5 5l-5 -5z".formatted(number(x), number(y - MARKER - 1)));
            case AS_DESCRIBED ->
                out.empty(
                        "rect",
                        "class",
                        "marker",
                        "x",
                        number(x - MARKER + .5),
                        "y",
                        number(y - MARKER + .5),
                        "width",
                        "7",
                        "height",
                        "7");
            default -> out.empty("circle", "class", "marker", "cx", number(x), "cy", number(y), "r", number(MARKER));
        }
    }

    private static double low(Chart.Point point) {
        return point.y().n() == 1
                ? point.y().mean()
                : point.y().mean() - point.y().sd();
    }

    private static double high(Chart.Point point) {
        return point.y().n() == 1
                ? point.y().mean()
                : point.y().mean() + point.y().sd();
    }

    private double x(double x) {
        return LEFT + (x - lowX) / (highX - lowX) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double y) {
        return HEIGHT - BOTTOM - (y - lowY) / (highY - lowY) * (HEIGHT - TOP - BOTTOM);
    }

    /** 1, 2 or 5 times a power of ten, so that there are no more than six ticks. */
    private static double step(double range) {
        double power = Math.pow(10, Math.floor(Math.log10(range / MOST_TICKS)));
        return List.of(1., 2., 5., 10.).stream()
                .map(factor -> factor * power)
                .filter(step -> range / step <= MOST_TICKS)
                .findFirst()
                .orElseThrow();
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }
}
