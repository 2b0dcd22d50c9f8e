package distill.report;

import distill.experiment.MnistPlan;
import distill.loss.LabelSmoothing;
import distill.page.Cell;
import distill.page.Table;
import distill.run.Run;
import distill.run.Settings;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What stands beside the student without distillation to tell whether distillation is more than a regulariser: smoothed
 * labels, which no teacher is needed for, and a teacher that is as good and another.
 */
public final class ControlTable {

    private static final Hyperparameters CELL = Hyperparameters.BEST;

    private ControlTable() {}

    private record Row(String name, List<Run> runs) {}

    /**
     * The runs of the controls, those without distillation first; none where no control is stored.
     *
     * @param plain students without distillation of one reading, whose length, steps, images and network are asked for
     * @param stored all runs of the task in their order
     */
    public static List<Run> runs(List<Run> plain, Collection<Run> stored) {
        return rows(plain, stored).stream().flatMap(row -> row.runs().stream()).toList();
    }

    /** The table of the same, which has at least one control. */
    public static Table of(List<Run> plain, Collection<Run> stored) {
        List<Row> rows = rows(plain, stored);
        return Columns.of(rows, plain)
                .column("student", row -> Cell.text(row.name()))
                .column("seeds", row -> Cell.number(row.runs().size()))
                .column("test accuracy", row -> Cells.accuracy(row.runs()))
                .column(
                        "over the first row",
                        row -> row == rows.get(0) ? Cell.NONE : Cells.pairedDifference(row.runs(), plain))
                .column("its teacher", row -> Cells.accuracy(RunQuery.teachersOf(row.runs(), stored)))
                .note("Differences are those of the same seed, with the 95 % interval over the seeds (Student's t).")
                .note(
                        "Another teacher is that of the next seed, trained alike from other weights in another order. If smoothed"
                                + " labels gain as much as distillation, the gain needs no teacher; if another teacher gains as much"
                                + " as its own, it does not matter which one it is.")
                .table("Is distillation a regulariser? Students, test accuracy in %", plain);
    }

    private static List<Row> rows(List<Run> plain, Collection<Run> stored) {
        Settings like = plain.get(0).settings();
        Set<Long> seeds = plain.stream().map(run -> run.settings().seed()).collect(Collectors.toSet());
        List<Run> alike = RunQuery.latest(stored.stream()
                .filter(run -> run.provenance().isOurs()
                        && seeds.contains(run.settings().seed())
                        && !run.settings().hasGivenTeacher()
                        && OwnRuns.trained(run.settings()).equals(OwnRuns.trained(like)))
                .toList());
        Row smoothed = row(
                "labels smoothed, no teacher",
                alike,
                s -> s.question().equals("q7") && s.loss().equals(new LabelSmoothing().name()));
        Row own = row(
                "KD from its own teacher, " + CELL,
                alike,
                s -> s.question().equals("q5") && s.isOfReportsLoss() && CELL.are(s));
        Row another =
                row("KD from another teacher, " + CELL, alike, s -> s.question().equals(MnistPlan.ANOTHER_TEACHER));
        return smoothed.runs().isEmpty() && another.runs().isEmpty()
                ? List.of()
                : Stream.of(new Row("without KD", plain), smoothed, own, another)
                        .filter(row -> !row.runs().isEmpty())
                        .toList();
    }

    private static Row row(String name, List<Run> alike, Predicate<Settings> asked) {
        return new Row(
                name, alike.stream().filter(run -> asked.test(run.settings())).toList());
    }
}
