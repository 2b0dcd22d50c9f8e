package distill.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Text files that a person reads while they are made again. */
public final class TextFile {

    private TextFile() {}

    /**
     * Replaces a file in one move, so that a full disk or a kill leaves the old one.
     *
     * @throws IOException where it cannot be written
     */
    public static void replace(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(
                file.getFileName() + ".tmp-" + ProcessHandle.current().pid());
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
