package distill.report;

import static java.util.Map.entry;

import distill.page.Cell;
import distill.page.Csv;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * CSV under way, as RFC 4180 has it: what its rows are about, and what each column has of one of them.
 *
 * @param <R> what a row is about: a run, or something of a run
 */
final class RunCsv<R> {

    /** What files of several tables have of a run, by the names of their columns. */
    private static final Map<String, Function<Run, Object>> OF_RUNS = Map.ofEntries(
            entry("alpha", run -> plain(run.settings().alpha())),
            entry("commit", run -> run.provenance().commit()),
            entry("data", run -> run.provenance().data()),
            entry("distil_epochs", run -> run.settings().distilEpochs()),
            entry("epochs", run -> run.settings().epochs()),
            entry("identity", Run::identity),
            entry("image_size", run -> run.settings().images().imageSize()),
            entry("model", run -> run.settings().role()),
            entry("network", run -> run.settings().network()),
            entry("question", run -> run.settings().question()),
            entry("quick", run -> run.settings().quick()),
            entry("seed", run -> run.settings().seed()),
            entry("starting_weights", run -> run.settings().start()),
            entry("synthetic", run -> run.provenance().synthetic()),
            entry("teacher", run -> run.settings().teacher()),
            entry("teacher_epochs", run -> run.settings().teacherEpochs()),
            entry("temperature", run -> plain(run.settings().temperature())),
            entry("test_accuracy", Run::testAccuracy),
            entry("train_accuracy", Run::trainAccuracy),
            entry("variant", run -> run.settings().reading()),
            entry("weights_digest", Run::weightsDigest),
            entry("without", run -> run.settings().without()));

    private final Collection<R> rows;
    private final Function<R, Run> run;
    private final List<String> names = new ArrayList<>();
    private final List<Function<R, Object>> values = new ArrayList<>();

    /** A row for each of some things that are of a run. */
    RunCsv(Collection<R> rows, Function<R, Run> run) {
        this.rows = rows;
        this.run = run;
    }

    /** What a run was after one of its epochs. */
    record Epoch(Run run, EpochResult result) {}

    /** A row for each run. */
    static RunCsv<Run> of(Collection<Run> runs) {
        return new RunCsv<>(runs, Function.identity());
    }

    /** A row for each epoch of each run. */
    static RunCsv<Epoch> ofEpochs(Collection<Run> runs) {
        return new RunCsv<>(
                runs.stream()
                        .flatMap(run -> run.history().stream().map(result -> new Epoch(run, result)))
                        .toList(),
                Epoch::run);
    }

    /** Adds what each epoch cost: the means of its losses, and the seconds that it took with its test. */
    static RunCsv<Epoch> withLosses(RunCsv<Epoch> csv) {
        return csv.column("loss", row -> row.result().loss())
                .column("hard", row -> row.result().hard())
                .column("soft", row -> row.result().soft())
                .column(
                        "seconds",
                        row -> String.format(Locale.ROOT, "%.1f", row.result().seconds()));
    }

    /**
     * Adds columns that several files have.
     *
     * @param columns their names with commas between them
     */
    RunCsv<R> ofRun(String columns) {
        for (String name : columns.split(",")) {
            column(name, run.andThen(OF_RUNS.get(name)));
        }
        return this;
    }

    /** Adds the losses' names, where not all are the report's. */
    RunCsv<R> otherLosses() {
        List<Run> all = rows.stream().map(run).toList();
        return Cells.otherLosses(all).findAny().isEmpty()
                ? this
                : column("loss", row -> run.apply(row).settings().loss());
    }

    /** Adds a column; null leaves its place in a row empty. */
    RunCsv<R> column(String name, Function<R, Object> value) {
        names.add(name);
        values.add(value);
        return this;
    }

    /** Adds the report's accuracy, where the runs can be compared with it; empty where it has none. */
    RunCsv<R> report(Function<R, OptionalDouble> number) {
        boolean comparable = Marks.of(rows.stream().map(run).toList()).comparable();
        return column(
                "report",
                row -> comparable
                        ? Cell.published(number.apply(row).orElse(Double.NaN)).text()
                        : null);
    }

    String text() {
        Csv csv = new Csv(String.join(",", names));
        rows.forEach(
                row -> csv.row(values.stream().map(value -> value.apply(row)).toList()));
        return csv.text();
    }

    private static String plain(Double number) {
        return number == null ? null : Settings.number(number);
    }
}
