package distill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Sentences in lines of a console. */
public final class Wrapping {

    /** Set by the launcher in a terminal: how many characters its lines have. */
    private static final String COLUMNS = "COLUMNS";

    /** A terminal that is narrower is taken to be as wide as this. */
    private static final int NARROWEST = 60;

    private Wrapping() {}

    /** How wide the terminal is, from 60 characters on; empty where there is none, or where that is not known. */
    public static OptionalInt terminalWidth() {
        String columns = System.getenv(COLUMNS);
        return System.console() == null || columns == null || !columns.matches("[1-9]\\d{0,4}")
                ? OptionalInt.empty()
                : OptionalInt.of(Math.max(NARROWEST, Integer.parseInt(columns)));
    }

    /** A width for sentences: {@code preferred}, unless the terminal is narrower. */
    public static int width(int preferred) {
        return Math.min(preferred, terminalWidth().orElse(preferred));
    }

    /**
     * A sentence in lines that end between words.
     *
     * @param width how many characters a line has at most, unless a single word has more
     * @param indent what each line begins with
     */
    public static List<String> lines(String sentence, int width, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : sentence.split(" ")) {
            if (line.length() + word.length() > width && line.length() > indent.length()) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
