package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.verdict.Evidence.Cell;
import distill.run.Settings;
import distill.statistics.FTest;
import distill.statistics.Factorial;
import distill.statistics.Factorial.Difference;
import distill.statistics.Interval;
import distill.statistics.Sample;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Question 5: how much do temperature and alpha matter, and is what they seem to do chance? */
final class TemperatureAndAlpha {

    private static final String PLACE = "Task 1, Question 5, Table I";
    private static final Claim LITTLE = new Claim(
            "the hyperparameters do not affect the test accuracy too much. The variance is smaller than 1%.", PLACE);
    private static final Claim JITTER =
            new Claim("It's highly possible that the difference is jitters of in the training.", PLACE);
    private static final String INTERACTION = "T x alpha";

    private TemperatureAndAlpha() {}

    /** The tests of temperature and alpha, where there are runs enough. */
    static Map<String, Double> tests(Task1Runs runs) {
        return runs.table1().analysis().map(TemperatureAndAlpha::tests).orElse(Map.of());
    }

    private static Map<String, Double> tests(Factorial sweep) {
        Map<String, Double> tests = new LinkedHashMap<>();
        tests.put("T", sweep.rowEffect().p());
        tests.put("alpha", sweep.columnEffect().p());
        sweep.interactionEffect().ifPresent(effect -> tests.put(INTERACTION, effect.p()));
        return tests;
    }

    static List<Verdict> of(Task1Runs runs, TestFamily family) {
        Evidence table = runs.table1();
        Optional<Factorial> sweep = table.analysis();
        if (sweep.isEmpty()) {
            int cells = table.cells().size();
            String what = table.empty() > 0
                    ? table.empty() + " of " + cells + " cells have no run"
                    : "No seed has all " + cells + " cells";
            String test = "Two-way analysis of variance of temperature and alpha, in blocks of one seed.";
            return List.of(LITTLE.untold(table, test, what), JITTER.untold(table, test, what));
        }
        return List.of(
                little(table, runs.spread("q5").orElse(sweep.get().spread()), sweep.get(), family),
                jitter(table, sweep.get(), family));
    }

    /**
     * The largest difference of two cells is at most the largest of two temperatures and that of two alphas, if these
     * add up; where they were found not to, the cells themselves are compared.
     */
    private static Verdict little(Evidence table, Spread spread, Factorial sweep, TestFamily family) {
        boolean addUp = sweep.interactionEffect().isEmpty() || !family.rejects(INTERACTION);
        Difference temperatures = largest(sweep.rowDifferences());
        Difference alphas = largest(sweep.columnDifferences());
        int pairs = sweep.rowDifferences().size() + sweep.columnDifferences().size();
        List<Interval> ofTemperatures = intervals(sweep.rowDifferences(), pairs);
        List<Interval> ofAlphas = intervals(sweep.columnDifferences(), pairs);
        List<Interval> ofCells = cells(table, spread);
        double atMost = addUp ? reach(ofTemperatures) + reach(ofAlphas) : reach(ofCells);
        boolean matters = (addUp ? Stream.concat(ofTemperatures.stream(), ofAlphas.stream()) : ofCells.stream())
                .anyMatch(interval -> interval.low() > Quantity.LITTLE || interval.high() < -Quantity.LITTLE);
        Outcome outcome = Outcome.of(matters, atMost < Quantity.LITTLE);
        DoubleSummaryStatistics report =
                table.cells().stream().mapToDouble(Cell::report).summaryStatistics();
        return new Verdict(
                LITTLE,
                table.reading().toString(),
                (addUp
                                ? "Differences of all temperatures and of all alphas by the additive model of both, in"
                                        + " blocks of one seed, with intervals that hold together at 95 % (Bonferroni over"
                                        + " the " + pairs + ")."
                                : "Differences of all cells, with the spread of one run and intervals that"
                                        + " hold together at 95 % (Bonferroni over the " + ofCells.size() + ").")
                        + text(
                                " By variance the report must mean the largest difference: the variance of its 30 numbers is %.3f.",
                                variance(table)),
                null,
                outcome,
                text(
                        "Temperatures differ by %.2f at most (%s), alphas by %.2f (%s). At 95 %% no two cells differ by more than %.2f, %s: %s.%s",
                        Math.abs(temperatures.estimate().value()),
                        levels("T", temperatures),
                        Math.abs(alphas.estimate().value()),
                        levels("alpha", alphas),
                        atMost,
                        addUp
                                ? "if the two effects add up"
                                : "cell by cell, for the two effects do not add up (T x alpha "
                                        + p(family.p(INTERACTION)) + ")",
                        outcome.choose(
                                "less than 1 %",
                                "and some do by more than 1 %",
                                "1 % is not excluded; more seeds make it narrower, such as "
                                        + table.by("task1 q5 --seeds " + 2 * table.fewest())
                                                .command()),
                        oneTeacher(table, sweep)),
                List.of(
                        quantity("T", temperatures, pairs),
                        quantity("alpha", alphas, pairs),
                        Quantity.percent(
                                "difference of two cells, at most, at 95 %",
                                table.n(), atMost, report.getMax() - report.getMin())));
    }

