package distill.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IntervalTest {

    private static void assertAround(double centre, double half, Interval interval) {
        assertEquals(centre - half, interval.low(), 1e-5);
        assertEquals(centre + half, interval.high(), 1e-5);
    }

    @Test
    void theIntervalOfAMeanIsTheQuantileTimesTheStandardError() {
        // 97 and 98: standard deviation sqrt(.5), standard error .5, and the .975 quantile of t(1) is 12.706205.
        assertAround(
                97.5,
                12.706205 * .5,
                new Sample(2, 97.5, Math.sqrt(.5)).estimate().interval());
        // t(9): 2.262157.
        assertAround(
                97.66,
                2.262157 * .19 / Math.sqrt(10),
                new Sample(10, 97.66, .19).estimate().interval());
    }

    @Test
    void onePredictedRunHasItsOwnSpreadBesideTheMeans() {
        assertAround(
                97.66,
                2.262157 * .19 * Math.sqrt(1.1),
                new Sample(10, 97.66, .19).furtherRun().interval());
    }

    @Test
    void welchsIntervalOfLikeCellsHasTheDegreesOfFreedomOfBoth() {
        // t(18): 2.100922; standard error .2 sqrt(2 / 10).
        assertAround(
                .1,
                2.100922 * .2 * Math.sqrt(.2),
                new Sample(10, 98, .2)
                        .estimate()
                        .minus(new Sample(10, 97.9, .2).estimate())
                        .interval());
    }

    @Test
    void welchsIntervalOfUnlikeCellsHasFewerDegreesOfFreedom() {
        // u = 1 / 5, w = 4 / 3: v = (23 / 15)^2 / (.04 / 4 + (16 / 9) / 2) = 2.615575; by integrating its density, t(v)
        // is 3.464140.
        assertAround(
                -1,
                3.464140 * Math.sqrt(23. / 15),
                new Sample(5, 96, 1)
                        .estimate()
                        .minus(new Sample(3, 97, 2).estimate())
                        .interval());
    }

    @Test
    void wilsonsIntervalOfAShareIsItsFormula() {
        // z = 1.959964, z^2 = 3.841459. 3 of 10: centre 4.920729 / 13.841459, half z sqrt(2.1 + .960365) / 13.841459.
        assertAround(4.920729 / 13.841459, 1.959964 * Math.sqrt(3.060365) / 13.841459, Interval.ofShare(3, 10));
        // None of 10: from 0 to z^2 / (10 + z^2).
        assertEquals(0, Interval.ofShare(0, 10).low(), 1e-9);
        assertEquals(3.841459 / 13.841459, Interval.ofShare(0, 10).high(), 1e-6);
    }

    @Test
    void theIntervalOfASlopeIsThatOfLeastSquares() {
        // (1, 1), (2, 2), (3, 2): slope 1/2, residuals -1/6, 1/3, -1/6, s^2 = 1/6, standard error sqrt(1/12); t(1) at
        // .975
        // is 12.7062.
        double[] x = {1, 2, 3};
        double[] y = {1, 2, 2};
        Estimate slope = LeastSquares.slope(x, new long[3], y);
        assertEquals(.5, slope.value(), 1e-12);
        assertAround(.5, 12.706205 * Math.sqrt(1 / 12.), slope.interval());
    }

    @Test
    void runsThatAllAgreeHaveAnIntervalOfOnePoint() {
        Sample cell = new Sample(3, 97, 0);
        assertEquals(new Interval(97, 97), cell.estimate().interval());
        assertEquals(new Interval(97, 97), cell.furtherRun().interval());
        assertEquals(
                new Interval(-1, -1),
                cell.estimate().minus(new Sample(2, 98, 0).estimate()).interval());
    }

    @Test
    void bothEndsBelongToAnInterval() {
        Interval interval = new Interval(97.2, 98.1);
        assertTrue(interval.contains(97.2) && interval.contains(98.1));
        assertFalse(interval.contains(97.19) || interval.contains(98.11));
    }

    @Test
    void anIntervalOfDifferencesShowsItsSigns() {
        assertEquals("97.20 to 98.10", new Interval(97.2, 98.1).text());
        assertEquals("-0.12 to +0.35", new Interval(-.12, .35).signedText());
    }
}
