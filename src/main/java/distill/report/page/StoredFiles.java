package distill.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.page.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tables and pictures that questions wrote beside the runs, of what cannot be made from runs alone: what looked at
 * models, images or clocks.
 *
 * @param folder of one task's runs, such as {@code results/task1}; need not exist
 */
record StoredFiles(Path folder) {

    /**
     * A table that a question wrote, with a note that says which file it is in.
     *
     * @param name its file's name as far as it is known, such as {@code q1-c-limits-as-described}
     * @param quick whether it is of a quick cut
     */
    Optional<Table> table(String name, boolean quick) throws IOException {
        Optional<Path> file = find(name, ".json", quick);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            Table table = Table.ofJson(Files.readString(file.get()));
            List<String> notes = new ArrayList<>(table.notes());
            String markdown = file.get().getFileName().toString().replaceFirst("\\.json$", ".md");
            notes.add("Kept in `" + folder.getFileName() + "/" + markdown + "`.");
            return Optional.of(new Table(table.title(), table.header(), table.rows(), notes));
        } catch (JsonProcessingException e) {
            throw new IOException("cannot read the table " + file.get() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** A picture, named as a table is. */
    Optional<Path> picture(String name, boolean quick) throws IOException {
        return find(name, ".png", quick);
    }

    /** All pictures whose names start so, in order. */
    List<Path> pictures(String name, boolean quick) throws IOException {
        return files(name, ".png", quick);
    }

    /** The file with the least in its name that sets it apart. */
    private Optional<Path> find(String name, String ending, boolean quick) throws IOException {
        return files(name, ending, quick).stream()
                .min(Comparator.comparing((Path file) -> file.toString().length())
                        .thenComparing(Path::toString));
    }

    private List<Path> files(String name, String ending, boolean quick) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String text = file.getFileName().toString();
                        return text.endsWith(ending)
                                && (text.startsWith(name + "-") || text.equals(name + ending))
                                && text.contains("-quick") == quick;
                    })
                    .sorted()
                    .toList();
        }
    }
}
