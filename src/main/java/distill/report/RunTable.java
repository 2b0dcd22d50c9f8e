package distill.report;

import distill.page.Cell;
import distill.page.Table;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Runs in a list, whatever they are of: a row for each. */
public final class RunTable {

    /** How much of an identity is shown: enough for {@code ./reproduce rerun}. */
    private static final int DIGITS = 10;

    /** How much of a date is shown, to the minute. */
    private static final int MINUTE = "2026-11-30T09:14".length();

    private RunTable() {}

    /** Runs in the order in which they ended, those first of which that is not known. */
    public static List<Run> newestLast(Collection<Run> runs) {
        return runs.stream().sorted(Comparator.comparing(RunTable::date)).toList();
    }

    private static String date(Run run) {
        return Objects.toString(run.provenance().date(), "");
    }

    /**
     * What was trained and what came of it, as a console has room for.
     *
     * @param all runs of the store, among which a run's teacher is looked for
     */
    public static Table of(String title, List<Run> runs, Collection<Run> all) {
        Map<String, Run> stored = byIdentity(all);
        int width =
                runs.stream().mapToInt(run -> marks(run, stored).length()).max().orElse(0);
        Columns<Run> table = columns(runs);
        if (width > 0) {
            // A console sets columns to the right, but marks of one length, the last column, stand to the left.
            String toTheLeft = "%-" + width + "s";
            table.column(toTheLeft.formatted("marks"), run -> Cell.text(toTheLeft.formatted(marks(run, stored))));
        }
        return table.table(title);
    }

    /** As {@link #of}, with when each run ended. */
    public static Table withDates(String title, List<Run> runs, Collection<Run> all) {
        Map<String, Run> stored = byIdentity(all);
        return columns(runs)
                .column("ended (UTC)", run -> Cell.text(minute(date(run))))
                .column("marks", run -> Cell.text(marks(run, stored)))
                .table(title);
    }

    /** What is not as in the report. */
    private static String marks(Run run, Map<String, Run> stored) {
        return String.join(", ", Condition.of(run, stored).words());
    }

    private static String minute(String date) {
        return date.substring(0, Math.min(MINUTE, date.length())).replace('T', ' ');
    }

    /** Runs by their identity; of several with one the last. */
    static Map<String, Run> byIdentity(Collection<Run> runs) {
        Map<String, Run> byIdentity = new HashMap<>();
        runs.forEach(run -> byIdentity.put(run.identity(), run));
        return byIdentity;
    }

    private static Columns<Run> columns(List<Run> runs) {
        Columns<Run> table = Columns.of(runs, List.<Run>of())
                .column("trained", run -> Cell.text(Condition.of(run).kind() + byKeras(run)))
                .column("T", number(Settings::temperature))
                .column("alpha", number(Settings::alpha));
        if (runs.stream().anyMatch(run -> !run.settings().isOfReportsLoss())) {
            table.column("loss", run -> Cell.text(Objects.toString(loss(run), "")));
        }
        table.column("epochs", run -> Cell.number(run.settings().epochs()))
                .column("seed", run -> Cell.number(run.settings().seed()))
                .column("test %", run -> Cell.number(run.testAccuracy(), 2));
        if (runs.stream().anyMatch(RunTable::hasMeasures)) {
            table.column("F1", run -> hasMeasures(run) ? Cell.number(MhistTables.macroF1(run), 3) : Cell.NONE)
                    .column("AUC", run -> hasMeasures(run) ? Cell.number(MhistTables.rocAuc(run), 3) : Cell.NONE);
        }
        return table.column("seconds", run -> Cell.number(seconds(run), 0))
                .column("run", run -> Cell.text(("%." + DIGITS + "s").formatted(run.identity())));
    }

    /** What a run that the programs of {@code reference/} made is called besides. */
    private static String byKeras(Run run) {
        return run.provenance().isOurs() ? "" : ", trained by Keras";
    }

    private static Function<Run, Cell> number(Function<Settings, Double> setting) {
        return run -> Cells.number(setting.apply(run.settings()));
    }

    /** The name of the loss that distilled, or without distillation of one that is not the report's; else null. */
    private static String loss(Run run) {
        Settings settings = run.settings();
        return settings.role() == Role.STUDENT || !settings.isOfReportsLoss() ? settings.lossInWords() : null;
    }

    /** Whether it has Task 2's measures; runs of Task 1 with a rare class have a confusion matrix alone. */
    private static boolean hasMeasures(Run run) {
        return run.settings().isTransfer() && run.evaluation() != null;
    }

    /** How long training and tests took. */
    private static double seconds(Run run) {
        return run.history().stream().mapToDouble(EpochResult::seconds).sum();
    }

    /** All that tells runs apart and what came of each, as RFC 4180 has it. */
    public static String csv(List<Run> runs, Collection<Run> all) {
        Map<String, Run> stored = byIdentity(all);
        return RunCsv.of(runs)
                .ofRun("identity")
                .column("task", run -> run.settings().task())
                .ofRun("question,variant,without,model,network,starting_weights,image_size")
                .column("width", run -> run.settings().width())
                .column("rare_class", run -> run.settings().rareClass())
                .ofRun("temperature,alpha")
                .column("loss", RunTable::loss)
                .ofRun("teacher,teacher_epochs,distil_epochs,epochs")
                .column("batch_size", run -> run.settings().schedule().batchSize())
                .column(
                        "learning_rate",
                        run -> Settings.number(run.settings().schedule().learningRate()))
                .column("momentum", run -> run.settings().schedule().momentum())
                .ofRun("seed,data")
                .column("train_images", run -> run.settings().trainImages())
                .ofRun("quick,synthetic")
                .column(
                        "marks",
                        run -> String.join(
                                ", ", Condition.of(run, stored).marks().words()))
                .ofRun("test_accuracy,train_accuracy")
                .column("teacher_agreement", Run::teacherAgreement)
                .column("macro_f1", run -> hasMeasures(run) ? MhistTables.macroF1(run) : null)
                .column("roc_auc", run -> hasMeasures(run) ? run.evaluation().rocAuc() : null)
                .column("seconds", run -> Cell.number(seconds(run), 1).text())
                .column("ended", run -> run.provenance().date())
                .ofRun("weights_digest,commit")
                .text();
    }
}
