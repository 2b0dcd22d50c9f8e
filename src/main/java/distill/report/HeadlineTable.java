package distill.report;

import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.run.Run;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                                each(students, own -> isWhole(own) ? own : List.of()),
                                MnistTables::meanOver))
                .filter(row -> !row.runs().isEmpty())
                .toList();
        List<Run> all = rows.stream()
                .flatMap(row -> row.runs().values().stream())
                .flatMap(Collection::stream)
                .distinct()
                .toList();
        return rows.isEmpty() ? List.of() : List.of(new Document.Sheet(table(rows, Marks.of(all)), Cells.sources(all)));
    }

    private static Table table(List<Row> rows, Marks marks) {
        List<String> readings = rows.stream()
                .flatMap(row -> row.runs().keySet().stream())
                .distinct()
                .sorted(Collections.reverseOrder())
                .toList();
        List<String> header = new ArrayList<>(marks.comparable() ? List.of("", "report") : List.of(""));
        readings.forEach(reading -> header.addAll(List.of(reading, "runs")));
        List<List<Cell>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<Cell> line = new ArrayList<>(Cell.texts(row.name()));
            if (marks.comparable()) {
                line.add(Cell.published(row.report()));
            }
            for (String reading : readings) {
                List<Run> runs = row.runs().getOrDefault(reading, List.of());
                line.addAll(
                        runs.isEmpty()
                                ? List.of(Cell.NONE, Cell.NONE)
                                : List.of(
                                        Cell.mean(row.number().apply(runs)).from(Cells.sources(runs)),
                                        Cell.number(runs.size())));
            }
            cells.add(line);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "Mean ± standard deviation, and the 95 % interval of the mean, where there are several runs, a seed each; the report's are one run each.");
        return new Table("Task 1: test accuracy in % after the last epoch" + marks.suffix(), header, cells, notes);
    }

    /** Some of the runs of each reading; without readings that have none of them. */
    private static Map<String, List<Run>> each(Map<String, List<Run>> byReading, Function<List<Run>, List<Run>> some) {
        Map<String, List<Run>> each = new LinkedHashMap<>();
        byReading.forEach((reading, runs) -> each.put(reading, some.apply(runs)));
        each.values().removeIf(List::isEmpty);
        return each;
    }

    /** Whether students are of every cell of Table I. */
    private static boolean isWhole(List<Run> students) {
        return MnistTables.cells(students).values().stream().mapToInt(Map::size).sum()
                == Published.TEMPERATURES.size() * Published.ALPHAS.size();
    }
}
