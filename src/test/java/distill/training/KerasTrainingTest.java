package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.loss.Loss;
import distill.loss.LossInputs;
import distill.loss.Losses;
import distill.nn.Inference;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Weights;
import distill.run.AdamForm;
import distill.run.Variant;
import distill.weights.Fixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** What Keras computes in float64 on a small network, from {@code reference/export_fixtures.py}, and what we do. */
class KerasTrainingTest {

    /**
     * Of each number. On the processor that the numbers are from they agree bit for bit; others add up in other orders.
     */
    private static final double TOLERANCE = 1e-12;

    private record Golden(LossInputs reading, JsonNode json) {

        private static Golden of(Variant variant) {
            return new Golden(inputs(variant), Fixtures.json("training-" + variant));
        }

        /** Without dropout, whose masks are chance. */
        private Network network() {
            return Fixtures.small(reading.outputActivation(), 0);
        }

        private Weights start() {
            return Fixtures.weights(network(), json.get("start"));
        }

        private Images images() {
            return Images.inMemory(
                    10, 9, 1, 10, Fixtures.bytes(json.get("images")), Fixtures.bytes(json.get("labels")));
        }

        private TeacherOutputs teacher() {
            return new TeacherOutputs(10, Fixtures.doubles(json.get("teacher_outputs")));
        }

        private int[] batch(int step) {
            return Fixtures.ints(json.get("batches").get(step));
        }

        private Map<String, LossFunction<TFloat64>> losses() {
            return Map.of(
                    "teacher", (tf, labels, outputs, teacher) -> Losses.computeTeacherLoss(tf, labels, outputs),
                    "plain", (tf, labels, outputs, teacher) -> Losses.computePlainCrossEntropyLoss(tf, labels, outputs),
                    "student",
                            (tf, labels, outputs, teacher) -> Losses.computeStudentLoss(
                                    tf,
                                    reading.softTargets(),
                                    labels,
                                    teacher,
                                    outputs,
                                    json.get("temperature").asDouble(),
                                    json.get("alpha").asDouble()));
        }

