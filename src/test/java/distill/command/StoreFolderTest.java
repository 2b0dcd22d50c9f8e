package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFolderTest {

    private static final Run LIKE_THE_REPORT = Runs.student(16, .9, 1, 97.9);
    private static final Run QUICK = Runs.run(Runs.quick(LIKE_THE_REPORT.settings()), 91);

    @TempDir
    private Path folder;

    private Path own;
    private Path evidence;

    @BeforeEach
    void nameTwoStores() {
        own = folder.resolve("own");
        evidence = folder.resolve("evidence");
    }

    private static void store(Path folder, Run run) throws IOException {
        new RunStore(folder).append(run);
    }

    @Test
    void aNamedStoreIsTakenWhetherItHasRunsOrNot() throws IOException {
        assertEquals("Runs: " + own + " has none", StoreFolder.orDefault(own).line());
        store(own, QUICK);
        assertEquals(new StoreFolder(own, ""), StoreFolder.orDefault(own));
    }

    @Test
    void ownRunsWithTheReportsSettingsComeFirst() throws IOException {
        store(evidence, LIKE_THE_REPORT);
        store(own, QUICK);
        store(own, LIKE_THE_REPORT);
        assertEquals(
                "Runs: " + own + ", which has runs with the report's settings",
                StoreFolder.ofBoth(own, evidence).line());
    }

    @Test
    void quickRunsDoNotStandBeforeTheEvidence() throws IOException {
        store(evidence, LIKE_THE_REPORT);
        store(own, QUICK);
        assertEquals(
                "Runs: %s, as no run in %s has the report's settings (--from %s takes those that it has)"
                        .formatted(evidence, own, own),
                StoreFolder.ofBoth(own, evidence).line());
    }

    @Test
    void theEvidenceIsTakenWhereThisMachineHasRunNothing() throws IOException {
        store(evidence, QUICK);
        assertEquals(
                "Runs: " + evidence + ", as " + own + " has none",
                StoreFolder.ofBoth(own, evidence).line());
    }

    @Test
    void whereNoRunCountsThoseOfThisMachineAreTaken() throws IOException {
        store(evidence, QUICK);
        store(own, QUICK);
        assertEquals(
                "Runs: " + own + ", in which no run has the report's settings",
                StoreFolder.ofBoth(own, evidence).line());
        assertEquals(
                "Runs: " + folder.resolve("none") + " has none",
                StoreFolder.ofBoth(folder.resolve("none"), folder.resolve("neither"))
                        .line());
    }

    @Test
    void ofTaskTwoWholeRunsOnMhistCount() throws IOException {
        Settings settings =
                Runs.transfer(Runs.settings("q2", Role.STUDENT_PLAIN, null, null, 1), "mobilenetv2", "none");
        Run elsewhere = Runs.run(settings, 81);
        store(evidence, LIKE_THE_REPORT);
        store(own, elsewhere);
        assertEquals(evidence, StoreFolder.ofBoth(own, evidence).folder());
        store(own, Runs.with(elsewhere, "provenance", Runs.with(elsewhere.provenance(), "data", "MHIST")));
        assertEquals(own, StoreFolder.ofBoth(own, evidence).folder());
    }

    @Test
    void filesOfAnotherStoreThanTheOneTheyLieInHaveItsName() {
        StoreFolder store = new StoreFolder(Path.of("results"), "");
        assertEquals("report", store.fileName("report", Path.of("runs/../results")));
        assertEquals("report-results", store.fileName("report", Path.of("runs")));
    }
}
