package distill.report;

import distill.page.Cell;
import distill.page.Table;
import distill.run.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A table under way: what its rows are about, and what each column says of one of them. The marks of its runs stand in
 * its title and its first note.
 *
 * @param <R> what a row is about
 */
final class Columns<R> {

    private final Collection<R> rows;
    private final Function<R, List<Run>> runs;
    private final Marks marks;
    private final List<String> header = new ArrayList<>();
    private final List<Function<R, Cell>> cells = new ArrayList<>();
    private final List<String> notes;

    private Columns(Collection<R> rows, Function<R, List<Run>> runs, Collection<Run> marked) {
        this.rows = rows;
        this.runs = runs;
        marks = Marks.of(marked);
        notes = new ArrayList<>(marks.notes());
    }

    /**
     * Rows about anything.
     *
     * @param marked the runs whose marks the table carries
     */
    static <R> Columns<R> of(Collection<R> rows, Collection<Run> marked) {
        return new Columns<>(rows, row -> List.of(), marked);
    }

    /** A row for each group of runs, whose key says what they have in common. */
    static <K> Columns<Map.Entry<K, List<Run>>> of(Map<K, List<Run>> groups, Collection<Run> marked) {
        return new Columns<>(groups.entrySet(), Map.Entry::getValue, marked);
    }

    /** Adds a column. */
    Columns<R> column(String name, Function<R, Cell> cell) {
        header.add(name);
        cells.add(cell);
        return this;
    }

    /** Adds a column of what the runs of a row say; its cells name the runs. */
    Columns<R> ofRuns(String name, Function<List<Run>, Cell> cell) {
        return column(name, row -> cell.apply(runs.apply(row)).from(Cells.sources(runs.apply(row))));
    }

    /** Adds a column of the report's numbers, where the runs can be compared with them; empty where it has none. */
    Columns<R> report(String name, Function<R, OptionalDouble> number) {
        return comparable()
                ? column(name, row -> Cell.published(number.apply(row).orElse(Double.NaN)))
                : this;
    }

    /** Whether the runs can be compared with the report. */
    boolean comparable() {
        return marks.comparable();
    }

    /** Adds a note. */
    Columns<R> note(String note) {
        notes.add(note);
        return this;
    }

    /**
     * The table of runs of one reading.
     *
     * @param title without the reading and the marks
     * @param runs whose reading the title names
     */
    Table table(String title, Collection<Run> runs) {
        return table(title + ", " + Cells.reading(runs));
    }

    /**
     * The table.
     *
     * @param title without the marks
     */
    Table table(String title) {
        return new Table(
                title + marks.suffix(),
                header,
                rows.stream()
                        .map(row -> cells.stream().map(cell -> cell.apply(row)).toList())
                        .toList(),
                notes);
    }
}
