package distill.report;

import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.run.Run;
import distill.statistics.Sample;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The numbers that the report's text has of Task 1, beside those of each reading's runs. */
public final class HeadlineTable {

    /** A row: what the report has, and the runs of each reading. */
    private record Row(String name, double report, Map<String, List<Run>> runs, Function<List<Run>, Sample> number) {}

    private HeadlineTable() {}

    /**
     * The table, by reading; nothing where there are no runs.
     *
     * @param plain students without distillation
     * @param students of Table I
     */
    public static List<Block> of(
            Map<String, List<Run>> teachers, Map<String, List<Run>> plain, Map<String, List<Run>> students) {
        List<Row> rows = Stream.of(
                        new Row(
                                "teacher",
                                Published.TEACHER_EPOCHS.get(Published.TEACHER_EPOCHS.size() - 1),
                                teachers,
                                Cells::sample),
                        new Row("student without KD", Published.PLAIN_STUDENT, plain, Cells::sample),
                        new Row(
                                "student with KD, " + Hyperparameters.BEST,
                                Published.BEST_STUDENT,
                                each(students, own -> own.stream()
                                        .filter(run -> Hyperparameters.BEST.are(run.settings()))
                                        .toList()),
                                Cells::sample),
                        new Row(
                                "students with KD, mean of Table I",
                                MnistTables.publishedMean(),
                                each(students, HeadlineTable::ofTable1),
                                MnistTables::meanOver))
                .filter(row -> !row.runs().isEmpty())
                .toList();
        List<Run> all = rows.stream()
                .flatMap(row -> row.runs().values().stream())
                .flatMap(Collection::stream)
                .distinct()
                .toList();
        return rows.isEmpty() ? List.of() : List.of(new Document.Sheet(table(rows, all), Cells.sources(all)));
    }

    private static Table table(List<Row> rows, List<Run> all) {
        Columns<Row> table = Columns.of(rows, all)
                .column("", row -> Cell.text(row.name()))
                .report("report", row -> OptionalDouble.of(row.report()));
        rows.stream()
                .flatMap(row -> row.runs().keySet().stream())
                .distinct()
                .sorted(Collections.reverseOrder())
                .forEach(reading ->
                        table.column(reading, row -> mean(row, reading)).column("seeds", row -> seeds(row, reading)));
        return table.note(
                        "Mean ± standard deviation over seeds, and of three or more the 95 % interval of the mean; that of Table I is over the seeds that have all its cells. The report's are one run each.")
                .table("Task 1: test accuracy in % after the last epoch");
    }

    private static Cell mean(Row row, String reading) {
        List<Run> runs = row.runs().get(reading);
        return runs == null ? Cell.NONE : Cell.mean(row.number().apply(runs)).from(Cells.sources(runs));
    }

    private static Cell seeds(Row row, String reading) {
        List<Run> runs = row.runs().get(reading);
        return runs == null ? Cell.NONE : Cell.number(row.number().apply(runs).n());
    }

    /** Some of the runs of each reading; without readings that have none of them. */
    private static Map<String, List<Run>> each(Map<String, List<Run>> byReading, Function<List<Run>, List<Run>> some) {
        Map<String, List<Run>> each = new LinkedHashMap<>();
        byReading.forEach((reading, runs) -> each.put(reading, some.apply(runs)));
        each.values().removeIf(List::isEmpty);
        return each;
    }

    /** The students of Table I's cells; none where one of these has none. */
    private static List<Run> ofTable1(List<Run> students) {
        Set<Hyperparameters> wanted = Set.copyOf(Hyperparameters.all());
        List<Run> own = students.stream()
                .filter(run -> wanted.contains(Hyperparameters.of(run.settings())))
                .toList();
        long cells = own.stream()
                .map(run -> Hyperparameters.of(run.settings()))
                .distinct()
                .count();
        return cells == wanted.size() ? own : List.of();
    }
}
