package distill.report.verdict;

import distill.run.Run;
import distill.run.Variant;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a statement rests on: the runs of some cells of the report's tables in one reading. Whether they are enough is
 * judged here, and here is said which commands make those that are missing. A seed counts once in a cell.
 *
 * @param commands of {@code ./reproduce} that make the runs, such as {@code task1 q7}
 * @param wanted how many seeds these should train
 * @param cells in the report's order, at least one
 */
record Evidence(Variant reading, List<String> commands, int wanted, List<Cell> cells) {

    /** The fewest seeds that an interval over seeds is taken from. */
    static final int LEAST_SEEDS = 3;

    /**
     * Runs that differ in their seed alone, and in which question trained them.
     *
     * @param name what was trained
     * @param row where it stands in its table: T, or the epochs of the teacher
     * @param column alpha, where that tells cells apart
     * @param report the report's own number in percent; null where it has none
     * @param bySeed test accuracies in percent; of a seed that several questions trained, their mean
     */
    record Cell(String name, double row, double column, Double report, SortedMap<Long, Double> bySeed) {

        /** The cell of some runs; of several of a seed in one question the latest counts. */
        static Cell of(String name, double row, double column, Double report, Stream<Run> runs) {
            return of(name, row, column, report, runs, Run::testAccuracy);
        }

        /** The cell of another measure of some runs than their test accuracy. */
        static Cell of(
                String name,
                double row,
                double column,
                Double report,
                Stream<Run> runs,
                ToDoubleFunction<Run> measure) {
            SortedMap<Long, Map<String, Double>> bySeed = new TreeMap<>();
            runs.forEach(run -> bySeed.computeIfAbsent(run.settings().seed(), seed -> new TreeMap<>())
                    .put(run.settings().question(), measure.applyAsDouble(run)));
            SortedMap<Long, Double> means = new TreeMap<>();
            bySeed.forEach((seed, byQuestion) -> means.put(
                    seed,
                    byQuestion.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElseThrow()));
            return new Cell(name, row, column, report, means);
        }

        /** The cell with another published number. */
        Cell beside(double published) {
            return new Cell(name, row, column, published, bySeed);
        }

        double[] runs() {
            return bySeed.values().stream().mapToDouble(Double::doubleValue).toArray();
        }

        int n() {
            return bySeed.size();
        }
    }

    Evidence(Variant reading, String command, int wanted, List<Cell> cells) {
        this(reading, List.of(command), wanted, cells);
    }

    /** Both, these cells first; a command that makes both stands once. */
    Evidence and(Evidence other) {
        return new Evidence(
                reading,
                Stream.concat(commands.stream(), other.commands.stream())
                        .distinct()
                        .toList(),
                Math.max(wanted, other.wanted),
                Stream.concat(cells.stream(), other.cells.stream()).toList());
    }

    /** This evidence, of which so many seeds are wanted. */
    Evidence wanting(int seeds) {
        return new Evidence(reading, commands, seeds, cells);
    }

    /** Other cells that the same commands make. */
    Evidence of(List<Cell> others) {
        return new Evidence(reading, commands, wanted, others);
    }

    /** The part of the cells that is asked for. */
    Evidence where(Predicate<Cell> asked) {
        return of(cells.stream().filter(asked).toList());
    }

    /** The runs of those seeds alone that all cells have. */
    Evidence ofCommonSeeds() {
        SortedSet<Long> common = new TreeSet<>(cell().bySeed().keySet());
        cells.forEach(cell -> common.retainAll(cell.bySeed().keySet()));
        return of(cells.stream()
                .map(cell -> {
                    SortedMap<Long, Double> bySeed = new TreeMap<>(cell.bySeed());
                    bySeed.keySet().retainAll(common);
                    return new Cell(cell.name(), cell.row(), cell.column(), cell.report(), bySeed);
                })
                .toList());
    }

    /** How many seeds all cells have. */
    int commonSeeds() {
        return ofCommonSeeds().cell().n();
    }

    /** The first or only cell. */
    Cell cell() {
        return cells.get(0);
    }

    /** The runs, cell by cell. */
    List<double[]> runs() {
        return cells.stream().map(Cell::runs).toList();
    }

    /** How many seeds the cell with the fewest has. */
    int fewest() {
        return cells.stream().mapToInt(Cell::n).min().orElseThrow();
    }

    /** How many cells have no run. */
    long empty() {
        return cells.stream().filter(cell -> cell.n() == 0).count();
    }

    /** The first cell less the second, by Welch's test; each has two seeds. */
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
     * The analysis of variance of the seeds that all cells have; empty where there is none, or nothing is left to tell
     * chance by.
     */
    Optional<Factorial> analysis() {
        return Factorial.of(ofCommonSeeds().observations());
    }

    /** {@link #analysis} of three seeds or more. */
    Optional<Factorial> analysisOfSeeds() {
        return commonSeeds() < LEAST_SEEDS ? Optional.empty() : analysis();
    }

    /** What {@link #analysisOfSeeds} lacks. */
    String lacking(String cellsAre) {
        int seeds = commonSeeds();
        return empty() > 0
                ? "%d of %d %s have no run".formatted(empty(), cells.size(), cellsAre)
                : "%s all %d %s, %d are needed"
                        .formatted(
                                seeds == 0 ? "No seed has" : seeds == 1 ? "1 seed has" : seeds + " seeds have",
                                cells.size(),
                                cellsAre,
                                LEAST_SEEDS);
    }

    /** {@code `./reproduce task1 q7 --seeds 10`}, with as many seeds as are wanted. */
    String command() {
        return command(wanted);
    }

    /** The commands with so many seeds. */
    String command(int seeds) {
        String options = (seeds > 1 ? " --seeds " + seeds : "")
                + (reading == Variant.AS_WRITTEN ? "`" : " --variant " + reading + "`");
        return commands.stream()
                .map(command -> "`./reproduce " + command + options)
                .collect(Collectors.joining(" and "));
    }

    /** {@code No cell has a run: `./reproduce task1 q5` makes them.} */
    String missing(String what) {
        return what + ": " + command() + (commands.size() == 1 ? " makes them." : " make them.");
    }
}
