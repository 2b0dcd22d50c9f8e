package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.run.Settings;
import distill.statistics.Estimate;
import distill.statistics.FTest;
import distill.statistics.Factorial;
import distill.statistics.Interval;
import distill.statistics.Sample;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Question 5: how much do temperature and alpha matter, and is what they seem to do chance? */
final class TemperatureAndAlpha {

    private static final String PLACE = "Task 1, Question 5, Table I";
    private static final String LITTLE =
            "the hyperparameters do not affect the test accuracy too much. The variance is smaller than 1%.";
    private static final String JITTER = "It's highly possible that the difference is jitters of in the training.";
    private static final int CELLS = Hyperparameters.all().size();
    /** In percent. */
    private static final double MUCH = 1;

    private TemperatureAndAlpha() {}

    static List<Verdict> of(Evidence evidence, Conclusions conclusions) {
        if (conclusions.sweep().isEmpty()) {
            long missing = Hyperparameters.all().stream()
                    .filter(place -> evidence.table1(place).isEmpty())
                    .count();
            String what = missing > 0
                    ? missing + " of " + CELLS + " cells have no run"
                    : "No seed has all " + CELLS + " cells";
            return Stream.of(LITTLE, JITTER)
                    .map(statement -> Verdict.untold(
                            statement,
                            PLACE,
                            evidence.reading().toString(),
                            "Two-way analysis of variance of temperature and alpha, in blocks of one seed.",
                            what + ": " + evidence.command("q5") + " makes them.",
                            List.of()))
                    .toList();
        }
        Factorial sweep = conclusions.sweep().get();
        return List.of(little(evidence, sweep, conclusions.family()), jitter(evidence, sweep, conclusions.family()));
    }

    /**
     * The largest difference of two cells is at most the largest of two temperatures and that of two alphas, if these
     * add up; where they were found not to, the cells themselves are compared.
     */
    private static Verdict little(Evidence evidence, Factorial sweep, TestFamily family) {
        boolean addUp = sweep.interactionEffect().isEmpty() || !family.rejects(Conclusions.INTERACTION);
        int pairs = sweep.rowDifferences().size() + sweep.columnDifferences().size();
        Factorial.Difference temperatures = largest(sweep.rowDifferences());
        Factorial.Difference alphas = largest(sweep.columnDifferences());
        List<Interval> ofTemperatures = intervals(estimates(sweep.rowDifferences()), pairs);
        List<Interval> ofAlphas = intervals(estimates(sweep.columnDifferences()), pairs);
        List<Estimate> cells = cells(evidence, evidence.spread("q5").orElse(sweep.spread()));
        List<Interval> ofCells = intervals(cells, cells.size());
        double atMost = addUp ? reach(ofTemperatures) + reach(ofAlphas) : reach(ofCells);
        boolean matters = (addUp ? Stream.concat(ofTemperatures.stream(), ofAlphas.stream()) : ofCells.stream())
                .anyMatch(interval -> interval.low() > MUCH || interval.high() < -MUCH);
        Outcome outcome = matters ? Outcome.DOES_NOT_HOLD : atMost < MUCH ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(quantity("T", temperatures, pairs));
        quantities.add(quantity("alpha", alphas, pairs));
        quantities.add(
                Quantity.percent("difference of two cells, at most, at 95 %", runs(evidence), atMost, null, range()));
        return new Verdict(
                LITTLE,
                PLACE,
                evidence.reading().toString(),
                (addUp
                                ? "Differences of all temperatures and of all alphas by the additive model of both, in"
                                        + " blocks of one seed, with intervals that hold together at 95 % (Bonferroni over"
                                        + " the " + pairs + ")."
                                : "Differences of all cells, with the spread of one run and intervals that"
                                        + " hold together at 95 % (Bonferroni over the " + cells.size() + ").")
                        + " By variance the report must mean the largest difference: the variance of its 30 numbers is "
                        + text("%.3f.", variance()),
                null,
                outcome,
                text(
                                "Temperatures differ by %.2f at most (%s), alphas by %.2f (%s). At 95 %% no two cells differ by more than %.2f, %s: %s.",
                                Math.abs(temperatures.estimate().value()),
                                levels("T", temperatures),
                                Math.abs(alphas.estimate().value()),
                                levels("alpha", alphas),
                                atMost,
                                addUp
                                        ? "if the two effects add up"
                                        : "cell by cell, for the two effects do not add up (T x alpha "
                                                + p(family.p(Conclusions.INTERACTION)) + ")",
                                outcome == Outcome.HOLDS
                                        ? "less than 1 %"
                                        : outcome == Outcome.DOES_NOT_HOLD
                                                ? "and some do by more than 1 %"
                                                : "1 % is not excluded; more seeds make it narrower, such as "
                                                        + moreSeeds(evidence))
                        + oneTeacher(sweep),
                quantities);
    }

