package distill.command;

import distill.files.WholeFile;
import distill.page.Chart;
import distill.page.Table;
import distill.report.ChartFiles;
import distill.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers on a console, and as tables and figures in a folder. Among all questions of a task each has two lines: its
 * title, and where its tables and figures are.
 */
public final class ConsoleAnswers implements Answers {

    /** Says nothing, and is given nothing to write. */
    public static final ConsoleAnswers SILENT =
            new ConsoleAnswers(new PrintWriter(Writer.nullWriter()), StoreFolder.RUNS, true, false);

    private final PrintWriter out;
    private final Path folder;
    private final boolean quiet;
    private final boolean brief;
    private final List<String> tables = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private boolean leftOut;

    /**
     * Answers of which none is given yet.
     *
     * @param out the console
     * @param folder such as {@code runs/task1}; made when the first file is written
     * @param quiet whether only results are printed
     * @param brief whether tables are written, but not printed
     */
    public ConsoleAnswers(PrintWriter out, Path folder, boolean quiet, boolean brief) {
        this.out = out;
        this.folder = folder;
        this.quiet = quiet;
        this.brief = brief;
    }

    @Override
    public PrintWriter out() {
        return out;
    }

    @Override
    public void heading(String title) {
        end();
        print(brief ? title : "%n%s%n%s".formatted(title, "-".repeat(title.length())));
    }

    @Override
    public void print(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void detail(String text) {
        if (brief) {
            leftOut = true;
        } else {
            print(text);
        }
    }

    @Override
    public void note(String text) {
        if (!quiet) {
            print(text);
        }
    }

    @Override
    public void text(String text) {
        detail(text);
    }

    @Override
    public void publish(String file, Table table, String csv, Collection<Run> runs) throws IOException {
        detail(table.console());
        write(file + ".md", table.markdown());
        write(file + ".csv", csv);
        if (brief) {
            tables.add(file);
        } else {
            print("  -> " + path(file + ".md") + " and .csv");
        }
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
        written(file, ChartFiles.save(chart, path(file)));
    }

    @Override
    public void picture(String file, String title, String description, Drawing drawing) throws IOException {
        written(file, drawing.draw(path(file)));
    }

    @Override
    public void write(String file, String text) throws IOException {
        WholeFile.replace(path(file), text);
    }

    @Override
    public void end() {
        int files = tables.size() + figures.size();
        if (files > 0) {
            String what = Stream.of(counted(tables, "table"), counted(figures, "figure"))
                    .filter(one -> !one.isEmpty())
                    .collect(Collectors.joining(", "));
            print("  -> " + folder.resolve(nameOfAll()) + ": " + what);
        } else if (leftOut) {
            print("  shown by --verbose, or by this question alone");
        }
        tables.clear();
        figures.clear();
        leftOut = false;
    }

    private static String counted(List<String> files, String name) {
        return files.isEmpty() ? "" : files.size() + " " + name + (files.size() == 1 ? "" : "s");
    }

    /** What the names of all files begin with, up to a hyphen, and a star. */
    private String nameOfAll() {
        String first =
                Stream.concat(tables.stream(), figures.stream()).findFirst().orElseThrow();
        int end = first.length();
        for (String other : Stream.concat(tables.stream(), figures.stream()).toList()) {
            int differs = Arrays.mismatch(first.toCharArray(), other.toCharArray());
            end = differs < 0 ? end : Math.min(end, first.lastIndexOf('-', differs) + 1);
        }
        return first.substring(0, end) + (end < first.length() ? "*" : ".*");
    }

    /** Where a file of a name goes; the folder is made where it is missing. */
    private Path path(String name) throws IOException {
        return Files.createDirectories(folder).resolve(name);
    }

    private void written(String name, List<Path> files) {
        if (brief) {
            figures.add(name);
        } else {
            files.forEach(file -> print("  -> " + file));
        }
    }
}
