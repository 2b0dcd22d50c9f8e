package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class LabelSmoothingTest {

    /**
     * Two images of two classes. The student's outputs are (0, ln 3) and (0, 0), their softmax (1/4, 3/4) and (1/2,
     * 1/2). With epsilon .1 the targets of the labels 1 and 0 are (.05, .95) and (.95, .05). CE: .05 ln 4 + .95 ln
     * (4/3), and ln 2; the gradient is softmax - targets: (.2, -.2) and (-.45, .45).
     */
    @Test
    void valueAndGradientAreThoseComputedByHand() {
        LossExample example = LossExample.of(
                new double[][] {{0, 1}, {1, 0}},
                new double[][] {{0, Math.log(3)}, {0, 0}},
                new double[][] {{0, 0}, {0, 0}});
        LossExample.Found found = example.compute(new LabelSmoothing(), null, null);
        double[] values = {.05 * Math.log(4) + .95 * Math.log(4 / 3.), Math.log(2)};
        assertArrayEquals(values, found.values(), 1e-14);
        assertArrayEquals(values, found.hard(), 1e-14);
        assertEquals(0, found.soft());
        assertArrayEquals(new double[] {.2, -.2, -.45, .45}, found.gradient(), 1e-14);
    }

    @Test
    void itHasNoTeacher() {
        assertFalse(new LabelSmoothing().hasTeacher());
        assertFalse(new PlainCrossEntropy().hasTeacher());
    }
}
