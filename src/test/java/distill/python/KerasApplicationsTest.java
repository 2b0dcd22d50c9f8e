package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.loss.Loss;
import distill.loss.Losses;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Variable;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.MobileNetV2;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import distill.run.AdamForm;
import distill.training.Adam;
import distill.training.GradientTape;
import distill.weights.KerasFile;
import distill.weights.Matching;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * ResNet50V2 and MobileNetV2 here and in Keras, from the same weights drawn at random, with the statistics of their
 * batch normalisation: outputs, gradients, and five steps of Adam. What came out is added to target/parity.md.
 */
@Tag("python")
class KerasApplicationsTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int BATCH = 4;
    private static final int CLASSES = 10;
    private static final int STEPS = 5;
    private static final double LEARNING_RATE = 1e-3;
    private static final Shape INPUT = Shape.of(64, 64, 3);

    @TempDir
    private static Path folder;

    /**
     * What one side computes.
     *
     * @param moved the weights after a call in training alone, which moves the statistics
     * @param weights after the steps of Adam; none where none were asked for
     */
    private record Answers(
            double[] inference,
            double[] training,
            List<double[]> gradients,
            List<double[]> moved,
            List<double[]> weights) {

        /** Keras's, from its file. */
        static Answers of(Path file, int trainable, int weights) {
            try (HdfFile hdf = new HdfFile(file)) {
                boolean trained = hdf.getChildren().containsKey("weights");
                return new Answers(
                        values(hdf, "inference"),
                        values(hdf, "training"),
                        numbered(hdf, "gradients/", trainable),
                        numbered(hdf, "moved/", weights),
                        numbered(hdf, "weights/", trained ? weights : 0));
            }
        }

        private static List<double[]> numbered(HdfFile hdf, String group, int count) {
            List<double[]> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(values(hdf, group + i));
            }
            return all;
        }
    }

    private static double[] values(HdfFile hdf, String name) {
        Object flat = hdf.getDatasetByPath(name).getDataFlat();
        double[] values = new double[Array.getLength(flat)];
        Arrays.setAll(values, i -> ((Number) Array.get(flat, i)).doubleValue());
        return values;
    }

    private static Network network(String name) {
        Top top = Top.of(CLASSES, Activation.LINEAR);
        return name.equals("ResNet50V2") ? ResNet50V2.build(INPUT, top) : MobileNetV2.build(INPUT, top);
    }

    /** Ours, on Keras's images and labels. */
    private static <T extends TFloating> Answers ours(
            String name, Class<T> dtype, Weights start, Path kerasAnswers, boolean keras2, int steps) {
        double[] pixels;
        long[] labels;
        try (HdfFile hdf = new HdfFile(kerasAnswers)) {
            pixels = values(hdf, "images");
            labels = Arrays.stream(values(hdf, "labels"))
                    .mapToLong(v -> (long) v)
                    .toArray();
        }
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<T> model = network(name).build(tf, dtype);
            Placeholder<T> images = tf.placeholder(dtype, Placeholder.shape(INPUT.prepend(BATCH)));
            Operand<T> oneHot =
                    tf.oneHot(tf.constant(labels), tf.constant(CLASSES), tf.constant(dtype, 1), tf.constant(dtype, 0));
            Operand<T> inference = model.call(tf, images, Phase.inference());
            Operand<TInt64> key = tf.constant(new long[2]);
            Phase phase = keras2 ? Phase.trainingAsKeras2(key) : Phase.training(key);
            Operand<T> training = model.call(tf, images, phase);
            Loss<T> loss = Losses.computeTeacherLoss(tf, oneHot, training);
            List<Variable<T>> trainable = model.trainableVariables();
            List<Operand<T>> gradients = GradientTape.gradient(tf, loss, trainable);
            Optional<Adam.Update<T>> update = Optional.of(steps)
                    .filter(n -> n > 0)
                    .map(n -> Adam.of(LEARNING_RATE, AdamForm.KERAS3).applyGradients(tf, gradients, trainable));
            try (Session session = DEVICE.open(graph);
                    T batch = Tensors.of(dtype, INPUT.prepend(BATCH), pixels)) {
                model.setWeights(session, start);
                Session.Runner first =
                        session.runner().feed(images, batch).fetch(inference).fetch(training);
                gradients.forEach(first::fetch);
                List<double[]> before = new ArrayList<>();
                try (Result result = first.run()) {
                    result.forEach(entry -> before.add(Tensors.doubles(entry.getValue())));
                }
                Session.Runner call = session.runner().feed(images, batch);
                phase.updates().forEach(call::addTarget);
                call.run().close();
                List<double[]> moved = values(session, model);
                List<double[]> weights = List.of();
                if (update.isPresent()) {
                    model.setWeights(session, start);
                    List<Variable<T>> state = update.get().state();
                    Variable.assign(session, "Adam", state, zeros(state));
                    for (int step = 0; step < steps; step++) {
                        Session.Runner runner = session.runner()
                                .feed(images, batch)
                                .addTarget(update.get().step());
                        phase.updates().forEach(runner::addTarget);
                        runner.run().close();
                    }
                    weights = values(session, model);
                }
                return new Answers(before.get(0), before.get(1), before.subList(2, before.size()), moved, weights);
            }
        }
    }

    private static <T extends TFloating> Weights zeros(List<Variable<T>> variables) {
        return new Weights(variables.stream()
                .map(variable -> {
                    Shape shape = variable.value().shape();
                    return new Weights.Weight(variable.name(), shape, new double[Math.toIntExact(shape.size())]);
                })
                .toList());
    }

    private static <T extends TFloating> List<double[]> values(Session session, Model<T> model) {
        Session.Runner runner = session.runner();
        model.variables().forEach(variable -> runner.fetch(variable.value()));
        List<double[]> values = new ArrayList<>();
        try (Result result = runner.run()) {
            result.forEach(entry -> values.add(Tensors.doubles(entry.getValue())));
        }
        return values;
    }

    /** The largest difference in parts of the largest number. */
    static double outputs(double[] a, double[] b) {
        assertEquals(b.length, a.length);
        double largest = Arrays.stream(b).map(Math::abs).max().orElseThrow();
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        return difference / largest;
    }

    /** ||a - b|| / ||b - from||, or in parts of {@code least} where that is more. */
    private static double relative(double[] a, double[] b, double[] from, double least) {
        assertEquals(b.length, a.length);
        double distance = 0;
        double length = 0;
        for (int i = 0; i < a.length; i++) {
            distance += (a[i] - b[i]) * (a[i] - b[i]);
            length += (b[i] - from[i]) * (b[i] - from[i]);
        }
        return distance == 0 ? 0 : Math.sqrt(distance) / Math.max(Math.sqrt(length), least);
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }

    /**
     * How far two sides are apart. A beta in front of a convolution and another normalisation has no gradient but
     * rounding, which Adam follows: gradients are taken in parts of a millionth of the largest one at least, changes of
     * trained weights in parts of one step of Adam. There are changes where both sides took the steps.
     */
    private record Distance(double inference, double training, List<Double> gradients, List<Double> changes) {

        static Distance of(Answers a, Answers b, Weights start, Network network) {
            double largest = b.gradients().stream()
                    .mapToDouble(KerasApplicationsTest::norm)
                    .max()
                    .orElseThrow();
            List<Double> gradients = new ArrayList<>();
            for (int i = 0; i < b.gradients().size(); i++) {
                double[] g = b.gradients().get(i);
                gradients.add(relative(a.gradients().get(i), g, new double[g.length], 1e-6 * largest));
            }
            List<Double> changes = new ArrayList<>();
            for (int i = 0; i < Math.min(a.weights().size(), b.weights().size()); i++) {
                double[] from = start.values().get(i).values();
                double step = network.weights().get(i).trainable() ? LEARNING_RATE * Math.sqrt(from.length) : 0;
                changes.add(relative(a.weights().get(i), b.weights().get(i), from, step));
            }
            return new Distance(
                    outputs(a.inference(), b.inference()), outputs(a.training(), b.training()), gradients, changes);
        }

        private static double max(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }

        String row(String what) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.1e | %.1e | %.1e | %s |",
                    what,
                    inference,
                    training,
                    max(gradients),
                    changes.isEmpty() ? "" : String.format(Locale.ROOT, "%.1e", max(changes)));
        }
    }

    private static void record(String... rows) throws IOException {
        Python.record(
                "| network | inference | training | gradients | changes in %d steps |".formatted(STEPS), List.of(rows));
    }

    /** A network in one version of Keras. */
    private record Side(String name, boolean keras2) {

        private Path folder() throws IOException {
            return Files.createDirectories(folder.resolve(keras2 ? "keras2" : "keras3"));
        }

        /** Has Keras compute all that the tests ask of it, where it has not for an earlier one. */
        private void run() throws Exception {
            if (Files.exists(file("float64", "-answers.h5"))) {
                return;
            }
            List<Map<String, Object>> jobs = List.of(
                    Map.of("network", name, "dtype", "float32", "steps", 0),
                    Map.of("network", name, "dtype", "float64", "steps", keras2 ? 0 : STEPS));
            Python.run(
                    Map.of("TF_USE_LEGACY_KERAS", keras2 ? "1" : "0"),
                    "src/test/python/applications.py",
                    folder().toString(),
                    Python.json(jobs));
        }

        private Path file(String dtype, String ending) throws IOException {
            return folder().resolve(name + "-" + dtype + ending);
        }

        private Weights start(String dtype) throws IOException {
            Path file = file(dtype, ".h5");
            Matching matching = Matching.of(KerasFile.read(file, DEVICE), network(name), file.toString());
            assertEquals(Matching.By.NAME, matching.by());
            return matching.weights();
        }

        private Answers answers(String dtype) throws IOException {
            List<WeightSpec> weights = network(name).weights();
            int trainable = (int) weights.stream().filter(WeightSpec::trainable).count();
            return Answers.of(file(dtype, "-answers.h5"), trainable, weights.size());
        }
    }

    private static void checkFloat64(String name) throws Exception {
        Python.assume();
        Side keras = new Side(name, false);
        keras.run();
        Weights start = keras.start("float64");
        Answers ours = ours(name, TFloat64.class, start, keras.file("float64", "-answers.h5"), false, STEPS);
        Distance distance = Distance.of(ours, keras.answers("float64"), start, network(name));
        String row = distance.row(name + ", float64, Keras 3");
        record(row);
        assertTrue(distance.inference() <= 1e-9 && distance.training() <= 1e-9, row);
        assertTrue(Distance.max(distance.gradients()) <= 1e-6 && Distance.max(distance.changes()) <= 1e-6, row);
    }

    @Test
    void mobileNetV2IsKerassInFloat64() throws Exception {
        checkFloat64("MobileNetV2");
    }

    @Test
    @Tag("slow")
    void resNet50V2IsKerassInFloat64() throws Exception {
        checkFloat64("ResNet50V2");
    }

    /**
     * In float32 with the fused kernel: outputs to 1e-4, gradients to 1e-3, or three times what Keras's own float32
     * differs from its float64 by; moving variances with Keras 2's correction, or without it as in Keras 3. Gradients
     * are held against Keras 2, which has the same kernel: Keras 3 composes the normalisation, and rounds otherwise.
     */
    private static void checkFloat32(String name, boolean keras2) throws Exception {
        Python.assume();
        Side keras = new Side(name, keras2);
        keras.run();
        Weights start = keras.start("float32");
        Network network = network(name);
        Answers theirs = keras.answers("float32");
        Answers ours = ours(name, TFloat32.class, start, keras.file("float32", "-answers.h5"), keras2, 0);
        Distance distance = Distance.of(ours, theirs, start, network);
        Distance rounding = Distance.of(theirs, keras.answers("float64"), start, network);
        String version = keras2 ? "Keras 2" : "Keras 3";
        record(
                distance.row(name + ", float32, " + version),
                rounding.row(name + ", " + version + "'s float32 against its float64"));
        assertTrue(distance.inference() <= Math.max(1e-4, 3 * rounding.inference()), distance.toString());
        assertTrue(distance.training() <= Math.max(1e-4, 3 * rounding.training()), distance.toString());
        for (int i = 0; keras2 && i < distance.gradients().size(); i++) {
            double gradient = distance.gradients().get(i);
            assertTrue(gradient <= Math.max(1e-3, 3 * rounding.gradients().get(i)), "gradient " + i + ": " + gradient);
        }
        List<WeightSpec> weights = network.weights();
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i).name().endsWith("moving_variance")) {
                // The correction is 1 / (n - 1), with n = 4 images of 32 x 32 places down to 2 x 2: 2.4e-4 to .067.
                double change = relative(
                        ours.moved().get(i),
                        theirs.moved().get(i),
                        start.values().get(i).values(),
                        0);
                assertTrue(change <= 1e-4, weights.get(i).name() + ": " + change);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mobileNetV2IsKerass3And2InFloat32(boolean keras2) throws Exception {
        checkFloat32("MobileNetV2", keras2);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(booleans = {false, true})
    void resNet50V2IsKerass3And2InFloat32(boolean keras2) throws Exception {
        checkFloat32("ResNet50V2", keras2);
    }
}