        /** The pixels of the first step's batch as the networks take them, in float64. */
        private double[] pixels() throws IOException {
            byte[] bytes = images().batch(batch(0)).bytes();
            double[] pixels = new double[bytes.length];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = Byte.toUnsignedInt(bytes[i]) * (1f / 255f);
            }
            return pixels;
        }
    }

    private static void assertClose(double[] expected, double[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            double allowed = TOLERANCE * Math.abs(expected[i]);
            assertEquals(expected[i], actual[i], allowed, what + " [" + i + "]");
        }
    }

    private static LossInputs inputs(Variant variant) {
        return variant == Variant.AS_WRITTEN ? LossInputs.PROBABILITIES : LossInputs.LOGITS;
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void everyLayerGivesWhatKerasDoes(Variant variant) throws IOException {
        Golden golden = Golden.of(variant);
        Network network = golden.network();
        assertEquals(network.layers().size(), golden.json().get("layers").size());
        for (int k = 1; k <= network.layers().size(); k++) {
            Network first = new Network(
                    network.name(), network.input(), network.layers().subList(0, k));
            String last = network.layers().get(k - 1).name();
            Weights weights = Fixtures.weights(first, golden.json().get("start"));
            assertClose(
                    Fixtures.doubles(golden.json().get("layers").get(last)),
                    Inference.predict(first, weights, TFloat64.class, golden.pixels(), Fixtures.DEVICE),
                    variant + ", " + last);
        }
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void everyLossAndItsGradientsAreThoseOfKeras(Variant variant) throws IOException {
        Golden golden = Golden.of(variant);
        for (String name : golden.losses().keySet()) {
            JsonNode expected = golden.json().get("losses").get(name);
            String what = variant + ", " + name;
            Network network = golden.network();
            List<double[]> results = run(golden, network, golden.losses().get(name));
            assertClose(Fixtures.doubles(expected.get("loss")), results.get(0), what + " loss");
            assertClose(Fixtures.doubles(expected.get("hard")), results.get(1), what + " hard");
            assertClose(new double[] {expected.get("soft").asDouble()}, results.get(2), what + " soft");
            for (int i = 0; i < network.weights().size(); i++) {
                String weight = network.weights().get(i).name();
                assertClose(
                        Fixtures.doubles(expected.get("gradients").get(weight)),
                        results.get(3 + i),
                        what + " gradient of " + weight);
            }
        }
    }

    /** Loss, hard, soft and the gradients, on the first batch and the weights from the start. */
    private static List<double[]> run(Golden golden, Network network, LossFunction<TFloat64> function)
            throws IOException {
        ImageBatch batch = golden.images().batch(golden.batch(0));
        double[] oneHot = new double[batch.size() * 10];
        for (int i = 0; i < batch.size(); i++) {
            oneHot[i * 10 + batch.labels()[i]] = 1;
        }
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<TFloat64> model = network.build(tf, TFloat64.class);
            Operand<TFloat64> inputs = constant(tf, network.input().prepend(batch.size()), golden.pixels());
            Operand<TFloat64> outputs = model.call(tf, inputs, Phase.training(tf.constant(new long[] {0, 0})));
            Shape shape = Shape.of(batch.size(), 10);
            Loss<TFloat64> loss = function.of(
                    tf,
                    constant(tf, shape, oneHot),
                    outputs,
                    constant(tf, shape, golden.teacher().of(batch.indices()).values()));
            List<Operand<TFloat64>> fetched = new ArrayList<>(List.of(loss.values(), loss.hard(), loss.soft()));
            fetched.addAll(GradientTape.gradient(tf, loss, model.variables()));
            try (Session session = Fixtures.DEVICE.open(graph)) {
                model.setWeights(session, golden.start());
                Session.Runner runner = session.runner();
                // Loss and hard may be one output, which cannot be fetched twice.
                fetched.forEach(value -> runner.fetch(tf.identity(value)));
                List<double[]> results = new ArrayList<>();
                try (Result result = runner.run()) {
                    for (int i = 0; i < fetched.size(); i++) {
                        results.add(Tensors.doubles(result.get(i)));
                    }
                }
                return results;
            }
        }
    }

    private static Operand<TFloat64> constant(Ops tf, Shape shape, double[] values) {
        try (TFloat64 tensor = Tensors.of(TFloat64.class, shape, values)) {
            return tf.constantOf(tensor);
        }
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void tenStepsOfAdamAreThoseOfKeras(Variant variant) throws IOException {
        Golden golden = Golden.of(variant);
        JsonNode steps = golden.json().get("steps");
        assertEquals(10, steps.size());
        try (CompiledModel<TFloat64> model = CompiledModel.compile(
                golden.network(),
                Inputs.BYTES,
                Phase::training,
                TrainingStep.of(golden.losses().get("student"), Adam.of(1e-3, AdamForm.KERAS3)),
                TFloat64.class,
                Fixtures.DEVICE)) {
            model.setWeights(golden.start());
            for (int step = 0; step < steps.size(); step++) {
                StepLoss loss = model.trainOnBatch(
                        golden.images().batch(golden.batch(step)),
                        golden.teacher().of(golden.batch(step)),
                        0,
                        step);
                JsonNode expected = steps.get(step);
                assertClose(
                        new double[] {
                            expected.get("loss").asDouble(),
                            expected.get("hard").asDouble(),
                            expected.get("soft").asDouble()
                        },
                        new double[] {loss.loss(), loss.hard(), loss.soft()},
                        variant + ", losses of step " + step);
                for (Weights.Weight weight : model.getWeights().values()) {
                    assertClose(
                            Fixtures.doubles(expected.get("weights").get(weight.name())),
                            weight.values(),
                            variant + ", " + weight.name() + " after step " + step);
                }
            }
        }
    }
}
