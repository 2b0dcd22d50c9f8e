package distill.report.verdict;

import distill.experiment.Run;
import distill.loss.Reading;
import java.util.ArrayList;
import java.util.List;

/** All verdicts on the report's statements. */
public final class Verdicts {

    private Verdicts() {}

    /**
     * The verdicts in the report's order, those of a statement in both readings side by side. Runs that are marked, of
     * Task 1 or trained by Keras are left out.
     *
     * @param task1 in the order of the store; none is no error
     * @param task2 the same
     */
    public static List<Verdict> of(List<Run> task1, List<Run> task2) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Reading reading : Reading.values()) {
            Evidence evidence = Evidence.of(reading, task1);
            verdicts.add(FairTest.of(evidence));
        }
        return List.copyOf(verdicts);
    }
}
