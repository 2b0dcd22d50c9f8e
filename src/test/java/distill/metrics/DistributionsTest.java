package distill.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DistributionsTest {

    @Test
    void entropyIsZeroWhereOneOutcomeIsCertainAndLnNWhereNAreEquallyLikely() {
        assertEquals(0, Distributions.entropy(new double[] {0, 1, 0}));
        assertEquals(Math.log(4), Distributions.entropy(new double[] {.25, .25, .25, .25}), 1e-15);
        // 1/2 ln 2 + 2 * 1/4 ln 4 = 3/2 ln 2.
        assertEquals(1.5 * Math.log(2), Distributions.entropy(new double[] {.5, .25, .25}), 1e-15);
    }

    @Test
    void divergenceIsZeroForEqualsAndInfiniteWhereAnOutcomeIsExcluded() {
        assertEquals(0, Distributions.divergence(new double[] {.3, .7}, new double[] {.3, .7}));
        // 1/2 ln (1/2 / 1/4) + 1/2 ln (1/2 / 3/4) = 1/2 ln 4/3.
        assertEquals(
                Math.log(4 / 3.) / 2, Distributions.divergence(new double[] {.5, .5}, new double[] {.25, .75}), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, Distributions.divergence(new double[] {.5, .5}, new double[] {1, 0}));
        assertEquals(Math.log(2), Distributions.divergence(new double[] {1, 0}, new double[] {.5, .5}), 1e-15);
    }

    @Test
    void softmaxSoftensByTheTemperatureAndStandsLargeLogits() {
        // Of exp(2 ln 3 / 2) = 3 and exp(0) = 1.
        assertArrayEquals(new double[] {.75, .25}, Distributions.softmax(new double[] {2 * Math.log(3), 0}, 2), 1e-15);
        assertArrayEquals(new double[] {1, 0}, Distributions.softmax(new double[] {5000, 0}, 1));
    }

    @Test
    void totalVariationIsWhatWouldHaveToBeMoved() {
        assertEquals(1, Distributions.totalVariation(new double[] {1, 0}, new double[] {0, 1}));
        assertEquals(.25, Distributions.totalVariation(new double[] {.5, .5}, new double[] {.25, .75}), 1e-15);
    }

    @Test
    void distributionsOfDifferentLengthsAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Distributions.divergence(new double[] {1}, new double[] {.5, .5}));
    }
}
