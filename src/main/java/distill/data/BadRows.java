package distill.data;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

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
            throw new DataException("%s row %d: %s%s. Correct the data, or leave such rows out with --skip-bad"
                    .formatted(
                            file,
                            reasons.firstKey(),
                            reasons.get(reasons.firstKey()),
                            more == 0 ? "" : " (and %d more bad row%s)".formatted(more, more == 1 ? "" : "s")));
        }
    }

    Mhist.Skipped skipped() {
        List<String> first = reasons.entrySet().stream()
                .limit(REASONS)
                .map(bad -> "row %d: %s".formatted(bad.getKey(), bad.getValue()))
                .toList();
        return new Mhist.Skipped(reasons.size(), first);
    }
}
