package distill.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Tensors;
import distill.run.Variant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

class LossesTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int BATCH = 4;
    private static final int CLASSES = 10;

    /** Builds operands in a graph of their own and returns what they give. */
    private static List<double[]> run(Function<Ops, List<Operand<?>>> build) {
        try (Graph graph = new Graph()) {
            List<Operand<?>> fetched = build.apply(Ops.create(graph));
            try (Session session = DEVICE.open(graph)) {
                Session.Runner runner = session.runner();
                fetched.forEach(runner::fetch);
                try (Result result = runner.run()) {
                    return java.util.stream.IntStream.range(0, fetched.size())
                            .mapToObj(i -> Tensors.doubles(result.get(i)))
                            .toList();
                }
            }
        }
    }

    private static <T extends TFloating> Operand<T> matrix(Ops tf, Class<T> dtype, double[] values) {
        try (T tensor = Tensors.of(dtype, Shape.of(values.length / CLASSES, CLASSES), values)) {
            return tf.constantOf(tensor);
        }
    }

    private static double[] oneHot(int... labels) {
        double[] values = new double[labels.length * CLASSES];
        for (int i = 0; i < labels.length; i++) {
            values[i * CLASSES + labels[i]] = 1;
        }
        return values;
    }

    /** Logits, or for the as-written reading the probabilities that its networks put out. */
    private static double[] outputs(LossInputs reading, long seed) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[] values = new double[BATCH * CLASSES];
        Arrays.setAll(values, i -> 6 * random.nextDouble() - 3);
        if (reading.outputActivation() == Activation.SOFTMAX) {
            for (int row = 0; row < BATCH; row++) {
                int from = row * CLASSES;
                double sum = Arrays.stream(values, from, from + CLASSES)
                        .map(Math::exp)
                        .sum();
                for (int i = from; i < from + CLASSES; i++) {
                    values[i] = Math.exp(values[i]) / sum;
                }
            }
        }
        return values;
    }

    private static final double[] LABELS = oneHot(3, 0, 9, 3);

    private static double[] softTargets(SoftTargets targets, double[] teacher, double temperature) {
        return run(tf -> List.of(targets.of(tf, matrix(tf, TFloat64.class, teacher), temperature)))
                .get(0);
    }

    private static LossInputs inputs(Variant variant) {
        return variant == Variant.AS_WRITTEN ? LossInputs.PROBABILITIES : LossInputs.LOGITS;
    }

    private static final List<WorkedExample> EXAMPLES = List.of(
            WorkedExample.of(LossInputs.PROBABILITIES),
            WorkedExample.of(new LossInputs(Activation.SOFTMAX, SoftTargets.SOFTMAX)),
            WorkedExample.of(new LossInputs(Activation.LINEAR, SoftTargets.UNNORMALISED)),
            WorkedExample.of(LossInputs.LOGITS),
            WorkedExample.ofTransfer(SoftTargets.LOGITS),
            WorkedExample.ofTransfer(SoftTargets.SOFTMAX));

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void everyLossAndItsGradientIsWhatComesOutOnPaperWithBothSlipsWithOneAndWithNone(WorkedExample example) {
        List<WorkedExample.Result> computed = example.compute(DEVICE);
        List<WorkedExample.Result> hand = example.byHand();
        assertEquals(
                example.losses(),
                computed.stream().map(WorkedExample.Result::name).toList());
        for (int i = 0; i < computed.size(); i++) {
            assertEquals(hand.get(i).name(), computed.get(i).name());
            assertArrayEquals(
                    hand.get(i).values(),
                    computed.get(i).values(),
                    1e-14,
                    hand.get(i).name());
            assertArrayEquals(
                    hand.get(i).gradient(),
                    computed.get(i).gradient(),
                    1e-14,
                    hand.get(i).name() + ", gradient");
        }
    }

    /**
     * The examples' values once more, as numbers: worked out on paper for as-described, with a pocket calculator for
     * as-written.
     */
    @Test
    void theExamplesValuesAreTheseNumbers() {
        List<WorkedExample.Result> described =
                WorkedExample.of(LossInputs.LOGITS).compute(DEVICE);
        // ln(11/9); ln(6/4) and ln 6; 6.4 ln 2; 3.2 ln 2 + half of the cross-entropy.
        assertArrayEquals(new double[] {.200671, .200671}, described.get(0).values(), 5e-7);
        assertArrayEquals(new double[] {.405465, 1.791759}, described.get(1).values(), 5e-7);
        assertArrayEquals(new double[] {4.436142}, described.get(2).values(), 5e-7);
        assertArrayEquals(new double[] {2.420804, 3.113951}, described.get(3).values(), 5e-7);
        List<WorkedExample.Result> written =
                WorkedExample.of(LossInputs.PROBABILITIES).compute(DEVICE);
        // ln(e + 2) - 1 and ln(e^.5 + 2 e^.25) - .25; the first again and ln(2 e^.5 + 1).
        assertArrayEquals(new double[] {.551445, 1.189070}, written.get(0).values(), 5e-7);
        assertArrayEquals(new double[] {.551445, 1.458020}, written.get(1).values(), 5e-7);
        // Targets .606531 .367879 .367879 and .778801 .687289 .687289; ln(e^.5 + 2) = 1.294377, ln(2 e^.25 + 1) =
        // 1.272019;
        // 1.342290 * 1.294377 - .303265 = 1.434163; 2.153379 * 1.272019 - .366523 = 2.372618; T^2 times their mean:
        // 7.613562.
        assertArrayEquals(new double[] {7.613562}, written.get(2).values(), 5e-7);
        assertArrayEquals(new double[] {4.082503, 4.535791}, written.get(3).values(), 5e-7);
    }

    @ParameterizedTest
    @CsvSource({
        "AS_WRITTEN, 1",
        "AS_WRITTEN, 4",
        "AS_WRITTEN, 64",
        "AS_DESCRIBED, 1",
        "AS_DESCRIBED, 4",
        "AS_DESCRIBED, 64"
    })
    void float32GivesTheSameAsFloat64ToItsPrecision(Variant variant, double temperature) {
        LossInputs reading = inputs(variant);
        List<double[]> wide = studentLoss(TFloat64.class, reading, temperature, .3, outputs(reading, 1));
        List<double[]> narrow = studentLoss(TFloat32.class, reading, temperature, .3, outputs(reading, 1));
        for (int i = 0; i < wide.size(); i++) {
            double scale = Arrays.stream(wide.get(i)).map(Math::abs).max().orElseThrow();
            assertArrayEquals(wide.get(i), narrow.get(i), 2e-6 * scale);
        }
    }

    /** Values and gradient of the student's loss. */
    private static <T extends TFloating> List<double[]> studentLoss(
            Class<T> dtype, LossInputs reading, double temperature, double alpha, double[] student) {
        return run(tf -> {
            Loss<T> loss = Losses.computeStudentLoss(
                    tf,
                    reading.softTargets(),
                    matrix(tf, dtype, LABELS),
                    matrix(tf, dtype, outputs(reading, 2)),
                    matrix(tf, dtype, student),
                    temperature,
                    alpha);
            return List.of(loss.values(), loss.gradient(), loss.hard(), loss.soft());
        });
    }

    /** (f(x + h) - f(x - h)) / 2h for each entry of x. */
    private static double[] centralDifferences(double[] x, Function<double[], Double> f) {
        double h = 1e-4;
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[i] += h;
            down[i] -= h;
            gradient[i] = (f.apply(up) - f.apply(down)) / (2 * h);
        }
        return gradient;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 4, 64})
    void theAsDescribedStudentsGradientIsTheDerivativeOfTheSumOverTheBatch(double temperature) {
        double[] student = outputs(LossInputs.LOGITS, 1);
        double[] gradient = studentLoss(TFloat64.class, LossInputs.LOGITS, temperature, .7, student)
                .get(1);
        assertArrayEquals(
                centralDifferences(
                        student,
                        x -> sum(studentLoss(TFloat64.class, LossInputs.LOGITS, temperature, .7, x)
                                .get(0))),
                gradient,
                1e-9 * temperature * temperature);
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void theHardTermsGradientIsTheDerivativeOfTheSumOverTheBatch(Variant variant) {
        LossInputs reading = inputs(variant);
        double[] outputs = outputs(reading, 1);
        Function<double[], List<double[]>> loss = x -> run(tf -> {
            Loss<TFloat64> plain = Losses.computePlainCrossEntropyLoss(
                    tf, matrix(tf, TFloat64.class, LABELS), matrix(tf, TFloat64.class, x));
            return List.of(plain.values(), plain.gradient());
        });
        assertArrayEquals(
                centralDifferences(outputs, x -> sum(loss.apply(x).get(0))),
                loss.apply(outputs).get(1),
                1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 4, 64})
    void theAsWrittenDistillationsGradientIsTheFusedOperationsAndNotTheDerivativeOfItsValue(double temperature) {
        double[] student = outputs(LossInputs.PROBABILITIES, 1);
        // alpha = 1 leaves the distillation alone; its gradient in the sum over the batch is T (softmax(s / T) - q).
        double[] gradient = studentLoss(TFloat64.class, LossInputs.PROBABILITIES, temperature, 1, student)
                .get(1);
        double[] q = softTargets(SoftTargets.UNNORMALISED, outputs(LossInputs.PROBABILITIES, 2), temperature);
        double[] fused = new double[student.length];
        double[] derivative = new double[student.length];
        for (int row = 0; row < BATCH; row++) {
            int from = row * CLASSES;
            double total = Arrays.stream(student, from, from + CLASSES)
                    .map(s -> Math.exp(s / temperature))
                    .sum();
            double targets = Arrays.stream(q, from, from + CLASSES).sum();
            for (int i = from; i < from + CLASSES; i++) {
                double softmax = Math.exp(student[i] / temperature) / total;
                fused[i] = temperature * (softmax - q[i]);
                derivative[i] = temperature * (targets * softmax - q[i]);
            }
        }
        assertArrayEquals(fused, gradient, 1e-12 * temperature);
        double[] differences = centralDifferences(
                student,
                x -> sum(studentLoss(TFloat64.class, LossInputs.PROBABILITIES, temperature, 1, x)
                        .get(0)));
        assertArrayEquals(derivative, differences, 1e-5 * temperature);
        assertTrue(cosine(gradient, differences) < .99, "cosine " + cosine(gradient, differences));
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double squaredA = 0;
        double squaredB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            squaredA += a[i] * a[i];
            squaredB += b[i] * b[i];
        }
        return product / Math.sqrt(squaredA * squaredB);
    }

    @ParameterizedTest
    @CsvSource({"1, .3679, .1353, 1.586", "4, .7788, .6065, 6.237", "64, .9845, .9692, 9.708"})
    void asWrittenTargetsOfAConfidentTeacherAreFlatAndDoNotSumToOne(
            double temperature, double first, double others, double total) {
        double[] targets = softTargets(SoftTargets.UNNORMALISED, oneHot(0), temperature);
        // exp(-1 / T) and nine times exp(-2 / T)
        assertEquals(first, targets[0], 1e-4);
        assertEquals(others, targets[5], 1e-4);
        assertEquals(total, sum(targets), 1e-3);
    }

    @Test
    void asDescribedTargetsSumToOneForEachImageAndNotOverTheBatch() {
        double[] targets = softTargets(SoftTargets.SOFTMAX, outputs(LossInputs.LOGITS, 2), 4);
        for (int row = 0; row < BATCH; row++) {
            assertEquals(1, sum(Arrays.copyOfRange(targets, row * CLASSES, (row + 1) * CLASSES)), 1e-12);
        }
    }

    @Test
    void asWrittenTargetsUseEachImagesOwnMaximum() {
        double[] both = {.9, .1, 0, 0, 0, 0, 0, 0, 0, 0, .4, .3, .3, 0, 0, 0, 0, 0, 0, 0};
        double[] targets = softTargets(SoftTargets.UNNORMALISED, both, 1);
        assertEquals(Math.exp(.9 - 1.8), targets[0], 1e-15);
        assertEquals(Math.exp(.4 - .8), targets[10], 1e-15);
    }

    @Test
    void theDoubledSoftmaxKeepsTheCrossEntropyBetween1461And2461() {
        // The best and the worst probabilities there are: all on the label, all on another class.
        double[] loss = run(tf -> List.of(Losses.computeTeacherLoss(
                                tf, matrix(tf, TFloat64.class, oneHot(0, 0)), matrix(tf, TFloat64.class, oneHot(0, 1)))
                        .values()))
                .get(0);
        assertEquals(Math.log(Math.E + 9) - 1, loss[0], 1e-12);
        assertEquals(Math.log(Math.E + 9), loss[1], 1e-12);
        assertEquals(1.4612, loss[0], 1e-4);
        assertEquals(2.4612, loss[1], 1e-4);
    }

    /**
     * The authors' last program stops a teacher once its mean loss is below 1. With p the probabilities, y the label
     * and s = softmax(p), the loss is f = ln sum(exp p) - p(y), and df/dp(j) = s(j) - [j = y]. Probability that moves
     * from a class j to the label changes it by s(y) - 1 - s(j) < 0 for each unit, so f is least where all of it is on
     * the label: ln(e + 9) - 1 = 1.4612. f is convex, so it is largest at a corner too: ln(e + 9), all on another
     * class.
     */
    @Test
    void theAuthorsRuleToStopATeacherWhoseMeanLossIsBelow1CannotFireUnderTheDoubledSoftmax() {
        double[] best = oneHot(0, 0, 0, 0);
        for (long seed = 0; seed < 10; seed++) {
            double[] drawn = outputs(LossInputs.PROBABILITIES, seed);
            double last = Double.POSITIVE_INFINITY;
            for (double share = 0; share <= 1; share += .125) {
                double[] moved = new double[drawn.length];
                for (int i = 0; i < moved.length; i++) {
                    moved[i] = (1 - share) * drawn[i] + share * best[i];
                }
                double[] loss = run(tf -> List.of(Losses.computeTeacherLoss(
                                        tf, matrix(tf, TFloat64.class, best), matrix(tf, TFloat64.class, moved))
                                .values()))
                        .get(0);
                for (double value : loss) {
                    assertTrue(value >= Math.log(Math.E + 9) - 1 - 1e-12 && value <= Math.log(Math.E + 9), "" + value);
                }
                double mean = Arrays.stream(loss).average().orElseThrow();
                assertTrue(mean < last && mean > 1, mean + " after " + last);
                last = mean;
            }
            assertEquals(Math.log(Math.E + 9) - 1, last, 1e-12, "all on the label");
        }
        // Without the first softmax the rule fires: logits of 0 but for 3 on the label give ln(1 + 9 / e^3) = .3702.
        double[] logits = Arrays.stream(best).map(value -> 3 * value).toArray();
        double[] asDescribed = run(tf -> List.of(Losses.computeTeacherLoss(
                                tf, matrix(tf, TFloat64.class, best), matrix(tf, TFloat64.class, logits))
                        .values()))
                .get(0);
        assertEquals(Math.log(1 + 9 / Math.exp(3)), asDescribed[0], 1e-12);
        assertTrue(asDescribed[0] < 1);
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void alphaWeighsTheDistillationAndTheRestIsTheHardTerm(Variant variant) {
        LossInputs reading = inputs(variant);
        List<double[]> loss = studentLoss(TFloat64.class, reading, 2, .25, outputs(reading, 1));
        double soft = loss.get(3)[0];
        for (int i = 0; i < BATCH; i++) {
            assertEquals(.25 * soft + .75 * loss.get(2)[i], loss.get(0)[i], 1e-12);
        }
        assertArrayEquals(
                loss.get(2),
                studentLoss(TFloat64.class, reading, 2, 0, outputs(reading, 1)).get(0),
                1e-15,
                "alpha 0");
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void theDistillationIsTSquaredTimesTheMeanCrossEntropyOfTheSoftenedOutputs(Variant variant) {
        LossInputs reading = inputs(variant);
        double temperature = 4;
        double[] student = outputs(reading, 1);
        double[] q = softTargets(reading.softTargets(), outputs(reading, 2), temperature);
        double crossEntropy = 0;
        for (int row = 0; row < BATCH; row++) {
            int from = row * CLASSES;
            double total = Arrays.stream(student, from, from + CLASSES)
                    .map(s -> Math.exp(s / temperature))
                    .sum();
            for (int i = from; i < from + CLASSES; i++) {
                crossEntropy -= q[i] * (student[i] / temperature - Math.log(total));
            }
        }
        double soft =
                studentLoss(TFloat64.class, reading, temperature, .5, student).get(3)[0];
        assertEquals(16 * crossEntropy / BATCH, soft, 1e-11 * soft);
    }

    @Test
    void teacherAndStudentCannotBeExchanged() {
        double[] a = outputs(LossInputs.LOGITS, 1);
        double[] b = outputs(LossInputs.LOGITS, 2);
        List<double[]> both = run(tf -> List.of(
                Losses.distillationLoss(
                                tf,
                                SoftTargets.SOFTMAX,
                                matrix(tf, TFloat64.class, a),
                                matrix(tf, TFloat64.class, b),
                                2)
                        .value(),
                Losses.distillationLoss(
                                tf,
                                SoftTargets.SOFTMAX,
                                matrix(tf, TFloat64.class, b),
                                matrix(tf, TFloat64.class, a),
                                2)
                        .value()));
        assertTrue(Math.abs(both.get(0)[0] - both.get(1)[0]) > .01, both.get(0)[0] + " and " + both.get(1)[0]);
    }

    // Two images of two classes at T = 2, as in Task 2. Softened the student is (ln 3, 0) and (0, 0), with softmax
    // (3/4,
    // 1/4) and (1/2, 1/2); unsoftened its softmax is (9/10, 1/10) and (1/2, 1/2).
    private static final double[] TWO_CLASSES = {2 * Math.log(3), 0, 0, 0};
    private static final double[] TWO_LABELS = {1, 0, 0, 1};

    private static Operand<TFloat64> pairs(Ops tf, double[] values) {
        try (TFloat64 tensor = Tensors.of(TFloat64.class, Shape.of(values.length / 2, 2), values)) {
            return tf.constantOf(tensor);
        }
    }

    /** Loss, gradient, hard and soft. */
    private static List<double[]> parts(Function<Ops, Loss<TFloat64>> build) {
        return run(tf -> {
            Loss<TFloat64> loss = build.apply(tf);
            // hard may be the loss itself, and no output can be fetched twice.
            return List.of(loss.values(), loss.gradient(), tf.identity(loss.hard()), loss.soft());
        });
    }

    @Test
    void withLogitsAsTargetsTheDistillationCanBeNegativeAndItsGradientIsTheFusedOperations() {
        double[] teacher = {4, -2, -2, 6};
        assertArrayEquals(
                new double[] {2, -1, -1, 3},
                run(tf -> List.of(SoftTargets.LOGITS.of(tf, pairs(tf, teacher), 2)))
                        .get(0));
        List<double[]> loss = parts(tf -> Losses.computeStudentLoss(
                tf, SoftTargets.LOGITS, pairs(tf, TWO_LABELS), pairs(tf, teacher), pairs(tf, TWO_CLASSES), 2, .25));
        // -2 ln(3/4) + ln(1/4) = ln(4/9), below 0, and ln(1/2) - 3 ln(1/2) = ln 4; T^2 times their mean: 2 ln(16/9).
        double soft = 2 * Math.log(16. / 9);
        assertEquals(1.150728, soft, 5e-7);
        assertArrayEquals(new double[] {soft}, loss.get(3), 1e-14);
        // ln(10/9) and ln 2.
        assertArrayEquals(new double[] {.105361, .693147}, loss.get(2), 5e-7);
        assertArrayEquals(
                new double[] {.25 * soft + .75 * Math.log(10. / 9), .25 * soft + .75 * Math.log(2)},
                loss.get(0),
                1e-14);
        // .25 T (softmax - targets) = .5 (-5/4, 5/4, 3/2, -5/2), and .75 (-1/10, 1/10, 1/2, -1/2). The derivative of
        // the
        // second image's distillation, whose targets sum to 2, would be .5 (2, -2).
        assertArrayEquals(new double[] {-.7, .7, 1.125, -1.625}, loss.get(1), 1e-14);
    }

    @Test
    void theScratchStudentsLossIsTSquaredTimesTheSoftenedCrossEntropyAndItsGradientTheDerivative() {
        Function<double[], List<double[]>> scratch = student ->
                parts(tf -> Losses.computeStudentScratchLoss(tf, pairs(tf, TWO_LABELS), pairs(tf, student), 2));
        List<double[]> loss = scratch.apply(TWO_CLASSES);
        // 4 ln(4/3) and 4 ln 2.
        assertArrayEquals(new double[] {1.150728, 2.772589}, loss.get(0), 5e-7);
        assertArrayEquals(loss.get(0), loss.get(2), 0, "all of it is the cross-entropy");
        assertArrayEquals(new double[] {0}, loss.get(3));
        // T (softmax - labels) = 2 (-1/4, 1/4, 1/2, -1/2).
        assertArrayEquals(new double[] {-.5, .5, 1, -1}, loss.get(1), 1e-14);
        assertArrayEquals(
                centralDifferences(TWO_CLASSES, x -> sum(scratch.apply(x).get(0))), loss.get(1), 1e-8);
    }

    @Test
    void atTemperatureOneTheScratchStudentsLossIsThePlainOne() {
        List<double[]> scratch =
                parts(tf -> Losses.computeStudentScratchLoss(tf, pairs(tf, TWO_LABELS), pairs(tf, TWO_CLASSES), 1));
        List<double[]> plain =
                parts(tf -> Losses.computePlainCrossEntropyLoss(tf, pairs(tf, TWO_LABELS), pairs(tf, TWO_CLASSES)));
        assertArrayEquals(plain.get(0), scratch.get(0), 1e-15);
        assertArrayEquals(plain.get(1), scratch.get(1), 1e-15);
    }

    /** On a GPU they would refuse to run: its kernels of these operations do not repeat. */
    @Test
    void crossEntropiesAreComputedOnTheCpuWhateverTheDevice() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> logits = matrix(tf, TFloat32.class, new double[CLASSES]);
            Losses.computeStudentLoss(tf, SoftTargets.SOFTMAX, logits, logits, logits, 4, .5);
            List<String> devices = graph.toGraphDef().getNodeList().stream()
                    .filter(node -> node.getOp().endsWith("SoftmaxCrossEntropyWithLogits"))
                    .map(node -> node.getDevice())
                    .toList();
            assertEquals(List.of("/device:CPU:0", "/device:CPU:0"), devices);
        }
    }
}
