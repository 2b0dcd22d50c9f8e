package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Cell;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.statistics.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The comparison in {@code docs/losses.md} is of the runs in {@code results/losses}. */
class LossesDocumentTest {

    private static final List<String> LOSSES =
            List.of("none", "label-smoothing", "kd", "dkd", "dist", "logit-mse", "hints", "similarity");

    @Test
    void everyNumberOfTheComparisonIsThatOfTheStoredRuns() throws Exception {
        List<Run> students = new RunStore(Path.of("results/losses"))
                .runs(Settings.TASK1).stream()
                        .filter(run -> run.settings().role() != Role.TEACHER)
                        .toList();
        assertEquals(3 * LOSSES.size(), students.size());
        Sample none = sample(students, "none");
        Sample kd = sample(students, "kd");
        String table = LOSSES.stream()
                .map(loss -> {
                    Sample sample = sample(students, loss);
                    return "| `%s` | %s | %s | %s |"
                            .formatted(
                                    loss,
                                    Cell.mean(sample).text(),
                                    loss.equals("none")
                                            ? ""
                                            : Cells.difference(sample, none).text(),
                                    loss.equals("kd")
                                            ? ""
                                            : Cells.difference(sample, kd).text());
                })
                .collect(Collectors.joining("\n"));
        assertTrue(Files.readString(Path.of("docs/losses.md")).contains(table), "docs/losses.md should have\n" + table);
    }

    private static Sample sample(List<Run> students, String loss) {
        return Cells.sample(students.stream()
                .filter(run -> run.settings().loss().equals(loss))
                .toList());
    }
}
