package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataException;
import distill.experiment.GradientByDepth.Measurement;
import distill.experiment.GradientByDepth.Variant;
import distill.nn.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientByDepthTest {

    private static final Device DEVICE = Device.cpu(2);

    private static double ratio(Variant variant, int blocks) throws DataException {
        List<Measurement> measured = GradientByDepth.of(variant, blocks, List.of(1L), DEVICE);
        return measured.get(0).relative(0);
    }

    @Test
    void withoutShortcutsEachDoublingOfTheDepthSquaresTheLoss() throws DataException {
        // A ReLU halves the second moment, so each convolution keeps about sqrt(1/2) of the norm: 2^-blocks in all.
        double four = ratio(Variant.PLAIN, 4);
        double eight = ratio(Variant.PLAIN, 8);
        assertTrue(four < .2, "4 blocks: " + four);
        assertTrue(eight < four * .2, "8 blocks: " + eight);
    }

    @Test
    void withShortcutsTheGradientStays() throws DataException {
        for (int blocks : new int[] {2, 8}) {
            double ratio = ratio(Variant.RESIDUAL, blocks);
            assertTrue(ratio > .5 && ratio < 10, blocks + " blocks: " + ratio);
        }
    }

    @Test
    void batchNormalisationWithoutShortcutsMakesItGrow() throws DataException {
        assertTrue(ratio(Variant.PLAIN_NORMALIZED, 8) > 4 * ratio(Variant.PLAIN_NORMALIZED, 2));
    }

    @Test
    void aNormIsGivenAtEveryEndOfABlockAndTheSeedDecidesIt() throws DataException {
        List<Measurement> measured = GradientByDepth.of(Variant.RESIDUAL_NORMALIZED_V1, 3, List.of(1L, 2L, 1L), DEVICE);
        assertEquals(4, measured.get(0).norms().size());
        assertEquals(7, measured.get(0).convolutions());
        assertEquals(1, measured.get(0).relative(3));
        assertEquals(measured.get(0).norms(), measured.get(2).norms());
        assertTrue(!measured.get(0).norms().equals(measured.get(1).norms()));
    }
}
