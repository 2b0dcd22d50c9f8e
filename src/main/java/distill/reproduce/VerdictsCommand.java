package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.StoreFolder;
import distill.files.WholeFile;
import distill.report.Results;
import distill.report.verdict.VerdictText;
import distill.report.verdict.Verdicts;
import distill.run.Run;
import distill.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reproduce verdicts}: which of the report's statements are supported, by the runs of a store. */
@Command(
        name = "verdicts",
        description =
                "Says of each of the report's statements whether it is supported, not supported, inconclusive or not"
                        + " run, by a stated test. Trains nothing.")
final class VerdictsCommand extends ConsoleCommand {

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "The store whose runs are asked (default: runs where that has runs with the report's settings,"
                            + " else results).")
    private Path from;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where verdicts.md, verdicts.csv and verdicts-numbers.csv go (default runs). Those of another"
                    + " store than this one have its name: verdicts-results.md.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        StoreFolder found = StoreFolder.toRead(from);
        if (from == null) {
            println(found.line());
        }
        RunStore store = new RunStore(found.folder());
        List<Run> task1 = store.runs("task1");
        List<Run> task2 = store.runs("task2");
        VerdictText verdicts = new VerdictText(Verdicts.of(task1, task2), notes(store, task1, task2));
        println(verdicts.console());
        Path folder = Files.createDirectories(out);
        String name = found.fileName("verdicts", folder);
        Path markdown = folder.resolve(name + ".md");
        WholeFile.replace(markdown, verdicts.markdown());
        WholeFile.replace(folder.resolve(name + ".csv"), verdicts.csv());
        WholeFile.replace(folder.resolve(name + "-numbers.csv"), verdicts.numbersCsv());
        println("  -> %s, %s.csv and %s-numbers.csv".formatted(markdown, name, name));
        return 0;
    }

    private static List<String> notes(RunStore store, List<Run> task1, List<Run> task2) {
        long like = task1.stream().filter(Results::isLikeTheReport).count();
        List<String> notes = new ArrayList<>();
        notes.add("From %s: %d runs of Task 1 and %d of Task 2.".formatted(store.folder(), task1.size(), task2.size()));
        if (like < task1.size()) {
            notes.add(
                    "%d of Task 1 have other settings than the report's (QUICK, SYNTHETIC, other epochs, another teacher and the like) or are Keras's, and are left out."
                            .formatted(task1.size() - like));
        }
        return notes;
    }
}
