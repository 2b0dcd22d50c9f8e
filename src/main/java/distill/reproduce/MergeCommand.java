package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.KeptConfig;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./reproduce merge}: joins stores, such as those of the shards of a command. */
@Command(
        name = "merge",
        description = "Joins stores: adds the runs of each DIR to the store --out, a run that several have once. Runs"
                + " of one identity that differ are reported, and the first stays. The stores DIR are not changed.")
final class MergeCommand extends ConsoleCommand {

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "A store, such as runs.")
    private List<Path> stores;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The store to which runs are added.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        for (Path store : stores) {
            if (tasks(store).isEmpty()) {
                throw new IOException(
                        "%s is no store: expected task1/runs-*.jsonl or task2/runs-*.jsonl in it; nothing is merged"
                                .formatted(store));
            }
        }
        int conflicts = 0;
        for (Path store : stores) {
            for (String task : tasks(store)) {
                RunStore.Merged merged = new RunStore(out).merge(task, new RunStore(store));
                printf(
                        "%s, %s: %d added, %d there already, %d in conflict%n",
                        store,
                        task,
                        merged.added(),
                        merged.equal(),
                        merged.conflicts().size());
                merged.conflicts().forEach(this::print);
                KeptConfig.copyAll(store.resolve(task), out.resolve(task));
                conflicts += merged.conflicts().size();
            }
        }
        println("Tables and figures are not merged. The commands that made them make them from " + out
                + " with --from, as ./reproduce page --from " + out + " does.");
        if (conflicts > 0) {
            throw new IOException("%s in conflict with what was in %s first, and stays; the other is in its store still"
                    .formatted(conflicts == 1 ? "1 run is" : conflicts + " runs are", out));
        }
        return 0;
    }

    /** The tasks that a store has runs of. */
    private static List<String> tasks(Path store) throws IOException {
        List<String> tasks = new ArrayList<>();
        for (String task : Settings.TASKS) {
            if (!new RunStore(store).files(task).isEmpty()) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private void print(RunStore.Conflict conflict) {
        println("  " + conflict.kept().run().settings().label() + ", "
                + conflict.kept().run().identity());
        print("stays:    ", conflict.kept());
        print("not added:", conflict.left());
    }

    private void print(String what, RunStore.Line line) {
        Run run = line.run();
        printf(
                "    %s %s line %d: test accuracy %.2f %%, weights %s, %s, %s%n",
                what,
                line.file(),
                line.number(),
                run.testAccuracy(),
                run.weightsDigest(),
                run.provenance().cpu(),
                run.provenance().date());
    }
}
