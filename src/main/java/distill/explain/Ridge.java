package distill.explain;

/**
 * Weighted linear regression with a penalty on the coefficients but not on the intercept: scikit-learn's
 * {@code Ridge(alpha).fit(x, y, sample_weight).coef_}.
 */
final class Ridge {

    private Ridge() {}

    /**
     * The b that minimises sum(w (y - x b - c)^2) + alpha sum(b^2): with x and y moved by their weighted means, it
     * solves (x'Wx + alpha I) b = x'Wy.
     *
     * @param x examples of equal length
     * @param weights one for each example, 0 or more, not all 0
     * @param alpha over 0, so that there is always one solution
     * @return one for each column of x
     */
    static double[] coefficients(double[][] x, double[] y, double[] weights, double alpha) {
        int n = x[0].length;
        double total = 0;
        double[] means = new double[n];
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            total += weights[i];
            meanY += weights[i] * y[i];
            for (int j = 0; j < n; j++) {
                means[j] += weights[i] * x[i][j];
            }
        }
        meanY /= total;
        for (int j = 0; j < n; j++) {
            means[j] /= total;
        }
        double[][] gram = new double[n][n];
        double[] right = new double[n];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < n; j++) {
                double weighted = weights[i] * (x[i][j] - means[j]);
                right[j] += weighted * (y[i] - meanY);
                for (int k = 0; k <= j; k++) {
                    gram[j][k] += weighted * (x[i][k] - means[k]);
                }
            }
        }
        for (int j = 0; j < n; j++) {
            gram[j][j] += alpha;
        }
        return solve(gram, right);
    }

    /** Solves a b = right by Cholesky's a = L L', for a symmetric positive definite a given by its lower half. */
    private static double[] solve(double[][] a, double[] right) {
        int n = right.length;
        for (int j = 0; j < n; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = a[j][k];
                for (int m = 0; m < k; m++) {
                    sum -= a[j][m] * a[k][m];
                }
                a[j][k] = j == k ? Math.sqrt(sum) : sum / a[k][k];
            }
        }
        double[] b = right.clone();
        for (int j = 0; j < n; j++) {
            for (int m = 0; m < j; m++) {
                b[j] -= a[j][m] * b[m];
            }
            b[j] /= a[j][j];
        }
        for (int j = n - 1; j >= 0; j--) {
            for (int m = j + 1; m < n; m++) {
                b[j] -= a[m][j] * b[m];
            }
            b[j] /= a[j][j];
        }
        return b;
    }
}
