package distill.command;

import distill.page.Chart;
import distill.page.Table;
import distill.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Where a question's answers go: to a console and into files ({@link ConsoleAnswers}), or onto the page
 * ({@link PageAnswers}). A question gives its answers once, whichever it is; what does nothing here has no place on the
 * page.
 */
public interface Answers {

    /** Makes a picture's files, given where without an ending, and says which it made. */
    @FunctionalInterface
    interface Drawing {
        List<Path> draw(Path file) throws IOException;
    }

    /** The console, on which trainings tell how they come along. */
    PrintWriter out();

    /** Whether what a store lacks is left out of the answers, and is no error. */
    default boolean goOnWithoutRuns() {
        return false;
    }

    /** Announces a question on the console. */
    default void heading(String title) {}

    /** Says on the console what belongs to no table. */
    default void print(String text) {}

    /** An answer on the console alone, which is too long to be shown among those of all questions. */
    default void detail(String text) {}

    /** Says on the console what is no result, unless only results are wanted. */
    default void note(String text) {}

    /** An answer in words, of the runs of the table before it. */
    void text(String text);

    /**
     * A table that stored runs give, and what it is made of as CSV.
     *
     * @param file its name without an ending
     * @param runs what it is made of
     */
    void publish(String file, Table table, String csv, Collection<Run> runs) throws IOException;

    /** A table that stored runs give, with its own cells as CSV. */
    default void publish(String file, Table table, Collection<Run> runs) throws IOException {
        publish(file, table, table.csv(), runs);
    }

    /**
     * A table that stored runs alone do not give, such as one of a clock's times or a model's maps. It is kept in a
     * file of its own, from which the page takes it.
     */
    void keep(String file, Table table, String csv) throws IOException;

    /**
     * What takes the place of answers that no stored run gives.
     *
     * @param why said on the console
     * @param files tables that were kept when they were answered, whose names start so; shown on the page
     */
    void kept(String why, List<String> files) throws IOException;

    /** A chart in files of its own. The page has charts of all readings in one. */
    default void draw(String file, Chart chart) throws IOException {}

    /**
     * A picture in files of its own.
     *
     * @param title what it shows
     * @param description what can be seen
     */
    void picture(String file, String title, String description, Drawing drawing) throws IOException;

    /** A file of text beside the tables. */
    default void write(String file, String text) throws IOException {}

    /** Says on the console that the last question is answered. */
    default void end() {}
}
