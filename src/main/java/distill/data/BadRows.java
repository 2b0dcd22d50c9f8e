package distill.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** The rows of an annotations.csv that cannot be used, and why: for each the first reason. Safe for several threads. */
final class BadRows {

    private static final int REASONS = 5;

    private final Path file;
    private final SortedMap<Integer, String> reasons = new ConcurrentSkipListMap<>();

    BadRows(Path file) {
        this.file = file;
    }

    void add(int row, String reason) {
        reasons.putIfAbsent(row, reason);
    }

    boolean contains(int row) {
        return reasons.containsKey(row);
    }

    /** Throws where there is one. */
    void refuse() throws DataException {
        if (!reasons.isEmpty()) {
            int more = reasons.size() - 1;
            throw new DataException("%s %s%s. Correct the data, or leave such rows out with --skip-bad"
                    .formatted(
                            file,
                            first().orElseThrow(),
                            more == 0 ? "" : " (and %d more bad row%s)".formatted(more, more == 1 ? "" : "s")));
        }
    }

    /** The first one and its reason, for people. */
    Optional<String> first() {
        return told().findFirst();
    }

    Mhist.Skipped skipped() {
        return new Mhist.Skipped(reasons.size(), told().limit(REASONS).toList());
    }

    private Stream<String> told() {
        return reasons.entrySet().stream().map(bad -> "row %d: %s".formatted(bad.getKey(), bad.getValue()));
    }
}
