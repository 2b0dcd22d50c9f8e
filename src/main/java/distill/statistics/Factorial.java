package distill.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two-way analysis of variance in blocks: value = block + row + column + error, and where at least two blocks have all
 * cells also row x column. A factor is tested by what it adds to a model that has all others, so that cells may have
 * different numbers of values (type II sums of squares). Without the interaction its squares count as error. Sources:
 * Draper and Smith, Applied Regression Analysis, chapters 6 and 23; Langsrud 2003, Statistics and Computing 13.
 */
public final class Factorial {

    /**
     * One value.
     *
     * @param block what it shares chance with, such as the seed, whose runs have one teacher
     */
    public record Observation(long block, double row, double column, double value) {}

    private final List<Observation> observations;
    private final List<Long> blocks;
    private final List<Double> rows;
    private final List<Double> columns;
    private final boolean interaction;
    private final LeastSquares additive;
    private final LeastSquares full;

    private Factorial(List<Observation> observations) {
        this.observations = observations;
        this.blocks = levels(observations, Observation::block);
        this.rows = levels(observations, Observation::row);
        this.columns = levels(observations, Observation::column);
        this.interaction = rows.size() > 1 && columns.size() > 1 && wholeBlocks(observations) > 1;
        this.additive = fit(true, true, true, false);
        this.full = interaction ? fit(true, true, true, true) : additive;
    }

    /**
     * The analysis; empty where no block has all cells, or nothing is left to tell the error by.
     *
     * @param observations of at least two cells
     */
    public static Optional<Factorial> of(List<Observation> observations) {
        return wholeBlocks(observations) == 0
                ? Optional.empty()
                : Optional.of(new Factorial(observations)).filter(factorial -> factorial.full.freedom() > 0);
    }

    /** Whether any row differs from another. */
    public FTest rowEffect() {
        return test(additive, fit(true, false, true, false));
    }

    /** Whether any column differs from another. */
    public FTest columnEffect() {
        return test(additive, fit(true, true, false, false));
    }

    /** Whether any block differs from another; empty with one block. */
    public Optional<FTest> blockEffect() {
        return blocks.size() < 2 ? Optional.empty() : Optional.of(test(full, fit(false, true, true, interaction)));
    }

    /**
     * Whether the rows differ otherwise in one column than in another; empty where two blocks do not have all cells.
     */
    public Optional<FTest> interactionEffect() {
        return interaction ? Optional.of(test(full, additive)) : Optional.empty();
    }

    /** The spread of one run of a block, without what blocks, rows and columns explain. */
    public Spread spread() {
        return full.spread();
    }

    /**
     * The share of a run's variance that its block explains, at least 0: v / (v + e) with e the error's mean square and
     * v = (mean square of the blocks - e) / n, n = (N - sum of n(block)^2 / N) / (blocks - 1). Source: Snedecor and
     * Cochran, Statistical Methods, 13.7, for blocks alone; where not every block has every cell, n is too large by a
     * little and the share too small. NaN with one block.
     */
    public double blockShare() {
        if (blocks.size() < 2) {
            return Double.NaN;
        }
        double total = observations.size();
        double squares =
                observations.stream()
                        .collect(Collectors.groupingBy(Observation::block, Collectors.counting()))
                        .values()
                        .stream()
                        .mapToDouble(runs -> runs * runs)
                        .sum();
        double size = (total - squares / total) / (blocks.size() - 1);
        double ratio = Math.max(0, (blockEffect().orElseThrow().f() - 1) / size);
        return ratio / (ratio + 1);
    }

    /** All rows with all others: the differences of their effects. */
    public List<Difference> rowDifferences() {
        return differences(rows, blocks.size());
    }

    /** All columns with all others: the differences of their effects. */
    public List<Difference> columnDifferences() {
        return differences(columns, blocks.size() + rows.size() - 1);
    }

    /**
     * How far one level of a factor is over another.
     *
     * @param one a level
     * @param other a lower one
     */
    public record Difference(double one, double other, Estimate estimate) {}

    private List<Difference> differences(List<Double> levels, int offset) {
        List<Difference> differences = new ArrayList<>();
        for (int one = 1; one < levels.size(); one++) {
            for (int other = 0; other < one; other++) {
                double high = levels.get(one);
                double low = levels.get(other);
                Estimate difference = contrast(levels, offset, level -> level == high ? 1 : level == low ? -1 : 0);
                differences.add(new Difference(high, low, difference));
            }
        }
        return differences;
    }

