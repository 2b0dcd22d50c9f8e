package distill.report;

import distill.page.Cell;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How far students of Task 1 are after their first epoch, by reading. */
public final class FirstEpochs {

    /** Test accuracy in percent; the report's students have more after their first epoch, but for a few. */
    private static final double FEW_ARE_UNDER = 90;

    /** Training images that question 5 may keep back of the report's. */
    private static final int KEPT_BACK = 10_000;

    private FirstEpochs() {}

    /** The students of the report's network on all its images, of every question, T and alpha. */
    public static List<Run> students(Collection<Run> stored) {
        return stored.stream()
                .filter(run -> isOfTheReports(run.settings())
                        && run.provenance().isOurs()
                        && !run.provenance().synthetic())
                .toList();
    }

    private static boolean isOfTheReports(Settings settings) {
        return settings.role() != Role.TEACHER
                && settings.width() == null
                && !settings.isOfOwnStudent()
                && settings.rareClass() == null
                && settings.without() == null
                && settings.isOfReportsLoss()
                && !settings.quick()
                && !settings.stopping().applies()
                && Steps.of(settings).equals(Steps.REPORTS)
                && settings.epochs() == Published.EPOCHS
                && settings.trainImages() >= Published.TRAIN_IMAGES - KEPT_BACK;
    }

    /** A row for each reading. */
    public static Table table(List<Run> students) {
        Map<String, List<Run>> byReading =
                Cells.by(students, run -> run.settings().reading().toString());
        return Columns.of(byReading, List.<Run>of())
                .column("", row -> Cell.text(row.getKey()))
                .column(
                        "under 90 % after epoch 1",
                        row -> new Cell.Share(
                                slow(row.getValue()).size(), row.getValue().size()))
                .column("the lowest", row -> Cell.number(lowest(row.getValue()), 2))
                .column("those under 90 % after epoch 12", row -> Cells.accuracy(slow(row.getValue())))
                .note("All students of the report's network, of every question, T and alpha, with KD and without.")
                .table("Students after their first epoch, test accuracy in %");
    }

    private static List<Run> slow(List<Run> runs) {
        return runs.stream().filter(run -> first(run) < FEW_ARE_UNDER).toList();
    }

    private static double lowest(List<Run> runs) {
        return runs.stream().mapToDouble(FirstEpochs::first).min().orElseThrow();
    }

    private static double first(Run run) {
        return run.history().get(0).testAccuracy();
    }
}