    /** Chance alone, unless a factor is found; and only where one as large as chance would have been. */
    private static Verdict jitter(Evidence evidence, Factorial sweep, TestFamily family) {
        List<String> factors = Stream.of(Conclusions.TEMPERATURE, Conclusions.ALPHA, Conclusions.INTERACTION)
                .filter(family.adjusted()::containsKey)
                .toList();
        List<String> found = factors.stream().filter(family::rejects).toList();
        double sd = sweep.spread().sd();
        double detectable = Math.max(
                detectable(sweep.rowEffect(), sweep.rowDifferences(), family),
                detectable(sweep.columnEffect(), sweep.columnDifferences(), family));
        Outcome outcome =
                !found.isEmpty() ? Outcome.DOES_NOT_HOLD : detectable <= sd ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        String tests = String.join(
                ", ",
                factors.stream().map(name -> name + " " + p(family.p(name))).toList());
        String power = text(
                "A difference of %.2f between two levels would have been found in 80 %% of cases; one run spreads by %.2f",
                detectable, sd);
        List<Quantity> quantities = new ArrayList<>(List.of(
                Quantity.percent(
                        "standard deviation of one run; the report's: of its 30 cells",
                        runs(evidence),
                        sd,
                        null,
                        Math.sqrt(variance())),
                Quantity.percent(
                        "difference of two levels that 80 % of tests find", runs(evidence), detectable, null, null),
                Quantity.plain("F of T", runs(evidence), sweep.rowEffect().f(), 2),
                Quantity.plain(
                        "F of alpha", runs(evidence), sweep.columnEffect().f(), 2)));
        sweep.interactionEffect()
                .ifPresent(effect -> quantities.add(Quantity.plain("F of T x alpha", runs(evidence), effect.f(), 2)));
        return new Verdict(
                JITTER,
                PLACE,
                evidence.reading().toString(),
                "F tests of T and alpha"
                        + (factors.size() > 2 ? " and of both together" : "; what they do together counts as chance")
                        + ", in blocks of one seed. It holds where none is found though a difference as large as one run's"
                        + " standard deviation would have been. " + family.text(),
                factors.stream().mapToDouble(family::p).min().orElseThrow(),
                outcome,
                (found.isEmpty()
                                ? "No effect is found"
                                : "Not chance: the effect of " + String.join(" and of ", found) + " is found")
                        + " (after the correction: " + tests + "). " + power
                        + (outcome == Outcome.CANNOT_BE_TOLD
                                ? ", so that effects of its size may be hidden; more seeds show more: "
                                        + evidence.command("q5 --seeds 8")
                                : "")
                        + "." + oneTeacher(sweep),
                quantities);
    }

    /** Twice as many seeds as the cell with the fewest has. */
    private static String moreSeeds(Evidence evidence) {
        int fewest = Hyperparameters.all().stream()
                .mapToInt(place -> evidence.table1(place).size())
                .min()
                .orElseThrow();
        return evidence.command("q5 --seeds " + 2 * fewest);
    }

    /** What one seed cannot say. */
    private static String oneTeacher(Factorial sweep) {
        return sweep.interactionEffect().isPresent()
                ? ""
                : " Only one seed has all " + CELLS + " cells: this is of the students of one teacher.";
    }

    /** Between any two levels of a factor. */
    private static double detectable(FTest effect, List<Factorial.Difference> differences, TestFamily family) {
        return effect.detectable(family.size())
                * differences.stream()
                        .mapToDouble(one -> one.estimate().standardError())
                        .max()
                        .orElseThrow();
    }

    private static Quantity quantity(String factor, Factorial.Difference difference, int pairs) {
        return Quantity.percent(
                "largest difference of two levels of " + factor + ", " + levels(factor, difference),
                0,
                difference.estimate().value(),
                difference.estimate().intervalAmong(pairs),
                null);
    }

    private static String levels(String factor, Factorial.Difference difference) {
        return "%s = %s less %s"
                .formatted(factor, Settings.number(difference.one()), Settings.number(difference.other()));
    }

    private static Factorial.Difference largest(List<Factorial.Difference> differences) {
        return differences.stream()
                .max(Comparator.comparingDouble(one -> Math.abs(one.estimate().value())))
                .orElseThrow();
    }

    private static List<Estimate> estimates(List<Factorial.Difference> differences) {
        return differences.stream().map(Factorial.Difference::estimate).toList();
    }

    private static List<Interval> intervals(List<Estimate> estimates, int among) {
        return estimates.stream().map(estimate -> estimate.intervalAmong(among)).toList();
    }

    /** Each cell less each before it. */
    private static List<Estimate> cells(Evidence evidence, Spread spread) {
        List<double[]> cells = Hyperparameters.all().stream()
                .map(place -> Evidence.values(evidence.table1(place)))
                .toList();
        return IntStream.range(0, cells.size())
                .boxed()
                .flatMap(one -> cells.subList(0, one).stream().map(other -> spread.difference(cells.get(one), other)))
                .toList();
    }

    /** How far any of the intervals goes from 0. */
    private static double reach(List<Interval> intervals) {
        return intervals.stream()
                .mapToDouble(interval -> Math.max(interval.high(), -interval.low()))
                .max()
                .orElseThrow();
    }

    private static int runs(Evidence evidence) {
        return Hyperparameters.all().stream()
                .mapToInt(place -> evidence.table1(place).size())
                .sum();
    }

    private static double[] report() {
        return Hyperparameters.all().stream()
                .mapToDouble(place ->
                        Published.table1(place.temperature(), place.alpha()).orElseThrow())
                .toArray();
    }

    private static double variance() {
        return Math.pow(Sample.of(report()).sd(), 2);
    }

    private static double range() {
        DoubleSummaryStatistics all = Arrays.stream(report()).summaryStatistics();
        return all.getMax() - all.getMin();
    }
}
