package distill.report.verdict;

import distill.run.Run;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All verdicts on the report's statements. */
public final class Verdicts {

    /** What a reader must know of the verdicts on numbers. */
    public static final String MEANING =
            "That a number or a table of numbers of the report holds says that one more run"
                    + " of ours could have given it: they agree as far as these runs can tell, which is no proof.";

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
        List<Verdict> verdicts = new ArrayList<>(Numbers.of(Evidence.of(Variant.AS_WRITTEN, task1)));
        for (Variant reading : Variant.values()) {
            verdicts.addAll(ofReading(Evidence.of(reading, task1)));
        }
        verdicts.addAll(Printed.of());
        verdicts.addAll(Printed.ofTransfer());
        verdicts.add(Transfer.withoutTransferLearning(task2));
        for (Variant reading : Variant.values()) {
            verdicts.addAll(Transfer.of(reading, task2));
        }
        List<String> statements = verdicts.stream().map(Verdict::statement).toList();
        return verdicts.stream()
                .sorted(Comparator.comparing(Verdict::task)
                        .thenComparing(Verdict::question)
                        .thenComparing(verdict -> statements.indexOf(verdict.statement())))
                .toList();
    }

    private static List<Verdict> ofReading(Evidence evidence) {
        Conclusions conclusions = Conclusions.of(evidence);
        List<Verdict> verdicts = new ArrayList<>(List.of(BestCell.of(evidence)));
        verdicts.addAll(TemperatureAndAlpha.of(evidence, conclusions));
        verdicts.addAll(TemperatureTrend.of(evidence, conclusions));
        verdicts.add(WithoutDistillation.gap(evidence));
        verdicts.add(WithoutDistillation.neverBelow(evidence));
        verdicts.add(FairTest.of(evidence, conclusions));
        verdicts.addAll(EarlyStoppedTeachers.of(evidence));
        return verdicts;
    }
}
