package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.experiment.MnistPlan;
import distill.report.Hyperparameters;
import distill.report.Published;
import distill.report.PublishedNotebook;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import distill.statistics.Sample;
import distill.statistics.SeedsNeeded;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The numbers themselves: could the report's single runs, and those of the authors' notebook, be further runs of ours?
 * They came from the as-written programs, so that reading's runs are asked.
 */
final class Numbers {

    private static final double INSIDE = .95;
    private static final String QUESTION_5 = "Task 1, Question 5";
    private static final Claim TOGETHER =
            new Claim("the report's five printed results of Task 1 together", "", "Task 1, Questions 5 to 13");
    private static final Claim NOTEBOOK_NUMBERS = new Claim(
            "the 38 numbers stored in the authors' notebook, of another run than the report's", "", QUESTION_5);
    private static final Claim NOTEBOOK_CURVES =
            new Claim("the 30 curves of Table I's students stored in the authors' notebook", "", QUESTION_5);

    /**
     * What was found of a table or number.
     *
     * @param name of its test
     * @param quantities that the test looks at
     * @param beside others that are told
     * @param p that chance alone gives no better agreement, before the correction for several checks; null where runs
     *     are missing
     * @param ofSeeds what {@code p} would be with so many seeds, if their mean and spread stayed as they are; null of
     *     several numbers together, and where runs are missing
     * @param sentence what was found, or what is missing
     */
    private record Check(
            String name,
            Claim claim,
            String test,
            List<Quantity> quantities,
            List<Quantity> beside,
            Double p,
            IntToDoubleFunction ofSeeds,
            String sentence) {

        static Check missing(String name, Claim claim, String test, String what) {
            return new Check(name, claim, test, List.of(), List.of(), null, null, what);
        }

        Check beside(List<Quantity> others) {
            return new Check(name, claim, test, quantities, others, p, ofSeeds, sentence);
        }
    }

    /** Published runs that one spread is taken for, with the cells that they should be further runs of. */
    private record Group(Spread spread, List<Cell> cells) {

        /** The group of cells with a common spread; empty where one has no run, or nothing tells the spread. */
        static Optional<Group> of(Spread spread, List<Cell> cells) {
            return spread.freedom() > 0 && cells.stream().allMatch(cell -> cell.n() > 0)
                    ? Optional.of(new Group(spread, cells))
                    : Optional.empty();
        }

        /** The group of cells of a question of Task 1. */
        static Optional<Group> of(Task1Runs runs, String question, List<Cell> cells) {
            return runs.spread(question).flatMap(spread -> of(spread, cells));
        }

        /** The group of a single cell, which has a spread of its own. */
        static Optional<Group> of(Cell cell) {
            return cell.n() < Evidence.LEAST_SEEDS
                    ? Optional.empty()
                    : Optional.of(new Group(Spread.pooled(List.of(cell.runs())), List.of(cell)));
        }

        Stream<Quantity> quantities() {
            return cells.stream()
                    .map(cell ->
                            Quantity.percent(cell.name(), cell.n(), spread.furtherRun(cell.runs()), cell.report()));
        }
    }

    private Numbers() {}

    static List<Verdict> of(Task1Runs runs) {
        Check teacher = single(
                new Claim("The test accuracy for teacher model is 98.78%.", "Task 1, Question 5, Fig. 4"),
                runs.teachers());
        Check table1 = table(
                new Claim("RESULT TABLE FOR TUNING ALPHA AND TEMPERATURE", "Task 1, Question 5, Table I"),
                runs,
                "q5",
                runs.table1().wanting(2));
        Check table2 = table(
                new Claim("RESULT TABLE FOR DIFFERENT TEMPERATURES", "Task 1, Question 6, Table II"),
                runs,
                "q6",
                runs.table2());
        Check plain = single(
                new Claim(
                        "the test accuracy of student model without knowledge distillation is 97.20%",
                        "Task 1, Question 7"),
                runs.plain());
        Check table3 = table(
                new Claim("RESULT TABLE FOR ESKD", "Task 1, Question 13, Table III"),
                runs,
                MnistPlan.EARLY_STOPPED,
                runs.table3(false).wanting(1).where(cell -> cell.report() != null));
        List<Check> results = List.of(teacher, table1, table2, plain, table3);
        List<Verdict> verdicts = new ArrayList<>(verdicts(
                "the report's own numbers",
                Stream.concat(Stream.of(curve(runs)), results.stream()).toList(),
                runs));
        verdicts.add(together(results, runs));
        verdicts.addAll(verdicts("the notebook's numbers", List.of(notebookNumbers(runs), notebookCurves(runs)), runs));
        return verdicts;
    }

