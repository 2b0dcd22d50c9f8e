package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.EpochListener;
import distill.report.Marks;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingSummaryTest {

    private static final Run TEACHER = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);
    private static final Run STUDENT = Runs.student(4, .5, 1, 97.75);
    private static final Run PLAIN = Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.25);

    @Test
    void itSaysWhatWasTrainedWhatCameOfItWhereToLookAndWhatToDoNext() {
        List<Run> used = List.of(TEACHER, STUDENT, PLAIN);
        ClosingSummary summary = new ClosingSummary(
                List.of(TEACHER, STUDENT), used, used, Marks.of(used), 84.4, Path.of("runs"), Path.of("runs"));
        assertEquals(
                """

                Summary
                -------
                Trained 1 teacher, 1 student with distillation in 84 s; 1 more was stored.
                Distillation gained 0.50 points: 97.75 % right with it (1 student), 97.25 % without (1).
                Tables and figures are in runs/task1.
                All of it as a page: ./reproduce page --from runs writes runs/report.html.
                Next: the same command with --seeds 3, for one seed cannot tell an effect from chance.""",
                String.join("\n", summary.lines()));
    }

    @Test
    void aQuickOneIsMarkedAndLeadsToTheWholeOneInLinesThatATerminalHas() {
        List<Run> used =
                List.of(Runs.run(Runs.quick(STUDENT.settings()), 95.5), Runs.run(Runs.quick(PLAIN.settings()), 95.25));
        ClosingSummary summary = new ClosingSummary(
                List.of(), used, used, Marks.of(used), 3, Path.of("here/runs"), Path.of("here/runs"));
        List<String> lines = summary.lines();
        assertTrue(lines.size() <= 15 && lines.stream().allMatch(line -> line.length() <= 100), lines::toString);
        String all = String.join(" ", lines).replaceAll(" +", " ");
        assertTrue(all.contains("Trained nothing: all 2 runs were in here/runs."), all);
        assertTrue(all.contains("[QUICK, 2 EPOCHS, 24000"), all);
        assertTrue(all.contains("./reproduce page --from here/runs --out here/runs writes"), all);
        assertTrue(all.contains("Next: the same command without --quick;"), all);
    }

    @Test
    void aCommandThatIsStoppedSaysWhatIsKeptOfEachTraining() {
        Work work = new Work();
        Settings another = Runs.settings("q5", Role.STUDENT, 16., .5, 1);
        work.start(STUDENT.settings(), 234, 0).stored(STUDENT);
        EpochListener teacher = work.start(TEACHER.settings(), 234, 0);
        teacher.afterEpoch(Runs.epoch(3, 97, 1, 1, 0, 2));
        work.start(another, 234, 0).afterEpoch(Runs.epoch(3, 97, 1, 1, 0, 2));
        assertEquals(
                "Stopped: 1 of its trainings is stored in runs; %s goes on after epoch 3 of 12; %s begins anew. The same command goes on."
                        .formatted(TEACHER.settings().label(), another.label()),
                work.kept("runs", false));
        assertTrue(work.kept("runs", true).endsWith("The same command without --fresh goes on."));
    }
}
