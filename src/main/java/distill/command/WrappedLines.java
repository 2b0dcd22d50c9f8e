package distill.command;

import java.io.IOException;
import java.io.Writer;

/**
 * Breaks lines that are longer than a terminal's between words, where the terminal would break them within words. What
 * follows in the next line stands below the text: behind a name and a gap of two spaces or more, such as in {@code "
 * trains 36 networks"}, else two spaces further in than the line.
 */
final class WrappedLines extends Writer {

    /** A gap counts where it ends within the first so many parts of a line. */
    private static final int PARTS = 3;

    private static final int INDENT = 2;

    private final Writer out;
    private final int width;
    private final StringBuilder line = new StringBuilder();

    /**
     * Lines for a terminal.
     *
     * @param width how many characters its lines have
     */
    WrappedLines(Writer out, int width) {
        this.out = out;
        this.width = width;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        synchronized (lock) {
            for (int i = from; i < from + length; i++) {
                if (text[i] == '\n') {
                    writeLine();
                } else {
                    line.append(text[i]);
                }
            }
        }
    }

    private void writeLine() throws IOException {
        String left = line.toString();
        line.setLength(0);
        int indent = indent(left);
        while (left.length() > width) {
            int end = left.lastIndexOf(' ', width);
            if (end <= indent) {
                end = left.indexOf(' ', width);
            }
            if (end < 0) {
                break;
            }
            out.write(left.substring(0, end).stripTrailing());
            out.write('\n');
            left = " ".repeat(indent) + left.substring(end).stripLeading();
        }
        out.write(left);
        out.write('\n');
    }

    /** Where the lines begin that a line goes on in. */
    private int indent(String text) {
        int first = text.length() - text.stripLeading().length();
        int gap = text.indexOf("  ", first);
        if (gap > 0) {
            int behind = text.length() - text.substring(gap).stripLeading().length();
            if (behind <= width / PARTS) {
                return behind;
            }
        }
        return first + INDENT;
    }

    /** Writes also what has no end yet. */
    @Override
    public void flush() throws IOException {
        synchronized (lock) {
            out.write(line.toString());
            line.setLength(0);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        flush();
        out.close();
    }
}
