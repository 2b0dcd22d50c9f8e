package distill.command;

import distill.report.Results;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The store that a command reads which trains nothing.
 *
 * @param folder where it is
 * @param why what is said of it behind its name: why it was taken where none was named, and that it has no run
 */
public record StoreFolder(Path folder, String why) {

    /** What this machine has run. */
    public static final Path RUNS = Path.of("runs");

    /** The evidence kept in git. */
    public static final Path RESULTS = Path.of("results");

    private static final String NONE = " has none";

    /**
     * The store that was named; without a name {@code runs} where it has runs that count beside the report, else
     * {@code results} where that has, else the one of both that has any.
     */
    public static StoreFolder orDefault(Path named) throws IOException {
        return named == null ? ofBoth(RUNS, RESULTS) : new StoreFolder(named, hasRuns(named) ? "" : NONE);
    }

    /**
     * As {@link #orDefault}, for commands that need the store to be there.
     *
     * @throws IOException where there is no folder of the name that was given
     */
    public static StoreFolder toRead(Path named) throws IOException {
        if (named != null && !Files.isDirectory(named)) {
            throw new IOException(missing(named));
        }
        return orDefault(named);
    }

    /**
     * The one of two stores whose runs count beside the report.
     *
     * @param own taken where both have such runs, and where neither does and it has any
     */
    static StoreFolder ofBoth(Path own, Path evidence) throws IOException {
        if (counts(own)) {
            return new StoreFolder(own, ", which has runs with the report's settings");
        }
        boolean hasRuns = hasRuns(own);
        if (counts(evidence) || !hasRuns && hasRuns(evidence)) {
            return new StoreFolder(
                    evidence,
                    hasRuns
                            ? ", as no run in %s has the report's settings (--from %s takes those that it has)"
                                    .formatted(own, own)
                            : ", as " + own + NONE);
        }
        return new StoreFolder(own, hasRuns ? ", in which no run has the report's settings" : NONE);
    }

    private static boolean counts(Path folder) throws IOException {
        return hasRun(folder, Results::counts);
    }

    private static boolean hasRuns(Path folder) throws IOException {
        return hasRun(folder, run -> true);
    }

    private static boolean hasRun(Path folder, Predicate<Run> asked) throws IOException {
        RunStore store = new RunStore(folder);
        return store.hasRun(Settings.TASK1, asked) || store.hasRun(Settings.TASK2, asked);
    }

    /** What is said of a store that is not there. */
    static String missing(Path named) {
        return "there is no folder " + named + ": --from takes a store, such as results";
    }

    /** What a command says of it first: {@code Runs: results, as runs has none}. */
    public String line() {
        return "Runs: " + folder + why;
    }

    /**
     * What a command calls a file that it makes of the store, without its ending: {@code report} in the store's own
     * folder, and elsewhere {@code report-results}, so that it does not overwrite what was made of another store below
     * the working directory.
     *
     * @param out the folder that the file goes to
     */
    public String fileName(String name, Path out) {
        Path own = folder.toAbsolutePath().normalize();
        if (own.equals(out.toAbsolutePath().normalize())) {
            return name;
        }
        Path here = Path.of("").toAbsolutePath();
        Path shown = own.startsWith(here) ? here.relativize(own) : own.getFileName();
        return shown == null
                ? name
                : StreamSupport.stream(shown.spliterator(), false)
                        .map(Path::toString)
                        .collect(Collectors.joining("-", name + "-", ""));
    }
}
