package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.LabelConverter;
import distill.command.StoreFolder;
import distill.files.WholeFile;
import distill.report.Cells;
import distill.report.RunTable;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reproduce runs}: the runs of a store, a line each. */
@Command(
        name = "runs",
        description =
                "Lists the runs of a store, the newest last: what was trained, with which settings, and what came of"
                        + " it. Trains nothing.")
final class RunsCommand extends ConsoleCommand {

    private static final String ON_THE_CONSOLE = "";

    @Option(names = "--from", paramLabel = "DIR", description = "The store (default runs).")
    private Path from;

    @Option(names = "--task", paramLabel = "TASK", description = "Only those of task1, or of task2.")
    private String task;

    @Option(
            names = "--question",
            paramLabel = "Q",
            description = "Only those of a question and its other forms, such as q5; teacher: the teachers that all"
                    + " questions share.")
    private String question;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            converter = LabelConverter.Roles.class,
            description = "Only ${COMPLETION-CANDIDATES} (student-plain learns without distillation).")
    private Role role;

    @Option(names = "--seed", paramLabel = "N", description = "Only those of a seed.")
    private Long seed;

    @Option(
            names = "--csv",
            arity = "0..1",
            paramLabel = "FILE",
            fallbackValue = ON_THE_CONSOLE,
            description = "Write them as CSV with more columns, to FILE or, without FILE, to the console.")
    private Path csv;

    @Override
    public Integer call() throws IOException {
        check(task == null || Settings.TASKS.contains(task), "--task takes task1 or task2, found " + task);
        Path folder = from == null ? StoreFolder.RUNS : StoreFolder.toRead(from).folder();
        RunStore store = new RunStore(folder);
        List<Run> all = Cells.all(store.runs(Settings.TASK1), store.runs(Settings.TASK2));
        List<Run> runs =
                RunTable.newestLast(all.stream().filter(this::isAskedFor).toList());
        if (csv != null) {
            write(RunTable.csv(runs, all));
        } else if (all.isEmpty()) {
            println(folder
                    + " has no finished training. ./reproduce task1 --quick makes some in a few minutes; those that"
                    + " are kept in git are listed by ./reproduce runs --from results");
        } else if (runs.isEmpty()) {
            println("None of the %d runs in %s is like that. They are of %s; %s; the seeds %s."
                    .formatted(
                            all.size(),
                            folder,
                            each(all, settings -> settings.task() + " " + settings.question()),
                            each(all, settings -> settings.role().toString()),
                            each(all, settings -> Long.toString(settings.seed()))));
        } else {
            String some = runs.size() == all.size() ? "" : runs.size() + " of the ";
            String title =
                    "%s%d run%s in %s, the newest last".formatted(some, all.size(), all.size() == 1 ? "" : "s", folder);
            console().print(RunTable.of(title, runs, all).console());
            println("  ./reproduce rerun RUN trains one of them again; --csv has more columns.");
        }
        return 0;
    }

    private boolean isAskedFor(Run run) {
        Settings settings = run.settings();
        return (task == null || task.equals(settings.task()))
                && (question == null
                        || question.equals(settings.question())
                        || settings.question().startsWith(question + "-"))
                && (role == null || role == settings.role())
                && (seed == null || seed == settings.seed());
    }

    private void write(String text) throws IOException {
        if (csv.equals(Path.of(ON_THE_CONSOLE))) {
            console().print(text);
            return;
        }
        Files.createDirectories(csv.toAbsolutePath().getParent());
        WholeFile.replace(csv, text);
        println("  -> " + csv);
    }

    /** The different values of a setting, in their order in the store. */
    private static String each(List<Run> runs, Function<Settings, String> setting) {
        return runs.stream().map(Run::settings).map(setting).distinct().collect(Collectors.joining(", "));
    }
}
