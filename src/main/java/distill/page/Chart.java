package distill.page;

import distill.statistics.Sample;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Points and lines on two axes, for a file or the page.
 *
 * @param title what is drawn
 * @param marks what stands behind the title where the runs are not like the report's, such as {@code " [QUICK]"}; or
 *     empty
 * @param series in the legend's order, none of them empty; without any there is nothing to draw
 */
public record Chart(String title, String marks, Axis x, Axis y, List<Series> series) {

    /** What the error bars of every chart are. */
    static final String BARS = "Error bars: one standard deviation to either side of the mean";

    private static final int MOST_TICKS = 12;
    private static final int TICK_EVERY = 5;
    private static final int MOST_IN_WORDS = 14;

    /** How far apart two numbers stand on an axis. */
    public enum Scale {
        LINEAR,

        /** Linear, for numbers from 0 to 1; a file shows all of that range. */
        SHARE,

        /** Logarithmic, with ticks at powers of two. */
        LOG2,

        /** Logarithmic, with ticks at powers of ten. */
        LOG10,

        /** Side by side in their order. */
        CATEGORIES;

        /** Where a number stands. */
        public double of(double value) {
            return switch (this) {
                case LOG2 -> Math.log(value) / Math.log(2);
                case LOG10 -> Math.log10(value);
                default -> value;
            };
        }
    }

    /**
     * An axis.
     *
     * @param names of the places 0, 1 and so on; none where the numbers themselves are their names
     */
    public record Axis(String title, Scale scale, List<String> names) {

        /** An axis of numbers. */
        public Axis(String title, Scale scale) {
            this(title, scale, List.of());
        }

        /** A linear axis of numbers. */
        public Axis(String title) {
            this(title, Scale.LINEAR);
        }

        /** The title, which says where an axis is logarithmic. */
        public String label() {
            return scale == Scale.LOG2 || scale == Scale.LOG10 ? title + " (logarithmic)" : title;
        }

        /** The name of a place. */
        public String name(double place) {
            return names.isEmpty() ? Cell.number(place).text() : names.get((int) Math.rint(place));
        }
    }

    /**
     * Whose colour a series has. In a file, which shows one reading, readings and report take their turn as NEXT does.
     */
    public enum Look {
        AS_WRITTEN,
        AS_DESCRIBED,
        REPORT,

        /** The first of the colours that tell series apart. */
        FIRST,

        /** The second of the colours that tell series apart. */
        SECOND,

        /** The colour whose turn it is at the series' place in the legend. */
        NEXT
    }

    /** What joins the points of a series. On an axis of categories points that nothing joins are bars in a file. */
    public enum Line {
        NONE,
        SOLID,
        DASHED,
        DOTTED,

        /** Dashed: a limit, or another quantity to compare with. */
        REFERENCE,

        /** Thin and dashed: what guessing gives. */
        GUESSING
    }

    /** What stands at each point of a series in a file; the page marks all points, for it says there what they are. */
    public enum Marker {
        NONE,
        CIRCLE,
        DIAMOND
    }

    /**
     * Points of one kind.
     *
     * @param points from left to right
     */
    public record Series(String name, Look look, Line line, Marker marker, List<Point> points) {

        /** A line with a circle at each point. */
        public static Series of(String name, List<Point> points) {
            return new Series(name, Look.NEXT, Line.SOLID, Marker.CIRCLE, points);
        }

        /** The report's numbers. */
        public static Series report(String name, List<Point> points) {
            return new Series(name, Look.REPORT, Line.SOLID, Marker.DIAMOND, points);
        }
    }

    /**
     * A point.
     *
     * @param y a number, or the mean of several with their standard deviation
     */
    public record Point(double x, Sample y) {

        /** A point of one number. */
        public Point(double x, double y) {
            this(x, Sample.single(y));
        }

        /** The mean less the standard deviation, or the number itself. */
        public double low() {
            return y.mean() - spread();
        }

        /** The mean and the standard deviation, or the number itself. */
        public double high() {
            return y.mean() + spread();
        }

        /** The standard deviation; 0 of one number. */
        public double spread() {
            return y.n() == 1 ? 0 : y.sd();
        }

        /** A point for each x, the mean of all that have it. */
        public static <E> List<Point> means(Collection<E> all, ToDoubleFunction<E> x, ToDoubleFunction<E> y) {
            return all.stream()
                    .collect(Collectors.groupingBy(x::applyAsDouble, TreeMap::new, Collectors.toList()))
                    .entrySet()
                    .stream()
                    .map(same -> new Point(
                            same.getKey(),
                            Sample.of(same.getValue().stream().mapToDouble(y).toArray())))
                    .toList();
        }
    }

    /** Whether there is nothing to draw. */
    public boolean isEmpty() {
        return series.isEmpty();
    }

    /** The title with the marks. */
    public String caption() {
        return title + marks;
    }

    /** The points of all series. */
    public Stream<Point> points() {
        return series.stream().flatMap(one -> one.points().stream());
    }

    /** Whether some points are means of several numbers, which have error bars. */
    boolean hasBars() {
        return points().anyMatch(point -> point.y().n() > 1);
    }

    /**
     * Names of places on the x axis: of all that have a point, or where these are many, of the first and each fifth.
     */
    public SortedMap<Double, String> ticks() {
        SortedMap<Double, String> ticks = new TreeMap<>();
        DoubleStream places = x.names().isEmpty()
                ? points().mapToDouble(Point::x)
                : IntStream.range(0, x.names().size()).asDoubleStream();
        places.forEach(place -> ticks.put(place, x.name(place)));
        if (ticks.size() > MOST_TICKS) {
            ticks.keySet().removeIf(place -> place != 1 && place % TICK_EVERY != 0);
        }
        return ticks;
    }

    /**
     * What can be seen, in words: each series with its points; of many with the range at each place that has several,
     * or where it starts, ends, and is lowest and highest.
     */
    public String description() {
        String all = series.stream()
                .map(one -> one.name() + ": " + numbers(one.points()))
                .collect(Collectors.joining("; "));
        return y.label() + " against " + x.label() + ". " + all + ".";
    }

    private String numbers(List<Point> points) {
        if (points.size() <= MOST_IN_WORDS) {
            return points.stream().map(this::words).collect(Collectors.joining(", "));
        }
        Map<String, List<Point>> places = points.stream()
                .collect(Collectors.groupingBy(point -> x.name(point.x()), LinkedHashMap::new, Collectors.toList()));
        if (places.size() < points.size()) {
            return places.entrySet().stream()
                    .map(place -> {
                        var means = means(place.getValue());
                        return "%d points from %s to %s, on average %s (%s)"
                                .formatted(
                                        means.getCount(),
                                        text(means.getMin()),
                                        text(means.getMax()),
                                        text(means.getAverage()),
                                        place.getKey());
                    })
                    .collect(Collectors.joining(", "));
        }
        var means = means(points);
        String first = words(points.get(0));
        String last = words(points.get(points.size() - 1));
        return "from %s to %s, between %s and %s".formatted(first, last, text(means.getMin()), text(means.getMax()));
    }

    private static DoubleSummaryStatistics means(List<Point> points) {
        return points.stream().mapToDouble(point -> point.y().mean()).summaryStatistics();
    }

    /** {@code 97.71 at 4}, or with several numbers {@code 97.71 ± 0.12 at 4}. */
    public String words(Point point) {
        String spread = point.y().n() == 1 ? "" : " ± " + text(point.y().sd());
        return text(point.y().mean()) + spread + " at " + x.name(point.x());
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, Math.abs(value) <= 1 ? "%.3f" : "%.2f", value);
    }
}
