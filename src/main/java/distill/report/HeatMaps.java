package distill.report;

import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Table I as heat maps: the report's and those of each reading, on one scale. */
public final class HeatMaps {

    private HeatMaps() {}

    /**
     * The maps of mean test accuracies by temperature and alpha; nothing where there are no students.
     *
     * @param byReading students of question 5
     */
    public static List<Block> tableOne(Map<String, List<Run>> byReading) {
        List<Run> all = byReading.values().stream().flatMap(List::stream).toList();
        if (all.isEmpty()) {
            return List.of();
        }
        List<Double> alphas = List.copyOf(Cells.bySetting(all, Settings::alpha).keySet());
        List<Table> maps = new ArrayList<>();
        Marks marks = Marks.of(all);
        if (marks.comparable()) {
            maps.add(report(
                    alphas,
                    List.copyOf(Cells.bySetting(all, Settings::temperature).keySet())));
        }
        byReading.forEach((reading, students) -> maps.add(map(reading, alphas, students)));
        return List.of(new Document.Heat(
                "Table I: mean test accuracy in % of the students, by temperature T (rows) and alpha (columns)"
                        + marks.suffix(),
                "The stronger the colour, the more test images are right; one scale for all maps.",
                maps));
    }

    private static Table report(List<Double> alphas, List<Double> temperatures) {
        return table(
                "the report, one run a cell",
                alphas,
                temperatures.stream()
                        .map(t -> row(
                                t,
                                alphas.stream()
                                        .map(alpha -> Cell.published(
                                                Published.table1(t, alpha).orElse(Double.NaN)))))
                        .toList());
    }

    private static Table map(String reading, List<Double> alphas, List<Run> students) {
        long most = Cells.by(students, run -> run.settings().cell()).values().stream()
                .mapToInt(List::size)
                .max()
                .orElseThrow();
        long least = Cells.by(students, run -> run.settings().cell()).values().stream()
                .mapToInt(List::size)
                .min()
                .orElseThrow();
        String seeds = least == most ? most + (most == 1 ? " seed" : " seeds") : least + " to " + most + " seeds";
        return table(
                reading + ", " + seeds + " a cell",
                alphas,
                Cells.bySetting(students, Settings::temperature).entrySet().stream()
                        .map(entry -> row(entry.getKey(), alphas.stream().map(alpha -> mean(entry.getValue(), alpha))))
                        .toList());
    }

    private static Cell mean(List<Run> students, double alpha) {
        List<Run> cell =
                students.stream().filter(run -> run.settings().alpha() == alpha).toList();
        return cell.isEmpty()
                ? Cell.NONE
                : Cell.number(Cells.sample(cell).mean(), 2).from(Cells.sources(cell));
    }

    private static List<Cell> row(Double temperature, Stream<Cell> cells) {
        return Stream.concat(Stream.of(Cells.number(temperature)), cells).toList();
    }

    /** With the least and the greatest number beneath it. */
    private static Table table(String title, List<Double> alphas, List<List<Cell>> rows) {
        var numbers = rows.stream()
                .flatMap(row -> row.stream().skip(1))
                .filter(cell -> !cell.text().isEmpty())
                .mapToDouble(cell -> Double.parseDouble(cell.text()))
                .summaryStatistics();
        List<String> header = Stream.concat(Stream.of("T"), alphas.stream().map(Settings::number))
                .toList();
        List<String> range = numbers.getCount() == 0
                ? List.of("None of these cells has a number.")
                : List.of("From " + new Interval(numbers.getMin(), numbers.getMax()).text() + ".");
        return new Table(title, header, rows, range);
    }
}
