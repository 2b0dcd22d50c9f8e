package distill.page;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import distill.statistics.Estimate;
import distill.statistics.Interval;
import distill.statistics.Rounded;
import distill.statistics.Sample;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What stands in one cell of a table. A cell knows its text, which console, Markdown and HTML share, and the plain
 * numbers that stand for it in CSV. Formats are those of {@link String#format}; where a number has none, it is written
 * with as many digits as it needs.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Cell.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Cell.Numbers.class, name = "numbers"),
    @JsonSubTypes.Type(value = Cell.Number.class, name = "number"),
    @JsonSubTypes.Type(value = Cell.Mean.class, name = "mean"),
    @JsonSubTypes.Type(value = Cell.Share.class, name = "share"),
    @JsonSubTypes.Type(value = Cell.Published.class, name = "published"),
    @JsonSubTypes.Type(value = Cell.FromRuns.class, name = "from-runs")
})
public sealed interface Cell {

    /** A cell without a value. */
    Cell NONE = new Text("");

    /** Two decimals and a sign, which differences have. */
    String SIGNED = "%+.2f";

    /** Of so many numbers the 95 % interval of a mean is given. */
    int LEAST_OF_INTERVAL = 3;

    /** A plain number that a cell has in CSV, and what its column's name ends with. */
    enum Part {
        VALUE(""),
        DEVIATION(", standard deviation"),
        FROM(", from"),
        TO(", to"),
        OF(", of"),
        COUNT(", count");

        final String ending;

        Part(String ending) {
            this.ending = ending;
        }
    }

    /** A cell of words. */
    record Text(String text) implements Cell {

        public Text {
            Objects.requireNonNull(text);
        }
    }

    /** Several numbers that are read together, such as {@code 500 / 477} or {@code 97.58 to 97.85}. */
    record Numbers(String text) implements Cell {}

    /**
     * A number.
     *
     * @param format null for as many digits as the number needs
     * @param unit what stands behind it, such as %; null for none
     */
    record Number(double value, String format, String unit) implements Cell {

        @Override
        public String text() {
            return show(format, value) + (unit == null ? "" : " " + unit);
        }

        @Override
        public Map<Part, String> parts() {
            return Map.of(Part.VALUE, show(plain(format), value));
        }
    }

    /**
     * A number with what is known of it, such as a mean or a difference of means: {@code 97.71 ± 0.12 (97.62 to 97.80)
     * (3)}.
     *
     * @param deviation the standard deviation; null where it is not shown
     * @param interval the 95 % interval; null where it is not shown
     * @param count of how many numbers it is the mean, or how many things have it; null where that is not shown
     */
    record Mean(double value, Double deviation, Interval interval, Integer count, String format) implements Cell {

        @Override
        public String text() {
            return valueText() + deviationText() + intervalText() + countText();
        }

        String valueText() {
            return show(format, value);
        }

        String deviationText() {
            return deviation == null ? "" : " ± " + show(deviationFormat(), deviation);
        }

        String intervalText() {
            return interval == null
                    ? ""
                    : " (" + show(format, interval.low()) + " to " + show(format, interval.high()) + ")";
        }

        String countText() {
            return count == null ? "" : " (" + count + ")";
        }

        @Override
        public Map<Part, String> parts() {
            Map<Part, String> parts = new EnumMap<>(Part.class);
            parts.put(Part.VALUE, show(plain(format), value));
            if (deviation != null) {
                parts.put(Part.DEVIATION, show(deviationFormat(), deviation));
            }
            if (interval != null) {
                parts.put(Part.FROM, show(plain(format), interval.low()));
                parts.put(Part.TO, show(plain(format), interval.high()));
            }
            if (count != null) {
                parts.put(Part.COUNT, count.toString());
            }
            return parts;
        }

        /** The mean with its standard deviation alone. */
        public Mean withoutInterval() {
            return new Mean(value, deviation, null, count, format);
        }

        /** The mean with the number of what it is the mean of. */
        public Mean counted(int count) {
            return new Mean(value, deviation, interval, count, format);
        }

        /** With a power of ten, one digit of a standard deviation is enough. */
        private String deviationFormat() {
            return format.endsWith("e") ? "%.0e" : plain(format);
        }
    }

    /** How many of how many: {@code 3 of 10}. */
    record Share(long value, long of) implements Cell {

        @Override
        public String text() {
            return value + " of " + of;
        }

        @Override
        public Map<Part, String> parts() {
            return Map.of(Part.VALUE, Long.toString(value), Part.OF, Long.toString(of));
        }
    }

