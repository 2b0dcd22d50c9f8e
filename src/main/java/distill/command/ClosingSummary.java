package distill.command;

import distill.report.Finding;
import distill.report.Marks;
import distill.report.Wrapping;
import distill.run.Role;
import distill.run.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command ends with: what was trained, what came of it, where to look, and what to do next.
 *
 * @param trained runs that the command trained
 * @param used all runs that it looked at, at least one
 * @param compared those of them that tell what distillation does
 * @param seconds how long the command took
 * @param marks of the compared runs
 * @param store where the runs are
 * @param out below which tables and figures are
 */
record ClosingSummary(
        List<Run> trained, List<Run> used, List<Run> compared, Marks marks, double seconds, Path store, Path out) {

    private static final int WIDTH = 100;
    private static final String INDENT = "  ";
    private static final String HEADING = "Summary";

    /** At most fifteen lines of at most 100 characters, unless a path is longer than that. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("", HEADING, "-".repeat(HEADING.length())));
        Stream.of(
                        whatWasTrained(),
                        finding(),
                        "Tables and figures are in "
                                + out.resolve(used.get(0).settings().task()) + ".",
                        "All of it as a page: ./reproduce page --from " + store
                                + (out.equals(StoreFolder.RUNS) ? "" : " --out " + out) + " writes "
                                + out.resolve("report.html") + ".",
                        "Next: " + next())
                .forEach(sentence -> lines.addAll(indented(sentence)));
        return lines;
    }

    /** What came of it, with what sets it apart from the report's. */
    String finding() {
        return Finding.of(compared) + marks.suffix();
    }

    private static List<String> indented(String sentence) {
        List<String> lines = new ArrayList<>(Wrapping.lines(sentence, Wrapping.width(WIDTH), ""));
        if (lines.size() > 1) {
            String rest = String.join(" ", lines.subList(1, lines.size()));
            return Stream.concat(Stream.of(lines.get(0)), Wrapping.lines(rest, Wrapping.width(WIDTH), INDENT).stream())
                    .toList();
        }
        return lines;
    }

    private String whatWasTrained() {
        int before = used.size() - trained.size();
        if (trained.isEmpty()) {
            return "Trained nothing: %s in %s."
                    .formatted(before == 1 ? "the run was" : "all " + before + " runs were", store);
        }
        String kinds = Stream.of(Role.values())
                .map(role -> {
                    long count = trained.stream()
                            .filter(run -> run.settings().role() == role)
                            .count();
                    return count == 0 ? "" : Finding.counted(role, count);
                })
                .filter(kind -> !kind.isEmpty())
                .collect(Collectors.joining(", "));
        return "Trained %s in %s%s."
                .formatted(
                        kinds,
                        ConsoleProgress.inWords(seconds),
                        switch (before) {
                            case 0 -> "";
                            case 1 -> "; 1 more was stored";
                            default -> "; %d more were stored".formatted(before);
                        });
    }

    private String next() {
        if (used.stream().anyMatch(run -> run.settings().quick())) {
            return "the same command without --quick; ./reproduce list says how long that takes.";
        }
        return used.stream().map(run -> run.settings().seed()).distinct().count() == 1
                ? "the same command with --seeds 3, for one seed cannot tell an effect from chance."
                : "./reproduce verdicts --from " + store + " says which of the report's statements are supported.";
    }
}
