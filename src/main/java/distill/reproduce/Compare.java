package distill.reproduce;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import distill.files.WholeFile;
import distill.page.Table;
import distill.report.Comparison;
import distill.report.Results;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./reproduce compare}: the same cells of two stores, or of a store and published numbers, side by side. */
@Command(
        name = "compare",
        description =
                "Sets the same cells of A and B side by side, with differences and 95 %% intervals, and says which"
                        + " cannot be compared. Trains nothing.")
final class Compare extends ConsoleCommand {

    @Parameters(
            index = "0",
            paramLabel = "A",
            completionCandidates = Candidates.Stores.class,
            description =
                    "A store's folder, a file of its runs, report (the report's numbers) or notebook (those stored"
                            + " in the authors' Task 1 notebook). A folder of that name is ./report.")
    private String a;

    @Parameters(
            index = "1",
            paramLabel = "B",
            completionCandidates = Candidates.Stores.class,
            description = "Another, as A.")
    private String b;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where compare-A-vs-B.md and .csv go (default runs).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Comparison comparison = new Comparison(results(a), results(b));
        Path folder = Files.createDirectories(out);
        List<Table> tables = comparison.tables();
        tables.forEach(table -> println(table.console()));
        String name = "compare-%s-vs-%s".formatted(a, b).replaceAll("[^\\w.-]+", "-");
        Path markdown = folder.resolve(name + ".md");
        WholeFile.replace(markdown, tables.stream().map(Table::markdown).collect(Collectors.joining("\n")));
        WholeFile.replace(folder.resolve(name + ".csv"), comparison.csv());
        println("  -> " + markdown + " and .csv");
        return 0;
    }

    private static Results results(String name) throws IOException {
        return switch (name) {
            case "report" -> Results.REPORT;
            case "notebook" -> Results.NOTEBOOK;
            default -> Results.of(name, runs(Path.of(name)));
        };
    }

    /** The runs of a file, or of both tasks in a store. */
    private static List<Run> runs(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return RunStore.runs(path);
        }
        RunStore store = new RunStore(path);
        List<Run> runs = new ArrayList<>();
        for (String task : Settings.TASKS) {
            runs.addAll(store.runs(task));
        }
        if (runs.isEmpty()) {
            throw new IOException(path + (Files.exists(path) ? " has no run" : " is not there")
                    + ": expected a store's folder, a file of its runs, report or notebook");
        }
        return runs;
    }
}
