package distill.command;

import distill.page.Chart;
import distill.page.Table;
import distill.report.ChartFiles;
import distill.report.TextFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a question's answers go: a console, and tables and figures in a folder.
 *
 * @param out the console
 * @param folder such as {@code runs/task1}; need not exist
 * @param quiet whether only results are printed
 */
public record Answers(PrintWriter out, Path folder, boolean quiet) {

    /** Announces a question. */
    public void heading(String title) {
        out.printf("%n%s%n%s%n", title, "-".repeat(title.length()));
        out.flush();
    }

    /** Prints text and a line's end. */
    public void print(String text) {
        out.println(text);
        out.flush();
    }

    /** Prints what is no result, unless only results are wanted. */
    public void note(String text) {
        if (!quiet) {
            print(text);
        }
    }

    /** A file for a figure; the folder is made where it is missing. */
    public Path file(String name) throws IOException {
        return Files.createDirectories(folder).resolve(name);
    }

    /** Prints a table and writes it as {@code FOLDER/NAME.md} and {@code .csv}. */
    public void publish(String name, Table table) throws IOException {
        publish(name, table, table.csv());
    }

    /** Prints a table and writes it as {@code FOLDER/NAME.md}, with {@code csv} beside it. */
    public void publish(String name, Table table, String csv) throws IOException {
        print(table.console());
        Path markdown = file(name + ".md");
        TextFile.replace(markdown, table.markdown());
        TextFile.replace(file(name + ".csv"), csv);
        print("  -> " + markdown + " and .csv");
    }

    /** Draws a chart as {@code FOLDER/NAME.png} and {@code .svg}, and says so. */
    public void publish(String name, Chart chart) throws IOException {
        for (Path written : ChartFiles.save(chart, file(name))) {
            print("  -> " + written);
        }
    }

    /**
     * Publishes a table that stored runs alone do not give, such as one of a clock's times or a model's maps, and
     * writes it as {@code FOLDER/NAME.json}, too, from which the page takes it.
     */
    public void keep(String name, Table table, String csv) throws IOException {
        publish(name, table, csv);
        TextFile.replace(file(name + ".json"), table.json());
    }
}
