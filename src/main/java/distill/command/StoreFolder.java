package distill.command;

import distill.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folders that stores are in, for commands that train nothing. */
public final class StoreFolder {

    /** What this machine has run. */
    public static final Path RUNS = Path.of("runs");

    /** The evidence kept in git. */
    public static final Path RESULTS = Path.of("results");

    private StoreFolder() {}

    /** The one that was named; without a name {@code runs}, or {@code results} where that alone has runs. */
    public static Path orDefault(Path named) throws IOException {
        if (named != null) {
            return named;
        }
        return hasRuns(RUNS) || !hasRuns(RESULTS) ? RUNS : RESULTS;
    }

    /**
     * The folder that was named, or the usual one, for commands that only read.
     *
     * @throws IOException where there is no folder of the name that was given
     */
    public static Path toRead(Path named) throws IOException {
        if (named != null && !Files.isDirectory(named)) {
            throw new IOException(missing(named));
        }
        return orDefault(named);
    }

    /** What is said of a store that is not there. */
    static String missing(Path named) {
        return "there is no folder " + named + ": --from takes a store, such as results";
    }

    public static boolean hasRuns(Path folder) throws IOException {
        RunStore store = new RunStore(folder);
        return store.hasRuns("task1") || store.hasRuns("task2");
    }
}
