package distill.report;

import distill.files.WholeFile;
import java.io.IOException;
import java.nio.file.Path;

/** Text files that a person reads while they are made again. */
public final class TextFile {

    private TextFile() {}

    /**
     * Replaces a file in one move, as {@link WholeFile} does.
     *
     * @throws IOException where it cannot be written
     */
    public static void replace(Path file, String text) throws IOException {
        WholeFile.replace(file, text);
    }
}
