package distill.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.run.Variant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
