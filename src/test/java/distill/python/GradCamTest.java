package distill.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.explain.GradCam;
import distill.explain.Image;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.weights.KerasFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/** Grad-CAM beside TensorFlow's own tape in Python, on the teacher's network. */
@Tag("python")
class GradCamTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    @Test
    void theMapsAreThoseOfPythonsTape() throws Exception {
        Python.assume();
        Network network = Architecture.MNIST_TEACHER.build(Activation.LINEAR);
        Weights weights = network.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1));
        float[] pixels = new float[784];
        for (int p = 0; p < 784; p++) {
            pixels[p] = (float) Math.exp(-Math.pow(Math.hypot(p / 28 - 13., p % 28 - 10.) - 7, 2) / 4);
        }
        Path model = folder.resolve("teacher.keras");
        KerasFormat.KERAS.write(model, network, weights, TFloat32.class, DEVICE);
        Path image = Files.writeString(
                folder.resolve("image.csv"),
                IntStream.range(0, 784).mapToObj(p -> Float.toString(pixels[p])).collect(Collectors.joining(",")));
        Path maps = folder.resolve("maps.csv");
        Python.run("src/test/python/grad_cam.py", model.toString(), image.toString(), maps.toString());

        List<double[]> expected = Python.csv(maps);
        assertEquals(10, expected.size());
        assertTrue(expected.stream()
                        .filter(map -> Arrays.stream(map).max().orElseThrow() > 0)
                        .count()
                > 2);
        try (GradCam gradCam = new GradCam(network, weights, DEVICE)) {
            for (int target = 0; target < 10; target++) {
                assertArrayEquals(
                        expected.get(target),
                        gradCam.explain(new Image(28, 28, pixels), target).values(),
                        TOLERANCE,
                        "class " + target);
            }
        }
    }
}
