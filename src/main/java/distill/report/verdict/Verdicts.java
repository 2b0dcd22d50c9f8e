package distill.report.verdict;

import distill.page.Document;
import distill.run.Run;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All verdicts on the report's statements. */
public final class Verdicts {

    /** What a reader must know of the verdicts on numbers. */
    static final String MEANING =
            "That a number or a table of numbers of the report is supported says that one more run"
                    + " of ours could have given it: they agree as far as these runs can show, which is no proof.";

    /** The two readings, with an example. */
    static final String READINGS =
            "As-written is what the report's programs do, slips included; as-described is what its"
                    + " formulas say. An example: at T = 4 a teacher that is sure of a digit gives it, as-written, a target of 0.78"
                    + " and each other digit one of 0.61, which add up to 6.2; as-described it may be 0.94 for the digit and 0.06"
                    + " for all the others together.";

    private Verdicts() {}

    /**
     * The verdicts, by the statements' questions in the report, those of both readings on a statement side by side. Of
     * Task 1 only runs with the report's settings count: those that are marked (QUICK, SYNTHETIC, other epochs, another
     * teacher) or were trained by Keras are left out.
     *
     * @param task1 in the order of the store; none is no error
     * @param task2 the same
     */
    public static List<Verdict> of(List<Run> task1, List<Run> task2) {
        List<Verdict> verdicts = new ArrayList<>(Numbers.of(Task1Runs.of(Variant.AS_WRITTEN, task1)));
        verdicts.addAll(NormalTraining.of());
        for (Variant reading : Variant.values()) {
            Task1Runs runs = Task1Runs.of(reading, task1);
            TestFamily family = conclusions(runs);
            verdicts.add(BestCell.of(runs));
            verdicts.addAll(TemperatureAndAlpha.of(runs, family));
            verdicts.addAll(TemperatureTrend.of(runs, family));
            verdicts.add(WithoutDistillation.gap(runs));
            verdicts.add(WithoutDistillation.neverBelow(runs));
            verdicts.add(FairTest.of(runs, family));
            verdicts.addAll(EarlyStoppedTeachers.of(runs));
            verdicts.addAll(TeacherEpochs.of(runs, family));
            verdicts.addAll(Transfer.of(reading, task2));
        }
        verdicts.addAll(Printed.of());
        verdicts.add(Transfer.withoutTransferLearning(task2));
        List<List<String>> statements =
                verdicts.stream().map(verdict -> verdict.claim().statement()).toList();
        return verdicts.stream()
                .sorted(Comparator.comparing(
                                (Verdict verdict) -> verdict.claim().task())
                        .thenComparing(verdict -> verdict.claim().question())
                        .thenComparing(
                                verdict -> statements.indexOf(verdict.claim().statement())))
                .toList();
    }

    /** The tests of one reading that decide a statement with a single p each, corrected for their number together. */
    private static TestFamily conclusions(Task1Runs runs) {
        Map<String, Double> tests = new LinkedHashMap<>();
        tests.putAll(TemperatureAndAlpha.tests(runs));
        tests.putAll(TemperatureTrend.tests(runs));
        tests.putAll(FairTest.tests(runs));
        tests.putAll(TeacherEpochs.tests(runs));
        return TestFamily.of("the " + runs.reading() + " conclusions", tests);
    }

    /** The verdicts as the page has them, those of both readings on a statement together. */
    public static List<Document.Statement> statements(List<Verdict> verdicts) {
        return byClaim(verdicts).entrySet().stream()
                .map(entry -> new Document.Statement(
                        entry.getKey().text(),
                        entry.getKey().place(),
                        "task%d-q%d"
                                .formatted(entry.getKey().task(), entry.getKey().question()),
                        entry.getValue().stream().map(Verdict::judgement).toList()))
                .toList();
    }

    /** How many statements have which outcome. */
    public static String counts(List<Verdict> verdicts) {
        return summary(verdicts) + " " + MEANING;
    }

    /**
     * How many statements, of figures and tables also their numbers, have which outcome in the report's own reading,
     * as-written. A statement that is judged in several ways counts once: as the report did it, or where that is not
     * run by the first way that is.
     */
    public static String summary(List<Verdict> verdicts) {
        Map<List<String>, Outcome> once = new LinkedHashMap<>();
        for (Verdict verdict : verdicts) {
            if (!verdict.claim().words().isEmpty() && !verdict.reading().equals(Variant.AS_DESCRIBED.toString())) {
                once.merge(
                        verdict.claim().statement(),
                        verdict.outcome(),
                        (first, next) -> first == Outcome.NOT_RUN ? next : first);
            }
        }
        return "Of %d statements of the report, in its own reading, as-written: %s."
                .formatted(once.size(), Outcome.counts(List.copyOf(once.values())));
    }

    private static Map<Claim, List<Verdict>> byClaim(List<Verdict> verdicts) {
        return verdicts.stream()
                .collect(Collectors.groupingBy(Verdict::claim, LinkedHashMap::new, Collectors.toList()));
    }
}
