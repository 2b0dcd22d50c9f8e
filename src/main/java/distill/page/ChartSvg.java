package distill.page;

import static distill.page.Markup.number;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Draws a {@link Chart} as SVG whose colours and fonts are the page's, and whose text is text. The page's charts have a
 * linear vertical axis and lines without dashes, but for the report's. Shares of categories are bars from 0.
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

    /** How much of a category's place its bars take. */
    private static final double BARS = .8;

    /** Names that the style sheet has for the colours that tell series apart. */
    private static final List<String> COLORS =
            List.of("first", "second", "as-described", "third", "fourth", "fifth", "sixth");

    /** What an axis shows. */
    private record Range(double low, double high) {

        /** The numbers, with some room at both ends. */
        static Range of(DoubleStream numbers) {
            var all = numbers.summaryStatistics();
            double room = all.getMin() == all.getMax() ? 1 : ROOM * (all.getMax() - all.getMin());
            return new Range(all.getMin() - room, all.getMax() + room);
        }

        double share(double number) {
            return (number - low) / (high - low);
        }
    }

    private final Chart chart;
    private final double width;
    private final Markup out;
    private final Range shownX;
    private final Range shownY;

    ChartSvg(Chart chart, Markup out) {
        this(chart, 1, out);
    }

    /** @param wide how many times as wide as usual */
    ChartSvg(Chart chart, double wide, Markup out) {
        this.chart = chart;
        this.width = wide * WIDTH;
        this.out = out;
        DoubleStream ticks = chart.ticks().keySet().stream().mapToDouble(x -> x);
        DoubleStream places = DoubleStream.concat(ticks, chart.points().mapToDouble(Chart.Point::x));
        Range shown = Range.of(places.map(chart.x().scale()::of));
        shownX = hasBars() ? new Range(shown.low() - BARS / 2, shown.high() + BARS / 2) : shown;
        shownY = hasBars()
                ? new Range(0, 1)
                : Range.of(chart.points().flatMapToDouble(point -> DoubleStream.of(point.low(), point.high())));
    }

    private boolean hasBars() {
        return chart.x().scale() == Chart.Scale.CATEGORIES && chart.y().scale() == Chart.Scale.SHARE;
    }

    /**
     * Writes the drawing.
     *
     * @param id of the element, unique on the page
     * @param kind its class
     */
    void write(String id, String kind) {
        String title = id + "-title";
        String description = id + "-desc";
        String labels = title + " " + description;
        out.open("svg", "class", kind, "viewBox", box(width, HEIGHT), "role", "img", "aria-labelledby", labels);
        out.element("title", chart.caption(), "id", title);
        out.element("desc", chart.description(), "id", description);
        draw();
        out.close();
    }

    /** A file of its own, with its legend and its colours. */
    static String alone(Chart chart) {
        Markup out = new Markup();
        double height = HEIGHT + LEGEND_LINE * (chart.series().size() + (chart.hasBars() ? 1.5 : .5));
        out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "chart", "width", WIDTH * ALONE);
        out.with("height", height * ALONE, "viewBox", box(WIDTH, height), "role", "img");
        out.element("title", chart.caption()).element("desc", chart.description());
        out.style("chart.css");
        out.empty("rect", "class", "paper", "width", WIDTH, "height", height);
        ChartSvg drawing = new ChartSvg(chart, out);
        drawing.draw();
        drawing.legend();
        return out.close().line().done();
    }

    private static String box(double width, double height) {
        return "0 0 " + number(width) + " " + number(height);
    }

    private void legend() {
        double y = HEIGHT + LEGEND_LINE / 2;
        for (Chart.Series series : chart.series()) {
            open(series, path("M", LEFT, y, "H", LEFT + SAMPLE));
            marker(series, LEFT + SAMPLE / 2, y);
            out.close();
            out.element("text", series.name(), "class", "tick", "x", LEFT + SAMPLE + 2 * MARKER, "y", y + MIDDLE);
            y += LEGEND_LINE;
        }
        if (chart.hasBars()) {
            out.element("text", Chart.BARS, "class", "tick", "x", LEFT, "y", y + MIDDLE);
        }
    }

    /** The look of a series beside its name. */
    void sample(Chart.Series series) {
        out.open("svg", "class", "sample", "viewBox", "0 0 28 12", "aria-hidden", "true");
        open(series, "M1 6H27");
        marker(series, 14, 6);
        out.close().close();
    }

    private void draw() {
        yAxis();
        xAxis();
        chart.series().forEach(this::series);
    }

    private void yAxis() {
        double step = step(shownY.high() - shownY.low());
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        for (double y = Math.ceil(shownY.low() / step) * step; y <= shownY.high(); y += step) {
            across("grid", y(y));
            text(String.format(Locale.ROOT, "%." + decimals + "f", y), "tick", "end", LEFT - 6, y(y) + MIDDLE);
        }
        String turned = "translate(12 " + number(TOP + (HEIGHT - TOP - BOTTOM) / 2) + ") rotate(-90)";
        out.element("text", chart.y().label(), "class", "axis", "text-anchor", "middle", "transform", turned);
    }

    private void xAxis() {
        double bottom = HEIGHT - BOTTOM;
        across("base", bottom);
        chart.ticks().forEach((x, name) -> text(name, "tick", "middle", x(x), bottom + TICK_LABEL));
        text(chart.x().label(), "axis", "middle", LEFT + (width - LEFT - RIGHT) / 2, bottom + AXIS_TITLE);
    }

    private void across(String kind, double y) {
        out.empty("path", "class", kind, "d", path("M", LEFT, y, "H", width - RIGHT));
    }

    private void text(String words, String kind, String anchor, double x, double y) {
        out.element("text", words, "class", kind, "text-anchor", anchor, "x", x, "y", y);
    }

    private void series(Chart.Series series) {
        String line = series.points().stream()
                .map(point -> number(x(point.x())) + " " + number(y(point.y().mean())))
                .collect(Collectors.joining("L", "M", ""));
        open(series, line);
        for (Chart.Point point : series.points()) {
            double x = x(point.x());
            out.open("g");
            out.element("title", series.name() + ": " + chart.words(point));
            if (point.y().n() > 1) {
                double low = y(point.low());
                double high = y(point.high());
                String ends = path("M", x - CAP, low, "H", x + CAP, "M", x - CAP, high, "H", x + CAP);
                out.empty("path", "class", "bar", "d", path("M", x, low, "V", high) + ends);
            }
            if (hasBars()) {
                bar(series, point);
            } else {
                marker(series, x, y(point.y().mean()));
            }
            out.close();
        }
        out.close();
    }

    /** A bar from 0, beside those of the other series at its place. */
    private void bar(Chart.Series series, Chart.Point point) {
        double wide = BARS / chart.series().size();
        double left = x(point.x() - BARS / 2 + chart.series().indexOf(series) * wide);
        double top = y(point.y().mean());
        double height = HEIGHT - BOTTOM - top;
        out.empty(
                "rect",
                "class",
                "marker",
                "x",
                left,
                "y",
                top,
                "width",
                x(point.x() + wide) - x(point.x()),
                "height",
                height);
    }

    /** Opens a series with its line. */
    private void open(Chart.Series series, String line) {
        out.open("g", "class", "series " + color(series));
        if (series.line() != Chart.Line.NONE) {
            out.empty("path", "class", "line", "d", line);
        }
    }

    /** The report's are diamonds, as-described squares, all others circles: colour is not all that tells them apart. */
    private void marker(Chart.Series series, double x, double y) {
        switch (color(series)) {
            case "report" -> {
                String diamond = path("M", x, y - MARKER - 1, "l5 5l-5 5l-5 -5z");
                out.empty("path", "class", "marker", "d", diamond);
            }
            case "as-described" -> {
                double left = x - MARKER + .5;
                double top = y - MARKER + .5;
                out.empty("rect", "class", "marker", "x", left, "y", top, "width", "7", "height", "7");
            }
            default -> out.empty("circle", "class", "marker", "cx", x, "cy", y, "r", MARKER);
        }
    }

    private String color(Chart.Series series) {
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
        return LEFT + shownX.share(chart.x().scale().of(x)) * (width - LEFT - RIGHT);
    }

    private double y(double y) {
        return HEIGHT - BOTTOM - shownY.share(y) * (HEIGHT - TOP - BOTTOM);
    }

    /** A path of letters and numbers. */
    private static String path(Object... parts) {
        return Arrays.stream(parts)
                .map(part -> part instanceof Double number ? number(number) : part.toString())
                .collect(Collectors.joining(" "))
                .replaceAll(" ?([A-Za-z]) ?", "$1");
    }

    /** 1, 2 or 5 times a power of ten, so that there are no more than six ticks. */
    private static double step(double range) {
        double power = Math.pow(10, Math.floor(Math.log10(range / MOST_TICKS)));
        return DoubleStream.of(1, 2, 5, 10)
                .map(factor -> factor * power)
                .filter(step -> range / step <= MOST_TICKS)
                .findFirst()
                .orElseThrow();
    }
}
