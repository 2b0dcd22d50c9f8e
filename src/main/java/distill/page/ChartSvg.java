package distill.page;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Draws a {@link Chart} as SVG whose colours and fonts are the page's, and whose text is text. The page's charts have a
 * linear vertical axis and lines without dashes, but for the report's.
 */
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

    /** Names that the style sheet has for the colours that tell series apart. */
    private static final List<String> COLORS =
            List.of("first", "second", "as-described", "third", "fourth", "fifth", "sixth");

    private final Chart chart;
    private final Markup out;
    private final double lowX;
    private final double highX;
    private final double lowY;
    private final double highY;

    private ChartSvg(Chart chart, Markup out) {
        this.chart = chart;
        this.out = out;
        List<Chart.Point> points = chart.points().toList();
        double[] places = DoubleStream.concat(
                        chart.ticks().keySet().stream().mapToDouble(x -> x),
                        points.stream().mapToDouble(Chart.Point::x))
                .map(chart.x().scale()::of)
                .sorted()
                .toArray();
        double firstX = places[0];
        double lastX = places[places.length - 1];
        double marginX = firstX == lastX ? 1 : ROOM * (lastX - firstX);
        lowX = firstX - marginX;
        highX = lastX + marginX;
        double least = points.stream().mapToDouble(Chart.Point::low).min().orElseThrow();
        double most = points.stream().mapToDouble(Chart.Point::high).max().orElseThrow();
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
        out.element("title", chart.caption()).element("desc", chart.description());
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
            open(chart, series, "M%s %sH%s".formatted(number(LEFT), number(y), number(LEFT + SAMPLE)), out);
            marker(color(chart, series), LEFT + SAMPLE / 2, y, out);
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
        out.element("title", chart.caption(), "id", id + "-title");
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
    static void sample(Chart chart, Chart.Series series, Markup out) {
        out.open("svg", "class", "sample", "viewBox", "0 0 28 12", "aria-hidden", "true");
        open(chart, series, "M1 6H27", out);
        marker(color(chart, series), 14, 6, out);
        out.close().close();
    }

    /** Opens a series with its line. */
    private static void open(Chart chart, Chart.Series series, String line, Markup out) {
        out.open("g", "class", "series " + color(chart, series));
        if (series.line() != Chart.Line.NONE) {
            out.empty("path", "class", "line", "d", line);
        }
    }

    private void yAxis() {
        double step = step(highY - lowY);
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        for (double y = Math.ceil(lowY / step) * step; y <= highY; y += step) {
            out.empty("path", "class", "grid", "d", across(y(y)));
            text(String.format(Locale.ROOT, "%." + decimals + "f", y), "tick", "end", LEFT - 6, y(y) + MIDDLE);
        }
        double middle = TOP + (HEIGHT - TOP - BOTTOM) / 2;
        out.element(
                "text",
                chart.y().label(),
                "class",
                "axis",
                "text-anchor",
                "middle",
                "transform",
                "translate(12 " + number(middle) + ") rotate(-90)");
    }

    private void xAxis() {
        double bottom = HEIGHT - BOTTOM;
        out.empty("path", "class", "base", "d", across(bottom));
        chart.ticks().forEach((x, name) -> text(name, "tick", "middle", x(x), bottom + TICK_LABEL));
        text(chart.x().label(), "axis", "middle", LEFT + (WIDTH - LEFT - RIGHT) / 2, bottom + AXIS_TITLE);
    }

    private static String across(double y) {
        return "M%s %sH%s".formatted(number(LEFT), number(y), number(WIDTH - RIGHT));
    }

    private void text(String words, String kind, String anchor, double x, double y) {
        out.element("text", words, "class", kind, "text-anchor", anchor, "x", number(x), "y", number(y));
    }

    private void series(Chart.Series series) {
        String line = series.points().stream()
                .map(point -> number(x(point.x())) + " " + number(y(point.y().mean())))
                .collect(Collectors.joining("L", "M", ""));
        open(chart, series, line, out);
        for (Chart.Point point : series.points()) {
            double x = x(point.x());
            out.open("g");
            out.element("title", series.name() + ": " + chart.words(point));
            if (point.y().n() > 1) {
                String low = number(y(point.low()));
                String high = number(y(point.high()));
                String left = number(x - CAP);
                String right = number(x + CAP);
                String bar = "M%s %sV%s".formatted(number(x), low, high)
                        + "M%s %sH%sM%s %sH%s".formatted(left, low, right, left, high, right);
                out.empty("path", "class", "bar", "d", bar);
            }
            marker(color(chart, series), x, y(point.y().mean()), out);
            out.close();
        }
        out.close();
    }

    /** The report's are diamonds, as-described squares, all others circles: colour is not all that tells them apart. */
    private static void marker(String color, double x, double y, Markup out) {
        switch (color) {
            case "report" -> {
                String diamond = "M%s %sl5 5l-5 5l-5 -5z".formatted(number(x), number(y - MARKER - 1));
                out.empty("path", "class", "marker", "d", diamond);
            }
            case "as-described" -> {
                String left = number(x - MARKER + .5);
                String top = number(y - MARKER + .5);
                out.empty("rect", "class", "marker", "x", left, "y", top, "width", "7", "height", "7");
            }
            default -> out.empty("circle", "class", "marker", "cx", number(x), "cy", number(y), "r", number(MARKER));
        }
    }

    private static String color(Chart chart, Chart.Series series) {
        return switch (series.look()) {
            case AS_WRITTEN -> "as-written";
            case AS_DESCRIBED -> "as-described";
            case REPORT -> "report";
            case FIRST -> COLORS.get(0);
            case SECOND -> COLORS.get(1);
            case NEXT -> COLORS.get(chart.series().indexOf(series) % COLORS.size());
        };
    }

    private double x(double x) {
        return LEFT + (chart.x().scale().of(x) - lowX) / (highX - lowX) * (WIDTH - LEFT - RIGHT);
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
