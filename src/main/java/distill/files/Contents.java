package distill.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that are read as a whole: configurations, descriptions, tables. */
public final class Contents {

    /** The largest text that is read, in bytes; what is read with it is of some kilobytes, or seldom megabytes. */
    private static final int MOST = 1 << 24;

    private Contents() {}

    /**
     * Reads a text as it is.
     *
     * @throws IOException where it has more than 16 MB, of which no more are read, or cannot be read
     */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST + 1);
            if (bytes.length > MOST) {
                throw new IOException("%s has more than %d bytes, which no file of its kind has".formatted(file, MOST));
            }
            return bytes;
        }
    }

    /**
     * Reads a text in UTF-8.
     *
     * @throws CharacterCodingException where it is in something else; names the file
     * @throws IOException as {@link #bytes} does
     */
    public static String text(Path file) throws IOException {
        byte[] bytes = bytes(file);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotText(file, e);
        }
    }

    private static final class NotText extends CharacterCodingException {

        private final Path file;

        private NotText(Path file, CharacterCodingException cause) {
            this.file = file;
            initCause(cause);
        }

        @Override
        public String getMessage() {
            return file + " is no text in UTF-8";
        }
    }
}
