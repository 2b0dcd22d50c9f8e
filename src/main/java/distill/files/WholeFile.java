package distill.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Files that a person may look at while they are made again: tables, figures, pages. */
public final class WholeFile {

    private WholeFile() {}

    /** Writes what a file holds. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes all of it.
         *
         * @throws IOException where it cannot be made; then the old file stays
         */
        void write(OutputStream out) throws IOException;
    }

    /**
     * Replaces a file in one move, so that a full disk or a kill leaves the old one. What it holds is made in memory
     * first: libraries that draw have words of their own for a disk that is full.
     *
     * @throws IOException where it cannot be written
     */
    public static void replace(Path file, Writer writer) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        writer.write(content);
        replace(file, content.toByteArray());
    }

    /**
     * The same with text, in UTF-8.
     *
     * @throws IOException where it cannot be written
     */
    public static void replace(Path file, String text) throws IOException {
        replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path temporary = Temporary.beside(file);
        try {
            Files.write(temporary, content);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (AccessDeniedException e) {
            throw new IOException("cannot write " + file + ": no permission to write in its folder", e);
        } catch (DirectoryNotEmptyException e) {
            throw new IOException("cannot write " + file + ": a folder stands in its place", e);
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
