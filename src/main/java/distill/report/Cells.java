package distill.report;

import distill.run.Run;
import distill.statistics.Sample;
import java.util.Collection;

/** What runs say, for a table's cells. */
public final class Cells {

    private Cells() {}

    /** The test accuracies of at least one run. */
    public static Sample sample(Collection<Run> runs) {
        return Sample.of(runs.stream().mapToDouble(Run::testAccuracy).toArray());
    }
}
