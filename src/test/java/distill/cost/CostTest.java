package distill.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.AveragePooling2D;
import distill.nn.Conv2D;
import distill.nn.Initializers;
import distill.nn.Network;
import distill.nn.Padding;
import distill.nn.Rescaling;
import distill.nn.Sides;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.run.Variant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class CostTest {

    private static Network teacher(Variant reading) {
        return MnistTeacher.buildCnn(
                new Network.Names(), (reading == Variant.AS_WRITTEN ? Activation.SOFTMAX : Activation.LINEAR));
    }

    private static Network student(Variant reading) {
        return MnistStudent.buildFc(
                new Network.Names(), (reading == Variant.AS_WRITTEN ? Activation.SOFTMAX : Activation.LINEAR));
    }

    @ParameterizedTest
    @CsvSource({
        "AS_WRITTEN,   256, 5642779648, 633838592",
        "AS_DESCRIBED, 256, 5642766848, 633825792",
        "AS_WRITTEN,   1,   22042108,   2475932",
        "AS_DESCRIBED, 1,   22042058,   2475882"
    })
    void flopsAreWhatKerasFlopsCounts(Variant reading, int batch, long teacher, long student) {
        assertEquals(teacher, Cost.of(teacher(reading), batch).flops());
        assertEquals(student, Cost.of(student(reading), batch).flops());
    }

    @Test
    void parametersAreTheReports() {
        assertEquals(1_011_466, Cost.of(teacher(Variant.AS_WRITTEN), 1).parameters());
        assertEquals(1_238_730, Cost.of(student(Variant.AS_WRITTEN), 1).parameters());
    }

    @Test
    void theBreakdownOfTheStudentIsWhatItsLayersCost() {
        // Products 2 (784 * 784 + 784 * 784 + 784 * 10), biases 784 + 784 + 10, softmax 5 * 10.
        assertEquals(
                Map.of("MatMul", 2_474_304L, "BiasAdd", 1_578L, "Softmax", 50L),
                Cost.of(student(Variant.AS_WRITTEN), 1).flopsByOperation());
    }

    @Test
    void newerLayersCostWhatTensorFlowsProfilerSays() {
        // Of 4 x 4 x 2: windows of 4 numbers for 8 results; a sigmoid is free, and its product is not.
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(4, 4, 2),
                new AveragePooling2D(Sides.of(2), Sides.of(2), Padding.VALID),
                new ActivationLayer(Activation.SILU),
                new Rescaling(2, 1));
        assertEquals(
                Map.of("AvgPool", 4 * 8L, "Mul", 8L + 8L, "Add", 8L),
                Cost.of(network, 1).flopsByOperation());
    }

    @Test
    void aConvolutionInGroupsCostsAsManyTimesLess() {
        Conv2D whole = new Conv2D(4, 3, Activation.LINEAR);
        Conv2D parted = new Conv2D(
                4, Sides.of(3), Sides.ONE, Padding.VALID, Sides.ONE, 2, true, Activation.LINEAR, Initializers.USUAL);
        assertEquals(flops(whole, "Conv2D"), 2 * flops(parted, "Conv2D"));
    }

    private static long flops(Conv2D convolution, String operation) {
        Network network = Network.sequential(new Network.Names(), Shape.of(6, 5, 4), convolution);
        return Cost.of(network, 1).flopsByOperation().get(operation);
    }

    @Test
    void aTrainingStepCostsThreeTimesTheProductsButForTheFirstLayersInput() {
        // Forwards, to the weights and to the inputs; nothing is propagated to the images.
        long forwards = 2_474_304L * 256;
        long firstInputs = 2L * 784 * 784 * 256;
        assertEquals(3 * forwards - firstInputs, Cost.trainingProducts(student(Variant.AS_WRITTEN), 256));
    }

    @Test
    void aTeachersTrainingStepCountsItsConvolutionsForwardsAndBackwards() {
        // Per image: conv2d 2 * 26 * 26 * 32 * 9 = 389,376, conv2d_1 2 * 23 * 23 * 64 * 288 = 19,501,056,
        // dense 2 * 7744 * 128 = 1,982,464, dense_1 2 * 128 * 10 = 2,560; each thrice, but conv2d, which has no
        // gradient to
        // the images, twice.
        long perImage = 2 * 389_376 + 3 * (19_501_056 + 1_982_464 + 2_560);
        assertEquals(256 * perImage, Cost.trainingProducts(teacher(Variant.AS_WRITTEN), 256));
    }
}
