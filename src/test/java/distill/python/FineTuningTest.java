package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Inference;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import distill.nn.zoo.MobileNetV2;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import distill.weights.CheckFile;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.Matching;
import distill.weights.SavedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * A Keras user's way from end to end: a model of {@code keras.applications}, saved in Python in each format, is read,
 * predicts, is fine-tuned for a few steps from the SavedModel's variables, is written in each format, and Keras loads
 * it.
 */
@Tag("python")
class FineTuningTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final Shape INPUT = Shape.of(64, 64, 3);
    private static final int CLASSES = 3;
    private static final int STEPS = 3;
    /** In parts of the largest output. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findPython() {
        Python.assume();
    }

    @Test
    void mobileNetV2ComesFromKerasIsFineTunedAndGoesBack() throws Exception {
        thereAndBack("MobileNetV2", MobileNetV2.build(INPUT, Top.of(CLASSES, Activation.LINEAR)));
    }

    @Test
    @Tag("slow")
    void resNet50V2ComesFromKerasIsFineTunedAndGoesBack() throws Exception {
        thereAndBack("ResNet50V2", ResNet50V2.build(INPUT, Top.of(CLASSES, Activation.LINEAR)));
    }

    private void thereAndBack(String name, Network network) throws Exception {
        Python.run("src/test/python/fine_tuning.py", "save", folder.toString(), name);
        CheckFile check = CheckFile.read(folder.resolve(name + "-check.h5"));
        int half = check.outputs().length / 2;
        double apart = KerasApplicationsTest.outputs(
                Arrays.copyOfRange(check.outputs(), half, check.outputs().length),
                Arrays.copyOf(check.outputs(), half));
        assertTrue(apart > 100 * TOLERANCE, () -> "the outputs must tell examples apart, they differ by " + apart);
        Map<String, Weights> read = new LinkedHashMap<>();
        for (String ending : List.of(".h5", ".weights.h5", ".keras", "-saved-model")) {
            Path file = folder.resolve(name + ending);
            read.put(
                    ending,
                    Matching.of(KerasFile.read(file, DEVICE), network, file.toString())
                            .weights());
        }
        Weights start = read.get(".h5");
        read.forEach((ending, weights) ->
                assertEquals(start.digest(), weights.digest(), ending + " holds the same weights as .h5"));
        double[] outputs = predict(network, start, check);
        assertNear(check.outputs(), outputs, "from each file");
        List<String> rows = new ArrayList<>();
        rows.add(row("Keras's " + name + ", each format, read", check.outputs(), outputs));
        double[] served = new SavedModel(folder.resolve(name + "-saved-model"), DEVICE)
                .predict(check.inputs(), check.inputShape());
        assertNear(check.outputs(), served, "through its signature");

        Weights tuned = fineTune(network, start, check);
        double[] ours = predict(network, tuned, check);
        assertTrue(
                KerasApplicationsTest.outputs(check.outputs(), ours) > 100 * TOLERANCE,
                "the training changed the outputs");
        Map<KerasFormat, Path> files = new LinkedHashMap<>();
        files.put(KerasFormat.H5, folder.resolve("tuned.h5"));
        files.put(KerasFormat.WEIGHTS_H5, folder.resolve("tuned.weights.h5"));
        files.put(KerasFormat.KERAS, folder.resolve("tuned.keras"));
        files.put(KerasFormat.SAVED_MODEL, folder.resolve("tuned-saved-model"));
        List<String> arguments =
                new ArrayList<>(List.of("src/test/python/fine_tuning.py", "load", folder.toString(), name));
        for (Map.Entry<KerasFormat, Path> file : files.entrySet()) {
            file.getKey().write(file.getValue(), network, tuned, TFloat32.class, DEVICE);
            arguments.add(file.getValue().toString());
        }
        String[] answers = Python.run(arguments.toArray(String[]::new)).strip().split("\n");
        assertEquals(files.size(), answers.length);
        int i = 0;
        for (Path file : files.values()) {
            double[] theirs = numbers(answers[i++]);
            assertNear(ours, theirs, file.toString());
            rows.add(row(name + ", fine-tuned, " + file.getFileName() + " in Keras", ours, theirs));
        }
        Python.record("| file | largest difference |", rows);
    }

    /** A few steps on the inputs of the check, towards made-up labels. */
    private static Weights fineTune(Network network, Weights start, CheckFile check) {
        int examples = Math.toIntExact(check.inputShape().get(0));
        float[] inputs = new float[check.inputs().length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) check.inputs()[i];
        }
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            labels[i] = i % CLASSES;
        }
        try (CompiledModel<TFloat32> model = CompiledModel.compile(
                network,
                Inputs.FEATURES,
                Phase::training,
                TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)),
                TFloat32.class,
                DEVICE)) {
            model.setWeights(start);
            for (int step = 0; step < STEPS; step++) {
                model.trainOnBatch(inputs, labels, TeacherOutputs.NONE, 1, step);
            }
            return model.getWeights();
        }
    }

    private static double[] predict(Network network, Weights weights, CheckFile check) {
        return Inference.predict(network, weights, TFloat32.class, check.inputs(), DEVICE);
    }

    private static double[] numbers(String json) throws Exception {
        JsonNode rows = new ObjectMapper().readTree(json);
        return StreamSupport.stream(rows.spliterator(), false)
                .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static void assertNear(double[] expected, double[] found, String what) {
        double difference = KerasApplicationsTest.outputs(found, expected);
        assertTrue(difference <= TOLERANCE, () -> what + " differs by " + difference);
    }

    private static String row(String what, double[] expected, double[] found) {
        return String.format(Locale.ROOT, "| %s | %.1e |", what, KerasApplicationsTest.outputs(found, expected));
    }
}
