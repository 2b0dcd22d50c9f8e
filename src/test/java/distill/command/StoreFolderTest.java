package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.run.RunStore;
import distill.run.Runs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFolderTest {

    @TempDir
    private Path folder;

    @Test
    void aNamedStoreIsTakenWhetherItHasRunsOrNot() throws IOException {
        assertEquals(folder, StoreFolder.orDefault(folder));
    }

    @Test
    void aStoreHasRunsFromTheFirstOn() throws IOException {
        assertFalse(StoreFolder.hasRuns(folder.resolve("none")));
        assertFalse(StoreFolder.hasRuns(folder));
        new RunStore(folder).append(Runs.student(16, .9, 1, 97.9));
        assertTrue(StoreFolder.hasRuns(folder));
    }

    @Test
    void withoutANameItIsTheEvidenceWhereThisMachineHasRunNothing() throws IOException {
        Path expected = StoreFolder.hasRuns(Path.of("runs")) ? Path.of("runs") : Path.of("results");
        assertEquals(expected, StoreFolder.orDefault(null));
    }
}
