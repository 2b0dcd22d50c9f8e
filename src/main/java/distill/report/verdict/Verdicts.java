package distill.report.verdict;

import distill.experiment.Run;
import distill.loss.Reading;
import java.util.ArrayList;
import java.util.List;

/** All verdicts on the report's statements. */
public final class Verdicts {

    private Verdicts() {}

    /**
     * The verdicts. Of Task 1 only runs with the report's settings count: those that are marked (QUICK, SYNTHETIC,
     * other epochs, another teacher) or were trained by Keras are left out.
     *
     * @param task1 in the order of the store; none is no error
     * @param task2 the same
     */
    public static List<Verdict> of(List<Run> task1, List<Run> task2) {
        List<Verdict> verdicts = new ArrayList<>(Numbers.of(Evidence.of(Reading.AS_WRITTEN, task1)));
        for (Reading reading : Reading.values()) {
            Evidence evidence = Evidence.of(reading, task1);
            Conclusions conclusions = Conclusions.of(evidence);
            verdicts.add(BestCell.of(evidence));
            verdicts.addAll(TemperatureTrend.of(evidence, conclusions));
            verdicts.add(FairTest.of(evidence, conclusions));
        }
        return List.copyOf(verdicts);
    }
}
