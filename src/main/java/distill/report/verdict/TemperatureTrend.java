package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import distill.statistics.Interval;
import distill.statistics.LeastSquares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Question 6: does the accuracy fall as the temperature rises, and a lot? */
final class TemperatureTrend {

    private static final String PLACE = "Task 1, Question 6, Fig. 7";
    private static final String FALLS = "As is clearly shown in the picture, the accuracy decreases in general";
    private static final String NOT_A_LOT = "it does not decrease a lot";
    /** In percent; the report's own measure of little, in question 5. */
    private static final double A_LOT = 1;

    private TemperatureTrend() {}

    /** In percent for each doubling of T, from all runs of Table II; empty where there are too few. */
    static Optional<Estimate> slope(Evidence evidence) {
        List<Factorial.Observation> runs = runs(evidence);
        long blocks = runs.stream().map(Factorial.Observation::block).distinct().count();
        boolean allTemperatures = Published.TEMPERATURES.stream()
                .noneMatch(t -> evidence.table2(t).isEmpty());
        return allTemperatures && runs.size() > blocks + 1
                ? Optional.of(LeastSquares.slope(
                        runs.stream().mapToDouble(run -> log2(run.row())).toArray(),
                        runs.stream().mapToLong(Factorial.Observation::block).toArray(),
                        runs.stream().mapToDouble(Factorial.Observation::value).toArray()))
                : Optional.empty();
    }

    private static List<Factorial.Observation> runs(Evidence evidence) {
        return Published.TEMPERATURES.stream()
                .flatMap(t -> Evidence.observations(evidence.table2(t), t, Published.CURVE_ALPHA).stream())
                .toList();
    }

    static List<Verdict> of(Evidence evidence, Conclusions conclusions) {
        String test =
                "Slope of a straight line through accuracy against log2 T at alpha = 0.5, the same for all seeds, each"
                        + " at its own height.";
        if (conclusions.slope().isEmpty()) {
            String missing = "Every temperature of Table II needs a run, and there must be two more runs than seeds: "
                    + evidence.command("q6 --seeds 5") + " makes them.";
            return List.of(FALLS, NOT_A_LOT).stream()
                    .map(statement ->
                            Verdict.untold(statement, PLACE, evidence.reading().toString(), test, missing, List.of()))
                    .toList();
        }
        Estimate slope = conclusions.slope().get();
        double doublings = log2(Published.TEMPERATURES.get(Published.TEMPERATURES.size() - 1));
        Estimate whole = new Estimate(slope.value() * doublings, slope.standardError() * doublings, slope.freedom());
        List<Quantity> quantities = quantities(evidence, whole);
        return List.of(
                falls(evidence, conclusions, whole, quantities, test), notALot(evidence, whole, quantities, test));
    }

    private static Verdict falls(
            Evidence evidence, Conclusions conclusions, Estimate whole, List<Quantity> quantities, String test) {
        double p = conclusions.family().p(Conclusions.SLOPE);
        Outcome outcome = p >= TestFamily.LEVEL
                ? Outcome.CANNOT_BE_TOLD
                : whole.value() < 0 ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
        return new Verdict(
                FALLS,
                PLACE,
                evidence.reading().toString(),
                test + " " + conclusions.family().text(),
                p,
                outcome,
                text(
                        "From T = 1 to T = 64 the line %s by %.2f, 95 %% interval of the change %s (%s after the correction)%s.",
                        whole.value() < 0 ? "falls" : "rises",
                        Math.abs(whole.value()),
                        whole.interval().signedText(),
                        p(p),
                        outcome == Outcome.CANNOT_BE_TOLD
                                ? text(
                                        "; a change of %.2f would have been found in 80 %% of cases",
                                        whole.detectable(conclusions.family().size()))
                                : ""),
                quantities);
    }

    private static Verdict notALot(Evidence evidence, Estimate whole, List<Quantity> quantities, String test) {
        Interval change = whole.interval();
        Outcome outcome = change.low() > -A_LOT
                ? Outcome.HOLDS
                : change.high() < -A_LOT ? Outcome.DOES_NOT_HOLD : Outcome.CANNOT_BE_TOLD;
        return new Verdict(
                NOT_A_LOT,
                PLACE,
                evidence.reading().toString(),
                test
                        + " A lot is 1 %, which the report calls little in question 5; its 95 % interval is held against that.",
                null,
                outcome,
                text(
                        "From T = 1 to T = 64 the change is %s at 95 %%: a fall of %.0f %% or more is %s.",
                        change.signedText(),
                        A_LOT,
                        outcome == Outcome.HOLDS
                                ? "excluded"
                                : outcome == Outcome.DOES_NOT_HOLD
                                        ? "what the runs show"
                                        : "neither shown nor excluded"),
                quantities);
    }

    private static List<Quantity> quantities(Evidence evidence, Estimate whole) {
        double[] x = Published.TEMPERATURES.stream()
                .mapToDouble(TemperatureTrend::log2)
                .toArray();
        double[] theirs = Published.TEMPERATURES.stream()
                .mapToDouble(t -> Published.table2(t).orElseThrow())
                .toArray();
        Estimate report = LeastSquares.slope(x, new long[x.length], theirs);
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.percent(
                "change of the line from T = 1 to T = 64",
                runs(evidence).size(),
                whole.value(),
                whole.interval(),
                report.value() * x[x.length - 1]));
        for (double t : Published.TEMPERATURES) {
            double[] runs = Evidence.values(evidence.table2(t));
            quantities.add(Quantity.percent(
                    new Hyperparameters(t, Published.CURVE_ALPHA).toString(),
                    runs.length,
                    Arrays.stream(runs).average().orElseThrow(),
                    runs.length < 2 ? null : Estimate.ofMean(runs).interval(),
                    Published.table2(t).orElseThrow()));
        }
        return quantities;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
