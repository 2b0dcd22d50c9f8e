package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Chart;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRunsTest {

    private static Run ofThreeEpochs(Settings settings, double accuracy) {
        return Runs.run(Runs.with(settings, "epochs", 3), accuracy);
    }

    private static Run student(double temperature, long seed, double accuracy) {
        return ofThreeEpochs(Runs.settings("q5", Role.STUDENT, temperature, .5, seed), accuracy);
    }

    private static Run plain(long seed, double accuracy) {
        return ofThreeEpochs(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed), accuracy);
    }

    private static List<String> names(Chart chart) {
        return chart.series().stream().map(Chart.Series::name).toList();
    }

    @Test
    void whatStandsElsewhereWithAnySeedIsNotItsOwn() {
        Run shown = student(4, 1, 97);
        OwnRuns runs = OwnRuns.of(List.of(shown, student(4, 2, 97.5), student(8, 1, 96)), run -> run == shown);
        assertEquals(2, runs.groups().size());
        assertEquals(
                List.of("task1, as-written: q5 student, T = 8, alpha = 0.5 [3 EPOCHS]"), names(runs.curves("task1")));
        assertTrue(runs.curves("task2").isEmpty());
    }

    @Test
    void aCurveIsTheMeanOfTheLatestRunOfEachSeedAfterEachEpoch() {
        OwnRuns runs = OwnRuns.of(List.of(student(8, 1, 90), student(8, 1, 96), student(8, 2, 97)), run -> false);
        Chart chart = runs.curves("task1");
        assertEquals(List.of("task1, as-written: q5 student, T = 8, alpha = 0.5 [3 EPOCHS] (2 seeds)"), names(chart));
        // Runs of the tests gain .1 with each epoch: 95.8, 95.9, 96 and 96.8, 96.9, 97.
        assertEquals(
                List.of("96.30 ± 0.707 at 1", "96.40 ± 0.707 at 2", "96.50 ± 0.707 at 3"),
                chart.series().get(0).points().stream().map(chart::words).toList());
    }

    @Test
    void ofManySettingsTheLatestAreDrawn() {
        List<Run> all = new ArrayList<>();
        for (int temperature = 1; temperature <= 9; temperature++) {
            all.add(student(temperature, 1, 97));
        }
        Chart chart = OwnRuns.of(all, run -> false).curves("task1");
        assertEquals(7, chart.series().size());
        assertTrue(chart.series().get(6).name().contains("T = 9,"), names(chart).toString());
        assertTrue(chart.title().endsWith(", the latest 7 of 9 settings"), chart.title());
    }

    @Test
    void distillationIsSetBesideTheSameStudentWithoutItWithWelchsInterval() {
        OwnRuns runs = OwnRuns.of(
                List.of(
                        student(8, 1, 96),
                        student(8, 2, 98),
                        // A single seed has no interval.
                        student(3, 1, 99),
                        plain(1, 95),
                        plain(2, 96),
                        // Another length is no reference.
                        Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.5),
                        Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 2), 97.6)),
                run -> false);
        Table table = runs.differences();
        // 97 - 95.5; e^2 = 2 / 2 = 1, f^2 = .5 / 2 = .25: 1.25^2 / (1 + .0625) = 1.4706 degrees of freedom, standard
        // error 1.1180.
        assertEquals(
                List.of(
                        "task1, as-written: q5 student, T = 8, alpha = 0.5 [3 EPOCHS] (2 seeds)",
                        "task1, as-written: q7 student-plain [3 EPOCHS] (2 seeds)"),
                List.of(table.texts().get(0).get(0), table.texts().get(0).get(2)));
        assertTrue(
                table.texts().get(0).get(4).startsWith("+1.50 (-"),
                table.texts().get(0).get(4));
        assertEquals(1, table.rows().size());
    }

    @Test
    void anotherLossIsSetBesideTheReportsToo() {
        List<Run> all = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            Settings settings = student(8, seed, 0).settings();
            all.add(Runs.run(settings, 96 + seed));
            all.add(Runs.run(Runs.with(settings, "loss", "logit-mse"), 94 + seed));
        }
        List<List<String>> rows = OwnRuns.of(all, run -> false).differences().texts();
        assertEquals(1, rows.size());
        assertTrue(rows.get(0).get(0).contains("loss = logit-mse"), rows.get(0).get(0));
        assertEquals(
                "task1, as-written: q5 student, T = 8, alpha = 0.5 [3 EPOCHS] (2 seeds)",
                rows.get(0).get(2));
        assertTrue(rows.get(0).get(4).startsWith("-2.00 ("), rows.get(0).get(4));
    }

    /**
     * What has no temperature differs from the report's loss in that, too; what has no teacher is beside the labels.
     */
    @Test
    void aLossWithoutATemperatureOrATeacherIsSetBesideTheReportsOfItsKind() {
        List<Run> all = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            Settings settings = student(8, seed, 0).settings();
            all.add(Runs.run(settings, 96 + seed));
            all.add(Runs.run(Runs.with(Runs.with(settings, "loss", "hints"), "temperature", null), 95 + seed));
            Settings plain = Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed), "epochs", 3);
            all.add(Runs.run(plain, 93 + seed));
            all.add(Runs.run(Runs.with(plain, "loss", "label-smoothing"), 93.5 + seed));
        }
        List<String> rows = OwnRuns.of(all, run -> false).differences().texts().stream()
                .map(row -> row.get(0).replaceAll(".*: | \\[.*", "") + " - "
                        + row.get(2).replaceAll(".*: | \\[.*", "") + " = "
                        + row.get(4).replaceAll(" .*", ""))
                .toList();
        assertEquals(
                List.of(
                        "q5 student, T = 8, alpha = 0.5 - q7 student-plain = +3.00",
                        "q5 student, loss = hints, alpha = 0.5 - q7 student-plain = +2.00",
                        "q5 student, loss = hints, alpha = 0.5 - q5 student, T = 8, alpha = 0.5 = -1.00",
                        "q7 student-plain, loss = label-smoothing - q7 student-plain = +0.50"),
                rows);
    }
}
