package distill.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Names of classes for people. */
final class ClassNames {

    /** More are counted, and not named one by one. */
    private static final int SHOWN = 5;

    private ClassNames() {}

    /**
     * Refuses names with characters that move a terminal's cursor: names are shown on consoles and in tables, and kept
     * with runs.
     *
     * @param source where the names are from
     */
    static void check(Collection<String> names, Path source) throws DataException {
        for (String name : names) {
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw new DataException("%s: the class '%s' has a control character in its name; rename it"
                        .formatted(source, name.replaceAll("\\p{Cntrl}", "?")));
            }
        }
    }

    /** {@code A and B}, {@code A, B and C}, or for many {@code 10 classes}. */
    static String inWords(List<String> names) {
        int last = names.size() - 1;
        return names.size() > SHOWN
                ? names.size() + " classes"
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
