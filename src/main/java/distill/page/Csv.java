package distill.page;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;

/** Rows of values below a line of names, as RFC 4180 has them, so that pandas reads them without options. */
public final class Csv {

    private static final Pattern FORMULA = Pattern.compile("[=+@-]");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|-Infinity");

    private final StringBuilder text = new StringBuilder();
    private final int columns;

    /**
     * Starts with a line of names.
     *
     * @param names with commas between them
     */
    public Csv(String names) {
        this(List.of(names.split(",")));
    }

    Csv(List<String> names) {
        columns = names.size();
        row(names);
    }

    /**
     * Adds a row.
     *
     * @param values one for each column; null leaves its column empty
     */
    public Csv row(Object... values) {
        return row(Arrays.asList(values));
    }

    /** Adds a row that is given as a list. */
    public Csv row(List<?> values) {
        if (values.size() != columns) {
            throw new IllegalArgumentException(values.size() + " values for " + columns + " columns: " + values);
        }
        Object[] texts = values.stream()
                .map(value -> Objects.toString(value, ""))
                .map(Csv::noFormula)
                .toArray();
        text.append(CSVFormat.RFC4180.format(texts)).append('\n');
        return this;
    }

    /** A spreadsheet would compute text that begins so; with an apostrophe before it, it is shown. */
    private static String noFormula(String text) {
        return FORMULA.matcher(text).lookingAt() && !NUMBER.matcher(text).matches() ? "'" + text : text;
    }

    /** All that was added. */
    public String text() {
        return text.toString();
    }
}
