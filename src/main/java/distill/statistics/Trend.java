package distill.statistics;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Straight lines through runs whose blocks (seeds) may lie higher or lower: value = block + slope x + error. */
public final class Trend {

    private Trend() {}

    /**
     * The slope by least squares, the same in all blocks.
     *
     * @param x at least two different values within some block; at least one observation more than blocks and slope
     * @param block what each observation shares chance with
     * @param y as many values
     */
    public static Estimate slope(double[] x, long[] block, double[] y) {
        List<Long> blocks = IntStream.range(0, block.length)
                .mapToObj(i -> block[i])
                .distinct()
                .toList();
        double[][] rows = IntStream.range(0, x.length)
                .mapToObj(i -> DoubleStream.concat(
                                DoubleStream.of(x[i]), blocks.stream().mapToDouble(other -> other == block[i] ? 1 : 0))
                        .toArray())
                .toArray(double[][]::new);
        LeastSquares line = LeastSquares.of(rows, y);
        double[] slope = new double[blocks.size() + 1];
        slope[0] = 1;
        return line.sum(slope, line.spread());
    }
}
