package distill.report.verdict;

import distill.run.Run;
import distill.run.Variant;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a statement rests on: the runs of some cells of the report's tables in one reading. Whether they are enough is
 * judged here, and here is said which commands make those that are missing.
 *
 * @param commands of {@code ./reproduce} that make the runs, such as {@code task1 q7 --seeds 10}
 * @param cells in the report's order, at least one
 */
record Evidence(Variant reading, List<String> commands, List<Cell> cells) {

    /**
     * Runs that differ in their seed alone.
     *
     * @param name what was trained
     * @param row where it stands in its table: T, or the epochs of the teacher
     * @param column alpha, where that tells cells apart
     * @param report the report's own number in percent; null where it has none
     * @param bySeed test accuracies in percent
     */
    record Cell(String name, double row, double column, Double report, SortedMap<Long, Double> bySeed) {

        /** The cell of some runs; of several of a seed the latest counts. */
        static Cell of(String name, double row, double column, Double report, Stream<Run> runs) {
            SortedMap<Long, Double> bySeed = new TreeMap<>();
            runs.forEach(run -> bySeed.put(run.settings().seed(), run.testAccuracy()));
            return new Cell(name, row, column, report, bySeed);
        }

        double[] runs() {
            return bySeed.values().stream().mapToDouble(Double::doubleValue).toArray();
        }

        int n() {
            return bySeed.size();
        }
    }

    Evidence(Variant reading, String command, List<Cell> cells) {
        this(reading, List.of(command), cells);
    }

    /** Both, these cells first; a command that makes both stands once. */
    Evidence and(Evidence other) {
        return new Evidence(
                reading,
                Stream.concat(commands.stream(), other.commands.stream())
                        .distinct()
                        .toList(),
                Stream.concat(cells.stream(), other.cells.stream()).toList());
    }

    /** This evidence, with another command that makes its runs. */
    Evidence by(String command) {
        return new Evidence(reading, command, cells);
    }

    /** The part of the cells that is asked for. */
    Evidence where(Predicate<Cell> asked) {
        return new Evidence(reading, commands, cells.stream().filter(asked).toList());
    }

    /** The runs of those seeds alone that all cells have. */
    Evidence ofCommonSeeds() {
        SortedSet<Long> common = new TreeSet<>(cell().bySeed().keySet());
        cells.forEach(cell -> common.retainAll(cell.bySeed().keySet()));
        return new Evidence(
                reading,
                commands,
                cells.stream()
                        .map(cell -> {
                            SortedMap<Long, Double> bySeed = new TreeMap<>(cell.bySeed());
                            bySeed.keySet().retainAll(common);
                            return new Cell(cell.name(), cell.row(), cell.column(), cell.report(), bySeed);
                        })
                        .toList());
    }

    /** The first or only cell. */
    Cell cell() {
        return cells.get(0);
    }

    /** The runs, cell by cell. */
    List<double[]> runs() {
        return cells.stream().map(Cell::runs).toList();
    }

    /** How many runs all cells have together. */
    int n() {
        return cells.stream().mapToInt(Cell::n).sum();
    }

    /** How many runs the cell with the fewest has. */
    int fewest() {
        return cells.stream().mapToInt(Cell::n).min().orElseThrow();
    }

    /** How many cells have no run. */
    long empty() {
        return cells.stream().filter(cell -> cell.n() == 0).count();
    }

    /** The first cell less the second, by Welch's test; each has two runs. */
    Estimate difference() {
        return Estimate.ofMean(cells.get(0).runs())
                .minus(Estimate.ofMean(cells.get(1).runs()));
    }

    List<Factorial.Observation> observations() {
        return cells.stream()
                .flatMap(cell -> cell.bySeed().entrySet().stream()
                        .map(run -> new Factorial.Observation(run.getKey(), cell.row(), cell.column(), run.getValue())))
                .toList();
    }

    /**
     * The analysis of variance; empty where a cell has no run, or no seed all, or nothing is left to tell chance by.
     */
    Optional<Factorial> analysis() {
        return empty() > 0 ? Optional.empty() : Factorial.of(observations());
    }

    /** {@code `./reproduce task1 q7 --seeds 10`}. */
    String command() {
        String options = reading == Variant.AS_WRITTEN ? "`" : " --variant " + reading + "`";
        return commands.stream()
                .map(command -> "`./reproduce " + command + options)
                .collect(Collectors.joining(" and "));
    }

    /** {@code No cell has a run: `./reproduce task1 q5` makes them.} */
    String missing(String what) {
        return what + ": " + command() + (commands.size() == 1 ? " makes them." : " make them.");
    }
}
