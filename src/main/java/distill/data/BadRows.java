package distill.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * The rows of an annotations.csv, or the images of a tree of folders, that cannot be used, and why: for each the first
 * reason. Safe for several threads.
 */
final class BadRows {

    private static final int REASONS = 5;

    private final Path source;
    private final boolean numbered;
    private final SortedMap<Integer, String> reasons = new ConcurrentSkipListMap<>();

    private BadRows(Path source, boolean numbered) {
        this.source = source;
        this.numbered = numbered;
    }

    /** Rows of a file, which are told by their number. */
    BadRows(Path file) {
        this(file, true);
    }

    /** Images of a folder, whose reasons name them. */
    static BadRows ofImages(Path folder) {
        return new BadRows(folder, false);
    }

    void add(int row, String reason) {
        reasons.putIfAbsent(row, reason);
    }

    boolean contains(int row) {
        return reasons.containsKey(row);
    }

    /**
     * Throws where there is one.
     *
     * @param canSkip whether the command has {@code --skip-bad}
     */
    void refuse(boolean canSkip) throws DataException {
        if (!reasons.isEmpty()) {
            int more = reasons.size() - 1;
            throw new DataException("%s%s %s%s. Correct the data%s"
                    .formatted(
                            source,
                            numbered ? "" : ":",
                            first().orElseThrow(),
                            more == 0 ? "" : " (and %d more bad %s%s)".formatted(more, unit(), more == 1 ? "" : "s"),
                            canSkip ? ", or leave such %ss out with --skip-bad".formatted(unit()) : ""));
        }
    }

    private String unit() {
        return numbered ? "row" : "image";
    }

    /** How many were left out, for people; nothing where none was. */
    String leftOut() {
        int left = reasons.size();
        return left == 0 ? "" : ", %d bad %s%s left out".formatted(left, unit(), left == 1 ? "" : "s");
    }

    /** What a part that lacks a class is to be helped with. */
    String correction() {
        return numbered
                ? "correct '%s' or '%s'".formatted(Annotations.LABEL, Annotations.PARTITION)
                : "put images of it there";
    }

    /** The first one and its reason, for people. */
    Optional<String> first() {
        return told().findFirst();
    }

    Mhist.Skipped skipped() {
        return new Mhist.Skipped(reasons.size(), told().limit(REASONS).toList());
    }

    private Stream<String> told() {
        return reasons.entrySet().stream()
                .map(bad -> numbered ? "row %d: %s".formatted(bad.getKey(), bad.getValue()) : bad.getValue());
    }
}
