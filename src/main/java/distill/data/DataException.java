package distill.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Data that are missing or not as they must be. The message is one line for the user: which file, what was found, what
 * was expected, what to do.
 */
public class DataException extends IOException {

    /** With one line for the user. */
    public DataException(String message) {
        super(message);
    }

    /** With one line for the user, which tells of the cause what the user needs. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What to tell of a file or folder that the operating system would not open or read. */
    static DataException unreadable(Path path, IOException cause) {
        if (cause instanceof DataException told) {
            return told;
        }
        if (cause instanceof NoSuchFileException) {
            return new DataException(path + " does not exist; check the name", cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new DataException(path + " cannot be read: no permission; make it readable for this user", cause);
        }
        return new DataException(path + " cannot be read: " + cause.getMessage(), cause);
    }
}