    private static List<Verdict> verdicts(String family, List<Check> checks, Task1Runs runs) {
        Map<String, Double> tests = new LinkedHashMap<>();
        checks.stream().filter(check -> check.p() != null).forEach(check -> tests.put(check.name(), check.p()));
        TestFamily corrected = TestFamily.of(family, tests);
        return checks.stream()
                .map(check -> check.p() == null
                        ? check.claim().notRun(runs.reading(), check.test(), check.sentence(), check.quantities())
                        : verdict(check, corrected, runs))
                .toList();
    }

    private static Verdict verdict(Check check, TestFamily family, Task1Runs runs) {
        double half = check.quantities().stream()
                        .filter(one -> one.interval() != null)
                        .mapToDouble(
                                one -> one.interval().high() - one.interval().low())
                        .max()
                        .orElse(Double.POSITIVE_INFINITY)
                / 2;
        // The report calls less little, so that such predictions say nothing.
        boolean tooFar = half >= Quantity.LITTLE;
        double p = family.p(check.name());
        Outcome outcome = Outcome.of(p < TestFamily.LEVEL, !tooFar && check.p() >= TestFamily.LEVEL);
        String why = outcome != Outcome.INCONCLUSIVE
                ? ""
                : tooFar
                        ? " That is too far to say anything: more seeds make it narrower."
                        : " Alone it would not be supported; one of " + family.size() + " can be so by chance."
                                + moreSeeds(check, family);
        return new Verdict(
                check.claim(),
                runs.reading().toString(),
                check.test()
                        + " Not supported where p is under .05 after the correction; supported where p is at least .05"
                        + " before it, and the predictions reach less than 1 point to either side. " + family.text(),
                p,
                outcome,
                text(
                        "%s After the correction %s; the predictions reach %.2f points to either side.%s",
                        check.sentence(), p(p), half, why),
                Stream.concat(check.quantities().stream(), check.beside().stream())
                        .toList());
    }

    /** Whether more seeds of ours would settle it, which has a limit: the published run stays a single one. */
    private static String moreSeeds(Check check, TestFamily family) {
        if (check.ofSeeds() == null) {
            return " More seeds of ours hardly settle it, for the report's are single runs.";
        }
        int have = check.quantities().get(0).seeds();
        OptionalInt needed = SeedsNeeded.least(have, wanted -> {
            double p = check.ofSeeds().applyAsDouble(wanted);
            return p * family.size() < TestFamily.LEVEL || p >= TestFamily.LEVEL;
        });
        double most = check.ofSeeds().applyAsDouble(SeedsNeeded.MOST);
        return needed.isPresent()
                ? text(
                        " If their mean and spread stay as seen, %d more seeds of ours would settle it.",
                        needed.getAsInt() - have)
                : text(
                        " More seeds of ours do not settle it: with %,d of them, if their mean and spread stay as seen, it would be %s, times up to %d in the correction, for the report's is a single run.",
                        SeedsNeeded.MOST, p(most), family.size());
    }

    private static Check single(Claim claim, Evidence evidence) {
        return single(evidence.cell().name(), claim, evidence, "", "The report's single run");
    }

    /** @param further what else was found, in a sentence with a space before it */
    private static Check single(String name, Claim claim, Evidence evidence, String further, String what) {
        String test = what + " against the 95 % prediction interval of one more run of ours.";
        Cell cell = evidence.cell();
        if (cell.n() < Evidence.LEAST_SEEDS) {
            String missing = evidence.missing((cell.n() == 0
                            ? "No run of it is"
                            : count(cell.n(), "run") + " of it alone " + (cell.n() == 1 ? "is" : "are"))
                    + " stored, " + Evidence.LEAST_SEEDS + " are needed");
            return Check.missing(name, claim, test, missing);
        }
        Sample sample = Sample.of(cell.runs());
        Estimate next = sample.furtherRun();
        Quantity quantity = Quantity.percent(cell.name(), cell.n(), next, cell.report());
        return new Check(
                name,
                claim,
                test,
                List.of(quantity),
                List.of(),
                next.pOf(cell.report()),
                seeds -> new Sample(seeds, sample.mean(), sample.sd())
                        .furtherRun()
                        .pOf(cell.report()),
                text(
                        "%.2f is %s the 95 %% prediction interval of one more run, %s, by %s (%s).%s",
                        cell.report(),
                        quantity.inside() ? "inside" : "outside",
                        next.interval().text(),
                        count(cell.n(), "seed"),
                        p(next.pOf(cell.report())),
                        further));
    }

