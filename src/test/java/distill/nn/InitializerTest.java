package distill.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
