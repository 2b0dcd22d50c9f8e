package distill.report.verdict;

import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.margin;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.run.Variant;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import distill.statistics.LeastSquares;
import distill.statistics.SeedsNeeded;
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
    private static final Claim REASON = new Claim(
            "The predicted possibility which is the true label will bring less information to the model, so the accuracy"
                    + " is reduced.",
            "Task 1, Question 6");
    private static final String TEST =
            "Linear trend of the accuracy over log2 T at alpha = 0.5, a contrast of the temperatures in blocks of one seed.";
    private static final String TREND = "trend of T at alpha = 0.5";
    /** The true class's logit of a teacher that is sure, the others' being 0: softmax gives it 0.9996. */
    private static final double SURE_LOGIT = 10;

    /** Between the lowest and the highest temperature. */
    private static final double DOUBLINGS = log2(Published.TEMPERATURES.get(Published.TEMPERATURES.size() - 1));

    private TemperatureTrend() {}

    /** The test of the trend, where there are runs enough. */
    static Map<String, Double> tests(Task1Runs runs) {
        return trend(runs.table2()).map(trend -> Map.of(TREND, trend.p())).orElse(Map.of());
    }

    /** In points for each doubling of T; empty where there are too few seeds. */
    private static Optional<Estimate> trend(Evidence table) {
        return table.analysisOfSeeds().map(analysis -> ofDoublings(analysis));
    }

    /** The trend of the rows, which are temperatures, in points for each doubling. */
    static Estimate ofDoublings(Factorial analysis) {
        return analysis.rowTrend(TemperatureTrend::log2);
    }

    static List<Verdict> of(Task1Runs runs, TestFamily family) {
        Evidence table = runs.table2();
        Optional<Estimate> trend = trend(table);
        if (trend.isEmpty()) {
            String what = table.lacking("temperatures");
            return List.of(
                    FALLS.notRun(table, TEST + Effect.RULE, what),
                    NOT_A_LOT.notRun(table, TEST, what),
                    REASON.notRun(table, TEST + Effect.RULE, what));
        }
        Estimate whole = trend.get().times(DOUBLINGS);
        List<Quantity> quantities = quantities(table, whole);
        Verdict falls = falls(table, family, whole, quantities);
        return List.of(falls, notALot(table, whole, quantities), reason(runs.reading(), falls));
    }

    private static Verdict falls(Evidence table, TestFamily family, Estimate whole, List<Quantity> quantities) {
        int seeds = table.commonSeeds();
        Effect effect = new Effect(whole, -1, family.p(TREND), family.size(), seeds);
        return new Verdict(
                FALLS,
                table.reading().toString(),
                TEST + Effect.RULE + " " + family.text(),
                family.p(TREND),
                effect.outcome(),
                effect.sentence("the temperature from T = 1 to T = 64", "fall", table),
                quantities);
    }

    private static Verdict notALot(Evidence table, Estimate whole, List<Quantity> quantities) {
        int seeds = table.commonSeeds();
        double most = Math.max(0, -whole.interval().low());
        double least = Math.max(0, -whole.interval().high());
        Outcome outcome = Outcome.of(least > Quantity.LITTLE, most < Quantity.LITTLE);
        return new Verdict(
                NOT_A_LOT,
                table.reading().toString(),
                TEST + " Its 95 % interval is held against a fall of " + margin(Quantity.LITTLE)
                        + " point, which the report calls little in question 5; that it is meant here is our reading.",
                null,
                outcome,
                text(
                                "From T = 1 to T = 64 the change is %s points (%s). ",
                                signed(whole.value()), interval(whole.interval()))
                        + switch (outcome) {
                            case SUPPORTED ->
                                text("A fall of 1 point or more is ruled out, as with any margin above %.2f.", most);
                            case NOT_SUPPORTED ->
                                text(
                                        "It falls by more than 1 point; only a margin above %.2f makes that little.",
                                        most);
                            default ->
                                text("A fall of 1 point is neither shown nor ruled out; one of %.2f is.", most)
                                        + Words.toSettle(
                                                SeedsNeeded.reaching(
                                                        whole, seeds, 1, Math.abs(Quantity.LITTLE + whole.value())),
                                                seeds,
                                                table);
                        },
                quantities);
    }

    /** A reason stands with what it explains; where that is seen, these runs do not tell it from other reasons. */
    private static Verdict reason(Variant reading, Verdict falls) {
        boolean written = reading == Variant.AS_WRITTEN;
        double sure = written ? 1 : SURE_LOGIT;
        double highest = Published.TEMPERATURES.get(Published.TEMPERATURES.size() - 1);
        return new Verdict(
                REASON,
                falls.reading(),
                "Whether the fall that it explains is there, by the verdict on that; and how much of a target the true"
                        + " label has, by the formula of the targets.",
                falls.p(),
                falls.outcome() == Outcome.SUPPORTED ? Outcome.INCONCLUSIVE : falls.outcome(),
                text(
                                "The true label's part of the targets does shrink: of a teacher that puts out %s for it and 0 for each of the nine others it is %.3f at T = 1 and %.3f at T = %s. ",
                                margin(sure), part(sure, 1), part(sure, highest), margin(highest))
                        + switch (falls.outcome()) {
                            case SUPPORTED ->
                                "The accuracy falls, too; that the one is the reason of the other these runs do not show, and more"
                                        + " seeds would not.";
                            case NOT_SUPPORTED -> "But the accuracy does not fall, so there is nothing to explain.";
                            default -> "Whether the accuracy falls is open, and with it what the reason would be.";
                        },
                List.of(
                        Quantity.plain("the true label's part of the targets at T = 1", 0, part(sure, 1), 3),
                        Quantity.plain(
                                "the true label's part of the targets at T = " + margin(highest),
                                0,
                                part(sure, highest),
                                3)));
    }

    /** Of the sum of ten targets, softened from one output and nine of 0; normalised or not it is the same part. */
    private static double part(double output, double temperature) {
        return 1 / (1 + 9 * Math.exp(-output / temperature));
    }

    private static List<Quantity> quantities(Evidence table, Estimate whole) {
        List<Cell> cells = table.cells();
        Estimate report = LeastSquares.slope(
                cells.stream().mapToDouble(cell -> log2(cell.row())).toArray(),
                new long[cells.size()],
                cells.stream().mapToDouble(Cell::report).toArray());
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.percent(
                "change along the trend from T = 1 to T = 64", table.commonSeeds(), whole, report.value() * DOUBLINGS));
        cells.forEach(cell -> quantities.add(Quantity.mean(cell.name(), cell.runs(), cell.report())));
        return quantities;
    }

    static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
