package distill.reproduce;

import distill.experiment.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folders that stores are in, for commands that train nothing. */
final class StoreFolder {

    /** What this machine has run. */
    static final Path RUNS = Path.of("runs");

    /** The evidence kept in git. */
    static final Path RESULTS = Path.of("results");

    private StoreFolder() {}

    /** The one that was named; without a name {@code runs}, or {@code results} where that alone has runs. */
    static Path orDefault(Path named) throws IOException {
        if (named != null) {
            return named;
        }
        return hasRuns(RUNS) || !hasRuns(RESULTS) ? RUNS : RESULTS;
    }

    /**
     * The same where nothing new will be stored.
     *
     * @throws IOException where a folder was named and there is none
     */
    static Path existingOrDefault(Path named) throws IOException {
        if (named != null && !Files.isDirectory(named)) {
            throw new IOException("there is no folder " + named + ": --from takes a store, such as results");
        }
        return orDefault(named);
    }

    static boolean hasRuns(Path folder) throws IOException {
        RunStore store = new RunStore(folder);
        return !store.runs("task1").isEmpty() || !store.runs("task2").isEmpty();
    }
}
