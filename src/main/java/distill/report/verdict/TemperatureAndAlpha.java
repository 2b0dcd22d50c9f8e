package distill.report.verdict;

import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.run.Settings;
import distill.statistics.Estimate;
import distill.statistics.FTest;
import distill.statistics.Factorial;
import distill.statistics.Factorial.Difference;
import distill.statistics.Sample;
import distill.statistics.SeedsNeeded;
import distill.statistics.Spread;
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
    private static final Claim MIMIC = new Claim(
            "the adjustment of hyperparameter does not help a lot for the student models to improve their accuracy and"
                    + " mimic the predictions of the teacher model",
            "Task 1, Question 5");
    private static final String INTERACTION = "T x alpha";
    private static final String TREND_OF_T = "trend of T";
    private static final String TREND_OF_ALPHA = "trend of alpha";
    private static final double ALPHAS = Published.ALPHAS.get(Published.ALPHAS.size() - 1) - Published.ALPHAS.get(0);
    private static final double DOUBLINGS =
            TemperatureTrend.log2(Published.TEMPERATURES.get(Published.TEMPERATURES.size() - 1));

    private TemperatureAndAlpha() {}

    /** The tests of temperature and alpha, where there are runs enough. */
    static Map<String, Double> tests(Task1Runs runs) {
        return runs.table1().analysisOfSeeds().map(TemperatureAndAlpha::tests).orElse(Map.of());
    }

    /** Of each factor whether it has any effect, and of what is ordered its trend. */
    private static Map<String, Double> tests(Factorial sweep) {
        Map<String, Double> tests = new LinkedHashMap<>();
        tests.put("T", sweep.rowEffect().p());
        tests.put(TREND_OF_T, overT(sweep).p());
        tests.put("alpha", sweep.columnEffect().p());
        tests.put(TREND_OF_ALPHA, overAlpha(sweep).p());
        tests.put(INTERACTION, sweep.interactionEffect().orElseThrow().p());
        return tests;
    }

    /** The change along the trend from the lowest temperature to the highest. */
    private static Estimate overT(Factorial sweep) {
        return TemperatureTrend.ofDoublings(sweep).times(DOUBLINGS);
    }

    /** The change along the trend from the lowest alpha to the highest. */
    private static Estimate overAlpha(Factorial sweep) {
        return sweep.columnTrend(alpha -> alpha).times(ALPHAS);
    }

    static List<Verdict> of(Task1Runs runs, TestFamily family) {
        Evidence table = runs.table1();
        Optional<Factorial> sweep = table.analysisOfSeeds();
        Verdict mimic = mimic(runs);
        if (sweep.isEmpty()) {
            String what = table.lacking("cells");
            String test = "Two-way analysis of variance of temperature and alpha, in blocks of one seed.";
            return List.of(LITTLE.notRun(table, test, what), mimic, JITTER.notRun(table, test, what));
        }
        return List.of(little(table, sweep.get(), family), mimic, jitter(table, sweep.get(), family));
    }

    private static Verdict little(Evidence table, Factorial sweep, TestFamily family) {
        Range range = Range.of(table, sweep, !family.rejects(INTERACTION));
        DoubleSummaryStatistics report =
                table.cells().stream().mapToDouble(Cell::report).summaryStatistics();
        return new Verdict(
                LITTLE,
                table.reading().toString(),
                range.test()
                        + text(
                                " By variance the report must mean the largest difference: the variance of its 30 numbers is %.3f. The margin of 1 %% is its own.",
                                variance(table)),
                null,
                range.outcome(),
                range.sentences("", family.p(INTERACTION)),
                range.quantities(report.getMax() - report.getMin()));
    }

    /** What temperature and alpha do to the accuracy is {@link #little}'s; here is what they do to the agreement. */
    private static Verdict mimic(Task1Runs runs) {
        Evidence table = runs.agreements();
        String test = "How often a student predicts the class that its teacher predicts, in percent of the test images"
                + " (Stanton et al. 2021, section 3.1), by temperature and alpha. ";
        Optional<Factorial> sweep = table.analysisOfSeeds();
        if (sweep.isEmpty()) {
            String earlier = runs.table1().fewest() > table.fewest()
                    ? " Runs of before it was measured do not have it; --fresh trains them again."
                    : "";
            return MIMIC.notRun(
                    table.reading(),
                    test.strip(),
                    table.missing("Of the agreement of student and teacher " + table.lacking("cells")) + earlier,
                    List.of());
        }
        double interaction = sweep.get().interactionEffect().orElseThrow().p();
        Range range = Range.of(table, sweep.get(), interaction >= TestFamily.LEVEL);
        double mean = table.ofCommonSeeds().observations().stream()
                .mapToDouble(Factorial.Observation::value)
                .average()
                .orElseThrow();
        return new Verdict(
                MIMIC,
                table.reading().toString(),
                test + range.test() + " The margin of 1 point is ours here, after the report's own for the accuracy.",
                null,
                range.outcome(),
                text("Students agree with their teacher on %.2f %% of the test images. ", mean)
                        + range.sentences("in agreement ", interaction),
                range.quantities(null));
    }

    /**
     * How far the cells of a table are apart. The largest difference of two cells is at most the largest of two
     * temperatures and that of two alphas, if these add up; where they were found not to, the cells themselves are
     * compared.
     *
     * @param table the cells, in percent
     * @param addUp whether the effects of temperature and alpha were not found to do anything else
     * @param cells the differences of all cells, in the seeds that all have
     */
    private record Range(
            Evidence table,
            boolean addUp,
            List<Difference> temperatures,
            List<Difference> alphas,
            List<Estimate> cells,
            int seeds) {

        static Range of(Evidence table, Factorial sweep, boolean addUp) {
            return new Range(
                    table,
                    addUp,
                    sweep.rowDifferences(),
                    sweep.columnDifferences(),
                    cellDifferences(table, sweep.spread()),
                    table.commonSeeds());
        }

        private int levelPairs() {
            return temperatures.size() + alphas.size();
        }

        /** How many differences hold together. */
        private int among() {
            return addUp ? levelPairs() : cells.size();
        }

        /** The most that two cells differ by at 95 %, with so many seeds. */
        private double atMost(int wanted) {
            return addUp
                    ? reach(estimates(temperatures), wanted) + reach(estimates(alphas), wanted)
                    : reach(cells, wanted);
        }

        /** How far any of the intervals goes from 0, with so many seeds. */
        private double reach(List<Estimate> estimates, int wanted) {
            return estimates.stream()
                    .map(estimate -> SeedsNeeded.with(estimate, seeds, wanted).intervalAmong(among()))
                    .mapToDouble(interval -> Math.max(interval.high(), -interval.low()))
                    .max()
                    .orElseThrow();
        }

        Outcome outcome() {
            boolean matters = (addUp
                            ? Stream.concat(estimates(temperatures).stream(), estimates(alphas).stream())
                            : cells.stream())
                    .map(estimate -> estimate.intervalAmong(among()))
                    .anyMatch(interval -> interval.low() > Quantity.LITTLE || interval.high() < -Quantity.LITTLE);
            return Outcome.of(matters, atMost(seeds) < Quantity.LITTLE);
        }

        String test() {
            return (addUp
                            ? "Differences of all temperatures and of all alphas by the additive model of both"
                            : "Differences of all cells")
                    + ", in blocks of one seed, with intervals that hold together at 95 % (Bonferroni over the "
                    + among() + ").";
        }

        /**
         * What was found.
         *
         * @param what the cells differ in, with a space after it
         * @param interaction p that the effects add up
         */
        String sentences(String what, double interaction) {
            Difference ofTemperatures = largest(temperatures);
            Difference ofAlphas = largest(alphas);
            return text(
                            "Temperatures differ %sby %.2f points at most (%s), alphas by %.2f (%s). At 95 %% no two cells differ by more than %.2f, %s. ",
                            what,
                            Math.abs(ofTemperatures.estimate().value()),
                            levels("T", ofTemperatures),
                            Math.abs(ofAlphas.estimate().value()),
                            levels("alpha", ofAlphas),
                            atMost(seeds),
                            addUp
                                    ? "if the two effects add up"
                                    : "cell by cell, for the two effects do not add up (T x alpha " + p(interaction)
                                            + ")")
                    + switch (outcome()) {
                        case SUPPORTED -> "More than 1 point is ruled out.";
                        case NOT_SUPPORTED -> "Some differ by more than 1 point.";
                        default ->
                            "More than 1 point is not ruled out."
                                    + Words.toSettle(wanted -> atMost(wanted) < Quantity.LITTLE, seeds, table);
                    };
        }

        /** @param report the largest difference of two cells of the report; null where it has none */
        List<Quantity> quantities(Double report) {
            return List.of(
                    quantity("T", largest(temperatures)),
                    quantity("alpha", largest(alphas)),
                    Quantity.percent("difference of two cells, at most, at 95 %", seeds, atMost(seeds), report));
        }

        private Quantity quantity(String factor, Difference difference) {
            return Quantity.percent(
                    "largest difference of two levels of " + factor + ", " + levels(factor, difference),
                    seeds,
                    difference.estimate(),
                    levelPairs(),
                    null);
        }

        /** Each cell less each before it, in the seeds that all have. */
        private static List<Estimate> cellDifferences(Evidence table, Spread spread) {
            List<double[]> cells = table.ofCommonSeeds().runs();
            return IntStream.range(0, cells.size())
                    .boxed()
                    .flatMap(one ->
                            cells.subList(0, one).stream().map(other -> spread.difference(cells.get(one), other)))
                    .toList();
        }

        private static List<Estimate> estimates(List<Difference> differences) {
            return differences.stream().map(Difference::estimate).toList();
        }

        private static Difference largest(List<Difference> differences) {
            return differences.stream()
                    .max(Comparator.comparingDouble(
                            one -> Math.abs(one.estimate().value())))
                    .orElseThrow();
        }

        private static String levels(String factor, Difference difference) {
            return "%s = %s less %s"
                    .formatted(factor, Settings.number(difference.one()), Settings.number(difference.other()));
        }
    }

    /** Chance alone, unless a factor is found; and only where one as large as chance would have been. */
    private static Verdict jitter(Evidence table, Factorial sweep, TestFamily family) {
        int seeds = table.commonSeeds();
        List<String> factors = List.copyOf(tests(sweep).keySet());
        List<String> found = factors.stream().filter(family::rejects).toList();
        double sd = sweep.spread().sd();
        double detectable = detectable(sweep, family, seeds, seeds);
        Outcome outcome = Outcome.of(!found.isEmpty(), detectable <= sd);
        Estimate overT = overT(sweep);
        Estimate overAlpha = overAlpha(sweep);
        return new Verdict(
                JITTER,
                table.reading().toString(),
                "F tests of T, of alpha and of both together, and linear trends, contrasts, of log2 T and of alpha, in blocks"
                        + " of one seed. Supported where none is found though a difference as large as one run's"
                        + " standard deviation would have been, a margin of ours. " + family.text(),
                factors.stream().mapToDouble(family::p).min().orElseThrow(),
                outcome,
                (found.isEmpty() ? "No effect is found" : "Not chance alone: found are " + String.join(", ", found))
                        + factors.stream()
                                .map(name -> name + " " + p(family.p(name)))
                                .collect(Collectors.joining(", ", " (after the correction: ", "). "))
                        + text(
                                "Along the trends alpha from 0.1 to 0.9 changes the accuracy by %s points (%s), and T from 1 to 64 by %s (%s). One run spreads by %.2f.",
                                signed(overAlpha.value()),
                                interval(overAlpha.interval()),
                                signed(overT.value()),
                                interval(overT.interval()),
                                sd)
                        + switch (outcome) {
                            case SUPPORTED ->
                                text(
                                        " A difference of %.2f between two levels would have been found in 80 %% of cases; so would one of any margin above that.",
                                        detectable);
                            case NOT_SUPPORTED -> "";
                            default ->
                                text(
                                                " A difference of %.2f between two levels would have been found in 80 %% of cases, so that effects as large as the spread may be hidden.",
                                                detectable)
                                        + Words.toSettle(
                                                wanted -> detectable(sweep, family, seeds, wanted) <= sd, seeds, table);
                        },
                List.of(
                        Quantity.percent(
                                "standard deviation of one run; the report's: of its 30 cells",
                                seeds,
                                sd,
                                Math.sqrt(variance(table))),
                        Quantity.percent("change along the trend of alpha from 0.1 to 0.9", seeds, overAlpha, null),
                        Quantity.percent("change along the trend of T from 1 to 64", seeds, overT, null),
                        Quantity.percent("difference of two levels that 80 % of tests find", seeds, detectable, null),
                        Quantity.plain("F of T", seeds, sweep.rowEffect().f(), 2),
                        Quantity.plain("F of alpha", seeds, sweep.columnEffect().f(), 2),
                        Quantity.plain(
                                "F of T x alpha",
                                seeds,
                                sweep.interactionEffect().orElseThrow().f(),
                                2)));
    }

    /** Between any two levels of either factor, with so many seeds. */
    private static double detectable(Factorial sweep, TestFamily family, int seeds, int wanted) {
        return Math.max(
                detectable(sweep.rowEffect(), sweep.rowDifferences(), family, seeds, wanted),
                detectable(sweep.columnEffect(), sweep.columnDifferences(), family, seeds, wanted));
    }

    private static double detectable(
            FTest effect, List<Difference> differences, TestFamily family, int seeds, int wanted) {
        FTest then = new FTest(effect.f(), effect.numerator(), effect.denominator() * (wanted - 1) / (seeds - 1));
        return then.detectable(family.size())
                * differences.stream()
                        .mapToDouble(one ->
                                SeedsNeeded.with(one.estimate(), seeds, wanted).standardError())
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
