package distill.report;

import distill.experiment.MnistPlan;
import distill.run.Run;
import distill.statistics.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Fig. 10: the student's test accuracy against the epochs of its teacher. */
public final class EarlyStoppedCurve {

    private EarlyStoppedCurve() {}

    /**
     * Draws the curve.
     *
     * @param students of one reading and form
     * @param folder where {@code NAME.png} and {@code NAME.svg} go
     * @return the files
     */
    public static List<Path> draw(List<Run> students, Path folder, String name) throws IOException {
        return Charts.save(chart(students), folder.resolve(name));
    }

    static XYChart chart(List<Run> students) {
        Marks marks = Marks.of(students);
        TreeMap<Integer, List<Run>> byEpochs = EarlyStoppedTables.byEpochs(students);
        List<Integer> epochs = List.copyOf(byEpochs.keySet());
        List<Sample> cells = byEpochs.values().stream().map(Cells::sample).toList();
        boolean several = cells.stream().anyMatch(cell -> cell.n() > 1);
        String form = students.get(0).settings().question().equals(MnistPlan.SINGLE_TRAJECTORY)
                ? "each seed's teacher"
                : "new teachers";
        XYChart chart = Charts.lines(
                "Student test accuracy vs. teacher's epochs, "
                        + students.get(0).settings().reading() + ", " + form,
                marks,
                "epochs of the teacher",
                "test accuracy (%)");
        chart.getStyler().setYAxisDecimalPattern("0.0#");
        chart.getStyler()
                .setXAxisMaxLabelCount(epochs.size())
                .setxAxisTickLabelsFormattingFunction(
                        epoch -> epoch == Math.rint(epoch) ? Integer.toString(epoch.intValue()) : "");
        chart.addSeries(
                        several ? "ours (mean, standard deviation)" : "ours (one run)",
                        epochs,
                        cells.stream().map(Sample::mean).toList(),
                        several
                                ? cells.stream()
                                        .map(cell -> cell.n() == 1 ? 0 : cell.sd())
                                        .toList()
                                : null)
                .setMarker(SeriesMarkers.CIRCLE);
        List<Integer> published = epochs.stream()
                .filter(epoch -> Published.table3(epoch).isPresent())
                .toList();
        if (marks.comparable() && !published.isEmpty()) {
            chart.addSeries(
                            "report (one run)",
                            published,
                            published.stream()
                                    .map(epoch -> Published.table3(epoch).orElseThrow())
                                    .toList())
                    .setMarker(SeriesMarkers.DIAMOND);
        }
        return chart;
    }
}