    /** A cell that says whose another one is. */
    sealed interface Marked extends Cell {

        @Override
        default String text() {
            return content().text();
        }

        @Override
        default Map<Part, String> parts() {
            return content().parts();
        }
    }

    /** What others than this program found: a number of the report or of its notebook. */
    record Published(Cell content) implements Marked {}

    /** What was made from runs. */
    record FromRuns(Cell content, List<Source> sources) implements Marked {}

    /** The cell as a person reads it; empty where it has no value. */
    String text();

    /** The cell's numbers without signs of a plus, commas and units; none where it is no number. */
    default Map<Part, String> parts() {
        return Map.of();
    }

    /** The cell without whose it is. */
    default Cell content() {
        return this;
    }

    /** The runs that it was made from; none where it names none. */
    default List<Source> sources() {
        return List.of();
    }

    /** Whether it is a number or several, which stand at the right of their column. */
    default boolean numeric() {
        return content() instanceof Numbers || !text().isEmpty() && !parts().isEmpty();
    }

    /** The cell with the runs that it was made from; the cell itself where it has no value or there are no runs. */
    default Cell from(List<Source> sources) {
        return text().isEmpty() || sources.isEmpty() ? this : new FromRuns(this, sources);
    }

    static Cell text(String text) {
        return new Text(text);
    }

    /** A row of words. */
    static List<Cell> texts(String... texts) {
        return Arrays.stream(texts).map(Cell::text).toList();
    }

    static Cell number(long value) {
        return new Number(value, "%.0f", null);
    }

    /** A number with as many digits as it needs. */
    static Cell number(double value) {
        return number(value, null);
    }

    static Cell number(double value, int decimals) {
        return number(value, fixed(decimals));
    }

    /** A number; no value where it is not defined, NaN. */
    static Cell number(double value, String format) {
        return new Number(value, format, null);
    }

    /** A number of percent with its unit. */
    static Cell percent(double value, int decimals) {
        return new Number(value, fixed(decimals), "%");
    }

    /** A number with two decimals that others published; no value, though it is theirs, where they have none. */
    static Cell published(double value) {
        return new Published(number(value, 2));
    }

    /** A row whose cells, but for its name, others published. */
    static List<Cell> published(List<Cell> row) {
        return Stream.concat(row.stream().limit(1), row.stream().skip(1).map(Published::new))
                .toList();
    }

    /** {@link #mean(Sample, String)} with two decimals. */
    static Mean mean(Sample sample) {
        return mean(sample, 2);
    }

    static Mean mean(Sample sample, int decimals) {
        return mean(sample, fixed(decimals));
    }

    /**
     * A mean, of two or more numbers with its standard deviation, and of three or more with its 95 % interval, which of
     * two reaches thirteen standard errors; no value where it is not defined.
     */
    static Mean mean(Sample sample, String format) {
        return sample.n() == 1 || Double.isNaN(sample.mean())
                ? new Mean(sample.mean(), null, null, null, format)
                : new Mean(sample.mean(), sample.sd(), intervalOf(sample), null, format);
    }

    private static Interval intervalOf(Sample sample) {
        return sample.n() < LEAST_OF_INTERVAL ? null : sample.estimate().interval();
    }

    /** A number, and how many things have it: {@code 3 (8)}. */
    static Cell counted(long value, int count) {
        return new Mean(value, null, null, count, "%.0f");
    }

    /** The 95 % interval of an estimate alone, with two decimals. */
    static Cell interval(Estimate estimate) {
        return new Numbers(estimate.interval().text());
    }

    /** A difference with two decimals and its 95 % interval, each with its sign. */
    static Cell difference(Estimate difference) {
        return estimate(difference.value(), difference.interval(), SIGNED);
    }

    /** The mean of differences with two decimals and, of three or more, its 95 % interval, each with its sign. */
    static Cell difference(Sample differences) {
        return differences.n() < LEAST_OF_INTERVAL
                ? number(differences.mean(), SIGNED)
                : difference(differences.estimate());
    }

    /** A number and its 95 % interval. */
    static Cell estimate(double value, Interval interval, String format) {
        return new Mean(value, null, interval, null, format);
    }

    private static String fixed(int decimals) {
        return "%." + decimals + "f";
    }

    private static String plain(String format) {
        return format == null ? null : format.replace("+", "").replace(",", "");
    }

    private static String show(String format, double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return format == null
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : Rounded.text(format, value);
    }
}
