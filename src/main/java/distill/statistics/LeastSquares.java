package distill.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A linear model y = X b + error, fitted by least squares through the normal equations, whose columns are few and
 * nearly orthogonal here (dummy variables). Source: Draper and Smith, Applied Regression Analysis, chapter 2.
 *
 * @param coefficients b, one for each column of X
 * @param inverse (X'X)^-1
 * @param squares sum of the squared residuals
 * @param freedom observations less coefficients
 */
public record LeastSquares(double[] coefficients, double[][] inverse, double squares, int freedom) {

    private static final double SINGULAR = 1e-9;

    /**
     * Fits the model.
     *
     * @param x a row for each observation, a column for each coefficient
     * @param y as many values
     * @throws IllegalArgumentException where the columns depend on each other, so that the coefficients are not decided
     */
    public static LeastSquares of(double[][] x, double[] y) {
        int columns = x[0].length;
        double[][] products = new double[columns][columns];
        double[] right = new double[columns];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < columns; i++) {
                right[i] += x[row][i] * y[row];
                for (int j = 0; j < columns; j++) {
                    products[i][j] += x[row][i] * x[row][j];
                }
            }
        }
        double[][] inverse = inverse(products);
        double[] coefficients =
                Arrays.stream(inverse).mapToDouble(row -> dot(row, right)).toArray();
        double squares = 0;
        for (int row = 0; row < x.length; row++) {
            double residual = y[row] - dot(x[row], coefficients);
            squares += residual * residual;
        }
        return new LeastSquares(coefficients, inverse, squares, x.length - columns);
    }

    /**
     * The slope of straight lines through runs whose blocks (seeds) may lie higher or lower: value = block + slope x +
     * error.
     *
     * @param x at least two different values within some block; at least one observation more than blocks and slope
     * @param block what each observation shares chance with
     * @param y as many values
     */
    public static Estimate slope(double[] x, long[] block, double[] y) {
        long[] blocks = LongStream.of(block).distinct().toArray();
        double[][] rows = IntStream.range(0, x.length)
                .mapToObj(i -> DoubleStream.concat(
                                DoubleStream.of(x[i]),
                                LongStream.of(blocks).mapToDouble(other -> other == block[i] ? 1 : 0))
                        .toArray())
                .toArray(double[][]::new);
        LeastSquares line = of(rows, y);
        double[] slope = new double[blocks.length + 1];
        slope[0] = 1;
        return line.sum(slope, line.spread());
    }

    /** The residuals' standard deviation, sqrt(squares / freedom). */
    public Spread spread() {
        return new Spread(Math.sqrt(squares / freedom), freedom);
    }

    /**
     * A weighted sum w of the coefficients: w'b, with the standard error s sqrt(w' (X'X)^-1 w).
     *
     * @param spread of one observation, of this model or of a larger one
     */
    public Estimate sum(double[] weights, Spread spread) {
        double[] products =
                Arrays.stream(inverse).mapToDouble(row -> dot(row, weights)).toArray();
        return new Estimate(
                dot(weights, coefficients), spread.sd() * Math.sqrt(dot(weights, products)), spread.freedom());
    }

    /**
     * By Gauss and Jordan, with the unit matrix at the right of each row; the matrix is symmetric and, unless columns
     * depend on each other, positive definite.
     */
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] rows =
                Arrays.stream(matrix).map(row -> Arrays.copyOf(row, 2 * n)).toArray(double[][]::new);
        for (int pivot = 0; pivot < n; pivot++) {
            rows[pivot][n + pivot] = 1;
        }
        for (int pivot = 0; pivot < n; pivot++) {
            double[] from = rows[pivot];
            if (from[pivot] <= SINGULAR * matrix[pivot][pivot]) {
                throw new IllegalArgumentException("column %d of %d depends on those before it".formatted(pivot, n));
            }
            double scale = 1 / from[pivot];
            Arrays.setAll(from, j -> from[j] * scale);
            for (double[] row : rows) {
                double factor = row[pivot];
                if (row != from && factor != 0) {
                    Arrays.setAll(row, j -> row[j] - factor * from[j]);
                }
            }
        }
        return Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, n, 2 * n)).toArray(double[][]::new);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