    /** Chance alone, unless a factor is found; and only where one as large as chance would have been. */
    private static Verdict jitter(Evidence table, Factorial sweep, TestFamily family) {
        List<String> factors = List.copyOf(tests(sweep).keySet());
        List<String> found = factors.stream().filter(family::rejects).toList();
        double sd = sweep.spread().sd();
        double detectable = Math.max(
                detectable(sweep.rowEffect(), sweep.rowDifferences(), family),
                detectable(sweep.columnEffect(), sweep.columnDifferences(), family));
        Outcome outcome = Outcome.of(!found.isEmpty(), detectable <= sd);
        int n = table.n();
        List<Quantity> quantities = new ArrayList<>(List.of(
                Quantity.percent(
                        "standard deviation of one run; the report's: of its 30 cells",
                        n,
                        sd,
                        Math.sqrt(variance(table))),
                Quantity.percent("difference of two levels that 80 % of tests find", n, detectable, null),
                Quantity.plain("F of T", n, sweep.rowEffect().f(), 2),
                Quantity.plain("F of alpha", n, sweep.columnEffect().f(), 2)));
        sweep.interactionEffect()
                .ifPresent(effect -> quantities.add(Quantity.plain("F of T x alpha", n, effect.f(), 2)));
        return new Verdict(
                JITTER,
                table.reading().toString(),
                "F tests of T and alpha"
                        + (factors.size() > 2 ? " and of both together" : "; what they do together counts as chance")
                        + ", in blocks of one seed. It holds where none is found though a difference as large as one run's"
                        + " standard deviation would have been. " + family.text(),
                factors.stream().mapToDouble(family::p).min().orElseThrow(),
                outcome,
                text(
                        "%s (after the correction: %s). A difference of %.2f between two levels would have been found in 80 %% of cases; one run spreads by %.2f%s.%s",
                        found.isEmpty()
                                ? "No effect is found"
                                : "Not chance: the effect of " + String.join(" and of ", found) + " is found",
                        factors.stream()
                                .map(name -> name + " " + p(family.p(name)))
                                .collect(Collectors.joining(", ")),
                        detectable,
                        sd,
                        outcome.choose(
                                "",
                                "",
                                ", so that effects of its size may be hidden; more seeds show more: "
                                        + table.by("task1 q5 --seeds 8").command()),
                        oneTeacher(table, sweep)),
                quantities);
    }

    /** What one seed cannot say. */
    private static String oneTeacher(Evidence table, Factorial sweep) {
        return sweep.interactionEffect().isPresent()
                ? ""
                : " Only one seed has all " + table.cells().size() + " cells: this is of the students of one teacher.";
    }

    /** Between any two levels of a factor. */
    private static double detectable(FTest effect, List<Difference> differences, TestFamily family) {
        return effect.detectable(family.size())
                * differences.stream()
                        .mapToDouble(one -> one.estimate().standardError())
                        .max()
                        .orElseThrow();
    }

    private static Quantity quantity(String factor, Difference difference, int pairs) {
        return Quantity.percent(
                "largest difference of two levels of " + factor + ", " + levels(factor, difference),
                0,
                difference.estimate(),
                pairs,
                null);
    }

    private static String levels(String factor, Difference difference) {
        return "%s = %s less %s"
                .formatted(factor, Settings.number(difference.one()), Settings.number(difference.other()));
    }

    private static Difference largest(List<Difference> differences) {
        return differences.stream()
                .max(Comparator.comparingDouble(one -> Math.abs(one.estimate().value())))
                .orElseThrow();
    }

    private static List<Interval> intervals(List<Difference> differences, int among) {
        return differences.stream()
                .map(difference -> difference.estimate().intervalAmong(among))
                .toList();
    }

    /** The intervals of each cell less each before it. */
    private static List<Interval> cells(Evidence table, Spread spread) {
        List<double[]> cells = table.runs();
        int pairs = cells.size() * (cells.size() - 1) / 2;
        return IntStream.range(0, cells.size())
                .boxed()
                .flatMap(one -> cells.subList(0, one).stream()
                        .map(other -> spread.difference(cells.get(one), other).intervalAmong(pairs)))
                .toList();
    }

    /** How far any of the intervals goes from 0. */
    private static double reach(List<Interval> intervals) {
        return intervals.stream()
                .mapToDouble(interval -> Math.max(interval.high(), -interval.low()))
                .max()
                .orElseThrow();
    }

    /** The variance of the report's own numbers. */
    private static double variance(Evidence table) {
        double sd = Sample.of(table.cells().stream().mapToDouble(Cell::report).toArray())
                .sd();
        return Math.pow(sd, 2);
    }
}
