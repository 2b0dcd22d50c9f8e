package distill.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DeviceTest {

    @Test
    void autoTakesTheCpuWhereThereIsNoGpu() {
        assumeFalse(hasGpu(), "there is a CUDA device here");
        assertEquals(Device.cpu(2), Device.auto(2));
    }

    @Test
    void askingForAGpuWhereThereIsNoneSaysWhatToDo() {
        assumeFalse(hasGpu(), "there is a CUDA device here");
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> Device.gpu(2));
        assertTrue(
                error.getMessage().contains("no CUDA device")
                        && error.getMessage().contains("linux-x86_64-gpu")
                        && !error.getMessage().contains("--device"),
                error.getMessage());
    }

    @Test
    @Tag("gpu")
    void autoTakesTheGpuWhereThereIsOne() {
        assumeTrue(hasGpu(), "TensorFlow finds no CUDA device here");
        assertEquals("gpu", Device.auto(2).kind());
    }

    private static boolean hasGpu() {
        return Device.auto(2).gpu();
    }
}
