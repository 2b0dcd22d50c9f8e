package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Question 5: is T = 16, alpha = .9 the best cell of Table I? */
final class BestCell {

    private static final Claim BEST = new Claim(
            "As is shown in the table, we think that the best alpha should be 16, and the best temperature is 0.9. The"
                    + " maximum accuracy for student model is 98.08%.",
            "Task 1, Question 5, Table I");
    private static final int RUNS = 10;
    private static final String REST = "the mean of the others";

    private BestCell() {}

    static Verdict of(Task1Runs runs) {
        Cell best = runs.best().cell();
        Evidence others = runs.table1().where(cell -> !cell.name().equals(best.name()));
        String test = "t tests of " + best.name() + " (the text exchanges the names), in " + RUNS
                + " or more runs, against each other cell and against " + REST + ", with the spread pooled over cells.";
        String few = best.n() >= RUNS
                ? ""
                : runs.best()
                        .missing("%s of the cell stored, %d are wanted"
                                .formatted(best.n() == 1 ? "1 run is" : best.n() + " runs are", RUNS));
        String none = others.empty() == 0
                ? ""
                : others.missing("%d of the %d other cells have no run"
                        .formatted(others.empty(), others.cells().size()));
        if (!few.isEmpty() || !none.isEmpty()) {
            return BEST.untold(runs.reading(), test, (few + " " + none).strip(), List.of());
        }
        Spread spread = runs.spread("q5").orElseThrow();
        Map<String, Estimate> over = new LinkedHashMap<>();
        others.cells().forEach(cell -> over.put(cell.name(), spread.difference(best.runs(), cell.runs())));
        over.put(REST, spread.fromMeanOf(best.runs(), others.runs()));
        TestFamily family = TestFamily.ofDifferences("the best cell against the others", over);
        List<String> names = others.cells().stream().map(Cell::name).toList();
        List<String> worse = family.above(names);
        List<String> better = family.below();
        Cell highest = others.cells().stream()
                .max(Comparator.comparingDouble(cell -> -over.get(cell.name()).value()))
                .orElseThrow();
        Estimate toHighest = over.get(highest.name());
        return new Verdict(
                BEST,
                runs.reading().toString(),
                test + " Holm over the " + over.size() + " tests.",
                family.p(over.keySet()),
                Outcome.of(!better.isEmpty(), worse.size() == names.size()),
                text(
                        "Over %d runs its mean is %.2f, %+.2f from %s. After the correction it is better than %d of the %d other cells, and %s."
                                + " The highest other is %s, %+.2f from it (%s after the correction); with %s of it a difference of %.2f would have been found in 80 %% of cases.",
                        best.n(),
                        spread.mean(best.runs()).value(),
                        over.get(REST).value(),
                        REST,
                        worse.size(),
                        names.size(),
                        better.isEmpty() ? "none is better than it" : String.join("; ", better) + " better than it",
                        highest.name(),
                        -toHighest.value(),
                        p(family.p(highest.name())),
                        count(highest.n(), "run"),
                        toHighest.detectable(over.size())),
                quantities(best, others, over, spread));
    }

    private static List<Quantity> quantities(Cell best, Evidence others, Map<String, Estimate> over, Spread spread) {
        List<Quantity> quantities = new ArrayList<>(List.of(
                Quantity.percent(best.name(), best.n(), spread.mean(best.runs()), Published.BEST_STUDENT),
                Quantity.percent("it less " + REST, best.n(), over.get(REST), null)));
        for (Cell cell : others.cells()) {
            quantities.add(Quantity.percent(
                    "it less " + cell.name(),
                    cell.n(),
                    over.get(cell.name()),
                    others.cells().size(),
                    Published.BEST_STUDENT - cell.report()));
        }
        return quantities;
    }
}
