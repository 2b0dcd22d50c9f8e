package distill.report;

import distill.files.Temporary;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Text files that a person reads while they are made again. */
public final class TextFile {

    private TextFile() {}

    /**
     * Replaces a file in one move, so that a full disk or a kill leaves the old one.
     *
     * @throws IOException where it cannot be written
     */
    public static void replace(Path file, String text) throws IOException {
        Path temporary = Temporary.beside(file);
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (AccessDeniedException e) {
            throw new IOException("cannot write " + file + ": no permission to write in its folder", e);
        } catch (NoSuchFileException e) {
            throw new IOException("cannot write " + file + ": its folder is not there", e);
        } catch (FileSystemException e) {
            throw new IOException(
                    "cannot write " + file + ": " + Objects.requireNonNullElse(e.getReason(), e.getMessage()), e);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