    /** One row less each other, by the other's level. */
    public SortedMap<Double, Estimate> rowLess(double one) {
        SortedMap<Double, Estimate> differences = new TreeMap<>();
        rows.stream()
                .filter(other -> other != one)
                .forEach(other -> differences.put(other, rowContrast(row -> row == one ? 1 : row == other ? -1 : 0)));
        return differences;
    }

    /**
     * A weighted sum of the rows' effects, such as one row less the mean of the others.
     *
     * @param weight of each row; they add up to 0
     */
    public Estimate rowContrast(DoubleUnaryOperator weight) {
        return contrast(rows, blocks.size(), weight);
    }

    /**
     * The linear trend of the rows: how much a value rises for each unit of {@code scale}, the same for each. With m
     * levels x it is the contrast of weights (x - mean x) / sum of (x - mean x)^2. What a straight line does not
     * explain of the rows' effects is no error here. Source: Draper and Smith, Applied Regression Analysis, 22.
     *
     * @param scale what a row is measured in, such as the logarithm of its level
     */
    public Estimate rowTrend(DoubleUnaryOperator scale) {
        return rowContrast(linear(rows, scale));
    }

    /** The linear trend of the columns, as {@link #rowTrend}. */
    public Estimate columnTrend(DoubleUnaryOperator scale) {
        return contrast(columns, blocks.size() + rows.size() - 1, linear(columns, scale));
    }

    private static DoubleUnaryOperator linear(List<Double> levels, DoubleUnaryOperator scale) {
        double mean =
                levels.stream().mapToDouble(scale::applyAsDouble).average().orElseThrow();
        double squares = levels.stream()
                .mapToDouble(level -> Math.pow(scale.applyAsDouble(level) - mean, 2))
                .sum();
        return level -> (scale.applyAsDouble(level) - mean) / squares;
    }

    private Estimate contrast(List<Double> levels, int offset, DoubleUnaryOperator weight) {
        double[] weights = new double[blocks.size() + rows.size() + columns.size() - 2];
        for (int level = 1; level < levels.size(); level++) {
            weights[offset + level - 1] = weight.applyAsDouble(levels.get(level));
        }
        return additive.sum(weights, full.spread());
    }

    private FTest test(LeastSquares larger, LeastSquares smaller) {
        int freedom = smaller.freedom() - larger.freedom();
        double error = full.squares() / full.freedom();
        return new FTest((smaller.squares() - larger.squares()) / freedom / error, freedom, full.freedom());
    }

    /** A mean, then a dummy variable for each level of a factor but its first. */
    private LeastSquares fit(boolean byBlock, boolean byRow, boolean byColumn, boolean byCell) {
        double[][] x = observations.stream()
                .map(one -> {
                    double[] block = byBlock ? dummies(blocks, one.block()) : new double[0];
                    double[] row = byRow ? dummies(rows, one.row()) : new double[0];
                    double[] column = byColumn ? dummies(columns, one.column()) : new double[0];
                    double[] cell = byCell ? products(row, column) : new double[0];
                    return Stream.of(new double[] {1}, block, row, column, cell)
                            .flatMapToDouble(Arrays::stream)
                            .toArray();
                })
                .toArray(double[][]::new);
        return LeastSquares.of(
                x, observations.stream().mapToDouble(Observation::value).toArray());
    }

    private static <L> double[] dummies(List<L> levels, L level) {
        return levels.stream()
                .skip(1)
                .mapToDouble(other -> other.equals(level) ? 1 : 0)
                .toArray();
    }

    private static double[] products(double[] a, double[] b) {
        return Arrays.stream(a)
                .flatMap(one -> Arrays.stream(b).map(other -> one * other))
                .toArray();
    }

    /** How many blocks have every row with every column. */
    private static long wholeBlocks(List<Observation> observations) {
        int cells = levels(observations, Observation::row).size()
                * levels(observations, Observation::column).size();
        return observations.stream()
                .collect(Collectors.groupingBy(
                        Observation::block,
                        Collectors.mapping(one -> List.of(one.row(), one.column()), Collectors.toSet())))
                .values()
                .stream()
                .filter(block -> block.size() == cells)
                .count();
    }

    private static <L extends Comparable<L>> List<L> levels(
            List<Observation> observations, Function<Observation, L> factor) {
        return observations.stream()
                .map(factor)
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
