package distill.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Initializer.Constant;
import distill.nn.Initializer.Normal;
import distill.nn.Initializer.NotDrawn;
import distill.nn.Initializer.Uniform;
import distill.nn.Initializer.VarianceScaling;
import distill.nn.Initializer.VarianceScaling.Fan;
import distill.nn.Initializer.VarianceScaling.Form;
import distill.nn.zoo.MnistStudent;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class InitializerTest {

    private static UniformRandomProvider random(long seed) {
        return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    }

    @Test
    void glorotUniformOfADenseKernelFillsBothSidesOfZeroToItsLimit() {
        // fans 100 and 50: sqrt(6 / 150) = .2
        double[] values = Initializer.GLOROT_UNIFORM.draw(Shape.of(100, 50), random(1));
        double min = Arrays.stream(values).min().orElseThrow();
        double max = Arrays.stream(values).max().orElseThrow();
        assertTrue(-.2 <= min && min < -.199, "minimum " + min);
        assertTrue(.199 < max && max < .2, "maximum " + max);
        // The mean of 5000 draws has standard deviation .2 / sqrt(3) / sqrt(5000) = .0016.
        assertEquals(0, Arrays.stream(values).average().orElseThrow(), .0065);
        // Variance of a uniform: limit^2 / 3.
        assertEquals(.04 / 3, Arrays.stream(values).map(v -> v * v).average().orElseThrow(), .0005);
    }

    @Test
    void aConvolutionsFansCountTheReceptiveFieldOnce() {
        // fans 9 * 64 each: sqrt(6 / 1152) = .0722
        double[] values = Initializer.GLOROT_UNIFORM.draw(Shape.of(3, 3, 64, 64), random(2));
        double limit = Math.sqrt(6 / 1152.);
        double max = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        assertTrue(.999 * limit < max && max < limit, "largest magnitude " + max);
    }

    private static double standardDeviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void heNormalHasItsVarianceThoughItIsCutAtTwoStandardDeviations() {
        // fan_in 9 * 32 = 288: variance 2 / 288, and the normal distribution that is cut is wider by 1 / .8796.
        double[] values = new VarianceScaling(2, Fan.IN, Form.TRUNCATED_NORMAL).draw(Shape.of(3, 3, 32, 64), random(4));
        double deviation = Math.sqrt(2 / 288.);
        // Of 18,432 draws; the error of a standard deviation is less than 1 / sqrt(2 * 18,432) = .5 % of it.
        assertEquals(deviation, standardDeviation(values), .02 * deviation);
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        assertTrue(largest <= 2 * deviation / .8796 && largest > 1.95 * deviation / .8796, "largest " + largest);
    }

    @Test
    void aTruncatedNormalOfKerasIsNarrowerThanItsStandardDeviationSays() {
        double[] cut = new Normal(1, .5, true).draw(Shape.of(20_000), random(5));
        assertEquals(.5 * .8796, standardDeviation(cut), .01);
        assertEquals(1, Arrays.stream(cut).average().orElseThrow(), .015);
        double[] whole = new Normal(1, .5, false).draw(Shape.of(20_000), random(5));
        assertEquals(.5, standardDeviation(whole), .01);
        assertTrue(Arrays.stream(whole).anyMatch(value -> value > 2.2), "some are beyond two standard deviations");
    }

    @Test
    void uniformAndConstantAreWhatTheyAreCalled() {
        double[] uniform = new Uniform(-1, 3).draw(Shape.of(20_000), random(6));
        assertEquals(1, Arrays.stream(uniform).average().orElseThrow(), .04);
        assertEquals(4 / Math.sqrt(12), standardDeviation(uniform), .03);
        assertArrayEquals(new double[] {.5, .5}, new Constant(.5).draw(Shape.of(2), random(7)));
    }

    @Test
    void anInitialiserThatIsNotKnownIsRefusedWhenItIsToDraw() {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class, () -> new NotDrawn("orthogonal").draw(Shape.of(2, 2), random(8)));
        assertEquals(
                "weights that Keras's initialiser orthogonal starts cannot be drawn here: only those of a file can be used",
                error.getMessage());
    }

    @Test
    void biasesStartAtZero() {
        assertArrayEquals(new double[10], Initializer.ZEROS.draw(Shape.of(10), random(3)));
    }

    @Test
    void theSameSeedGivesTheSameWeightsAndAnotherSeedOthers() {
        Network network = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        String digest = network.initialWeights(random(1)).digest();
        assertEquals(digest, network.initialWeights(random(1)).digest());
        assertNotEquals(digest, network.initialWeights(random(2)).digest());
        assertEquals(digest, network.initialWeights(1).digest(), "by the seed alone");
    }

    @Test
    void layersOfEqualShapeStartDifferently() {
        Weights weights =
                MnistStudent.buildFc(new Network.Names(), Activation.LINEAR).initialWeights(random(1));
        assertEquals(weights.values().get(0).shape(), weights.values().get(2).shape());
        assertNotEquals(
                weights.values().get(0).values()[0], weights.values().get(2).values()[0]);
    }
}
