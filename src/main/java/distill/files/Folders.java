package distill.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders with all that is in them. */
public final class Folders {

    private Folders() {}

    /** Writes what a folder holds. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes into a folder that is there and empty.
         *
         * @throws IOException where it cannot; then the folder is not made
         */
        void write(Path folder) throws IOException;
    }

    /**
     * Makes a folder as a whole or not at all, and the folders that it is in.
     *
     * @return false where another process was faster, whose folder stays
     */
    public static boolean make(Path target, Writer writer) throws IOException {
        Path temporary = Temporary.beside(target);
        Files.createDirectories(temporary);
        try {
            writer.write(temporary);
            return move(temporary, target);
        } finally {
            delete(temporary);
        }
    }

    private static boolean move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (!Files.isDirectory(to)) {
                throw e;
            }
            return false;
        }
    }

    /** Deletes a file, or a folder with all that is in it, where there is one. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
