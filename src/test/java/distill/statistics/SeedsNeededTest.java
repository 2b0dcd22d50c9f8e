package distill.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SeedsNeededTest {

    @Test
    void theIntervalOfFourTimesTheSeedsIsHalfAsWideAndItsFreedomGrows() {
        // Paired differences of 5 seeds with standard deviation 1: error 1 / sqrt(5), 4 degrees of freedom.
        Estimate five = new Estimate(.5, 1 / Math.sqrt(5), 4);
        Estimate twenty = SeedsNeeded.with(five, 5, 20);
        assertEquals(1 / Math.sqrt(20), twenty.standardError(), 1e-12);
        assertEquals(19, twenty.freedom(), 1e-12);
    }

    @Test
    void theFewestSeedsWhoseIntervalIsNarrowEnough() {
        // scipy: t.ppf(.975, m - 1) / sqrt(m) is .5141 for m = 17, .4973 for 18; of a standard deviation of 1.
        Estimate five = new Estimate(.5, 1 / Math.sqrt(5), 4);
        assertEquals(OptionalInt.of(18), SeedsNeeded.least(5, SeedsNeeded.reaching(five, 5, 1, .5)));
    }

    @Test
    void whatNoNumberOfSeedsSettlesIsEmpty() {
        assertTrue(SeedsNeeded.least(5, SeedsNeeded.reaching(new Estimate(0, 1, 4), 5, 1, 0))
                .isEmpty());
    }
}
