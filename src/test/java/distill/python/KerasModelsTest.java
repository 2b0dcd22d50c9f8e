package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.loss.Loss;
import distill.loss.Losses;
import distill.nn.Device;
import distill.nn.Inference;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.nn.Weights;
import distill.training.GradientTape;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.KerasModel;
import distill.weights.Matching;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Networks of keras.applications that are built from Keras's files alone, from weights that
 * {@code reference/export_applications.py} draws: outputs in float32, and in float64 the gradients with respect to all
 * weights, with {@code training=False}. What came out is added to target/parity.md.
 */
@Tag("python")
class KerasModelsTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final String HEADER = "| network | layers | parameters | outputs | Keras's rounding | gradients |";

    @TempDir
    private Path folder;

    @BeforeAll
    static void findPython() {
        Python.assume();
    }

    private static double[] values(HdfFile hdf, String name) {
        Object flat = hdf.getDatasetByPath(name).getDataFlat();
        double[] values = new double[Array.getLength(flat)];
        Arrays.setAll(values, i -> ((Number) Array.get(flat, i)).doubleValue());
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"MobileNetV3Small", "EfficientNetB0"})
    void aNetworkBuiltFromAnArchiveIsKerass(String name) throws Exception {
        check(name);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(
            strings = {
                "VGG16",
                "ResNet50",
                "ResNet50V2",
                "MobileNet",
                "MobileNetV2",
                "DenseNet121",
                "Xception",
                "InceptionV3"
            })
    void aLargeNetworkBuiltFromAnArchiveIsKerass(String name) throws Exception {
        check(name);
    }

    /** Keras 2 writes operators of Python, of which MobileNetV3 has some, as layers of their own. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"MobileNetV3Small", "ResNet50V2"})
    void aNetworkBuiltFromAFileOfKeras2IsKerass(String name) throws Exception {
        Python.run(
                Map.of("TF_USE_LEGACY_KERAS", "1"),
                "reference/export_applications.py",
                name,
                "--out",
                folder.toString());
        try (HdfFile answers = new HdfFile(folder.resolve(name + "-answers.h5"))) {
            Built built = Built.of(folder.resolve(name + ".h5"));
            String row = row(name + " of Keras 2", built, answers, outputs(built, answers), "");
            Python.record(HEADER, List.of(row));
        }
    }

    /** The formats that hold a network. */
    @Test
    void kerasLoadsWhatWeWriteOfANetworkThatIsNoneOfOurs() throws Exception {
        String name = "MobileNetV3Small";
        Python.run("reference/export_applications.py", name, "--out", folder.toString());
        Built built = Built.of(folder.resolve(name + ".keras"));
        List<String> arguments = new ArrayList<>(List.of(
                "src/test/python/load_exported.py",
                folder.resolve(name + "-answers.h5").toString()));
        Map<KerasFormat, String> files =
                Map.of(KerasFormat.KERAS, "again.keras", KerasFormat.H5, "again.h5", KerasFormat.SAVED_MODEL, "again");
        for (Map.Entry<KerasFormat, String> file : files.entrySet()) {
            Path target = folder.resolve(file.getValue());
            file.getKey().write(target, built.network(), built.weights(), TFloat32.class, DEVICE);
            arguments.add(target.toString());
        }
        List<String> differences =
                Python.run(arguments.toArray(String[]::new)).lines().toList();
        assertEquals(files.size(), differences.size());
        for (String difference : differences) {
            assertTrue(Double.parseDouble(difference) <= 1e-5, differences.toString());
        }
    }

    private record Built(Network network, Weights weights) {

        static Built of(Path file) throws IOException {
            KerasFile content = KerasFile.read(file, DEVICE);
            KerasModel model = KerasModel.of(content, file.toString());
            Matching matching = model.match(content, file.toString());
            assertEquals(Matching.By.NAME, matching.by());
            return new Built(model.network(), matching.weights());
        }
    }

    private void check(String name) throws Exception {
        Python.run("reference/export_applications.py", name, "--out", folder.toString());
        try (HdfFile answers = new HdfFile(folder.resolve(name + "-answers.h5"))) {
            Built built = Built.of(folder.resolve(name + ".keras"));
            double outputs = outputs(built, answers);
            double gradients = gradients(built, answers);
            String row = row(name, built, answers, outputs, String.format(Locale.ROOT, "%.1e", gradients));
            Python.record(HEADER, List.of(row));
            assertTrue(gradients <= 1e-10, row);
        }
    }

    /** How far Keras's outputs in float32 are from those in float64; 0 where these were not computed. */
    private static double rounding(HdfFile answers) {
        return answers.getChildren().containsKey("outputs64")
                ? KerasApplicationsTest.outputs(values(answers, "outputs"), values(answers, "outputs64"))
                : 0;
    }

    private static String row(String name, Built built, HdfFile answers, double outputs, String gradients) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %,d | %.1e | %s | %s |",
                name,
                built.network().layers().size(),
                built.network().parameters(),
                outputs,
                rounding(answers) == 0 ? "" : String.format(Locale.ROOT, "%.1e", rounding(answers)),
                gradients);
    }

    /** The largest difference of an output, in parts of the largest output. */
    private static double outputs(Built built, HdfFile answers) {
        double[] expected = values(answers, "outputs");
        double[] found = Inference.predict(built.network(), built.weights(), values(answers, "inputs"), DEVICE);
        double difference = KerasApplicationsTest.outputs(found, expected);
        // Outputs that hardly depend on the image would hide what is wrong before them.
        int classes = Math.toIntExact(built.network().output().size());
        double[] first = Arrays.copyOf(expected, classes);
        double[] second = Arrays.copyOfRange(expected, classes, 2 * classes);
        assertTrue(KerasApplicationsTest.outputs(first, second) > .01, Arrays.toString(expected));
        // Where Keras's own float32 is further than that from its float64, ours may be, too.
        double rounding = rounding(answers);
        assertTrue(
                difference <= Math.max(1e-5, 2 * rounding),
                "largest difference %.2g, of Keras's float32 from its float64 %.2g".formatted(difference, rounding));
        return difference;
    }

    /**
     * The largest ||ours - Keras's|| / ||Keras's|| of any weight's gradient, or in parts of 1e-6 of the largest one.
     */
    private static double gradients(Built built, HdfFile answers) {
        double[] inputs = values(answers, "inputs");
        long[] labels = Arrays.stream(values(answers, "labels"))
                .mapToLong(label -> (long) label)
                .toArray();
        Network network = built.network();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat64> model = network.build(tf, TFloat64.class);
            Placeholder<TFloat64> images = tf.placeholder(
                    TFloat64.class, Placeholder.shape(network.input().prepend(labels.length)));
            Operand<TFloat64> oneHot = tf.oneHot(
                    tf.constant(labels),
                    tf.constant(Math.toIntExact(network.output().size())),
                    tf.constant(1.),
                    tf.constant(0.));
            Operand<TFloat64> outputs = model.call(tf, images, Phase.inference());
            Loss<TFloat64> loss = Losses.computeTeacherLoss(tf, oneHot, outputs);
            List<Variable<TFloat64>> trainable = model.trainableVariables();
            List<Operand<TFloat64>> gradients = GradientTape.gradient(tf, loss, trainable);
            try (Session session = DEVICE.open(graph);
                    TFloat64 batch = Tensors.of(TFloat64.class, network.input().prepend(labels.length), inputs)) {
                model.setWeights(session, built.weights());
                Session.Runner runner = session.runner().feed(images, batch);
                gradients.forEach(runner::fetch);
                try (Result result = runner.run()) {
                    double[] differences = new double[trainable.size()];
                    double[] lengths = new double[trainable.size()];
                    for (int i = 0; i < differences.length; i++) {
                        double[] expected =
                                values(answers, "gradients/" + trainable.get(i).name());
                        double[] ours = Tensors.doubles(result.get(i));
                        assertEquals(
                                expected.length, ours.length, trainable.get(i).name());
                        for (int j = 0; j < ours.length; j++) {
                            differences[i] += Math.pow(ours[j] - expected[j], 2);
                            lengths[i] += Math.pow(expected[j], 2);
                        }
                    }
                    double least = 1e-6 * Math.sqrt(Arrays.stream(lengths).max().orElseThrow());
                    double largest = 0;
                    for (int i = 0; i < differences.length; i++) {
                        largest = Math.max(largest, Math.sqrt(differences[i]) / Math.max(Math.sqrt(lengths[i]), least));
                    }
                    return largest;
                }
            }
        }
    }
}
