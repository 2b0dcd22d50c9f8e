package distill.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Constants without a derivation are SciPy's 1.17 and statsmodels' 0.15; the call stands beside them. */
class EstimateTest {

    private static final double EXACT = 1e-12;
    private static final double PRINTED = 1e-8;
    private static final double[] A = {97.96, 97.55, 97.67, 97.56};
    private static final double[] B = {97.3, 97.68, 97.57};

    @Test
    void differenceOfTwoMeansIsWelchsTest() {
        // scipy.stats.ttest_ind(a, b, equal_var=False)
        Estimate difference = Estimate.ofMean(A).minus(Estimate.ofMean(B));
        assertEquals(.31342223998, difference.p(), PRINTED);
        assertEquals(4.39180800927, difference.freedom(), PRINTED);
        assertEquals(-.22835689804, difference.interval().low(), PRINTED);
        assertEquals(.56502356477, difference.interval().high(), PRINTED);
    }

    @Test
    void meanOfPairedDifferencesIsStudentsTest() {
        // scipy.stats.ttest_1samp([.3, .1, .2, .5], 0)
        Estimate difference = Estimate.ofMean(.3, .1, .2, .5);
        assertEquals(.04856685656, difference.p(), PRINTED);
        assertEquals(.00324691162, difference.interval().low(), PRINTED);
    }

    @Test
    void runsThatAllAgreeLeaveNoDoubt() {
        Estimate same = Estimate.ofMean(97, 97);
        assertEquals(0, same.p());
        assertEquals(1, same.minus(same).p());
        assertEquals(0, same.interval().high() - same.interval().low());
    }

    @Test
    void pooledSpreadWeighsCellsByTheirDegreesOfFreedom() {
        // Squares 2 of {1, 3} and 2 of {4, 5, 6}, one run adds none: sqrt(4 / (1 + 2 + 0)).
        Spread spread = Spread.pooled(List.of(new double[] {1, 3}, new double[] {4, 5, 6}, new double[] {9}));
        assertEquals(Math.sqrt(4 / 3.), spread.sd(), EXACT);
        assertEquals(3, spread.freedom());
    }

    @Test
    void standardErrorsFollowFromTheNumbersOfRuns() {
        Spread spread = new Spread(2, 10);
        double[] four = {1, 1, 1, 1};
        double[] one = {3};
        assertEquals(1, spread.mean(four).standardError(), EXACT);
        assertEquals(2 * Math.sqrt(1 / 4. + 1), spread.difference(one, four).standardError(), EXACT);
        assertEquals(2, spread.difference(one, four).value(), EXACT);
        // Mean of two means: variance (1/4 + 1) / 4.
        Estimate rest = spread.fromMeanOf(four, List.of(one, four));
        assertEquals(2 * Math.sqrt(1 / 4. + 5 / 16.), rest.standardError(), EXACT);
        assertEquals(1 - 2, rest.value(), EXACT);
        assertEquals(2 * Math.sqrt(1 + 1 / 4.), spread.furtherRun(four).standardError(), EXACT);
        assertEquals(1, spread.furtherRun(four).value(), EXACT);
    }

    @Test
    void aShiftIsTheMeanOfFurtherRunsLessTheirCellsMeans() {
        // (5 - 1 + 4 - 3) / 2; its variance is that of two further runs, and of means of 4 runs and of 1: (1 + 5/8) /
        // 2.
        Spread spread = new Spread(2, 10);
        List<double[]> cells = List.of(new double[] {1, 1, 1, 1}, new double[] {3});
        Estimate shift = spread.shift(cells, new double[] {5, 4}, 2);
        assertEquals(2.5, shift.value(), EXACT);
        assertEquals(2 * Math.sqrt((1 + 5 / 8.) / 2), shift.standardError(), EXACT);
        assertEquals(10, shift.freedom());
        // Where what the further runs share makes the two worth one, twice the variance.
        assertEquals(
                2 * Math.sqrt(1 + 5 / 8.),
                spread.shift(cells, new double[] {5, 4}, 1).standardError(),
                EXACT);
    }

    @Test
    void aRunIsAsExtremeAsItsDistanceInStandardErrors() {
        // One degree of freedom is the Cauchy distribution: P(|t| > 1) = 1 / 2.
        assertEquals(.5, new Estimate(3, 2, 1).pOf(5), EXACT);
        assertEquals(.5, new Estimate(2, 2, 1).p(), EXACT);
    }

    @Test
    void detectableIsWhatFourOfFiveTestsWouldFind() {
        // scipy.stats.t.ppf(.975, 9) + t.ppf(.8, 9) = 2.262157162798 + .883403859686
        assertEquals(3.145561022484, new Estimate(0, 1, 9).detectable(1), PRINTED);
        // Of four corrected together: t.ppf(1 - .025 / 4, 9) + t.ppf(.8, 9)
        assertEquals(3.994338682865, new Estimate(0, 1, 9).detectable(4), PRINTED);
    }

    @Test
    void intervalsAmongSeveralAreWiderByBonferroni() {
        // Among two: t's quantile at 1 - .05 / 4 with one degree of freedom, the Cauchy distribution's:
        // tan(pi (.9875 - .5)) = 25.4517.
        assertEquals(
                Math.tan(Math.PI * .4875),
                new Estimate(0, 1, 1).intervalAmong(2).high(),
                PRINTED);
    }

    @Test
    void holmMultipliesTheSmallestByAllAndNoneBecomesSmallerThanOneBefore() {
        // .005 x 4, .01 x 3, .03 x 2, then .04 x 1 is raised to .06.
        assertArrayEquals(new double[] {.03, .06, .06, .02}, Holm.adjust(.01, .04, .03, .005), EXACT);
        assertArrayEquals(new double[] {1, 1}, Holm.adjust(.7, .9), EXACT);
        assertArrayEquals(new double[0], Holm.adjust());
    }

    @Test
    void slopeIsThatOfParallelLinesThroughEachBlock() {
        // Within block 1 (0, 1), (1, 2), (2, 4), within block 2 (0, 3), (1, 3), (2, 6): Sxy = 3 + 3, Sxx = 2 + 2.
        // statsmodels: ols("y ~ x + C(b)"): 1.5, error .372678, p .027556.
        Estimate slope = LeastSquares.slope(
                new double[] {0, 1, 2, 0, 1, 2}, new long[] {1, 1, 1, 2, 2, 2}, new double[] {1, 2, 4, 3, 3, 6});
        assertEquals(1.5, slope.value(), EXACT);
        assertEquals(.372678, slope.standardError(), 1e-6);
        assertEquals(.027556, slope.p(), 1e-6);
    }

    @Test
    void bestOfSeveralLiesAboveTheMeanByChance() {
        // The larger of two: 1 / sqrt(pi).
        assertEquals(1 / Math.sqrt(Math.PI), new BestOf(2).mean(), PRINTED);
        // scipy.integrate.quad(lambda x: x * 30 * n.pdf(x) * n.cdf(x) ** 29, -10, 10)
        assertEquals(2.042760844, new BestOf(30).mean(), PRINTED);
        // Any of 31 equal runs is as likely the best: 30 in 31.
        assertEquals(30 / 31., new BestOf(30).overOne(0), PRINTED);
        // scipy.integrate.quad(lambda x: n.pdf(x) * (1 - n.cdf(x + 3) ** 30), -10, 10)
        assertEquals(.194555702, new BestOf(30).overOne(3), PRINTED);
    }
}
