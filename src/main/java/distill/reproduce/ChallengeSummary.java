package distill.reproduce;

import distill.page.Document;
import distill.page.Document.Block;
import distill.report.Marks;
import distill.report.verdict.Verdict;
import distill.report.verdict.Verdicts;
import distill.run.EpochResult;
import distill.run.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The summary of a page that reproducibility challenges ask for, made from a store: scope, method, results, what was
 * easy and what was not, and what it cost.
 */
final class ChallengeSummary {

    private static final int DAY = 10;
    private static final double HOUR = 3600;

    private ChallengeSummary() {}

    /**
     * The summary.
     *
     * @param finding sentences on what was found
     * @param verdicts on the report's statements
     */
    static List<Block> of(List<Run> task1, List<Run> task2, List<String> finding, List<Verdict> verdicts) {
        List<Run> all = new ArrayList<>(task1);
        all.addAll(task2);
        String results = Stream.concat(
                        finding.stream(), verdicts.isEmpty() ? Stream.empty() : Stream.of(Verdicts.summary(verdicts)))
                .collect(Collectors.joining(" "));
        return List.of(new Document.Terms(List.of(
                new Document.Term(
                        "Scope",
                        "The report's own statements: its tables, its figures, and what it concludes from them, on MNIST (Task 1) and MHIST (Task 2)."),
                new Document.Term(
                        "Method",
                        "Its programs were written again in Java on TensorFlow, from its text and its authors' notebooks, and held against Keras step by step (`docs/parity.md`). Each experiment is trained in two readings%s. Each statement is judged by a test that is named beside it, corrected where several are made at once."
                                .formatted(seeds(task1, task2))),
                new Document.Term("Results", results),
                new Document.Term(
                        "What was easy",
                        "MNIST is public, the networks are small, and the report prints its settings"
                                + (task1.isEmpty() ? "." : ": " + trainingTakes(task1))),
                new Document.Term(
                        "What was difficult",
                        "The report's formulas and its programs differ, and its numbers come from the programs; the report does not say so. It has one run for each number, so that effects and chance are mixed, and more seeds were needed to tell them apart."),
                new Document.Term("What we could not do", notDone(task2)),
                new Document.Term(
                        "Threats to validity",
                        "Accuracies are on one set of test images, on which the report also chooses its settings. Intervals cover the draw of the seed and nothing else. What counts as a small difference, where the report gives no number, is our choice, and is said beside each test."),
                new Document.Term("Total compute", compute(all, task1, task2)))));
    }

    private static String trainingTakes(List<Run> runs) {
        double seconds = seconds(runs) / runs.size();
        return String.format(Locale.ROOT, "a training of Task 1 takes %.0f seconds on average.", seconds);
    }

    private static String notDone(List<Run> task2) {
        String headings =
                "The report's second task has headings where numbers should be; its notebook's stand in for them.";
        List<Run> elsewhere = elsewhere(task2);
        return task2.isEmpty()
                ? "No training of Task 2 is in this store. " + headings
                : elsewhere.isEmpty()
                        ? headings
                        : "%s%s of %s of Task 2 are on other images, which say nothing about MHIST. "
                                        .formatted(
                                                elsewhere.size() == task2.size()
                                                        ? "MHIST was not available to us: "
                                                        : "",
                                                elsewhere.size(),
                                                count(task2.size(), "training"))
                                + headings;
    }

    /** {@code , with up to 10 seeds in Task 1 and 2 in Task 2, each with its own teacher}. */
    private static String seeds(List<Run> task1, List<Run> task2) {
        List<String> tasks = new ArrayList<>();
        if (!task1.isEmpty()) {
            tasks.add(count(seeds(task1), "seed") + " in Task 1");
        }
        if (!task2.isEmpty()) {
            tasks.add(count(seeds(task2), "seed") + " in Task 2");
        }
        return ", with up to " + String.join(" and ", tasks) + ", each seed with its own teacher";
    }

    private static long seeds(Collection<Run> runs) {
        return runs.stream().map(run -> run.settings().seed()).distinct().count();
    }

    private static List<Run> elsewhere(List<Run> task2) {
        return task2.stream().filter(run -> !Marks.isOnMhist(run)).toList();
    }

    /** How long the store's trainings took by the seconds of their epochs, on what, and when. */
    private static String compute(List<Run> all, List<Run> task1, List<Run> task2) {
        List<String> dates = all.stream()
                .map(run -> run.provenance().date())
                .filter(date -> date != null && date.length() >= DAY)
                .map(date -> date.substring(0, DAY))
                .sorted()
                .toList();
        String when = dates.isEmpty()
                ? ""
                : dates.get(0).equals(dates.get(dates.size() - 1))
                        ? ", on " + dates.get(0)
                        : ", from " + dates.get(0) + " to " + dates.get(dates.size() - 1);
        String processors = all.stream()
                .map(run -> run.provenance().cpu())
                .distinct()
                .sorted()
                .collect(Collectors.joining("; "));
        long commits =
                all.stream().map(run -> run.provenance().commit()).distinct().count();
        List<Run> elsewhere = elsewhere(task2);
        String others = elsewhere.isEmpty()
                ? ""
                : " Of Task 2's, %s on other images than MHIST's own, named under each table."
                        .formatted(
                                elsewhere.size() == task2.size()
                                        ? "all are"
                                        : elsewhere.size() + (elsewhere.size() == 1 ? " is" : " are"));
        return "%s of Task 1 with %s, and %s of Task 2 with %s, by %s of this program, on %s%s. By the times of their epochs they took %s and %s; several ran at once beside other work.%s"
                .formatted(
                        count(task1.size(), "training"),
                        count(epochs(task1), "epoch"),
                        count(task2.size(), "training"),
                        count(epochs(task2), "epoch"),
                        count(commits, "commit"),
                        processors,
                        when,
                        hours(task1),
                        hours(task2),
                        others);
    }

    private static long epochs(List<Run> runs) {
        return runs.stream().mapToLong(run -> run.history().size()).sum();
    }

    private static String hours(List<Run> runs) {
        return String.format(Locale.ROOT, "%.1f hours", seconds(runs) / HOUR);
    }

    private static double seconds(List<Run> runs) {
        return runs.stream()
                .flatMap(run -> run.history().stream())
                .mapToDouble(EpochResult::seconds)
                .sum();
    }

    private static String count(long n, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
    }
}
