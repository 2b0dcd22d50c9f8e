package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import distill.loss.LossExample.Features;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class AttentionTransferTest {

    private static final double[] STUDENT = {1, 1, 0, Math.sqrt(2), 1, 0, 0, 0};

    private static LossExample example(double... student) {
        return new LossExample(
                new double[][] {{0, 1}, {1, 0}},
                new double[][] {{0, 0}, {0, 0}},
                new double[][] {{0, 0}, {0, 0}},
                List.of(new Features(Shape.of(2, 1, 2, 2), student)),
                List.of(new Features(Shape.of(2, 1, 2, 1), 2, 0, 0, -3)));
    }

    /**
     * Two images of 1 x 2 places. The student has two channels: the first image's are (1, 1) and (0, sqrt 2), which
     * have the squares 2 and 2, Q = (1, 1) / sqrt 2; the second's are (1, 0) and (0, 0), Q = (1, 0). The teacher's one
     * channel is (2, 0), Q = (1, 0), and (0, -3), Q = (0, 1).
     *
     * <p>Squares of the differences: (1 - 1 / sqrt 2)^2 + 1/2 = 2 - sqrt 2 in the first, 2 in the second. Their mean
     * over the 4 places is (4 - sqrt 2) / 4, times 1000 / 2. All outputs are 0: CE is ln 2, and its gradient is (1/2,
     * -1/2) for the label 1.
     */
    @Test
    void valueAndGradientAtTheOutputsAreThoseComputedByHand() {
        LossExample.Found found = example(STUDENT).compute(new AttentionTransfer(), null, .25);
        double soft = 125 * (4 - Math.sqrt(2));
        assertEquals(soft, found.soft(), 1e-10);
        double value = .25 * soft + .75 * Math.log(2);
        assertArrayEquals(new double[] {value, value}, found.values(), 1e-10);
        assertArrayEquals(new double[] {.375, -.375, -.375, .375}, found.gradient(), 1e-14);
    }

    @Test
    void theGradientAtTheMapsIsTheDerivativeOfTheSumOverTheBatch() {
        double[] differences = new double[STUDENT.length];
        double h = 1e-6;
        for (int i = 0; i < differences.length; i++) {
            double[] up = STUDENT.clone();
            double[] down = STUDENT.clone();
            up[i] += h;
            down[i] -= h;
            differences[i] = 2 * (soft(up) - soft(down)) * .25 / (2 * h);
        }
        assertArrayEquals(
                differences,
                example(STUDENT)
                        .compute(new AttentionTransfer(), null, .25)
                        .atFeatures()
                        .get(0),
                1e-5);
    }

    private static double soft(double[] student) {
        return example(student).compute(new AttentionTransfer(), null, .25).soft();
    }

    @Test
    void comparedAreTheEndsOfTheGroupsOfBlocksWithMapsOfOneSize() {
        Network student = BaseModel.MOBILENETV2.withHead(224, false).whole();
        Network teacher = BaseModel.RESNET50V2.withHead(224, false).whole();
        assertEquals(
                List.of(
                        "block_2_add (56, 56, 24) conv2_block2_out (56, 56, 256)",
                        "block_5_add (28, 28, 32) conv3_block3_out (28, 28, 512)",
                        "block_12_add (14, 14, 96) conv4_block5_out (14, 14, 1024)",
                        "block_15_add (7, 7, 160) conv5_block3_out (7, 7, 2048)"),
                new AttentionTransfer()
                        .layers(student, teacher).stream()
                                .map(pair -> described(pair.student()) + " " + described(pair.teacher()))
                                .toList());
    }

    private static String described(Network.NamedLayer layer) {
        Shape shape = layer.output();
        return "%s (%d, %d, %d)".formatted(layer.name(), shape.get(0), shape.get(1), shape.get(2));
    }

    @Test
    void networksWithoutMapsOfOneSizeAreRefusedWithTheirLayersAndShapes() {
        Network student = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        Network teacher = MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new AttentionTransfer().layers(student, teacher))
                .getMessage();
        assertEquals(
                "the loss attention compares maps of the same height and width, and these networks share none; the"
                        + " student's layers are flatten (784), dense (784), dense_1 (784), dense_2 (10), the teacher's"
                        + " conv2d (26 x 26 x 32), max_pooling2d (25 x 25 x 32), conv2d_1 (23 x 23 x 64), max_pooling2d_1"
                        + " (11 x 11 x 64)",
                message);
    }
}
