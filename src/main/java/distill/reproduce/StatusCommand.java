package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.ConsoleProgress;
import distill.command.StoreFolder;
import distill.command.TrainingStatus;
import distill.report.Cells;
import distill.report.RunTable;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reproduce status}: how far the trainings are that other processes carry out. */
@Command(
        name = "status",
        description =
                "Shows what is being trained in another terminal: how far it is, and how long it will take. Trains"
                        + " nothing.")
final class StatusCommand extends ConsoleCommand {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    @Option(names = "--from", paramLabel = "DIR", description = "The store that it is trained in (default runs).")
    private Path from;

    @Override
    public Integer call() throws IOException {
        Path store = from == null ? StoreFolder.RUNS : StoreFolder.toRead(from).folder();
        List<TrainingStatus> processes = TrainingStatus.of(store);
        if (processes.isEmpty()) {
            println("Nothing is being trained in " + store + ".");
        }
        for (TrainingStatus process : processes) {
            print(store, process);
        }
        printStored(store);
        return 0;
    }

    private void print(Path store, TrainingStatus process) {
        printf(
                "Being trained in %s since %s (%s ago), by process %d%s:%n",
                store,
                MINUTE.format(Instant.parse(process.since())),
                ago(process.since()),
                process.pid(),
                process.onThisMachine() ? "" : " on " + process.host());
        for (TrainingStatus.Underway training : process.underway()) {
            printf(
                    "  %s: epoch %d of %d, step %d of %d%s%n",
                    training.label(),
                    training.epoch(),
                    training.epochs(),
                    training.step(),
                    training.steps(),
                    training.accuracy() == null
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "; %s accuracy %.2f %% after epoch %d",
                                    process.images(),
                                    training.accuracy(),
                                    training.epoch() - 1));
        }
        if (process.underway().isEmpty()) {
            println("  no training at the moment: it is between two, or makes tables");
        }
        printf(
                "  %d of %d trainings have ended; %s to go, as it said %s ago%n",
                process.ended(),
                process.all(),
                ConsoleProgress.duration(process.secondsToGo()),
                ago(process.written()));
    }

    /** How long ago something was: {@code about 12 min}. */
    private static String ago(String instant) {
        return ConsoleProgress.duration(
                Duration.between(Instant.parse(instant), Instant.now()).toSeconds());
    }

    private void printStored(Path folder) throws IOException {
        RunStore store = new RunStore(folder);
        List<Run> task1 = store.runs(Settings.TASK1);
        List<Run> task2 = store.runs(Settings.TASK2);
        List<Run> all = RunTable.newestLast(Cells.all(task1, task2));
        if (all.isEmpty()) {
            println("Finished trainings in " + folder + ": none.");
            return;
        }
        Run latest = all.get(all.size() - 1);
        printf(
                "Finished trainings in %s: %d of Task 1, %d of Task 2 (./reproduce runs lists them). The latest:%n",
                folder, task1.size(), task2.size());
        printf("  %s, test accuracy %.2f %%%n", latest.settings().label(), latest.testAccuracy());
    }
}
