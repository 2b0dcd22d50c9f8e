package distill.report;

import distill.page.Cell;
import distill.page.Source;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** What runs say, as samples and as cells that name the runs. */
public final class Cells {

    private static final int DIGITS = 10;

    private Cells() {}

    /** The test accuracies of at least one run. */
    public static Sample sample(Collection<Run> runs) {
        return sample(runs, Run::testAccuracy);
    }

    /** A number of each of at least one run. */
    static Sample sample(Collection<Run> runs, ToDoubleFunction<Run> value) {
        return Sample.of(runs.stream().mapToDouble(value).toArray());
    }

    /** The mean test accuracy of at least one run. */
    static Cell accuracy(List<Run> runs) {
        return Cell.mean(sample(runs)).from(sources(runs));
    }

    /** A row that starts with its name, and whose other cells are all made from the same runs. */
    static List<Cell> row(Cell name, List<Run> runs, Cell... cells) {
        List<Source> sources = sources(runs);
        List<Cell> row = new ArrayList<>(List.of(name));
        for (Cell cell : cells) {
            row.add(cell.from(sources));
        }
        return row;
    }

    /** The runs as a page shows them. */
    public static List<Source> sources(Collection<Run> runs) {
        return runs.stream().map(Cells::source).toList();
    }

    private static Source source(Run run) {
        Settings settings = run.settings();
        Provenance provenance = run.provenance();
        String machine = "%s, %s, %d threads, oneDNN %s, TensorFlow %s%s, %s"
                .formatted(
                        provenance.cpu(),
                        settings.computation().device(),
                        settings.computation().threads(),
                        settings.computation().onednn(),
                        provenance.tensorflow(),
                        provenance.java() == null ? "" : ", Java " + provenance.java(),
                        provenance.os());
        return new Source(
                run.identity(),
                settings.label(),
                settings.seed(),
                Sample.percent(run.testAccuracy()),
                start(run.weightsDigest()),
                start(provenance.commit()),
                Objects.toString(provenance.date(), ""),
                provenance.data() + ", " + start(settings.data()),
                provenance.cpu(),
                machine);
    }

    private static String start(String digest) {
        return digest.substring(0, Math.min(DIGITS, digest.length()));
    }
}
