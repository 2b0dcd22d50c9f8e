package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/** What signatures of SavedModels are run, and what is said of the others. */
class ServedModelTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final String SERVING = "serving_default";

    @TempDir
    private Path folder;

    /** A SavedModel whose signature has as many inputs a, b, ... and gives each twice, as another type. */
    private <T extends TNumber> Path saved(
            String key, Class<T> type, Shape input, int inputs, Class<? extends TNumber> gives) throws IOException {
        Path target = folder.resolve(key + Files.list(folder).count());
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Signature.Builder signature = Signature.builder(key).methodName("tensorflow/serving/predict");
            for (int i = 0; i < inputs; i++) {
                Placeholder<T> x = tf.placeholder(type, Placeholder.shape(input));
                Operand<TFloat32> floats = tf.dtypes.cast(x, TFloat32.class);
                signature.input(String.valueOf((char) ('a' + i)), x);
                signature.output("twice" + i, tf.dtypes.cast(tf.math.add(floats, floats), gives));
            }
            SavedModelBundle.exporter(target.toString())
                    .withTags(SavedModelBundle.DEFAULT_TAG)
                    .withSession(session)
                    .withSignature(signature.build())
                    .export();
        }
        return target;
    }

    private static String refusal(Path model) {
        String message = assertThrows(IOException.class, () -> {
                    try (ServedModel served = ServedModel.open(model, DEVICE)) {
                        served.check(Shape.of(3), 3);
                    }
                })
                .getMessage();
        assertTrue(message.startsWith(model.toString()), message);
        return message.substring(model.toString().length());
    }

    @Test
    void bytesAreFedToWhatTakesBytesAndNothingElseIs() throws IOException {
        Path model = saved(SERVING, TUint8.class, Shape.of(-1, 3), 1, TFloat32.class);
        try (ServedModel served = ServedModel.open(model, DEVICE)) {
            assertTrue(served.takesBytes());
            served.check(Shape.of(3), 3);
            assertArrayEquals(new double[] {0, 254, 510}, served.predict(new double[] {0, 127, 255}, Shape.of(1, 3)));
            for (double wrong : new double[] {.5, -1, 256, Double.NaN}) {
                assertEquals(
                        model + ": its signature serving_default takes whole numbers from 0 to 255 (uint8), found "
                                + wrong,
                        assertThrows(
                                        IOException.class,
                                        () -> served.predict(new double[] {0, wrong, 0}, Shape.of(1, 3)))
                                .getMessage());
            }
        }
    }

    @Test
    void aSignatureThatCannotBeRunIsRefusedByNameWithWhatWasFoundAndExpected() throws IOException {
        Shape rows = Shape.of(-1, 3);
        assertEquals(
                " has the signatures classify, expected one that is called serving_default",
                refusal(saved("classify", TFloat32.class, rows, 1, TFloat32.class)));
        assertEquals(
                ": its signature serving_default takes [a, b] and gives [twice0, twice1], expected one tensor each",
                refusal(saved(SERVING, TFloat32.class, rows, 2, TFloat32.class)));
        assertEquals(
                ": its signature serving_default takes inputs of type int32, expected float32, float64 or uint8",
                refusal(saved(SERVING, TInt32.class, rows, 1, TFloat32.class)));
        assertEquals(
                ": its signature serving_default gives outputs of type float16, expected float32 or float64",
                refusal(saved(SERVING, TFloat32.class, rows, 1, TFloat16.class)));
        assertEquals(
                ": its signature serving_default takes inputs of shape [-1, 4], expected [-1, 3]",
                refusal(saved(SERVING, TFloat32.class, Shape.of(-1, 4), 1, TFloat32.class)));
        assertEquals(
                ": its signature serving_default takes batches of 2, expected batches of any size",
                refusal(saved(SERVING, TFloat32.class, Shape.of(2, 3), 1, TFloat32.class)));
        Path three = saved(SERVING, TFloat32.class, rows, 1, TFloat32.class);
        try (ServedModel served = ServedModel.open(three, DEVICE)) {
            assertEquals(
                    three + ": its signature serving_default gives outputs of shape [-1, 3], expected [-1, 10], a"
                            + " number for each class",
                    assertThrows(IOException.class, () -> served.check(Shape.of(3), 10))
                            .getMessage());
        }
    }

    @Test
    void theDigestIsOfTheProgramAndItsVariables() throws IOException {
        Path copy = folder.resolve("copy");
        Path model = Fixtures.path("small-saved-model");
        for (String file :
                List.of("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001")) {
            Files.createDirectories(copy.resolve(file).getParent());
            Files.copy(model.resolve(file), copy.resolve(file));
        }
        String digest = new SavedModel(model, DEVICE).digest();
        assertEquals(digest, new SavedModel(copy, DEVICE).digest(), "of its folder's name and fingerprint.pb nothing");
        for (String file : List.of("saved_model.pb", "variables/variables.data-00000-of-00001")) {
            byte[] bytes = Files.readAllBytes(copy.resolve(file));
            bytes[bytes.length / 2] ^= 1;
            Files.write(copy.resolve(file), bytes);
            assertNotEquals(digest, new SavedModel(copy, DEVICE).digest(), file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(copy.resolve(file), bytes);
        }
        assertEquals(64, digest.length());
        assertTrue(IntStream.range(0, 64).allMatch(i -> Character.digit(digest.charAt(i), 16) >= 0), digest);
    }
}
