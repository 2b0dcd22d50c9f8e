package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.experiment.MnistPlan;
import distill.report.Hyperparameters;
import distill.report.Published;
import distill.statistics.Estimate;
import distill.statistics.Interval;
import distill.statistics.Sample;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The numbers themselves: could the report's single runs be further runs of ours? Its numbers came from the as-written
 * programs, so that reading's runs are asked.
 */
final class Numbers {

    /** Predictions that reach further, in percent, say nothing: the report calls less than 1 % little. */
    private static final double WIDEST = 1;

    private static final double INSIDE = .95;

    /** A cell of ours and the report's number for it. */
    private record Pair(String name, double[] runs, double report) {}

    /**
     * What was found of a table or number.
     *
     * @param subject of a table, what its caption stands for; else empty
     * @param p that chance alone gives no better agreement, before the correction for several checks; null where it
     *     cannot be computed
     * @param sentence what was found, or what is missing
     */
    private record Check(
            String name,
            String subject,
            String statement,
            String place,
            String test,
            List<Quantity> quantities,
            Double p,
            String sentence) {}

    private Numbers() {}

    static List<Verdict> of(Evidence evidence) {
        List<Check> checks = List.of(
                single(
                        "teacher",
                        "The test accuracy for teacher model is 98.78%.",
                        "Task 1, Question 5, Fig. 4",
                        evidence.teachers(),
                        Published.TEACHER_EPOCHS.get(Published.EPOCHS - 1),
                        evidence.command("q5 --temperatures 16 --alphas .9 --seeds 10")),
                table(
                        evidence,
                        "q5",
                        "Table I",
                        "RESULT TABLE FOR TUNING ALPHA AND TEMPERATURE",
                        "Task 1, Question 5, Table I",
                        Hyperparameters.all().stream()
                                .map(place -> new Pair(
                                        place.toString(),
                                        Evidence.values(evidence.table1(place)),
                                        Published.table1(place.temperature(), place.alpha())
                                                .orElseThrow()))
                                .toList(),
                        evidence.command("q5 --seeds 2")),
                table(
                        evidence,
                        "q6",
                        "Table II",
                        "RESULT TABLE FOR DIFFERENT TEMPERATURES",
                        "Task 1, Question 6, Table II",
                        Published.TEMPERATURES.stream()
                                .map(t -> new Pair(
                                        new Hyperparameters(t, Published.CURVE_ALPHA).toString(),
                                        Evidence.values(evidence.table2(t)),
                                        Published.table2(t).orElseThrow()))
                                .toList(),
                        evidence.command("q6 --seeds 5")),
                single(
                        "student without KD",
                        "the test accuracy of student model without knowledge distillation is 97.20%",
                        "Task 1, Question 7",
                        evidence.plain(),
                        Published.PLAIN_STUDENT,
                        evidence.command("q7 --seeds 10")),
                table(
                        evidence,
                        MnistPlan.EARLY_STOPPED,
                        "Table III",
                        "RESULT TABLE FOR ESKD",
                        "Task 1, Question 13, Table III",
                        IntStream.iterate(1, epochs -> Published.table3(epochs).isPresent(), epochs -> epochs + 1)
                                .mapToObj(epochs -> new Pair(
                                        "teacher of " + count(epochs, "epoch"),
                                        Evidence.values(evidence.table3(MnistPlan.EARLY_STOPPED, epochs)),
                                        Published.table3(epochs).orElseThrow()))
                                .toList(),
                        evidence.command("q13")));
        Map<String, Double> tests = new LinkedHashMap<>();
        checks.stream().filter(check -> check.p() != null).forEach(check -> tests.put(check.name(), check.p()));
        TestFamily family = TestFamily.of("the report's own numbers", tests);
        return checks.stream().map(check -> verdict(check, family, evidence)).toList();
    }

