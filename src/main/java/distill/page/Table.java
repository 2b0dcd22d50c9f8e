package distill.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table, and how it is written for a console, as Markdown and as CSV.
 *
 * @param title what it shows
 * @param header the columns' names
 * @param rows each as long as the header
 * @param notes what a reader must know, one sentence each
 */
public record Table(String title, List<String> header, List<List<Cell>> rows, List<String> notes) {

    /** A cell for each line, so that a change of a number is a change of a line. */
    private static final ObjectWriter JSON = new ObjectMapper()
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
            .writer(new DefaultPrettyPrinter()
                    .withObjectIndenter(new DefaultPrettyPrinter.FixedSpaceIndenter())
                    .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n")));

    public Table {
        Objects.requireNonNull(title, "it has no title");
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
        for (List<Cell> row : rows) {
            if (row.size() != header.size() || row.stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException(
                        row.size() + " cells for " + header.size() + " columns in: " + title);
            }
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IOException where the text is no such table
     */
    public static Table ofJson(String json) throws IOException {
        Table table = new ObjectMapper().readValue(json, Table.class);
        if (table == null) {
            throw MismatchedInputException.from(null, Table.class, "it is null");
        }
        return table;
    }

    /** The table with the types of its cells, so that it can be read again. */
    public String json() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a table has only texts and numbers", e);
        }
    }

    /** The texts of all cells, row by row. */
    public List<List<String>> texts() {
        return rows.stream().map(row -> row.stream().map(Cell::text).toList()).toList();
    }

    /** The table without the columns of such names. */
    public Table withoutColumns(Pattern name) {
        int[] kept = IntStream.range(0, header.size())
                .filter(column -> !name.matcher(header.get(column)).matches())
                .toArray();
        return new Table(
                title,
                IntStream.of(kept).mapToObj(header::get).toList(),
                rows.stream()
                        .map(row -> IntStream.of(kept).mapToObj(row::get).toList())
                        .toList(),
                notes);
    }

    /** The table with its means' standard deviations, but without their intervals. */
    public Table withoutIntervals() {
        return new Table(
                title,
                header,
                rows.stream()
                        .map(row -> row.stream()
                                .map(cell -> cell.content() instanceof Cell.Mean mean
                                        ? mean.withoutInterval().from(cell.sources())
                                        : cell)
                                .toList())
                        .toList(),
                notes);
    }

    /** The cells of a column. */
    List<Cell> column(int column) {
        return rows.stream().map(row -> row.get(column)).toList();
    }

    /** Columns as wide as their widest cell, the first to the left and the others to the right. */
    public String console() {
        List<List<String>> lines = new ArrayList<>(texts());
        lines.add(0, header);
        int[] widths = IntStream.range(0, header.size())
                .map(column -> lines.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toArray();
        StringBuilder text = new StringBuilder(title).append('\n');
        for (List<String> row : lines) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String padding = " ".repeat(widths[column] - row.get(column).length());
                line.append("  ").append(column == 0 ? row.get(column) + padding : padding + row.get(column));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        notes.forEach(note -> text.append("  ").append(note).append('\n'));
        return text.toString();
    }

    /** A heading, a table and the notes, in GitHub's Markdown. */
    public String markdown() {
        return "## " + MarkdownPage.inert(title) + "\n\n" + markdownRows()
                + notes.stream()
                        .map(note -> "\n" + MarkdownPage.inert(note) + "\n")
                        .collect(Collectors.joining());
    }

    /** The table alone in GitHub's Markdown. */
    public String markdownRows() {
        return MarkdownPage.rows(
                header, texts(), cell -> MarkdownPage.inert(cell).replace("|", "\\|"));
    }

    /**
     * Header and rows with plain numbers. Title and notes are left out, a column without a name is called {@code row},
     * and a column of numbers with something beside them, such as {@code 97.71 ± 0.12}, {@code +0.21 (+0.06 to +0.37)},
     * {@code 3 of 10} or {@code 50.1 %}, becomes a column for each.
     */
    public String csv() {
        List<List<String>> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).isEmpty() ? "row" : header.get(i);
            List<Cell> cells = column(i);
            if (cells.stream()
                    .anyMatch(cell -> !cell.text().isEmpty() && cell.parts().isEmpty())) {
                columns.add(column(name, cells, Cell::text));
                continue;
            }
            String unit = cells.stream()
                    .flatMap(cell ->
                            cell.content() instanceof Cell.Number number ? Stream.ofNullable(number.unit()) : null)
                    .findFirst()
                    .map(" (%s)"::formatted)
                    .orElse("");
            for (Cell.Part part : Cell.Part.values()) {
                if (part == Cell.Part.VALUE
                        || cells.stream().anyMatch(cell -> cell.parts().containsKey(part))) {
                    columns.add(column(name + unit + part.ending, cells, cell -> cell.parts()
                            .getOrDefault(part, "")));
                }
            }
        }
        Csv csv = new Csv(columns.stream().map(column -> column.get(0)).toList());
        for (int row = 1; row <= rows.size(); row++) {
            int at = row;
            csv.row(columns.stream().map(column -> column.get(at)).toList());
        }
        return csv.text();
    }

    private static List<String> column(String name, List<Cell> cells, Function<Cell, String> value) {
        return Stream.concat(Stream.of(name), cells.stream().map(value)).toList();
    }
}
