package distill.statistics;

import java.util.Arrays;

/**
 * A linear model y = X b + error, fitted by least squares through the normal equations, whose columns are few and
 * nearly orthogonal here (dummy variables). Source: Draper and Smith, Applied Regression Analysis, chapter 2.
 */
public final class LeastSquares {

    private static final double SINGULAR = 1e-9;

    private final double[] coefficients;
    private final double[][] inverse;
    private final double squares;
    private final int freedom;

    private LeastSquares(double[] coefficients, double[][] inverse, double squares, int freedom) {
        this.coefficients = coefficients;
        this.inverse = inverse;
        this.squares = squares;
        this.freedom = freedom;
    }

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

    /** Sum of the squared residuals. */
    public double squares() {
        return squares;
    }

    /** Observations less coefficients. */
    public int freedom() {
        return freedom;
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
        double variance = 0;
        for (int i = 0; i < weights.length; i++) {
            variance += weights[i] * dot(inverse[i], weights);
        }
        return new Estimate(dot(weights, coefficients), spread.sd() * Math.sqrt(variance), spread.freedom());
    }

    /** By Gauss and Jordan; the matrix is symmetric and, unless columns depend on each other, positive definite. */
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] left = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        double[][] right = new double[n][n];
        for (int i = 0; i < n; i++) {
            right[i][i] = 1;
        }
        for (int pivot = 0; pivot < n; pivot++) {
            if (left[pivot][pivot] <= SINGULAR * matrix[pivot][pivot]) {
                throw new IllegalArgumentException("column %d of %d depends on those before it".formatted(pivot, n));
            }
            double scale = 1 / left[pivot][pivot];
            for (int j = 0; j < n; j++) {
                left[pivot][j] *= scale;
                right[pivot][j] *= scale;
            }
            for (int row = 0; row < n; row++) {
                double factor = left[row][pivot];
                if (row != pivot && factor != 0) {
                    for (int j = 0; j < n; j++) {
                        left[row][j] -= factor * left[pivot][j];
                        right[row][j] -= factor * right[pivot][j];
                    }
                }
            }
        }
        return right;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
