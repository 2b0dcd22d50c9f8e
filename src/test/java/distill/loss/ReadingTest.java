package distill.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import distill.nn.Activation;
import org.junit.jupiter.api.Test;

class ReadingTest {

    @Test
    void asWrittenPutsOutProbabilitiesAndAsDescribedLogits() {
        assertEquals(Activation.SOFTMAX, Reading.AS_WRITTEN.outputActivation());
        assertEquals(SoftTargets.UNNORMALISED, Reading.AS_WRITTEN.softTargets());
        assertEquals(Activation.LINEAR, Reading.AS_DESCRIBED.outputActivation());
        assertEquals(SoftTargets.SOFTMAX, Reading.AS_DESCRIBED.softTargets());
    }

    @Test
    void aReadingIsFoundByItsLabel() {
        for (Reading reading : Reading.values()) {
            assertEquals(reading, Reading.of(reading.toString()));
        }
        assertEquals(
                "the readings are as-written and as-described, found asWritten",
                assertThrows(IllegalArgumentException.class, () -> Reading.of("asWritten"))
                        .getMessage());
    }
}
