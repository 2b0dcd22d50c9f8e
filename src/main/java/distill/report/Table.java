package distill.report;

import distill.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * A table as text, for a console, as Markdown and as CSV.
 *
 * @param title what it shows
 * @param header the columns' names
 * @param rows each as long as the header; a cell without a value is empty
 * @param notes what a reader must know, one sentence each
 * @param runs what the numbers of a cell were made from; cells without runs are not in it
 */
public record Table(
        String title, List<String> header, List<List<String>> rows, List<String> notes, Map<Place, List<Run>> runs) {

    private static final String HEADING = "## ";

    /** Where a cell is; both count from 0. */
    public record Place(int row, int column) {}

    /** A table that does not say which runs its numbers are from. */
    public Table(String title, List<String> header, List<List<String>> rows, List<String> notes) {
        this(title, header, rows, notes, Map.of());
    }

    /**
     * The same, each row with the runs that all its numbers are from.
     *
     * @param runs of each row; none for a row of others' numbers
     * @param columns how many columns of ours there are, from the second on
     */
    Table withRuns(List<List<Run>> runs, int columns) {
        Map<Place, List<Run>> byPlace = new HashMap<>();
        for (int row = 0; row < runs.size(); row++) {
            for (int column = 1; column <= columns; column++) {
                if (!runs.get(row).isEmpty() && !rows.get(row).get(column).isEmpty()) {
                    byPlace.put(new Place(row, column), runs.get(row));
                }
            }
        }
        return new Table(title, header, rows, notes, byPlace);
    }

    private static final String NUMBER = "[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?";

    /** A number, and what may stand beside it. */
    private static final Pattern NUMBERS = Pattern.compile(("(?<value>N)(?<percent> %)?(?: ± (?<deviation>N))?"
                    + "(?: \\((?<from>N) to (?<to>N)\\))?(?: of (?<of>N))?(?: \\((?<count>N)\\))?")
            .replace("N", NUMBER));

    /** The parts of such a cell in their order, and what is added to the name of a column of them. */
    private static final List<Map.Entry<String, String>> PARTS = List.of(
            Map.entry("value", ""),
            Map.entry("deviation", ", standard deviation"),
            Map.entry("from", ", from"),
            Map.entry("to", ", to"),
            Map.entry("of", ", of"),
            Map.entry("count", ", count"));

    /** Columns as wide as their widest cell, the first to the left and the others to the right. */
    public String console() {
        int[] widths = IntStream.range(0, header.size())
                .map(column -> lines().stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder(title).append('\n');
        for (List<String> row : lines()) {
            StringBuilder line = new StringBuilder(" ");
            for (int column = 0; column < widths.length; column++) {
                String padding = " ".repeat(widths[column] - row.get(column).length());
                line.append(' ')
                        .append(column == 0 ? row.get(column) + padding : padding + row.get(column))
                        .append(' ');
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        notes.forEach(note -> text.append("  ").append(note).append('\n'));
        return text.toString();
    }

    /** A heading, a table and the notes, in GitHub's Markdown. */
    public String markdown() {
        StringBuilder text = new StringBuilder(HEADING).append(title).append("\n\n");
        text.append(markdownRow(header));
        text.append(header.stream().map(cell -> "---").collect(Collectors.joining(" | ", "| ", " |\n")));
        rows.forEach(row -> text.append(markdownRow(row)));
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    /**
     * Reads what {@link #markdown()} wrote.
     *
     * @return nothing where the text is no such table
     */
    public static Optional<Table> ofMarkdown(String markdown) {
        List<String> lines = markdown.lines().toList();
        List<List<String>> rows = lines.stream()
                .filter(line -> line.startsWith("| "))
                .map(Table::cells)
                .toList();
        if (lines.isEmpty()
                || !lines.get(0).startsWith(HEADING)
                || rows.size() < 2
                || rows.stream().anyMatch(row -> row.size() != rows.get(0).size())) {
            return Optional.empty();
        }
        List<String> notes = lines.stream()
                .skip(1)
                .filter(line -> !line.isBlank() && !line.startsWith("| "))
                .toList();
        return Optional.of(
                new Table(lines.get(0).substring(HEADING.length()), rows.get(0), rows.subList(2, rows.size()), notes));
    }

    private static List<String> cells(String markdownRow) {
        String inside = markdownRow.substring(2, Math.max(2, markdownRow.length() - 2));
        return Arrays.stream(inside.split(" \\| ", -1))
                .map(cell -> cell.replace("\\|", "|"))
                .toList();
    }

    /**
     * Header and rows as RFC 4180 has them, with plain numbers, so that pandas reads it without options. Title and
     * notes are left out, a column without a name is called {@code row}, and a column of numbers with something beside
     * them, such as {@code 97.71 ± 0.12}, {@code +0.21 (+0.06 to +0.37)}, {@code 3 of 10} or {@code 50.1 %}, becomes a
     * column for each.
     */
    public String csv() {
        List<Map.Entry<String, List<String>>> columns = new ArrayList<>();
        for (int column = 0; column < header.size(); column++) {
            int at = column;
            columns.addAll(plain(
                    header.get(column).isEmpty() ? "row" : header.get(column),
                    rows.stream().map(row -> row.get(at)).toList()));
        }
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(
                text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
            printer.printRecord(columns.stream().map(Map.Entry::getKey));
            for (int row = 0; row < rows.size(); row++) {
                int at = row;
                printer.printRecord(
                        columns.stream().map(column -> column.getValue().get(at)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** A column as one column, or as one for each number of its cells. */
    private static List<Map.Entry<String, List<String>>> plain(String name, List<String> cells) {
        List<Matcher> numbers = cells.stream().map(NUMBERS::matcher).toList();
        for (int i = 0; i < cells.size(); i++) {
            if (!numbers.get(i).matches() && !cells.get(i).isEmpty()) {
                return List.of(Map.entry(name, cells));
            }
        }
        boolean percent = numbers.stream().anyMatch(cell -> cell.matches() && cell.group("percent") != null);
        List<Map.Entry<String, List<String>>> columns = new ArrayList<>();
        for (Map.Entry<String, String> part : PARTS) {
            List<String> values = numbers.stream()
                    .map(cell -> cell.matches() ? cell.group(part.getKey()) : null)
                    .map(number -> number == null ? "" : number.replaceAll("^\\+|,", ""))
                    .toList();
            if (part.getKey().equals("value") || !values.stream().allMatch(String::isEmpty)) {
                columns.add(Map.entry(name + (percent ? " (%)" : "") + part.getValue(), values));
            }
        }
        return columns;
    }

    private List<List<String>> lines() {
        List<List<String>> lines = new ArrayList<>(rows);
        lines.add(0, header);
        return lines;
    }

    private static String markdownRow(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
