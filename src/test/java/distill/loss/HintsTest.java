package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.loss.LossExample.Features;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class HintsTest {

    private static LossExample example(Features student, Features teacher) {
        return new LossExample(
                new double[][] {{0, 1}, {1, 0}},
                new double[][] {{0, 0}, {0, 0}},
                new double[][] {{0, 0}, {0, 0}},
                List.of(student),
                List.of(teacher));
    }

    /**
     * Two images, two numbers each: the hint less the student's is (1, 0) and (-2, 1), squares 1, 0, 4, 1, mean 3/2,
     * half of it 3/4. The gradient of the sum over the batch at the student's numbers, with alpha = .25 and the scalar
     * once for each of the two images: .25 * 2 * -(hint - student) / 4. CE is ln 2.
     */
    @Test
    void ofEqualWidthsValueAndGradientAreThoseComputedByHand() {
        LossExample.Found found = example(
                        new Features(Shape.of(2, 2), 1, 1, 2, 0), new Features(Shape.of(2, 2), 2, 1, 0, 1))
                .compute(new Hints(), null, .25);
        assertEquals(.75, found.soft(), 1e-14);
        double value = .25 * .75 + .75 * Math.log(2);
        assertArrayEquals(new double[] {value, value}, found.values(), 1e-14);
        assertArrayEquals(
                new double[] {-.125, 0, .25, -.125}, found.atFeatures().get(0), 1e-14);
    }

    /**
     * Of other widths the regressor says 0 at the start, so that the loss is half the mean of the hint's squares: of
     * (3, 0, 1) and (0, 2, 0), 14 / 6 / 2. The student's numbers have no part in it yet.
     */
    @Test
    void ofOtherWidthsARegressorStartsFromZeros() {
        LossExample.Found found = example(
                        new Features(Shape.of(2, 2), 1, 1, 2, 0), new Features(Shape.of(2, 3), 3, 0, 1, 0, 2, 0))
                .compute(new Hints(), null, .25);
        assertEquals(14 / 12., found.soft(), 1e-14);
        assertArrayEquals(new double[4], found.atFeatures().get(0), 1e-14);
    }

    /** Two places of one image are two rows of the regressor, and their hints of two numbers the mean's four. */
    @Test
    void ofMapsTheChannelsAreCompared() {
        LossExample.Found found = example(
                        new Features(Shape.of(1, 1, 2, 2), 1, 1, 2, 0), new Features(Shape.of(1, 1, 2, 2), 2, 1, 0, 1))
                .compute(new Hints(), null, .25);
        assertEquals(.75, found.soft(), 1e-14);
    }

    @Test
    void itComparesTheMiddleOfTheMapsOrWhatEntersTheLastLayers() {
        ComparedLayers digits = new Hints()
                .layers(
                        MnistStudent.buildFc(new Network.Names(), Activation.LINEAR),
                        MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR))
                .get(0);
        assertEquals("dense_1", digits.student().name());
        assertEquals("dropout_1", digits.teacher().name());
        ComparedLayers histology = new Hints()
                .layers(
                        BaseModel.MOBILENETV2.withHead(224, false).whole(),
                        BaseModel.RESNET50V2.withHead(224, false).whole())
                .get(0);
        assertEquals("block_12_add", histology.student().name());
        assertEquals("conv4_block5_out", histology.teacher().name());
    }
}
