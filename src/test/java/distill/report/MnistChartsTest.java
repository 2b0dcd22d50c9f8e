package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.page.Chart;
import distill.page.Chart.Line;
import distill.page.Chart.Look;
import distill.page.Chart.Scale;
import distill.page.Chart.Series;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MnistChartsTest {

    private static List<String> names(Chart chart) {
        return chart.series().stream().map(Series::name).toList();
    }

    private static List<String> points(Chart chart, int series) {
        return chart.series().get(series).points().stream().map(chart::words).toList();
    }

    private static List<Run> earlyStopped(double... accuracies) {
        List<Run> students = new ArrayList<>();
        for (int seed = 1; seed <= accuracies.length / 3; seed++) {
            for (int i = 0; i < 3; i++) {
                students.add(Runs.earlyStopped("q13", 3 + i, "not stored", seed, accuracies[3 * (seed - 1) + i]));
            }
        }
        return students;
    }

    @Test
    void fig10HasMeansWithTheirSpreadBesideTheReports() {
        List<Run> students = earlyStopped(97, 97.5, 97, 97.2, 97.6, 97.1);
        Chart chart = MnistCharts.teacherEpochs("title", Map.of(MnistCharts.ours(students), students));
        assertEquals(List.of("ours (mean, standard deviation)", "report (one run)"), names(chart));
        // Of 97.5 and 97.6 the standard deviation is .1 / sqrt(2).
        assertEquals(List.of("97.10 ± 0.141 at 3", "97.55 ± 0.071 at 4", "97.05 ± 0.071 at 5"), points(chart, 0));
        assertEquals(List.of("97.49 at 3", "97.88 at 4", "97.74 at 5"), points(chart, 1));
    }

    @Test
    void besideMarkedRunsTheReportIsNotDrawn() {
        List<Run> quick = List.of(Runs.run(
                Runs.quick(Runs.earlyStopped("q13", 1, "not stored", 1, 90).settings()), 90));
        Chart chart = MnistCharts.teacherEpochs("title", Map.of(MnistCharts.ours(quick), quick));
        assertEquals(List.of("ours (one run)"), names(chart));
        assertEquals("title [QUICK, 2 EPOCHS, 24000 TRAINING IMAGES]", chart.caption());
    }

    @Test
    void fig7IsTheSameOnBothOfItsAxes() {
        List<Run> students = Published.TEMPERATURES.stream()
                .map(t -> Runs.run(Runs.settings("q6", Role.STUDENT, t, .5, 1), 97.5))
                .toList();
        Map<String, List<Run>> ours = Map.of(MnistCharts.ours(students), students);
        Chart log = MnistCharts.temperature("title", ours, "report", Scale.LOG2);
        Chart categories = MnistCharts.temperature("title", ours, "report", Scale.CATEGORIES);
        assertEquals(List.of("ours (one run)", "report"), names(log));
        assertEquals("97.93 at 1", points(log, 1).get(0));
        assertEquals(log.series(), categories.series());
        assertEquals("temperature (logarithmic)", log.x().label());
        assertEquals("temperature", categories.x().label());
    }

    @Test
    void theReportsPointsStandWhereOursDo() {
        List<Run> students = List.of(
                Runs.run(Runs.settings("q6", Role.STUDENT, 3., .5, 1), 97.5),
                Runs.run(Runs.settings("q6", Role.STUDENT, 4., .5, 1), 97.6));
        Chart chart = MnistCharts.temperature("title", Map.of("ours", students), "report", Scale.LOG2);
        assertEquals(List.of("97.91 at 4"), points(chart, 1));
    }

    @Test
    void alphasHaveTheMeansOfTheirCells() {
        Chart chart = MnistCharts.alphas(
                List.of(Runs.student(4, .1, 1, 97), Runs.student(4, .1, 2, 98), Runs.student(4, .9, 1, 96)));
        assertEquals(List.of("T = 4"), names(chart));
        assertEquals(List.of("97.50 at 0.1", "96.00 at 0.9"), points(chart, 0));
    }

    @Test
    void tableOneIsAMeanOfCellsInWhichACellWithMoreSeedsCountsOnce() {
        Map<String, List<Run>> students = Map.of(
                "as-written",
                List.of(Runs.student(4, .1, 1, 97), Runs.student(4, .1, 2, 98), Runs.student(4, .9, 1, 96)));
        // 97.5 and 96: their standard deviation is 1.5 / sqrt(2).
        assertEquals(List.of("96.75 ± 1.06 at 4"), points(MnistCharts.tableOneByTemperature(students), 0));
        assertEquals(List.of("97.50 at 0.1", "96.00 at 0.9"), points(MnistCharts.tableOneByAlpha(students), 0));
    }

    @Test
    void questionSevenHasAPointForEachRunOfTheTwoStudents() {
        Run plain = Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.3);
        Chart chart = MnistCharts.plainStudent(
                Map.of("as-written", List.of(plain)),
                Map.of("as-written", List.of(Runs.student(16, .9, 1, 97.8), Runs.student(4, .9, 1, 96))));
        assertEquals(
                List.of("97.30 at without distillation", "97.80 at with it, T = 16, alpha = 0.9"), points(chart, 0));
        Series series = chart.series().get(0);
        assertEquals(List.of(Line.NONE, Look.AS_WRITTEN), List.of(series.line(), series.look()));
        assertEquals(List.of("as-written", "report"), names(chart));
    }
}
