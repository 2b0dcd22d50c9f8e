package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import distill.statistics.Factorial.Observation;
import distill.statistics.SeedsNeeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Question 5: is T = 16, alpha = .9 the best cell of Table I? */
final class BestCell {

    private static final Claim BEST = new Claim(
            "As is shown in the table, we think that the best alpha should be 16, and the best temperature is 0.9. The"
                    + " maximum accuracy for student model is 98.08%.",
            "Task 1, Question 5, Table I");
    private static final String REST = "the mean of the others";
    private static final String MISPRINT = "The text exchanges the two names: no alpha is over 1. ";

    private BestCell() {}

    static Verdict of(Task1Runs runs) {
        Evidence table = runs.table1().ofCommonSeeds();
        List<Cell> cells = table.cells();
        String best = Hyperparameters.BEST.toString();
        String test = "t tests of " + best + " against each other cell and against " + REST
                + ", in blocks of one seed: of the seeds that all cells have, with the spread of one run pooled over cells.";
        Optional<Factorial> analysis = cells.get(0).n() < Evidence.LEAST_SEEDS ? Optional.empty() : byCell(cells);
        if (analysis.isEmpty()) {
            return BEST.notRun(runs.table1(), test, MISPRINT + runs.table1().lacking("cells"));
        }
        int seeds = cells.get(0).n();
        int place = IntStream.range(0, cells.size())
                .filter(i -> cells.get(i).name().equals(best))
                .findFirst()
                .orElseThrow();
        Map<String, Estimate> over = new LinkedHashMap<>();
        analysis.get()
                .rowLess(place)
                .forEach((other, less) ->
                        over.put(cells.get((int) (double) other).name(), less));
        List<String> names = List.copyOf(over.keySet());
        over.put(REST, analysis.get().rowContrast(row -> row == place ? 1 : -1. / names.size()));
        TestFamily family = TestFamily.ofDifferences("the best cell against the others", over);
        List<String> worse = family.above(names);
        List<String> better = family.below(names);
        String highest = names.stream()
                .min(Comparator.comparingDouble(name -> over.get(name).value()))
                .orElseThrow();
        Estimate toHighest = over.get(highest);
        Outcome outcome = Outcome.of(!better.isEmpty(), worse.size() == names.size());
        IntPredicate settles = SeedsNeeded.reaching(toHighest, seeds, over.size(), Math.abs(toHighest.value()));
        return new Verdict(
                BEST,
                runs.reading().toString(),
                test + " Holm over the " + over.size() + " tests.",
                family.p(over.keySet()),
                outcome,
                MISPRINT
                        + text(
                                "Over %d seeds its mean is %s points from %s. After the correction it is better than %d of the %d other cells, and %s. The highest other is %s, %s points from it (%s after the correction).%s",
                                seeds,
                                signed(over.get(REST).value()),
                                REST,
                                worse.size(),
                                names.size(),
                                better.isEmpty()
                                        ? "none is better than it"
                                        : String.join("; ", better) + " better than it",
                                highest,
                                signed(-toHighest.value()),
                                p(family.p(highest)),
                                outcome == Outcome.INCONCLUSIVE ? Words.toSettle(settles, seeds, runs.table1()) : ""),
                quantities(runs, cells, over, names, seeds));
    }

    /** The analysis of variance with a level for each cell. */
    private static Optional<Factorial> byCell(List<Cell> cells) {
        return Factorial.of(IntStream.range(0, cells.size())
                .boxed()
                .flatMap(i -> cells.get(i).bySeed().entrySet().stream()
                        .map(run -> new Observation(run.getKey(), i, 0, run.getValue())))
                .toList());
    }

    private static List<Quantity> quantities(
            Task1Runs runs, List<Cell> cells, Map<String, Estimate> over, List<String> names, int seeds) {
        Cell best = runs.best().cell();
        List<Quantity> quantities = new ArrayList<>(List.of(
                Quantity.mean(best.name() + ", all its seeds", best.runs(), Published.BEST_STUDENT),
                Quantity.percent("it less " + REST, seeds, over.get(REST), null)));
        for (Cell cell : cells) {
            if (names.contains(cell.name())) {
                quantities.add(Quantity.percent(
                        "it less " + cell.name(),
                        seeds,
                        over.get(cell.name()),
                        names.size(),
                        Published.BEST_STUDENT - cell.report()));
            }
        }
        return quantities;
    }
}
