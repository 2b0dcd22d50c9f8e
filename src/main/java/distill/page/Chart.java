package distill.page;

import distill.statistics.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Points and lines on two axes.
 *
 * @param title what is drawn
 * @param ticks names of places on the x axis
 * @param series none of them empty
 */
public record Chart(String title, String xTitle, String yTitle, SortedMap<Double, String> ticks, List<Series> series) {

    /** How a series looks. */
    public enum Look {
        AS_WRITTEN("as-written"),
        AS_DESCRIBED("as-described"),
        REPORT("report"),
        FIRST("first"),
        SECOND("second"),
        THIRD("third"),
        FOURTH("fourth"),
        FIFTH("fifth"),
        SIXTH("sixth");

        private final String label;

        Look(String label) {
            this.label = label;
        }

        /** {@code as-written} */
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * Points of one kind.
     *
     * @param line whether a line joins them
     * @param points by their place on the x axis, in order
     */
    public record Series(String name, Look look, boolean line, List<Point> points) {}

    /**
     * A point.
     *
     * @param y a number, or the mean of several with their standard deviation
     */
    public record Point(double x, Sample y) {}

    /** What can be seen, in words: each series with its points, or where it starts, ends, and is lowest and highest. */
    public String description() {
        return yTitle + " against " + xTitle + ". "
                + series.stream()
                        .map(one -> one.name() + ": " + numbers(one.points()))
                        .collect(Collectors.joining("; "))
                + ".";
    }

    private static final int MOST_IN_WORDS = 14;

    private String numbers(List<Point> points) {
        if (points.size() <= MOST_IN_WORDS) {
            return points.stream().map(this::words).collect(Collectors.joining(", "));
        }
        return "from %s to %s, between %s and %s"
                .formatted(
                        words(points.get(0)),
                        words(points.get(points.size() - 1)),
                        number(points.stream()
                                .mapToDouble(point -> point.y().mean())
                                .min()
                                .orElseThrow()),
                        number(points.stream()
                                .mapToDouble(point -> point.y().mean())
                                .max()
                                .orElseThrow()));
    }

    /** {@code 97.71 ± 0.12 at 4}. */
    String words(Point point) {
        return value(point) + " at " + tick(point.x());
    }

    /** {@code 97.71}, or with several numbers {@code 97.71 ± 0.12}. */
    static String value(Point point) {
        return number(point.y().mean())
                + (point.y().n() == 1 ? "" : " ± " + number(point.y().sd()));
    }

    /** The name of the nearest place that has one. */
    String tick(double x) {
        return ticks.entrySet().stream()
                .min(Map.Entry.comparingByKey((a, b) -> Double.compare(Math.abs(a - x), Math.abs(b - x))))
                .orElseThrow()
                .getValue();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) <= 1 ? "%.3f" : "%.2f", value);
    }
}
