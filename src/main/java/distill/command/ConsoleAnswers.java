package distill.command;

import distill.page.Chart;
import distill.page.Table;
import distill.report.ChartFiles;
import distill.report.TextFile;
import distill.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Answers on a console, and as tables and figures in a folder.
 *
 * @param out the console
 * @param folder such as {@code runs/task1}; made when the first file is written
 * @param quiet whether only results are printed
 */
public record ConsoleAnswers(PrintWriter out, Path folder, boolean quiet) implements Answers {

    /** Says nothing, and is given nothing to write. */
    public static final ConsoleAnswers SILENT =
            new ConsoleAnswers(new PrintWriter(Writer.nullWriter()), StoreFolder.RUNS, true);

    @Override
    public void heading(String title) {
        print("%n%s%n%s".formatted(title, "-".repeat(title.length())));
    }

    @Override
    public void print(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void note(String text) {
        if (!quiet) {
            print(text);
        }
    }

    @Override
    public void text(String text) {
        print(text);
    }

    @Override
    public void publish(String file, Table table, String csv, Collection<Run> runs) throws IOException {
        print(table.console());
        write(file + ".md", table.markdown());
        write(file + ".csv", csv);
        print("  -> " + path(file + ".md") + " and .csv");
    }

    @Override
    public void keep(String file, Table table, String csv) throws IOException {
        publish(file, table, csv, List.of());
        write(file + ".json", table.json());
    }

    @Override
    public void kept(String why, List<String> files) {
        print(why);
    }

    @Override
    public void draw(String file, Chart chart) throws IOException {
        written(ChartFiles.save(chart, path(file)));
    }

    @Override
    public void picture(String file, String title, String description, Drawing drawing) throws IOException {
        written(drawing.draw(path(file)));
    }

    @Override
    public void write(String file, String text) throws IOException {
        TextFile.replace(path(file), text);
    }

    /** Where a file of a name goes; the folder is made where it is missing. */
    public Path path(String name) throws IOException {
        return Files.createDirectories(folder).resolve(name);
    }

    private void written(List<Path> files) {
        files.forEach(file -> print("  -> " + file));
    }
}
