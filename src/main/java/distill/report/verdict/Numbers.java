package distill.report.verdict;

import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.experiment.MnistPlan;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Sample;
import distill.statistics.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The numbers themselves: could the report's single runs be further runs of ours? Its numbers came from the as-written
 * programs, so that reading's runs are asked.
 */
final class Numbers {

    private static final double INSIDE = .95;

    /**
     * What was found of a table or number.
     *
     * @param name of its test
     * @param p that chance alone gives no better agreement, before the correction for several checks; null where runs
     *     are missing
     * @param sentence what was found, or what is missing
     */
    private record Check(String name, Claim claim, String test, List<Quantity> quantities, Double p, String sentence) {}

    private Numbers() {}

    static List<Verdict> of(Task1Runs runs) {
        List<Check> checks = List.of(
                single(
                        new Claim("The test accuracy for teacher model is 98.78%.", "Task 1, Question 5, Fig. 4"),
                        runs.teachers()),
                table(
                        new Claim("RESULT TABLE FOR TUNING ALPHA AND TEMPERATURE", "Task 1, Question 5, Table I"),
                        runs,
                        "q5",
                        runs.table1().by("task1 q5 --seeds 2")),
                table(
                        new Claim("RESULT TABLE FOR DIFFERENT TEMPERATURES", "Task 1, Question 6, Table II"),
                        runs,
                        "q6",
                        runs.table2()),
                single(
                        new Claim(
                                "the test accuracy of student model without knowledge distillation is 97.20%",
                                "Task 1, Question 7"),
                        runs.plain()),
                table(
                        new Claim("RESULT TABLE FOR ESKD", "Task 1, Question 13, Table III"),
                        runs,
                        MnistPlan.EARLY_STOPPED,
                        runs.table3(false).by("task1 q13").where(cell -> cell.report() != null)));
        Map<String, Double> tests = new LinkedHashMap<>();
        checks.stream().filter(check -> check.p() != null).forEach(check -> tests.put(check.name(), check.p()));
        TestFamily family = TestFamily.of("the report's own numbers", tests);
        return checks.stream()
                .map(check -> check.p() == null
                        ? check.claim().untold(runs.reading(), check.test(), check.sentence(), check.quantities())
                        : verdict(check, family, runs))
                .toList();
    }

    private static Verdict verdict(Check check, TestFamily family, Task1Runs runs) {
        double half = check.quantities().stream()
                        .mapToDouble(
                                one -> one.interval().high() - one.interval().low())
                        .max()
                        .orElseThrow()
                / 2;
        // The report calls less little, so that such predictions say nothing.
        boolean tooFar = half >= Quantity.LITTLE;
        double p = family.p(check.name());
        Outcome outcome = Outcome.of(p < TestFamily.LEVEL, !tooFar && check.p() >= TestFamily.LEVEL);
        String why = tooFar
                ? ", too far to say anything"
                : ". Alone it would not hold; one of " + family.size() + " can be so by chance";
        return new Verdict(
                check.claim(),
                runs.reading().toString(),
                check.test()
                        + " It does not hold where p is under .05 after the correction; it holds where p is at least .05"
                        + " before it, and the predictions reach less than 1 % to either side. " + family.text(),
                p,
                outcome,
                text(
                        "%s After the correction %s; the predictions reach %.2f to either side%s.",
                        check.sentence(), p(p), half, outcome.choose("", "", why)),
                check.quantities());
    }

    private static Check single(Claim claim, Evidence evidence) {
        String test = "The report's single run against the 95 % prediction interval of one more run of ours.";
        Cell cell = evidence.cell();
        if (cell.n() < 2) {
            String missing = evidence.missing(
                    (cell.n() == 0 ? "No run of it is" : "One run of it alone is") + " stored, two are needed");
            return new Check(cell.name(), claim, test, List.of(), null, missing);
        }
        Estimate next = Sample.of(cell.runs()).furtherRun();
        Quantity quantity = Quantity.percent(cell.name(), cell.n(), next, cell.report());
        return new Check(
                cell.name(),
                claim,
                test,
                List.of(quantity),
                next.pOf(cell.report()),
                text(
                        "%.2f is %s %s, where one more run after our %d would be in 95 %% of cases (%s).",
                        cell.report(),
                        quantity.inside() ? "inside" : "outside",
                        next.interval().text(),
                        cell.n(),
                        p(next.pOf(cell.report()))));
    }

    private static Check table(Claim caption, Task1Runs runs, String question, Evidence evidence) {
        String test = "How many of the report's single runs are inside the 95 % prediction interval of one more run of"
                + " ours, against the binomial distribution with .95 each, and whether all lie to one side of ours, by a"
                + " t test of their mean difference; of the two p the smaller, doubled. The spread of one run is pooled over"
                + " the cells.";
        List<Cell> cells = evidence.cells();
        int n = cells.size();
        String name = caption.place().substring(caption.place().indexOf("Table"));
        Claim claim = caption.on("the " + n + " numbers of " + name);
        Optional<Spread> spread = runs.spread(question);
        long missing = evidence.empty();
        if (missing > 0 || spread.isEmpty()) {
            String what = missing == 0
                    ? "No cell has two runs to take the spread of one from"
                    : missing == n ? "No cell has a run" : missing + " of " + n + " cells have no run";
            return new Check(name, claim, test, List.of(), null, evidence.missing(what));
        }
        List<Quantity> quantities = cells.stream()
                .map(cell ->
                        Quantity.percent(cell.name(), cell.n(), spread.get().furtherRun(cell.runs()), cell.report()))
                .toList();
        int inside = (int) quantities.stream().filter(Quantity::inside).count();
        boolean ownTeachers = question.equals(MnistPlan.EARLY_STOPPED);
        double share = runs.teachersShare();
        double independent = ownTeachers || Double.isNaN(share) ? n : n / (1 + (n - 1) * share);
        int trials = (int) Math.max(1, Math.round(independent));
        int counted = Math.round((float) inside * trials / n);
        double count = BinomialDistribution.of(trials, INSIDE).cumulativeProbability(counted);
        double[] report = cells.stream().mapToDouble(Cell::report).toArray();
        Estimate shift = spread.get().shift(evidence.runs(), report, independent);
        return new Check(
                name,
                claim,
                test,
                quantities,
                Math.min(1, 2 * Math.min(count, shift.p())),
                text(
                        "Of its %d numbers %d are inside, %.1f should be (%s); on average they are %+.2f from ours, %s (%s). %s.",
                        n,
                        inside,
                        INSIDE * n,
                        p(count),
                        shift.value(),
                        shift.interval().signedText(),
                        p(shift.p()),
                        ownTeachers ? "Each of the report's has a teacher of its own" : shared(share, n, trials)));
    }

    /** The cells of the report share one teacher. */
    private static String shared(double share, int n, int independent) {
        if (Double.isNaN(share)) {
            return "Whether sharing a teacher ties cells together cannot be told from one seed; they are taken as"
                    + " independent";
        }
        return text(
                "A seed, and with it its teacher, explains %.1f %% of a run's variance, so the %s",
                100 * share,
                independent == n
                        ? "cells count as independent though the report's share a teacher"
                        : "report's " + n + " cells, which share a teacher, are taken as " + independent
                                + " independent ones");
    }
}
