package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.data.Images;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.zoo.DataSpec;
import distill.python.Python;
import distill.run.Reading;
import distill.run.Settings;
import distill.run.Variant;
import distill.weights.Fixtures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SavedModels of a {@code tf.Module}, of Keras 3 and 2 and of TensorFlow 1, which
 * {@code reference/export_saved_models.py} makes, put out here what they do in Python. Two scale grey levels
 * themselves: one is exported for bytes, and two are fed numbers from 0 to 1 as our own networks are.
 */
@Tag("python")
class ServedTeacherPythonTest {

    private static final Device DEVICE = Device.cpu(2);

    private static final Map<String, OutputKind> KINDS = Map.of(
            "module", OutputKind.probabilities,
            "own-scale", OutputKind.logits,
            "grey-levels", OutputKind.logits,
            "keras-2", OutputKind.logits,
            "tensorflow-1", OutputKind.probabilities);

    @TempDir
    private Path folder;

    @Test
    void eachGivesHereWhatItGivesInPython() throws Exception {
        Python.assume();
        Python.run("reference/export_saved_models.py", folder.toString());
        JsonNode answers =
                new ObjectMapper().readTree(folder.resolve("answers.json").toFile());
        byte[] pixels = Fixtures.bytes(answers.get("images"));
        Images images = Images.inMemory(28, 28, 1, 10, pixels, new byte[pixels.length / 784]);
        ModelLibrary library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        for (Map.Entry<String, OutputKind> model : KINDS.entrySet()) {
            String name = model.getKey();
            boolean logits = model.getValue() == OutputKind.logits;
            // What wants what the model gives takes it as it is.
            Reading reading = Reading.of(Settings.TASK1, logits ? Variant.AS_DESCRIBED : Variant.AS_WRITTEN);
            GivenTeacher teacher =
                    GivenTeacher.ofTask1(library, folder.resolve(name).toString(), reading, DataSpec.MNIST);
            assertNotNull(teacher.served(), name);
            assertEquals(model.getValue(), teacher.served().kind(), name);
            assertEquals(
                    switch (name) {
                        case "grey-levels" -> "uint8";
                        case "tensorflow-1" -> "float64";
                        default -> "float32";
                    },
                    teacher.served().inputType(),
                    name);
            double[] expected = Fixtures.doubles(answers.get("outputs").get(name));
            try (OpenTeacher open = teacher.open(DEVICE)) {
                assertArrayEquals(expected, open.outputs(images, List.of()).values(), 1e-5, name);
            }
            // Explained, it is fed pixels from 0 to 1.
            float[] first = new float[784];
            for (int i = 0; i < first.length; i++) {
                first[i] = (pixels[i] & 0xff) * (1 / 255f);
            }
            try (ServedTeacher.Opened open =
                    teacher.served().open(logits ? Activation.LINEAR : Activation.SOFTMAX, DEVICE)) {
                assertArrayEquals(Arrays.copyOf(expected, 10), open.outputsOfPixels(first), 1e-5, name);
            }
        }
    }
}
