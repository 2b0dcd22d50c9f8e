package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.statistics.Estimate;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Question 5: is T = 16, alpha = .9 the best cell of Table I? */
final class BestCell {

    private static final int RUNS = 10;
    private static final String STATEMENT =
            "As is shown in the table, we think that the best alpha should be 16, and the best temperature is 0.9. The"
                    + " maximum accuracy for student model is 98.08%.";
    private static final String PLACE = "Task 1, Question 5, Table I";
    private static final String REST = "the mean of the others";

    private BestCell() {}

    static Verdict of(Evidence evidence) {
        List<Hyperparameters> others = Hyperparameters.all().stream()
                .filter(place -> !place.equals(Hyperparameters.BEST))
                .toList();
        double[] best = Evidence.values(evidence.table1(Hyperparameters.BEST));
        String test = "t tests of " + Hyperparameters.BEST + " (the text exchanges the names), in " + RUNS
                + " or more runs, against each other cell and against " + REST + ", with the spread pooled over cells.";

        long missing = others.stream()
                .filter(place -> evidence.table1(place).isEmpty())
                .count();
        if (best.length < RUNS || missing > 0) {
            return Verdict.untold(
                    STATEMENT,
                    PLACE,
                    evidence.reading().toString(),
                    test,
                    missing(evidence, best.length, missing, others.size()),
                    List.of());
        }
        Spread spread = evidence.spread("q5").orElseThrow();
        Map<String, Estimate> over = new LinkedHashMap<>();
        others.forEach(
                place -> over.put(place.toString(), spread.difference(best, Evidence.values(evidence.table1(place)))));
        over.put(
                REST,
                spread.fromMeanOf(
                        best,
                        others.stream()
                                .map(place -> Evidence.values(evidence.table1(place)))
                                .toList()));
        Map<String, Double> tests = new LinkedHashMap<>();
        over.forEach((name, estimate) -> tests.put(name, estimate.p()));
        TestFamily family = TestFamily.of("the best cell against the others", tests);
        long worse = others.stream()
                .map(Hyperparameters::toString)
                .filter(name -> family.rejects(name) && over.get(name).value() > 0)
                .count();
        List<String> better = over.keySet().stream()
                .filter(name -> family.rejects(name) && over.get(name).value() < 0)
                .toList();
        Outcome outcome = !better.isEmpty()
                ? Outcome.DOES_NOT_HOLD
                : worse == others.size() ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        Hyperparameters highest = others.stream()
                .max(Comparator.comparingDouble(
                        place -> -over.get(place.toString()).value()))
                .orElseThrow();
        Estimate toHighest = over.get(highest.toString());
        String finding = text(
                "Over %d runs its mean is %.2f, %+.2f from %s. After the correction it is better than %d of the %d other cells, and %s.",
                best.length,
                spread.mean(best).value(),
                over.get(REST).value(),
                REST,
                worse,
                others.size(),
                better.isEmpty() ? "none is better than it" : String.join("; ", better) + " better than it");
        String soFar = text(
                " The highest other is %s, %+.2f from it (%s after the correction); with %s of it a difference of %.2f would have been found in 80 %% of cases.",
                highest,
                -toHighest.value(),
                p(family.p(highest.toString())),
                Words.count(evidence.table1(highest).size(), "run"),
                toHighest.detectable(family.size()));
        return new Verdict(
                STATEMENT,
                PLACE,
                evidence.reading().toString(),
                test + " Holm over the " + tests.size() + " tests.",
                family.decisive(better),
                outcome,
                finding + soFar,
                quantities(evidence, best, others, over, spread));
    }

    private static String missing(Evidence evidence, int runs, long missing, int others) {
        List<String> sentences = new ArrayList<>();
        if (runs < RUNS) {
            sentences.add("%s of the cell stored, %d are wanted: %s makes them."
                    .formatted(
                            runs == 1 ? "1 run is" : runs + " runs are",
                            RUNS,
                            evidence.command("q5 --temperatures 16 --alphas .9 --seeds " + RUNS)));
        }
        if (missing > 0) {
            sentences.add("%d of the %d other cells have no run: %s makes them."
                    .formatted(missing, others, evidence.command("q5")));
        }
        return String.join(" ", sentences);
    }

    private static List<Quantity> quantities(
            Evidence evidence, double[] best, List<Hyperparameters> others, Map<String, Estimate> over, Spread spread) {
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.percent(
                Hyperparameters.BEST.toString(),
                best.length,
                spread.mean(best).value(),
                spread.mean(best).interval(),
                Published.BEST_STUDENT));
        Estimate rest = over.get(REST);
        quantities.add(Quantity.percent("it less " + REST, best.length, rest.value(), rest.interval(), null));
        for (Hyperparameters place : others) {
            Estimate difference = over.get(place.toString());
            quantities.add(Quantity.percent(
                    "it less " + place,
                    evidence.table1(place).size(),
                    difference.value(),
                    difference.intervalAmong(others.size()),
                    Published.BEST_STUDENT
                            - Published.table1(place.temperature(), place.alpha())
                                    .orElseThrow()));
        }
        return quantities;
    }
}