    /** All epochs of the teacher in one: by the mean of its curve. */
    private static Check curve(Task1Runs runs) {
        Claim claim = new Claim(
                "the " + Published.EPOCHS + " numbers of Fig. 4",
                "Teacher Model Testing Accuracy",
                "Task 1, Question 5, Fig. 4");
        Evidence curves = runs.teacherCurves();
        Cell cell = curves.cell();
        String further = "";
        List<Cell> epochs = List.of();
        if (cell.n() >= Evidence.LEAST_SEEDS) {
            epochs = IntStream.rangeClosed(1, Published.EPOCHS)
                    .mapToObj(runs::teachersAfter)
                    .toList();
            Estimate next = Sample.of(cell.runs()).furtherRun();
            long below = epochs.stream()
                    .filter(epoch -> epoch.bySeed().values().stream().allMatch(ours -> ours > epoch.report()))
                    .count();
            further = text(
                    " It lies %.1f prediction standard deviations %s the mean of ours, and at %d of %d epochs the report's teacher is below all %d of ours.",
                    Math.abs(next.value() - cell.report()) / next.standardError(),
                    cell.report() < next.value() ? "below" : "above",
                    below,
                    Published.EPOCHS,
                    cell.n());
        }
        Check check = single(
                "Fig. 4's curve", claim, curves, further, "All epochs in one number, the mean of the report's curve,");
        return check.beside(epochs.stream()
                .map(epoch -> Quantity.percent(
                        epoch.name(), epoch.n(), Sample.of(epoch.runs()).furtherRun(), epoch.report()))
                .toList());
    }

    /** How likely so many of the five results would be outside. */
    private static Verdict together(List<Check> results, Task1Runs runs) {
        String test = "How many of the five results have p under .05 alone, against the binomial distribution with .05"
                + " each, which takes them as independent: they are different trainings of the report's, but Tables I"
                + " and II share its teacher. The teacher, Table I, Table II, the student without KD, Table III.";
        List<String> missing = results.stream()
                .filter(check -> check.p() == null)
                .map(Check::name)
                .toList();
        if (!missing.isEmpty()) {
            String what = "Runs are missing of " + String.join(", ", missing);
            return TOGETHER.notRun(
                    runs.reading(),
                    test,
                    what + "; the verdict on each says which command makes them, such as `./reproduce task1 q5`.",
                    List.of());
        }
        List<Check> outside =
                results.stream().filter(check -> check.p() < TestFamily.LEVEL).toList();
        double p = outside.isEmpty()
                ? 1
                : 1
                        - BinomialDistribution.of(results.size(), TestFamily.LEVEL)
                                .cumulativeProbability(outside.size() - 1);
        return new Verdict(
                TOGETHER,
                runs.reading().toString(),
                test,
                p,
                Outcome.of(p < TestFamily.LEVEL, true),
                text(
                        "Alone %d of %d would not be supported%s. If the report's runs were further runs of ours, that many or more would be outside by chance in %.1f %% of cases (%s).",
                        outside.size(),
                        results.size(),
                        outside.isEmpty()
                                ? ""
                                : outside.stream()
                                        .map(check -> check.name() + " " + p(check.p()))
                                        .collect(Collectors.joining(", ", " (", ")")),
                        100 * p,
                        p(p)),
                results.stream()
                        .map(check -> Quantity.plain("p of " + check.name() + ", alone", 0, check.p(), 3))
                        .toList());
    }

    private static Check notebookNumbers(Task1Runs runs) {
        Evidence all = runs.table1().and(runs.table2()).and(runs.teachers()).and(runs.plain());
        List<Optional<Group>> groups = List.of(
                Group.of(runs.teachers().cell().beside(PublishedNotebook.TEACHER)),
                Group.of(
                        runs,
                        "q5",
                        runs.table1().cells().stream()
                                .map(cell -> cell.beside(
                                        PublishedNotebook.table1(new Hyperparameters(cell.row(), cell.column()))))
                                .toList()),
                Group.of(
                        runs,
                        "q6",
                        runs.table2().cells().stream()
                                .map(cell -> cell.beside(PublishedNotebook.table2(cell.row())))
                                .toList()),
                Group.of(runs.plain().cell().beside(PublishedNotebook.PLAIN_STUDENT)));
        return groups("the 38 numbers", NOTEBOOK_NUMBERS, all, groups, OptionalDouble.of(runs.teachersShare()));
    }

