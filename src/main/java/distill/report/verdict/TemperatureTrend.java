package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Factorial.Observation;
import distill.statistics.Interval;
import distill.statistics.LeastSquares;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Question 6: does the accuracy fall as the temperature rises, and a lot? */
final class TemperatureTrend {

    private static final String PLACE = "Task 1, Question 6, Fig. 7";
    private static final Claim FALLS =
            new Claim("As is clearly shown in the picture, the accuracy decreases in general", PLACE);
    private static final Claim NOT_A_LOT = new Claim("it does not decrease a lot", PLACE);
    private static final String TEST =
            "Slope of a straight line through accuracy against log2 T at alpha = 0.5, the same for all seeds, each at"
                    + " its own height.";
    private static final String SLOPE = "slope against log2 T";
    /** Between the lowest and the highest temperature. */
    private static final double DOUBLINGS = log2(Published.TEMPERATURES.get(Published.TEMPERATURES.size() - 1));

    private TemperatureTrend() {}

    /** The test of the slope, where there are runs enough. */
    static Map<String, Double> tests(Task1Runs runs) {
        return slope(runs.table2()).map(slope -> Map.of(SLOPE, slope.p())).orElse(Map.of());
    }

    /** In percent for each doubling of T, from all runs of Table II; empty where there are too few. */
    private static Optional<Estimate> slope(Evidence table) {
        List<Observation> runs = table.observations();
        long blocks = runs.stream().map(Observation::block).distinct().count();
        return table.empty() > 0 || runs.size() <= blocks + 1
                ? Optional.empty()
                : Optional.of(LeastSquares.slope(
                        runs.stream().mapToDouble(run -> log2(run.row())).toArray(),
                        runs.stream().mapToLong(Observation::block).toArray(),
                        runs.stream().mapToDouble(Observation::value).toArray()));
    }

    static List<Verdict> of(Task1Runs runs, TestFamily family) {
        Evidence table = runs.table2();
        Optional<Estimate> slope = slope(table);
        if (slope.isEmpty()) {
            String what = "Every temperature of Table II needs a run, and there must be two more runs than seeds";
            return List.of(FALLS.untold(table, TEST, what), NOT_A_LOT.untold(table, TEST, what));
        }
        Estimate whole = slope.get().times(DOUBLINGS);
        List<Quantity> quantities = quantities(table, whole);
        return List.of(falls(runs, family, whole, quantities), notALot(runs, whole.interval(), quantities));
    }

    private static Verdict falls(Task1Runs runs, TestFamily family, Estimate whole, List<Quantity> quantities) {
        double p = family.p(SLOPE);
        Outcome outcome = family.outcome(SLOPE, whole.value() < 0);
        return new Verdict(
                FALLS,
                runs.reading().toString(),
                TEST + " " + family.text(),
                p,
                outcome,
                text(
                        "From T = 1 to T = 64 the line %s by %.2f, 95 %% interval of the change %s (%s after the correction)%s.",
                        whole.value() < 0 ? "falls" : "rises",
                        Math.abs(whole.value()),
                        whole.interval().signedText(),
                        p(p),
                        outcome.choose(
                                "",
                                "",
                                text(
                                        "; a change of %.2f would have been found in 80 %% of cases",
                                        whole.detectable(family.size())))),
                quantities);
    }

    private static Verdict notALot(Task1Runs runs, Interval change, List<Quantity> quantities) {
        Outcome outcome = Outcome.of(change.high() < -Quantity.LITTLE, change.low() > -Quantity.LITTLE);
        return new Verdict(
                NOT_A_LOT,
                runs.reading().toString(),
                TEST
                        + " A lot is 1 %, which the report calls little in question 5; its 95 % interval is held against that.",
                null,
                outcome,
                text(
                        "From T = 1 to T = 64 the change is %s at 95 %%: a fall of %.0f %% or more is %s.",
                        change.signedText(),
                        Quantity.LITTLE,
                        outcome.choose("excluded", "what the runs show", "neither shown nor excluded")),
                quantities);
    }

    private static List<Quantity> quantities(Evidence table, Estimate whole) {
        List<Cell> cells = table.cells();
        Estimate report = LeastSquares.slope(
                cells.stream().mapToDouble(cell -> log2(cell.row())).toArray(),
                new long[cells.size()],
                cells.stream().mapToDouble(Cell::report).toArray());
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.percent(
                "change of the line from T = 1 to T = 64", table.n(), whole, report.value() * DOUBLINGS));
        cells.forEach(cell -> quantities.add(Quantity.mean(cell.name(), cell.runs(), cell.report())));
        return quantities;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
