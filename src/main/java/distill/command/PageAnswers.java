package distill.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.files.Contents;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Cells;
import distill.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Answers as blocks of the page. Nothing is computed or written: what looked at models, images or clocks is taken from
 * the files that the questions kept beside the runs.
 */
public final class PageAnswers implements Answers {

    /** Columns of one seed each, which a column of all stands beside. */
    private static final Pattern SEED = Pattern.compile("seed \\d+");

    private static final int MANY_SEEDS = 3;

    private final Path folder;
    private final boolean quick;
    private List<Block> blocks = new ArrayList<>();

    /**
     * No answers yet.
     *
     * @param folder of one task's files, such as {@code results/task1}; need not exist
     * @param quick whether files of a quick cut are meant
     */
    public PageAnswers(Path folder, boolean quick) {
        this.folder = folder;
        this.quick = quick;
    }

    /** The blocks since they were last taken. */
    public List<Block> take() {
        List<Block> taken = blocks;
        blocks = new ArrayList<>();
        return taken;
    }

    /** Adds a block. */
    public void add(Block block) {
        blocks.add(block);
    }

    @Override
    public PrintWriter out() {
        return new PrintWriter(Writer.nullWriter());
    }

    @Override
    public boolean goOnWithoutRuns() {
        return true;
    }

    @Override
    public void text(String text) {
        add(new Document.Text(text));
    }

    @Override
    public void publish(String file, Table table, String csv, Collection<Run> runs) {
        Table all = table.withoutColumns(SEED);
        boolean manySeeds = table.header().size() - all.header().size() >= MANY_SEEDS;
        add(new Document.Sheet(manySeeds ? all : table, Cells.sources(runs)));
        if (manySeeds) {
            add(new Document.Fold("Each seed", List.of(new Document.Sheet(table, List.of()))));
        }
    }

    @Override
    public void keep(String file, Table table, String csv) {
        throw new IllegalStateException("the page computes nothing, so nothing is kept as " + file);
    }

    @Override
    public void kept(String why, List<String> files) throws IOException {
        for (String file : files) {
            table(file);
        }
    }

    /** Adds the kept table whose file's name starts so, if there is one, with a note that says which file it is in. */
    public void table(String name) throws IOException {
        Optional<Path> file = shortest(name, ".json");
        if (file.isEmpty()) {
            return;
        }
        try {
            Table table = Table.ofJson(Contents.text(file.get()));
            List<String> notes = new ArrayList<>(table.notes());
            String markdown = file.get().getFileName().toString().replaceFirst("\\.json$", ".md");
            notes.add("Kept in `" + folder.getFileName() + "/" + markdown + "`.");
            add(new Document.Sheet(new Table(table.title(), table.header(), table.rows(), notes), List.of()));
        } catch (JsonProcessingException e) {
            throw new IOException("cannot read the table " + file.get() + ": " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IOException("cannot read the table " + file.get() + ": it is not in UTF-8", e);
        }
    }

    @Override
    public void picture(String file, String title, String description, Drawing drawing) throws IOException {
        picture(file, title, description);
    }

    /** Adds the picture that was drawn when its question was answered, if there is one. */
    public void picture(String file, String title, String description) throws IOException {
        shortest(file, ".png").ifPresent(png -> add(new Document.Picture(png, title, description)));
    }

    /** Adds all pictures whose files' names start so, in order. */
    public void pictures(String name, String title, String description) throws IOException {
        for (Path file : files(name, ".png")) {
            String shown =
                    file.getFileName().toString().replaceFirst("^[^-]+-", "").replaceFirst("\\.png$", "");
            add(new Document.Picture(file, title + ", " + shown, description));
        }
    }

    /** The file with the least in its name that sets it apart. */
    private Optional<Path> shortest(String name, String ending) throws IOException {
        return files(name, ending).stream()
                .min(Comparator.comparing((Path file) -> file.toString().length())
                        .thenComparing(Path::toString));
    }

    private List<Path> files(String name, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String text = file.getFileName().toString();
                        return text.endsWith(ending)
                                && (text.startsWith(name + "-") || text.equals(name + ending))
                                && !text.startsWith(name + "-without-")
                                && text.contains("-quick") == quick;
                    })
                    .sorted()
                    .toList();
        }
    }
}
