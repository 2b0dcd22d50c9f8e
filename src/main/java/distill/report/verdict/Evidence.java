package distill.report.verdict;

import distill.run.Variant;
import distill.statistics.Factorial;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a statement rests on: the runs of one of the report's tables, or of one number, in one reading. Whether they are
 * enough is judged here, and here is said which command makes those that are missing.
 *
 * @param options of {@code ./reproduce}, which make a run of each cell, such as {@code task1 q7}
 * @param seeds how many runs of each cell are worth making
 * @param cells in the report's order, at least one
 */
record Evidence(Variant reading, String options, int seeds, List<Cell> cells) {

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

        double[] runs() {
            return bySeed.values().stream().mapToDouble(Double::doubleValue).toArray();
        }

        /** The runs of some seeds, all of which it has. */
        double[] runs(SortedSet<Long> seeds) {
            return seeds.stream().mapToDouble(bySeed::get).toArray();
        }

        int n() {
            return bySeed.size();
        }
    }

    /** Those of the cells that are asked for. */
    Evidence where(Predicate<Cell> asked) {
        return new Evidence(
                reading, options, seeds, cells.stream().filter(asked).toList());
    }

    /** The same cells, and the command for another number of runs of each. */
    Evidence forSeeds(int n) {
        return new Evidence(reading, options, n, cells);
    }

    /** The only cell. */
    Cell cell() {
        return cells.get(0);
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

    /** The seeds that all cells have. */
    static SortedSet<Long> commonSeeds(List<Cell> cells) {
        SortedSet<Long> common = new TreeSet<>(cells.get(0).bySeed().keySet());
        cells.forEach(cell -> common.retainAll(cell.bySeed().keySet()));
        return common;
    }

    /** The runs, cell by cell. */
    List<double[]> runs() {
        return cells.stream().map(Cell::runs).toList();
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

    /** The command that makes the runs: {@code `./reproduce task1 q7 --seeds 10`}. */
    String command() {
        return "`./reproduce " + options + (seeds == 1 ? "" : " --seeds " + seeds)
                + (reading == Variant.AS_WRITTEN ? "" : " --variant " + reading) + "`";
    }

    /** {@code No cell has a run: `./reproduce task1 q5` makes them.} */
    static String missing(String what, Evidence... needed) {
        return Arrays.stream(needed)
                .map(Evidence::command)
                .collect(Collectors.joining(" and ", what + ": ", needed.length == 1 ? " makes them." : " make them."));
    }
}