    private static Verdict verdict(Check check, TestFamily family, Evidence evidence) {
        if (check.p() == null) {
            return Verdict.untold(
                    check.subject(),
                    check.statement(),
                    check.place(),
                    evidence.reading().toString(),
                    check.test(),
                    check.sentence(),
                    check.quantities());
        }
        Interval widest = check.quantities().stream()
                .map(Quantity::interval)
                .max((one, other) -> Double.compare(one.high() - one.low(), other.high() - other.low()))
                .orElseThrow();
        double half = (widest.high() - widest.low()) / 2;
        boolean tooFar = half >= WIDEST;
        Outcome outcome = family.rejects(check.name())
                ? Outcome.DOES_NOT_HOLD
                : tooFar || check.p() < TestFamily.LEVEL ? Outcome.CANNOT_BE_TOLD : Outcome.HOLDS;
        return new Verdict(
                check.subject(),
                check.statement(),
                check.place(),
                evidence.reading().toString(),
                check.test()
                        + " It does not hold where p is under .05 after the correction; it holds where p is at least .05"
                        + " before it, and the predictions reach less than 1 % to either side. " + family.text(),
                family.p(check.name()),
                outcome,
                check.sentence()
                        + text(
                                " After the correction %s; the predictions reach %.2f to either side%s.",
                                p(family.p(check.name())),
                                half,
                                outcome != Outcome.CANNOT_BE_TOLD
                                        ? ""
                                        : tooFar
                                                ? ", too far to say anything"
                                                : text(
                                                        ". Alone it would not hold; one of %d can be so by chance",
                                                        family.size())),
                check.quantities());
    }

    private static Check single(
            String name, String statement, String place, SortedMap<Long, Double> runs, double report, String command) {
        String test = "The report's single run against the 95 % prediction interval of one more run of ours.";
        double[] ours = Evidence.values(runs);
        if (ours.length < 2) {
            return new Check(
                    name,
                    "",
                    statement,
                    place,
                    test,
                    List.of(),
                    null,
                    "%s of it %s stored, two are needed: %s makes them."
                            .formatted(
                                    ours.length == 0 ? "No run" : "One run",
                                    ours.length == 0 ? "is" : "alone is",
                                    command));
        }
        Estimate next = Sample.of(ours).furtherRun();
        Quantity quantity = Quantity.percent(name, ours.length, next.value(), next.interval(), report);
        return new Check(
                name,
                "",
                statement,
                place,
                test,
                List.of(quantity),
                next.pOf(report),
                text(
                        "%.2f is %s %s, where one more run after our %d would be in 95 %% of cases (%s).",
                        report,
                        quantity.inside() ? "inside" : "outside",
                        next.interval().text(),
                        ours.length,
                        p(next.pOf(report))));
    }

    private static Check table(
            Evidence evidence,
            String question,
            String name,
            String statement,
            String place,
            List<Pair> pairs,
            String command) {
        String test = "How many of the report's single runs are inside the 95 % prediction interval of one more run of"
                + " ours, against the binomial distribution with .95 each, and whether all lie to one side of ours, by a"
                + " t test of their mean difference; of the two p the smaller, doubled. The spread of one run is pooled over"
                + " the cells.";
        String subject = "the " + pairs.size() + " numbers of " + name;
        long missing = pairs.stream().filter(pair -> pair.runs().length == 0).count();
        Optional<Spread> spread = evidence.spread(question);
        if (missing > 0 || spread.isEmpty()) {
            String what = missing == 0
                    ? "No cell has two runs to take the spread of one from"
                    : missing == pairs.size()
                            ? "No cell has a run"
                            : "%d of %d cells have no run".formatted(missing, pairs.size());
            return new Check(
                    name, subject, statement, place, test, List.of(), null, what + ": " + command + " makes them.");
        }
        List<Quantity> quantities = new ArrayList<>();
        for (Pair pair : pairs) {
            Estimate next = spread.get().furtherRun(pair.runs());
            quantities.add(
                    Quantity.percent(pair.name(), pair.runs().length, next.value(), next.interval(), pair.report()));
        }
        int inside = (int) quantities.stream().filter(Quantity::inside).count();
        boolean ownTeachers = question.equals(MnistPlan.EARLY_STOPPED);
        double share = evidence.teachersShare();
        int n = pairs.size();
        double independent = ownTeachers || Double.isNaN(share) ? n : n / (1 + (n - 1) * share);
        int trials = (int) Math.max(1, Math.round(independent));
        int counted = Math.round((float) inside * trials / n);
        double count = BinomialDistribution.of(trials, INSIDE).cumulativeProbability(counted);
        Estimate shift = spread.get()
                .shift(
                        pairs.stream().map(Pair::runs).toList(),
                        pairs.stream().mapToDouble(Pair::report).toArray(),
                        independent);
        return new Check(
                name,
                subject,
                statement,
                place,
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
        String explained = text("A seed, and with it its teacher, explains %.1f %% of a run's variance", 100 * share);
        return independent == n
                ? explained + ", so the cells count as independent though the report's share a teacher"
                : explained
                        + text(
                                ", so the report's %d cells, which share a teacher, are taken as %d independent ones",
                                n, independent);
    }
}
