package distill.report;

import static distill.run.Settings.number;
import static distill.statistics.Rounded.signed;

import distill.page.Cell;
import distill.page.Csv;
import distill.page.Table;
import distill.run.Settings;
import distill.statistics.Interval;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The same cells of two results side by side, and which cells cannot be compared. Differences are {@code a - b}. */
public record Comparison(Results a, Results b) {

    /** A table for each reading and kind of settings that both sides have, then what cannot be compared, and why. */
    public List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        conditions().stream()
                .filter(this::compared)
                .collect(Collectors.groupingBy(Comparison::heading, LinkedHashMap::new, Collectors.toList()))
                .forEach((heading, conditions) -> tables.add(sideBySide(heading, conditions)));
        List<String> notes = new ArrayList<>();
        if (tables.isEmpty()) {
            notes.add("No cell of " + a.name() + " can be compared with one of " + b.name() + ".");
        }
        if (a.equals(Results.REPORT) || b.equals(Results.REPORT)) {
            notes.add("Of Task 2 the report gives no accuracies, only the networks' numbers of parameters: 25,615,802"
                    + " (teacher) and 3,540,986 (student).");
        }
        tables.addAll(notCompared(a, b));
        tables.addAll(notCompared(b, a));
        Table last = tables.remove(tables.size() - 1);
        notes.addAll(0, last.notes());
        tables.add(new Table(last.title(), last.header(), last.rows(), notes));
        return tables;
    }

    /** A row for each cell, compared or not, as RFC 4180 has it; empty where there is nothing. */
    public String csv() {
        Csv csv = new Csv("a,b,task,variant,question,model,temperature,alpha,teacher_epochs,distil_epochs,marks,a_n,"
                + "a_mean,a_sd,a_low,a_high,b_n,b_mean,b_sd,b_low,b_high,difference,difference_low,"
                + "difference_high,prediction_low,prediction_high,shared,not_compared");
        conditions().forEach(condition -> csv.row(csvRow(condition)));
        return csv.text();
    }

    private List<Condition> conditions() {
        return Stream.concat(a.cells().keySet().stream(), b.cells().keySet().stream())
                .distinct()
                .sorted(Condition.ORDER)
                .toList();
    }

    /**
     * The cells of both sides.
     *
     * @param shared how many runs are on both, which makes the sides depend on each other
     */
    private record Pair(Sample a, Sample b, int shared) {

        double difference() {
            return a.mean() - b.mean();
        }

        boolean bothSingle() {
            return shared == 0 && a.n() == 1 && b.n() == 1;
        }

        boolean bothSeveral() {
            return shared == 0 && a.n() > 1 && b.n() > 1;
        }

        /** Whether one is a single run and the other is not. */
        boolean oneSingle() {
            return shared == 0 && !bothSingle() && !bothSeveral();
        }

        /** Welch's interval of the difference of several runs and several. */
        Interval welch() {
            return a.estimate().minus(b.estimate()).interval();
        }

        /** Where one more of several runs would be, beside which the other side's single one stands. */
        Interval prediction() {
            return (a.n() > 1 ? a : b).furtherRun().interval();
        }

        Sample single() {
            return a.n() > 1 ? b : a;
        }
    }

    private Pair pair(Condition condition) {
        return new Pair(a.cells().get(condition), b.cells().get(condition), a.shared(condition, b));
    }

    private boolean compared(Condition condition) {
        return a.cells().containsKey(condition) && b.cells().containsKey(condition);
    }

    private static String heading(Condition condition) {
        return condition.settings().task() + ", test accuracy in %, "
                + condition.settings().variant() + condition.suffix();
    }

    private Table sideBySide(String heading, List<Condition> conditions) {
        List<String> header =
                List.of("", a.name(), "95 % interval", b.name(), "95 % interval", "difference", "judged at 95 %");
        List<List<Cell>> rows = conditions.stream()
                .map(condition -> {
                    Pair cells = pair(condition);
                    return List.of(
                            Cell.text(condition.label()),
                            mean(cells.a()),
                            interval(cells.a()),
                            mean(cells.b()),
                            interval(cells.b()),
                            Cell.number(cells.difference(), Cell.SIGNED),
                            judgement(cells));
                })
                .toList();
        int[] filled = IntStream.range(0, header.size())
                .filter(column -> rows.stream().anyMatch(row -> row.get(column) != Cell.NONE))
                .toArray();
        return new Table(
                a.name() + " beside " + b.name() + ": " + heading,
                select(header, filled),
                rows.stream().map(row -> select(row, filled)).toList(),
                notes(conditions.stream().map(this::pair).toList()));
    }

    private static <E> List<E> select(List<E> row, int[] columns) {
        return Arrays.stream(columns).mapToObj(row::get).toList();
    }

    private static Cell mean(Sample sample) {
        return sample.n() == 1
                ? Cell.mean(sample)
                : Cell.mean(sample).withoutInterval().counted(sample.n());
    }

    private static Cell interval(Sample sample) {
        return sample.n() < Cell.LEAST_OF_INTERVAL ? Cell.NONE : Cell.interval(sample.estimate());
    }

    private static Cell judgement(Pair cells) {
        if (cells.shared() > 0) {
            int most = Math.max(cells.a().n(), cells.b().n());
            return Cell.text(
                    cells.shared() < most ? cells.shared() + " in both" : most == 1 ? "the same run" : "the same runs");
        }
        if (cells.bothSingle()) {
            return Cell.text("inconclusive");
        }
        if (cells.bothSeveral()) {
            return new Cell.Numbers(cells.welch().signedText());
        }
        Interval prediction = cells.prediction();
        return Cell.text((prediction.contains(cells.single().mean()) ? "inside " : "outside ") + prediction.text());
    }

    /** What the columns mean, as far as these cells use them. */
    private static List<String> notes(List<Pair> pairs) {
        List<String> notes = new ArrayList<>();
        if (pairs.stream().anyMatch(pair -> Math.max(pair.a().n(), pair.b().n()) > 1)) {
            notes.add(
                    "Mean ± standard deviation (number of seeds), beside it the 95 % confidence interval of the mean.");
        }
        if (pairs.stream().anyMatch(Pair::bothSeveral)) {
            notes.add("-0.10 to +0.20: Welch's 95 % confidence interval of the difference, for independent runs.");
        }
        if (pairs.stream().anyMatch(Pair::oneSingle)) {
            notes.add(
                    "inside, outside: the single run against the 95 % prediction interval of one more run of the other"
                            + " side; chance alone puts one in twenty outside.");
        }
        if (pairs.stream().anyMatch(Pair::bothSingle)) {
            notes.add("inconclusive: both sides have a single run, and chance alone moves one by a few tenths.");
        }
        int shared = pairs.stream().mapToInt(Pair::shared).sum();
        if (shared > 0) {
            notes.add(
                    "%d %s on both sides, with the same identity and the same weights: there the sides depend on each other, and no interval of the difference is given."
                            .formatted(shared, shared == 1 ? "run is" : "runs are"));
        }
        double[] singles = pairs.stream()
                .filter(Pair::bothSingle)
                .mapToDouble(Pair::difference)
                .toArray();
        if (singles.length > 1) {
            Sample differences = Sample.of(singles);
            notes.add(String.format(
                    Locale.ROOT,
                    "The mean difference of the %d cells with single runs is %s, 95 %% interval %s, taking the cells as independent.",
                    differences.n(),
                    signed(differences.mean()),
                    differences.estimate().interval().signedText()));
        }
        return notes;
    }

    /** A table for each reason that keeps cells of {@code side} from being compared with {@code other}. */
    private static List<Table> notCompared(Results side, Results other) {
        List<Table> tables = new ArrayList<>();
        side.cells().keySet().stream()
                .filter(condition -> !other.cells().containsKey(condition))
                .sorted(Condition.ORDER)
                .collect(Collectors.groupingBy(
                        condition -> reason(condition, other), LinkedHashMap::new, Collectors.toList()))
                .forEach((reason, conditions) -> tables.add(new Table(
                        "Not compared, of " + side.name() + ": " + reason,
                        List.of("", "cells"),
                        conditions.stream()
                                .collect(Collectors.groupingBy(
                                        condition -> heading(condition)
                                                + condition.settings().trained()
                                                + Condition.loss(condition.settings()),
                                        LinkedHashMap::new,
                                        Collectors.toList()))
                                .values()
                                .stream()
                                .map(group -> List.of(Cell.text(summary(group)), Cell.number(group.size())))
                                .toList(),
                        List.of())));
        return tables;
    }

    /** Why a condition has no counterpart. */
    private static String reason(Condition condition, Results other) {
        if (other.published() && condition.settings().variant() != Condition.PUBLISHED_VARIANT) {
            return "the numbers of the " + other.name() + " came from the as-written programs";
        }
        Settings cell = condition.settings().cell();
        boolean otherwise = other.cells().keySet().stream()
                .anyMatch(theirs -> theirs.settings().cell().equals(cell));
        return otherwise ? other.name() + " has them with other settings only" : other.name() + " has none like them";
    }

    /** {@code task1, as-written: q5 student, T = 1, 4, alpha = 0.1, 0.9; T = 16, alpha = 0.5}. */
    private static String summary(List<Condition> conditions) {
        Condition first = conditions.get(0);
        List<Settings> cells = conditions.stream().map(Condition::settings).toList();
        Settings cell = first.settings();
        String text = cell.task() + ", " + cell.variant() + ": " + cell.trained() + Condition.loss(cell);
        if (cell.temperature() != null) {
            Map<Double, List<Double>> alphas = new TreeMap<>();
            cells.forEach(one -> alphas.computeIfAbsent(one.temperature(), t -> new ArrayList<>())
                    .add(one.alpha()));
            Map<List<Double>, List<Double>> temperatures = alphas.keySet().stream()
                    .collect(Collectors.groupingBy(
                            t -> alphas.get(t).stream().distinct().toList(), LinkedHashMap::new, Collectors.toList()));
            List<String> groups = new ArrayList<>();
            temperatures.forEach(
                    (ofAlphas, ts) -> groups.add(joined("T = ", ts.stream().map(Settings::number))
                            + (ofAlphas.contains(null)
                                    ? ""
                                    : joined(", alpha = ", ofAlphas.stream().map(Settings::number)))));
            text += ", " + String.join("; ", groups);
        } else {
            text += joined(
                    ", alpha = ",
                    cells.stream().map(Settings::alpha).filter(Objects::nonNull).map(Settings::number));
        }
        return text
                + joined(", teacher's epochs = ", cells.stream().map(Condition::teacherEpochs))
                + joined(", KD until epoch ", cells.stream().map(Settings::distilEpochs))
                + first.suffix();
    }

    /** Values with commas between them, each once; nothing where there is none but null. */
    private static String joined(String name, Stream<?> values) {
        String list =
                values.filter(Objects::nonNull).distinct().map(String::valueOf).collect(Collectors.joining(", "));
        return list.isEmpty() ? "" : name + list;
    }

    private List<Object> csvRow(Condition condition) {
        Settings cell = condition.settings();
        List<Object> row = new ArrayList<>(Arrays.asList(
                a.name(),
                b.name(),
                cell.task(),
                cell.variant(),
                cell.question(),
                cell.role(),
                cell.temperature() == null ? null : number(cell.temperature()),
                cell.alpha() == null ? null : number(cell.alpha()),
                Condition.teacherEpochs(cell),
                cell.distilEpochs(),
                String.join(", ", condition.words()) + Condition.loss(cell)));
        Pair cells = pair(condition);
        row.addAll(numbers(cells.a()));
        row.addAll(numbers(cells.b()));
        boolean compared = compared(condition);
        row.add(compared ? cells.difference() : null);
        row.addAll(ends(compared && cells.bothSeveral() ? cells.welch() : null));
        row.addAll(ends(compared && cells.oneSingle() ? cells.prediction() : null));
        row.add(compared && !a.published() && !b.published() ? cells.shared() : null);
        row.add(compared ? null : reason(condition, cells.b() == null ? b : a));
        return row;
    }

    /** How many runs, their mean, and of several the standard deviation and the interval. */
    private static List<Object> numbers(Sample sample) {
        List<Object> numbers = new ArrayList<>();
        numbers.add(sample == null ? null : sample.n());
        numbers.add(sample == null ? null : sample.mean());
        numbers.add(sample != null && sample.n() > 1 ? sample.sd() : null);
        boolean several = sample != null && sample.n() >= Cell.LEAST_OF_INTERVAL;
        numbers.addAll(ends(several ? sample.estimate().interval() : null));
        return numbers;
    }

    private static List<Object> ends(Interval interval) {
        return interval == null ? Arrays.asList(null, null) : List.of(interval.low(), interval.high());
    }
}
