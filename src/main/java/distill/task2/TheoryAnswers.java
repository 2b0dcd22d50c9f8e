package distill.task2;

import distill.command.Answers;
import distill.nn.Device;
import distill.page.Chart;
import distill.page.Table;
import distill.report.BlockDiagram;
import distill.report.BlockDiagram.Panel;
import distill.report.ChartFiles;
import distill.report.Marks;
import distill.run.Provenance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The answers of the theory questions: marked where they are quick, and with what gave their numbers, for no run does.
 *
 * @param quick whether all of it is marked so
 */
record TheoryAnswers(Answers answers, boolean quick, Device device) {

    private static final int CHART_WIDTH = 900;
    private static final int CHART_HEIGHT = 620;

    /** A number in words, everywhere with a point and commas. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** {@code QUICK}, or nothing. */
    Marks marks() {
        return new Marks(quick ? List.of("QUICK") : List.of());
    }

    /** {@code NAME}, with {@code -quick} where it is. */
    private String name(String name) {
        return name + (quick ? "-quick" : "");
    }

    /** Says what is computed now. */
    void doing(String what) {
        answers.note(what);
    }

    /** Prints a table and writes it, with what gave its numbers, and keeps it for the page. */
    void publish(String name, Table table) throws IOException {
        List<String> notes = new ArrayList<>(table.notes());
        notes.add(provenance());
        Table marked = new Table(table.title() + marks().suffix(), table.header(), table.rows(), notes);
        answers.keep(name(name), marked, marked.csv());
    }

    /** Draws blocks of networks. */
    void draw(String name, String title, List<Panel> panels) throws IOException {
        answers.picture(name(name), title, "", file -> BlockDiagram.draw(title + marks().suffix(), panels, file));
    }

    /** Draws a chart. */
    void draw(String name, Chart chart) throws IOException {
        answers.picture(name(name), chart.title(), "", file -> ChartFiles.save(chart, CHART_WIDTH, CHART_HEIGHT, file));
    }

    private String provenance() {
        Provenance provenance = Provenance.of("generated", true);
        return "Commit %s, TensorFlow %s, %s, %s, %d threads."
                .formatted(
                        provenance.commit(),
                        provenance.tensorflow(),
                        provenance.cpu(),
                        device.kind(),
                        device.threads());
    }
}
