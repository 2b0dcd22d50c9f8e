package distill.report;

import java.util.ArrayList;
import java.util.List;

/** Sentences in lines of a console. */
public final class Wrapping {

    private Wrapping() {}

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
