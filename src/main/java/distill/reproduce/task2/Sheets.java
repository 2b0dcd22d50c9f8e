package distill.reproduce.task2;

import distill.experiment.Provenance;
import distill.nn.Device;
import distill.report.Table;
import distill.report.TextFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a question's tables and figures go: the console, and {@code OUT/task2}.
 *
 * @param out the folder that {@code task2} is made in
 * @param quick whether all of it is marked so
 */
record Sheets(Path out, boolean quick, Device device, PrintWriter console) {

    /** A number in words, everywhere with a point and commas. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    void print(String line) {
        console.println(line);
        console.flush();
    }

    /** {@code " [QUICK]"}, or nothing. */
    String suffix() {
        return quick ? " [QUICK]" : "";
    }

    /** {@code OUT/task2/NAME}, with {@code -quick} where it is, without an ending. */
    Path path(String name) throws IOException {
        return Files.createDirectories(out.resolve("task2")).resolve(name + (quick ? "-quick" : ""));
    }

    /** Prints a table and writes it as .md, with what gave its numbers, and as .csv. */
    void publish(String name, Table table) throws IOException {
        Table marked = new Table(table.title() + suffix(), table.header(), table.rows(), table.notes());
        print(marked.console());
        List<String> notes = new ArrayList<>(table.notes());
        notes.add(provenance());
        Path path = path(name);
        Path markdown = path.resolveSibling(path.getFileName() + ".md");
        TextFile.replace(markdown, new Table(marked.title(), table.header(), table.rows(), notes).markdown());
        TextFile.replace(path.resolveSibling(path.getFileName() + ".csv"), table.csv());
        print("  -> " + markdown + " and .csv\n");
    }

    /** Says where a figure is. */
    void figure(List<Path> files) {
        print("  -> " + files.get(0) + " and .svg\n");
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
