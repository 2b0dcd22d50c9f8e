package distill.python;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.Mnist;
import distill.experiment.Replay;
import distill.loss.Loss;
import distill.loss.Losses;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import distill.nn.zoo.MnistTeacher;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat64;

/**
 * The comparison of replays can fail: it catches what a looser one does not, at T = 64 as-written, where the total loss
 * hardly moves.
 */
class ParityTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final DataSet DATA = Mnist.generate(640, 200);
    private static final List<int[]> BATCHES = new EpochOrder(1).batches(1, 640, 64);
    private static final double TEMPERATURE = 64;
    private static final double ALPHA = .9;
    private static final Reading READING = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
    private static final Network TEACHER = MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);
    private static final Weights TEACHER_WEIGHTS = TEACHER.initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
    private static final Replay REPLAY = Replay.ofTask1(READING, Role.STUDENT, TEMPERATURE, ALPHA, DEVICE);
    private static final Weights START = REPLAY.network().initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(2L));

    private static Parity.Side side(Replay replay) throws IOException {
        List<double[]> steps = new ArrayList<>();
        Replay.Outcome outcome =
                replay.run("float64", START, TEACHER_WEIGHTS, DATA, BATCHES, loss -> steps.add(row(steps, loss)));
        return new Parity.Side(steps, outcome.model().weights(), outcome.predictions());
    }

    private static double[] row(List<double[]> steps, StepLoss loss) {
        return new double[] {steps.size() + 1, loss.loss(), loss.hard(), loss.soft()};
    }

    /** A loop of its own, which knows nothing of {@link Replay}. */
    private static Parity.Side side(LossFunction<TFloat64> lossFunction) throws IOException {
        TeacherOutputs outputs;
        try (CompiledModel<TFloat64> teacher = CompiledModel.of(TEACHER, Inputs.BYTES, TFloat64.class, DEVICE)) {
            teacher.setWeights(TEACHER_WEIGHTS);
            outputs = new TeacherOutputs(10, teacher.predict(DATA.train()));
        }
        try (CompiledModel<TFloat64> model = CompiledModel.compile(
                REPLAY.network(),
                Inputs.BYTES,
                Phase::training,
                TrainingStep.of(lossFunction, Adam.of(1e-3, AdamForm.KERAS3)),
                TFloat64.class,
                DEVICE)) {
            model.setWeights(START);
            List<double[]> steps = new ArrayList<>();
            for (int[] batch : BATCHES) {
                steps.add(
                        row(steps, model.trainOnBatch(DATA.train().batch(batch), outputs.of(batch), 0, steps.size())));
            }
            return new Parity.Side(
                    steps, model.getWeights(), new int[DATA.test().size()]);
        }
    }

    private static Loss<TFloat64> loss(
            org.tensorflow.op.Ops tf, Operand<TFloat64> labels, Operand<TFloat64> outputs, Operand<TFloat64> teacher) {
        return Losses.computeStudentLoss(tf, SoftTargets.UNNORMALISED, labels, teacher, outputs, TEMPERATURE, ALPHA);
    }

    private static Parity parity(Parity.Side wrong) throws IOException {
        return Parity.of(START, wrong, side(REPLAY));
    }

    @Test
    void theSameTrainingPasses() throws IOException {
        assertTrue(parity(side(Replay.ofTask1(READING, Role.STUDENT, TEMPERATURE, ALPHA, DEVICE)))
                .within(0, 0));
        Parity.Side again = side(ParityTest::loss);
        assertTrue(Parity.of(
                        START,
                        new Parity.Side(
                                again.steps(), again.weights(), side(REPLAY).predictions()),
                        side(REPLAY))
                .within(1e-13, 1e-11));
    }

    @Test
    void aStudentThatDoesNotLearnIsCaughtThoughItsTotalLossIsNear() throws IOException {
        Parity parity = parity(side(new Replay(
                READING, REPLAY.role(), REPLAY.networks(), 0, Adam.of(0), TEMPERATURE, ALPHA, REPLAY.loss(), DEVICE)));
        assertTrue(parity.loss() < 1e-4, parity.toString());
        assertFalse(parity.within(1e-4, Double.POSITIVE_INFINITY), "the terms apart: " + parity);
        assertFalse(parity.within(Double.POSITIVE_INFINITY, .5), "the weights' change: " + parity);
    }

    @Test
    void aWrongAlphaIsCaught() throws IOException {
        Parity parity = parity(side(Replay.ofTask1(READING, Role.STUDENT, TEMPERATURE, .8, DEVICE)));
        assertTrue(parity.loss() > 1e-2 && parity.weights() > 1e-3, parity.toString());
        assertFalse(parity.within(1e-11, 1e-9), parity.toString());
    }

    @Test
    void aMissingSquareOfTheTemperatureIsCaught() throws IOException {
        Parity parity = parity(side((tf, labels, outputs, teacher) -> {
            Loss<TFloat64> right = loss(tf, labels, outputs, teacher);
            Operand<TFloat64> square = tf.constant(TEMPERATURE * TEMPERATURE);
            Operand<TFloat64> hardPart = tf.math.mul(tf.constant(1 - ALPHA), right.hard());
            Operand<TFloat64> soft = tf.math.div(right.soft(), square);
            // d(alpha soft)/dz is what is left of the gradient without the hard part's, and shrinks with it.
            Operand<TFloat64> hardGradient = tf.math.mul(
                    tf.constant(1 - ALPHA),
                    Losses.computePlainCrossEntropyLoss(tf, labels, outputs).gradient());
            Operand<TFloat64> softGradient = tf.math.div(tf.math.sub(right.gradient(), hardGradient), square);
            return new Loss<>(
                    tf.math.add(tf.math.mul(tf.constant(ALPHA), soft), hardPart),
                    right.hard(),
                    soft,
                    outputs,
                    tf.math.add(hardGradient, softGradient));
        }));
        assertTrue(parity.soft() > .9 && parity.weights() > 1e-2, parity.toString());
        assertFalse(parity.within(1e-11, 1e-9), parity.toString());
    }
}
