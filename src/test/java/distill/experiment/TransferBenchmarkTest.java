package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.TransferBenchmark.Measurement;
import distill.nn.Device;
import distill.nn.zoo.MobileNet;
import distill.nn.zoo.Top;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class TransferBenchmarkTest {

    @Test
    void aFrozenBaseKeepsItsWeightsAndFineTuningMovesAllButTheStatistics() {
        List<Measurement> ways =
                TransferBenchmark.of(MobileNet.build(Shape.of(32, 32, 3), Top.pooledFeatures()), 2, 1, Device.cpu(2));
        // 27 convolutions' kernels, 27 normalisations of four weights each, the head's kernel and bias.
        assertEquals(
                List.of(137, 137, 2), ways.stream().map(Measurement::weights).toList());
        assertEquals(
                List.of(137 - 2 * 27, 2, 2),
                ways.stream().map(Measurement::changed).toList());
        long head = 2 * 1024 + 2;
        assertEquals(
                List.of(3_206_976 + head, head, head),
                ways.stream().map(Measurement::trainable).toList());
        assertEquals(
                List.of(21_888L, 3_228_864L, 0L),
                ways.stream().map(Measurement::frozen).toList());
        assertTrue(ways.get(1).products() < ways.get(0).products() / 2);
    }
}
