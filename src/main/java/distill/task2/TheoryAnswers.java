package distill.task2;

import distill.command.ConsoleAnswers;
import distill.nn.Device;
import distill.page.Table;
import distill.report.Marks;
import distill.run.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The answers of the theory questions: marked where they are quick, and with what gave their numbers, for no run does.
 *
 * @param quick whether all of it is marked so
 */
record TheoryAnswers(ConsoleAnswers answers, boolean quick, Device device) {

    /** A number in words, everywhere with a point and commas. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** {@code QUICK}, or nothing. */
    Marks marks() {
        return new Marks(quick ? List.of("QUICK") : List.of());
    }

    /** {@code " [QUICK]"}, or nothing. */
    String suffix() {
        return marks().suffix();
    }

    /** A file for a figure, without an ending. */
    Path path(String name) throws IOException {
        return answers.path(name(name));
    }

    /** {@code NAME}, with {@code -quick} where it is. */
    private String name(String name) {
        return name + (quick ? "-quick" : "");
    }

    /** Prints a table and writes it, with what gave its numbers, and keeps it for the page. */
    void publish(String name, Table table) throws IOException {
        List<String> notes = new ArrayList<>(table.notes());
        notes.add(provenance());
        Table marked = new Table(table.title() + suffix(), table.header(), table.rows(), notes);
        answers.keep(name(name), marked, marked.csv());
    }

    /** Says where a figure is. */
    void figure(List<Path> files) {
        answers.print("  -> " + files.get(0) + " and .svg\n");
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
