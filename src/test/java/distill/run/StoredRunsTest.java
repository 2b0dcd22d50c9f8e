package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the program says of every run that is kept in {@code results/}: its identity, its label, the name of its
 * weights' folder, and the seeds of its random streams. They decide whether a run is found, where its weights lie and
 * which numbers come out when it is trained again, so no refactoring may move one of them. {@code net/runs.txt} has a
 * line for each run, in the order of the store.
 */
class StoredRunsTest {

    private static final Path NET = Path.of("src/test/resources/net/runs.txt");
    private static final List<String> PURPOSES =
            List.of("weights", "order", "dropout", "augmentation", "test", "report", "batch-statistics");
    private static final int DIGITS = 16;

    @Test
    void identityLabelFolderAndStreamsOfEveryStoredRunAreThoseThatItWasTrainedWith() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String task : List.of("task1", "task2")) {
            for (Run run : new RunStore(Path.of("results")).runs(task)) {
                assertEquals(
                        run.identity(),
                        run.settings().identity(),
                        run.settings().label());
                lines.add(line(run.settings()));
            }
        }
        assertEquals(Files.readString(NET).stripTrailing(), String.join("\n", lines));
    }

    @Test
    void theRunsOfTask1AreOfTodaysComputationButForThoseThatAreStillToBeMadeAnew() throws IOException {
        List<Run> runs = new RunStore(Path.of("results")).runs("task1");
        Set<String> identities = runs.stream().map(Run::identity).collect(Collectors.toSet());
        Map<String, Set<Long>> older = runs.stream()
                .map(Run::settings)
                .filter(settings ->
                        !Trainer.computes(settings) || settings.computation().adam() != AdamForm.KERAS2)
                .collect(Collectors.groupingBy(
                        settings -> "%s %s, %d images"
                                .formatted(
                                        settings.variant(),
                                        settings.question(),
                                        settings.images().trainImages()),
                        Collectors.mapping(Settings::seed, Collectors.toSet())));
        assertEquals(
                Map.of(
                        "as-described q6, 60000 images", Set.of(4L, 5L),
                        "as-described teacher, 60000 images", Set.of(4L, 5L),
                        "as-written q13, 60000 images", Set.of(1L),
                        "as-written q6, 60000 images", Set.of(4L, 5L, 6L),
                        "as-written teacher, 60000 images", Set.of(4L, 5L, 6L)),
                older);
        for (Run run : runs) {
            Settings settings = run.settings();
            assertTrue(settings.teacher() == null || identities.contains(settings.teacher()), settings.label());
            assertTrue(
                    run.provenance().commit().matches("[0-9a-f]{40}"),
                    run.provenance().commit());
        }
    }

    private static String line(Settings settings) {
        return "%s %s %s"
                .formatted(settings.label() + "-" + settings.identity(), settings.identity(), streams(settings));
    }

    /** The first digits of the SHA-256 over the seeds of all streams, each as eight bytes. */
    private static String streams(Settings settings) {
        ByteBuffer seeds = ByteBuffer.allocate(PURPOSES.size() * Long.BYTES);
        PURPOSES.forEach(purpose -> seeds.putLong(settings.stream(purpose)));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(seeds.array());
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the file anew, after a change that is meant: {@code results/} has more runs. */
    public static void main(String[] args) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String task : List.of("task1", "task2")) {
            for (Run run : new RunStore(Path.of("results")).runs(task)) {
                text.append(line(run.settings())).append('\n');
            }
        }
        Files.write(NET, text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