    private static Check notebookCurves(Task1Runs runs) {
        Evidence curves = runs.notebookCurves();
        Spread within = Spread.pooled(
                curves.runs().stream().filter(cell -> cell.length > 0).toList());
        Optional<Group> group = Group.of(within, curves.cells());
        double share = curves.analysis().map(Factorial::blockShare).orElse(Double.NaN);
        return groups("the 30 curves", NOTEBOOK_CURVES, curves, List.of(group), OptionalDouble.of(share));
    }

    private static Check table(Claim caption, Task1Runs runs, String question, Evidence evidence) {
        int n = evidence.cells().size();
        String name = caption.place().substring(caption.place().indexOf("Table"));
        return groups(
                name,
                caption.on("the " + n + " numbers of " + name),
                evidence,
                List.of(Group.of(runs, question, evidence.cells())),
                question.equals(MnistPlan.EARLY_STOPPED)
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(runs.teachersShare()));
    }

    /**
     * Several published runs in one.
     *
     * @param evidence whose commands make the runs
     * @param found the groups; empty those that runs are missing of
     * @param teachersShare of the variance of what is compared, where the published students share their teacher: the
     *     share that a seed explains, and with it its teacher; NaN where it cannot be told. Empty where each student
     *     has a teacher of its own
     */
    private static Check groups(
            String name, Claim claim, Evidence evidence, List<Optional<Group>> found, OptionalDouble teachersShare) {
        String test = "How many of the single runs are inside the 95 % prediction interval of one more run of"
                + " ours, against the binomial distribution with .95 each, and whether all lie to one side of ours, by a"
                + " t test of their mean difference; of the two p the smaller, doubled. The spread of one run is pooled over"
                + " the cells of a table."
                + (claim == NOTEBOOK_CURVES ? " Of a curve, the mean of its 12 epochs is looked at." : "");
        if (found.stream().anyMatch(Optional::isEmpty)) {
            long empty = evidence.empty();
            int n = evidence.cells().size();
            String what = empty == 0
                    ? "There are not enough seeds to take the spread of one run from"
                    : empty == n ? "No cell has a run" : empty + " of " + n + " cells have no run";
            return Check.missing(name, claim, test, evidence.missing(what));
        }
        List<Group> groups = found.stream().map(Optional::orElseThrow).toList();
        List<Quantity> quantities = groups.stream().flatMap(Group::quantities).toList();
        int n = quantities.size();
        int inside = (int) quantities.stream().filter(Quantity::inside).count();
        double share = teachersShare.orElse(Double.NaN);
        double independent = Double.isNaN(share) ? n : n / (1 + (n - 1) * share);
        int trials = (int) Math.max(1, Math.round(independent));
        int counted = Math.round((float) inside * trials / n);
        double count = BinomialDistribution.of(trials, INSIDE).cumulativeProbability(counted);
        Estimate shift = groups.stream()
                .map(group -> shift(group, n, independent))
                .reduce(Estimate::plus)
                .orElseThrow();
        return new Check(
                name,
                claim,
                test,
                quantities,
                List.of(),
                Math.min(1, 2 * Math.min(count, shift.p())),
                null,
                text(
                        "%d of %d are inside, %.1f should be (%s); on average they are %s points from ours, %s (%s). %s.",
                        inside,
                        n,
                        INSIDE * n,
                        p(count),
                        signed(shift.value()),
                        shift.interval().signedText(),
                        p(shift.p()),
                        teachersShare.isPresent() ? shared(share, n, trials) : "Each has a teacher of its own"));
    }

    /** What a group adds to the mean difference of {@code all} numbers, which are worth {@code independent}. */
    private static Estimate shift(Group group, int all, double independent) {
        int n = group.cells().size();
        double[] published = group.cells().stream().mapToDouble(Cell::report).toArray();
        return group.spread()
                .shift(group.cells().stream().map(Cell::runs).toList(), published, independent * n / all)
                .times((double) n / all);
    }

    /** The cells share one teacher. */
    private static String shared(double share, int n, int independent) {
        if (Double.isNaN(share)) {
            return "Whether sharing a teacher ties cells together cannot be seen in one seed; they are taken as"
                    + " independent";
        }
        return text(
                "A seed, and with it its teacher, explains %.1f %% of a run's variance, so the %s",
                100 * share,
                independent == n
                        ? "cells count as independent though they share a teacher"
                        : n + ", which share a teacher, are taken as " + independent + " independent ones");
    }
}
